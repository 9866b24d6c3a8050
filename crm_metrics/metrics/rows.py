"""What each row of facts gives each metric: its y and x, its marks, its currency."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir

from crm_metrics.metrics.model import Condition, Distinct, Limits, Measure, Metric, Weeks
from crm_metrics.metrics.people import person_of
from crm_metrics.metrics.per_row import (
    RATE_ONLY,
    counted_by,
    key_of,
    left_out_of,
    per_row,
    stated_by,
)
from crm_metrics.metrics.unmapped import unmapped_fields, without_unmapped

CURRENCY = "currency"
KEEP = "keep"
UNIT = "unit"
WEEK = "week"
WEEKS = "weeks"
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

    @property
    def empty(self) -> bool:
        """Whether no row of the facts is kept at all."""

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
                y=put(counted, partial(counted_by, metric, table, limits)),
                x=put(
                    ("x", metric.denominator), partial(per_row, table, metric.denominator, limits)
                ),
                key=key_of(metric, asked.mapped),
                marks=put_each(metric.marks),
                left_out=put_each(left_out_of(metric)),
                stated=put(stated, partial(stated_by, metric, table, limits))
                if metric.stated
                else None,
            )
        )
    columns |= {one.key: table[one.key].cast("string") for one in slots if one.key}
    return columns, slots


def fields_read(asked: Asked, metric: Metric) -> frozenset[str]:
    """The mapped fields that a row's y and x are made of, or that tell the metric's units apart."""
    columns, (slots,) = measured(asked, (metric,))
    made = {node.name for name in (slots.y, slots.x) for node in columns[name].op().find(ops.Field)}
    named = {name for need in metric.needs for name in need.split("|")}
    apart = {*(metric.per or "").split("|"), slots.key or ""}
    return asked.mapped.intersection(made | named | apart)


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


def _unit_name(table: ir.Table, fields: Sequence[str]) -> ir.StringValue:
    """The first of the fields that the row has; else a name of the row itself."""
    return ibis.coalesce(person_of(table, fields), _own_name(table))


def _own_name(table: ir.Table) -> ir.StringValue:
    return table["__dataset"].cast("string").fill_null("") + ":" + table["__line"].cast("string")
