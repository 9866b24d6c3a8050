"""The rows that metrics count: a grain's table with every field present and outcomes completed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import reduce
from typing import Protocol

import ibis
import ibis.expr.types as ir

from crm_metrics.errors import NotFoundError
from crm_metrics.metrics.expressions import NO, YES
from crm_metrics.metrics.model import Filters
from crm_metrics.schema import fields_of, kind_of

PERIODS = {"date": "D", "day": "D", "week": "W", "month": "M"}
BLANK_IS_NO = "blank_is_no"

_TYPES = {
    "count": "int64",
    "money": "float64",
    "rate": "float64",
    "duration": "float64",
    "number": "float64",
    "flag": "boolean",
    "date": "date",
    "timestamp": "timestamp",
}
_ALWAYS = ("channel", "platform", "currency", "__dataset")
# A time that stands only where a thing happened says of the other rows that it did not.
_TIME_OF = {
    "delivered": "delivered_at",
    "opened": "opened_at",
    "clicked": "clicked_at",
    "unsubscribed": "unsubscribed_at",
    "converted": "converted_at",
    "attended": "joined_at",
}
_REPLY = ("first_reply_time", "first_reply_at")


class Engine(Protocol):
    """What metrics ask of a store: `crm_metrics.store.Engine` is one."""

    @property
    def grains(self) -> Collection[str]:
        """The grains of which there are facts."""

    def table(self, grain: str) -> ir.Table:
        """All facts of a grain."""

    def mapped(self, grain: str) -> Collection[str]:
        """The fields that some data set of this grain has."""

    def dimension(self, grain: str, name: str) -> str:
        """The column of a field or an original header; raises NotFoundError."""


def ground(engine: Engine, grain: str) -> tuple[ir.Table, frozenset[str]]:
    """A grain's facts made ready for metrics, and the flags whose blank cells were read as "no".

    Every field of the grain is a column (null where not mapped). `replied` is added (BOOLEAN:
    whether there was a first reply). An outcome's flag is completed from its time, and its blanks
    are "no", within each data set that knows the outcome only as "yes" or blank.
    """
    table = engine.table(grain)
    mapped = frozenset(engine.mapped(grain)) & frozenset(table.columns)
    known = frozenset(table.columns)
    absent = {
        name: ibis.null(_type_of(name, grain))
        for name in (*fields_of(grain), *_ALWAYS)
        if name not in known
    }
    table = table.mutate(**absent)
    return _with_outcomes(table, grain, mapped)


def column_of(engine: Engine, grain: str, table: ir.Table, name: str) -> ir.Value | None:
    """The column to group or filter by, None where this grain has none.

    `name` is a field, a header of a file, or date, week or month (the first day of each).
    """
    if name in PERIODS:
        return table.date.cast("date").truncate(PERIODS[name])
    try:
        column = engine.dimension(grain, name)
    except NotFoundError:
        return table[name] if name in _ALWAYS else None
    return table[column] if column in table.columns else None


def kept(engine: Engine, grain: str, table: ir.Table, filters: Filters) -> ir.BooleanValue | None:
    """The filters as one condition (true where there is none); None where a column lacks."""
    conditions: list[ir.BooleanValue] = []
    if filters.start is not None:
        conditions.append(table.date.cast("date") >= ibis.literal(filters.start))
    if filters.end is not None:
        conditions.append(table.date.cast("date") <= ibis.literal(filters.end))
    if filters.channels:
        conditions.append(table.channel.isin(filters.channels))
    if filters.campaigns:
        name = table.campaign_name.isin(filters.campaigns)
        conditions.append(name.fill_null(NO) | table.campaign_id.isin(filters.campaigns))
    for field, values in filters.equal:
        column = column_of(engine, grain, table, field)
        if column is None:
            return None
        conditions.append(column.cast("string").isin(values))
    met = reduce(lambda one, other: one & other, conditions, YES)
    return met.fill_null(NO)


def unfilterable(engine: Engine, grain: str, table: ir.Table, filters: Filters) -> tuple[str, ...]:
    """The filtered names that this grain has no column for."""
    names = (name for name, _ in filters.equal)
    return tuple(name for name in names if column_of(engine, grain, table, name) is None)


def _type_of(name: str, grain: str) -> str:
    if name in _ALWAYS:
        return "string"
    return _TYPES.get(kind_of(name, grain), "string")


def _with_outcomes(
    table: ir.Table, grain: str, mapped: frozenset[str]
) -> tuple[ir.Table, frozenset[str]]:
    names = fields_of(grain)
    flags = [name for name in names if kind_of(name, grain) == "flag"]
    times = [_TIME_OF[flag] for flag in flags if _TIME_OF.get(flag) in mapped]
    replies = [name for name in _REPLY if name in mapped]
    own = [flag for flag in flags if flag in mapped]
    if not (own or times or replies):
        return table.mutate(replied=ibis.null("boolean")), frozenset()
    facts = _what_data_sets_know(table, own, [*times, *replies])
    completed: dict[str, ir.Value] = {}
    blanks = set()
    for flag in flags:
        parts = [table[flag]]
        if _TIME_OF.get(flag) in times:
            parts.append(_happened(table, facts, _TIME_OF[flag]))
        yes_or_blank = _only_yes(facts, flag) if flag in own else []
        if yes_or_blank:
            blanks.add(flag)
            parts.append(_within(table, yes_or_blank, NO))
        if len(parts) > 1:
            completed[flag] = ibis.coalesce(*parts)
    replied = [_happened(table, facts, name) for name in replies] or [ibis.null("boolean")]
    either = reduce(lambda one, other: one | other, replied)
    return table.mutate(**completed, replied=either), frozenset(blanks)


def _what_data_sets_know(
    table: ir.Table, flags: Iterable[str], presence: Iterable[str]
) -> list[dict]:
    counts: dict[str, ir.Value] = {"rows": table.count()}
    for flag in flags:
        counts[f"has_{flag}"] = table[flag].count()
        counts[f"yes_{flag}"] = table[flag].cast("int64").sum().fill_null(0)
    for name in presence:
        counts[f"has_{name}"] = table[name].count()
    found = table.group_by(data_set=table["__dataset"].cast("string")).aggregate(**counts)
    return found.to_pyarrow().to_pylist()


def _only_yes(facts: list[dict], flag: str) -> list[str | None]:
    """The data sets in which the flag is "yes" or blank, and never "no"."""
    has, yes = f"has_{flag}", f"yes_{flag}"
    return [row["data_set"] for row in facts if 0 < row[yes] == row[has] < row["rows"]]


def _happened(table: ir.Table, facts: list[dict], name: str) -> ir.BooleanValue:
    """Whether the row has this time or duration, known in data sets that have any."""
    having = [row["data_set"] for row in facts if row[f"has_{name}"] > 0]
    return _within(table, having, table[name].notnull())


def _within(table: ir.Table, data_sets: list[str | None], value: ir.Value) -> ir.Value:
    """The value on rows of these data sets, null on others."""
    name = table["__dataset"].cast("string").fill_null("")
    return ibis.ifelse(name.isin([one or "" for one in data_sets]), value, ibis.null(value.type()))
