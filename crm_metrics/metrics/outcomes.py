"""Whether a thing happened, completed from what each data set can know of it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

import ibis
import ibis.expr.types as ir

from crm_metrics.metrics.expressions import NO, first_known
from crm_metrics.schema import fields_of, kind_of

# A time that stands only where a thing happened says of the other rows that it did not.
_TIME_OF = {
    "delivered": "delivered_at",
    "opened": "opened_at",
    "clicked": "clicked_at",
    "replied": "replied_at",
    "unsubscribed": "unsubscribed_at",
    "converted": "converted_at",
    "attended": "joined_at",
}
_REPLY = ("first_reply_time", "first_reply_at")
# Where a row is one person, an amount that is not there was not spent, unless noughts are written.
_SPENDING = frozenset({"recipients"})

_Known = list[dict]


def completed_outcomes(
    table: ir.Table, grain: str, mapped: frozenset[str]
) -> tuple[dict[str, ir.Value], frozenset[str]]:
    """Columns that replace or join those of `table`, and the flags whose blanks were read as "no".

    A flag is completed from its time, and its blanks are "no", within each data set that knows the
    outcome only as "yes" or blank. `replied` tells whether there was a first reply; `spent` is the
    revenue of a row that is one person, 0 where the person did not convert or the data set writes
    nothing but amounts and blanks.
    """
    flags = [name for name in fields_of(grain) if kind_of(name, grain) == "flag"]
    own = [flag for flag in flags if flag in mapped]
    times = {flag: time for flag, time in _TIME_OF.items() if flag in flags and time in mapped}
    replies = [name for name in _REPLY if name in mapped]
    sums = ["revenue"] if grain in _SPENDING and "revenue" in mapped else []
    columns: dict[str, ir.Value] = {"replied": ibis.null("boolean"), "spent": ibis.null("float64")}
    if not (own or times or replies or sums):
        return columns, frozenset()
    known = _what_data_sets_know(table, own, [*times.values(), *replies], sums)
    blanks = {flag: sets for flag in own if (sets := _only_yes(known, flag))}
    for flag in flags:
        parts = [table[flag]] if flag in own else []
        if flag in times:
            parts.append(_happened(table, known, times[flag]))
        if flag in blanks:
            parts.append(_within(table, blanks[flag], NO))
        if parts:
            columns[flag] = first_known(*parts)
    if sums:
        columns["spent"] = _spent(table, known, columns.get("converted"))
    if replies:
        replied = (_happened(table, known, name) for name in replies)
        columns["replied"] = reduce(lambda one, other: one | other, replied)
    return columns, frozenset(blanks)


def _what_data_sets_know(
    table: ir.Table, flags: Iterable[str], presence: Iterable[str], sums: Iterable[str]
) -> _Known:
    counts: dict[str, ir.Value] = {"rows": table.count()}
    for flag in flags:
        counts[f"has_{flag}"] = table[flag].count()
        counts[f"yes_{flag}"] = table[flag].cast("int64").sum().fill_null(0)
    for name in presence:
        counts[f"has_{name}"] = table[name].count()
    for name in sums:
        counts[f"has_{name}"] = table[name].count()
        counts[f"noughts_{name}"] = (table[name] == 0).sum().fill_null(0)
    found = table.group_by(data_set=table["__dataset"].cast("string")).aggregate(**counts)
    return found.to_pyarrow().to_pylist()


def _only_yes(known: _Known, flag: str) -> list[str | None]:
    """The data sets in which the flag is "yes" or blank, and never "no"."""
    has, yes = f"has_{flag}", f"yes_{flag}"
    return [row["data_set"] for row in known if 0 < row[yes] == row[has] < row["rows"]]


def _happened(table: ir.Table, known: _Known, name: str) -> ir.BooleanValue:
    """Whether the row has this time or duration, known in data sets that have any."""
    having = [row["data_set"] for row in known if row[f"has_{name}"] > 0]
    return _within(table, having, table[name].notnull())


def _spent(table: ir.Table, known: _Known, converted: ir.Value | None) -> ir.Value:
    having = [row for row in known if row["has_revenue"] > 0]
    blank_is_none = [row["data_set"] for row in having if row["noughts_revenue"] == 0]
    bought = _within(table, blank_is_none, NO)
    if converted is not None:
        bought = ibis.coalesce(converted, bought)
    nothing = ibis.ifelse(~bought, 0.0, ibis.null("float64"))
    told = _within(table, [row["data_set"] for row in having], nothing)
    return ibis.coalesce(table.revenue, told)


def _within(table: ir.Table, data_sets: list[str | None], value: ir.Value) -> ir.Value:
    """The value on rows of these data sets, null on others."""
    name = table["__dataset"].cast("string").fill_null("")
    return ibis.ifelse(name.isin([one or "" for one in data_sets]), value, ibis.null(value.type()))
