"""What each row of facts gives each metric: its y and x, its marks, its currency."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial, reduce
from operator import or_
from typing import Protocol, cast

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir

from crm_metrics.metrics.expressions import NO, YES, one
from crm_metrics.metrics.model import Condition, Distinct, Limits, Measure, Metric, Weeks
from crm_metrics.metrics.people import person_of
from crm_metrics.metrics.unmapped import unmapped_fields, without_unmapped

CURRENCY = "currency"
KEEP = "keep"
UNIT = "unit"
WEEK = "week"
WEEKS = "weeks"
PART_LEFT_OUT = "part_left_out"
RATE_ONLY = "rate_only"
_MOST_KNOWN = 1024


class Added(Protocol):
    """Sums of metrics by group, under names that tell the metric's place."""

    @property
    def columns(self) -> Mapping[str, str]:
        """Where each name's values come from."""

    def lines(self) -> list[dict[str, object]]:
        """A line a group."""


class Held(Protocol):
    """Sums that are known already, grouped and filtered as asked."""

    def holds(self, metric: Metric) -> bool:
        """Whether the metric's are."""

    def sums(self, metrics: Sequence[Metric]) -> Added:
        """Those of such metrics."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The facts, which of them are kept, and how they are grouped (one column per group name).

    `mapped` names every field that holds a value; others are null throughout, or flags.
    Where there are several `periods`, the first group column is a row's number among them.
    `weeks` is how many weeks the period of a row's group has.
    `known` remembers the columns that were made over this table before, `held` has sums at hand.
    `many` says that rows which are alike are better counted first.
    """

    table: ir.Table
    keep: ir.BooleanValue
    groups: tuple[ir.Value, ...]
    mapped: frozenset[str]
    limits: Limits
    periods: int = 1
    weeks: ir.Value | None = None
    known: Known = field(default_factory=dict)
    held: Held | None = None
    many: bool = False

    @property
    def names(self) -> list[str]:
        """The group columns of what comes back: g0, g1, ..."""
        return [f"g{place}" for place in range(len(self.groups))]


@dataclass(frozen=True, slots=True)
class Slots:
    """The columns that one metric reads: rows count where `y` is not null.

    `key` is the field whose different values are counted, `marks` and `left_out` pairs of a flag
    and the column of its condition, `stated` the column of rates that stand alone in their rows.
    """

    y: str
    x: str
    key: str | None
    marks: tuple[tuple[str, str], ...]
    left_out: tuple[tuple[str, str], ...]
    stated: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """All that are read, but the key."""
        signs = (name for _, name in (*self.marks, *self.left_out))
        return (self.y, self.x, *signs, *([self.stated] if self.stated else []))


Known = dict[tuple[object, Limits], ir.Value]


class Remembers(Protocol):
    """An engine, as far as it makes things once."""

    def once(self, name: str, make: Callable[[], Known]) -> Known:
        """What `make` gives, made once for the engine's facts."""


def made_before(engine: Remembers, grain: str) -> Known:
    """The expressions over a grain's table that questions to this engine have made."""
    return engine.once(f"columns_{grain}", dict)


def selected(
    asked: Asked,
    metrics: Sequence[Metric],
    unit: str | None = None,
    *,
    beside: Mapping[str, ir.Value] | None = None,
) -> tuple[ir.Table, list[Slots]]:
    """The kept rows with the columns that the metrics read; what several read stands once.

    `beside` are further columns to keep, under names that no column here has. Columns are made
    before rows are dropped, so that what looks at other rows (the day before, the scale of all
    answers) sees all of them.
    """
    table = asked.table
    columns: dict[str, ir.Value] = dict(zip(asked.names, asked.groups, strict=True))
    columns |= beside or {}
    columns[KEEP] = asked.keep
    if unit:
        columns[UNIT] = _unit_name(table, unit.split("|"))
    if any(isinstance(metric.denominator, Weeks) for metric in metrics):
        columns[WEEKS] = ibis.null("float64") if asked.weeks is None else asked.weeks
    if any(metric.fullest for metric in metrics):
        columns[WEEK] = table.date.cast("date").truncate("W")
    if any(metric.money for metric in metrics):
        columns[CURRENCY] = table.currency
    made, slots = measured(asked, tuple(metrics))
    rows = table.select(**columns, **made)
    return rows.filter(rows[KEEP]), slots


def measured(asked: Asked, metrics: Sequence[Metric]) -> tuple[dict[str, ir.Value], list[Slots]]:
    """The columns that the metrics read, whichever rows are kept, and each metric's own."""
    if not metrics:
        return {}, []
    table, limits = asked.table, asked.limits
    absent = unmapped_fields(metrics[0].grain, asked.mapped)
    columns: dict[str, ir.Value] = {}
    shared: dict[object, str] = {}

    def put(what: object, make: Callable[[], ir.Value]) -> str:
        # Many metrics read the same: it is made once, for this question and the next.
        value = asked.known.get((what, limits))
        if value is None:
            while len(asked.known) >= _MOST_KNOWN:
                asked.known.pop(next(iter(asked.known)), None)
            value = asked.known[what, limits] = without_unmapped(make(), table, absent)
        name = shared.setdefault(value.op(), f"v{len(shared)}")
        columns[name] = value
        return name

    def put_each(conditions: Sequence[tuple[str, Condition]]) -> tuple[tuple[str, str], ...]:
        return tuple(
            (flag, put(("met", met), partial(met, table, limits))) for flag, met in conditions
        )

    slots = []
    for metric in metrics:
        counted = (metric.numerator, metric.denominator, metric.where)
        stated = (counted, metric.stated, dict(metric.left_out).get(RATE_ONLY))
        slots.append(
            Slots(
                y=put(counted, partial(_counted, metric, table, limits)),
                x=put(
                    ("x", metric.denominator), partial(per_row, table, metric.denominator, limits)
                ),
                key=_key(metric, asked.mapped),
                marks=put_each(metric.marks),
                left_out=put_each(left_out_of(metric)),
                stated=put(stated, partial(_stated, metric, table, limits))
                if metric.stated
                else None,
            )
        )
    columns |= {one.key: table[one.key].cast("string") for one in slots if one.key}
    return columns, slots


def left_out_of(metric: Metric) -> tuple[tuple[str, Condition], ...]:
    """The flags of rows that do not count: the metric's own, and that of rows with one part only.

    A cost without its clicks counts for nothing: where blank means 0, a price looks too good.
    """
    if metric.denominator in (None, one) or isinstance(metric.denominator, Distinct | Weeks):
        return metric.left_out
    half = _Half(metric.numerator, metric.denominator, metric.where)
    return (*metric.left_out, (PART_LEFT_OUT, half))


@dataclass(frozen=True, slots=True)
class _Half:
    """The condition that a row has one part of a metric alone; of equal parts it is equal."""

    numerator: Measure
    denominator: Measure | None
    where: Condition | None

    def __call__(self, table: ir.Table, limits: Limits) -> ir.BooleanValue:
        numerator = per_row(table, self.numerator, limits).notnull()
        found = numerator != per_row(table, self.denominator, limits).notnull()
        return found if self.where is None else found & self.where(table, limits).fill_null(NO)


def _stated(metric: Metric, table: ir.Table, limits: Limits) -> ir.Value:
    """The rate of a row that states nothing else and would count; null in all others."""
    rate = table[metric.stated].cast("float64")
    alone = dict(metric.left_out)[RATE_ONLY](table, limits).fill_null(NO)
    if metric.where is not None:
        alone &= metric.where(table, limits).fill_null(NO)
    alone &= _counted(metric, table, limits).isnull()
    return ibis.ifelse(alone, rate, ibis.null("float64"))


def fields_read(asked: Asked, metric: Metric) -> frozenset[str]:
    """The mapped fields that a row's y and x are made of, or that tell the metric's units apart."""
    columns, (slots,) = measured(asked, (metric,))
    made = {node.name for name in (slots.y, slots.x) for node in columns[name].op().find(ops.Field)}
    named = {name for need in metric.needs for name in need.split("|")}
    apart = {*(metric.per or "").split("|"), slots.key or ""}
    return asked.mapped.intersection(made | named | apart)


def blank(metric: Metric) -> Condition:
    """Whether a row has no number to count, and would count with one: a part is null in it."""

    def has_none(table: ir.Table, limits: Limits) -> ir.BooleanValue:
        parts = (metric.numerator, metric.denominator)
        found = reduce(or_, (per_row(table, part, limits).isnull() for part in parts))
        # Where the blank itself leaves it open, it is the blank that lacks.
        return found if metric.where is None else found & metric.where(table, limits).fill_null(YES)

    return has_none


def unit_of(asked: Asked, metric: Metric) -> str | None:
    """The mapped fields ("a|b") whose values are the metric's units; None where rows are."""
    names = (metric.per or "").split("|")
    return "|".join(name for name in names if name in asked.mapped) or None


def total(rows: ir.Table, slots: Slots, measure: Measure | None, column: str) -> ir.Value:
    """The sum of y or x over counted rows; or how many different values, and rows without one."""
    counted = rows[slots.y].notnull()
    if not isinstance(measure, Distinct) or slots.key is None:
        return rows[column].sum(where=None if column == slots.y else counted)
    key = rows[slots.key]
    return key.nunique(where=counted) + (counted & key.isnull()).sum().fill_null(0)


def _counted(metric: Metric, table: ir.Table, limits: Limits) -> ir.Value:
    """The numerator, null on rows that do not count."""
    y = per_row(table, metric.numerator, limits)
    conditions = []
    if metric.denominator is not None and not isinstance(metric.denominator, Distinct | Weeks):
        conditions.append(per_row(table, metric.denominator, limits).notnull())
    if metric.where is not None:
        conditions.append(metric.where(table, limits).fill_null(NO))
    for condition in conditions:
        y = ibis.ifelse(condition, y, ibis.null("float64"))
    return y


def per_row(table: ir.Table, measure: Measure | None, limits: Limits) -> ir.Value:
    """What a row counts by a measure (FLOAT64); a flag is 0 or 1."""
    if measure is None or isinstance(measure, Distinct | Weeks):
        return ibis.literal(1.0)
    value = table[measure] if isinstance(measure, str) else measure(table, limits)
    return (value.cast("int64") if value.type().is_boolean() else value).cast("float64")


def adds(metric: Metric, mapped: Collection[str]) -> bool:
    """Whether sums of the metric over parts of the rows add: no units, no different values.

    Nor do sums by cluster, of which one may be in several parts.
    """
    if isinstance(metric.denominator, Weeks) or metric.clusters in mapped:
        return False
    units = (metric.per or "").split("|")
    return not set(units) & set(mapped) and _key(metric, mapped) is None


def reads_limits(table: ir.Table, metrics: Sequence[Metric]) -> bool:
    """Whether any of the metrics depends on what the user sets."""
    watched = _Watched()
    limits = cast("Limits", watched)
    for metric in metrics:
        _counted(metric, table, limits)
        for _, met in (*metric.marks, *left_out_of(metric)):
            met(table, limits)
    return watched.read


class _Watched:
    """The usual limits, which remember whether they were read."""

    def __init__(self) -> None:
        self.read = False

    def __getattr__(self, name: str) -> object:
        self.read = True
        return getattr(Limits(), name)


def _key(metric: Metric, mapped: Collection[str]) -> str | None:
    for measure in (metric.numerator, metric.denominator):
        if isinstance(measure, Distinct) and measure.field in mapped:
            return measure.field
    return None


def _unit_name(table: ir.Table, fields: Sequence[str]) -> ir.StringValue:
    """The first of the fields that the row has; else a name of the row itself."""
    return ibis.coalesce(person_of(table, fields), _own_name(table))


def _own_name(table: ir.Table) -> ir.StringValue:
    return table["__dataset"].cast("string").fill_null("") + ":" + table["__line"].cast("string")
