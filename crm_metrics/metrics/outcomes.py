"""Whether a thing happened, completed from what each data set can know of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce

import ibis
import ibis.expr.types as ir

from crm_metrics.intake.table import LINE
from crm_metrics.metrics.expressions import NO, first_known
from crm_metrics.schema import fields_of, kind_of
from crm_metrics.store.extents import Extent

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
# Who has an order at an event bought, the others did not.
_PROOF_OF = {"attendance": {"converted": "order_id"}}
_REPLY = ("first_reply_time", "first_reply_at")
_SOLVED = ("resolution_time", "resolved_at", "closed_at")
# Where a row is one person, an amount that is not there was not spent, unless noughts are written.
_SPENDING = frozenset({"recipients"})

_Extents = Mapping[str, Mapping[str, Extent]]
_NONE = Extent(0)


@dataclass(frozen=True, slots=True)
class _Known:
    """What a data set says: columns with a value, with a blank, with a "no" or an amount of 0."""

    data_set: str | None
    filled: frozenset[str]
    blank: frozenset[str]
    nought: frozenset[str]


def completed_outcomes(
    table: ir.Table, grain: str, mapped: frozenset[str], extents: _Extents | None = None
) -> tuple[dict[str, ir.Value], frozenset[str]]:
    """Columns that replace or join those of `table`, and the flags whose blanks were read as "no".

    A flag is completed from its time, and its blanks are "no", within each data set that knows the
    outcome only as "yes" or blank. `replied` tells whether there was a first reply, `solved`
    whether a conversation was resolved, `rated` whether it has a score; `spent` is the revenue of a
    row that is one person, 0 where the person did not convert or the data set writes nothing but
    amounts and blanks.
    `extents`, where they are known, spare a look at all rows.
    """
    flags = [name for name in fields_of(grain) if kind_of(name, grain) == "flag"]
    own = [flag for flag in flags if flag in mapped]
    times = {flag: time for flag, time in _TIME_OF.items() if flag in flags and time in mapped}
    proofs = _PROOF_OF.get(grain, {})
    times = {flag: name for flag, name in proofs.items() if name in mapped} | times
    replies = [name for name in _REPLY if name in mapped]
    solved = [name for name in _SOLVED if name in mapped] if grain == "conversations" else []
    rated = ["score"] if grain == "conversations" and "score" in mapped else []
    sums = ["revenue"] if grain in _SPENDING and "revenue" in mapped else []
    columns: dict[str, ir.Value] = {
        "replied": ibis.null("boolean"),
        "solved": ibis.null("boolean"),
        "rated": ibis.null("boolean"),
        "spent": ibis.null("float64"),
    }
    if not (own or times or replies or solved or rated or sums):
        return columns, frozenset()
    if extents is None:
        known = _asked(table, [*own, *sums], [*times.values(), *replies, *solved, *rated])
    else:
        known = _told(table, extents, [*own, *sums], [*times.values(), *replies, *solved, *rated])
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
    for outcome, names in (("replied", replies), ("solved", solved), ("rated", rated)):
        if names:
            told = (_happened(table, known, name) for name in names)
            columns[outcome] = reduce(_either, told)
    return columns, frozenset(blanks)


def _asked(table: ir.Table, counted: Iterable[str], presence: Iterable[str]) -> list[_Known]:
    """What each data set knows, by its rows."""
    counts: dict[str, ir.Value] = {"rows": table.count()}
    for name in counted:
        nought = ~table[name] if table[name].type().is_boolean() else table[name] == 0
        counts[f"nought_{name}"] = nought.sum().fill_null(0)
    names = [*counted, *presence]
    counts |= {f"has_{name}": table[name].count() for name in names}
    found = table.group_by(data_set=table["__dataset"].cast("string")).aggregate(**counts)
    return [
        _Known(
            row["data_set"],
            frozenset(name for name in names if row[f"has_{name}"]),
            frozenset(name for name in names if row[f"has_{name}"] < row["rows"]),
            frozenset(name for name in counted if row[f"nought_{name}"]),
        )
        for row in found.to_pyarrow().to_pylist()
    ]


def _told(
    table: ir.Table, extents: _Extents, counted: Iterable[str], presence: Iterable[str]
) -> list[_Known]:
    """The same by what is known of the columns; rows are only asked for an amount of 0."""
    known = []
    for data_set, every in extents.items():
        own = {name: every.get(name, _NONE) for name in (*counted, *presence)}
        nought = (name for name in counted if _has_nought(table, data_set, name, own[name]))
        known.append(
            _Known(
                data_set,
                frozenset(name for name, extent in own.items() if extent.values),
                frozenset(
                    name for name, extent in own.items() if extent.values < every[LINE].values
                ),
                frozenset(nought),
            )
        )
    return known


def _has_nought(table: ir.Table, data_set: str, name: str, extent: Extent) -> bool:
    if not extent.values or (extent.least is not None and extent.least >= 0):
        return extent.least == 0
    rows = table.filter((table["__dataset"] == data_set) & (table[name] == 0))
    return bool(rows.limit(1).to_pyarrow().num_rows)


def _only_yes(known: Iterable[_Known], flag: str) -> list[str | None]:
    """The data sets in which the flag is "yes" or blank, and never "no"."""
    return [
        one.data_set
        for one in known
        if flag in one.filled and flag in one.blank and flag not in one.nought
    ]


def _happened(table: ir.Table, known: Iterable[_Known], name: str) -> ir.BooleanValue:
    """Whether the row has this time or duration, known in data sets that have any."""
    having = [one.data_set for one in known if name in one.filled]
    return _within(table, having, table[name].notnull())


def _either(one: ir.BooleanValue, other: ir.BooleanValue) -> ir.BooleanValue:
    """Whether one of both holds; of one that is not known the other tells."""
    return ibis.coalesce(one | other, one, other)


def _spent(table: ir.Table, known: Iterable[_Known], converted: ir.Value | None) -> ir.Value:
    having = [one for one in known if "revenue" in one.filled]
    blank_is_none = [one.data_set for one in having if "revenue" not in one.nought]
    bought = _within(table, blank_is_none, NO)
    if converted is not None:
        bought = ibis.coalesce(converted, bought)
    nothing = ibis.ifelse(~bought, 0.0, ibis.null("float64"))
    told = _within(table, [one.data_set for one in having], nothing)
    return ibis.coalesce(table.revenue, told)


def _within(table: ir.Table, data_sets: list[str | None], value: ir.Value) -> ir.Value:
    """The value on rows of these data sets, null on others."""
    name = table["__dataset"].cast("string").fill_null("")
    return ibis.ifelse(name.isin([one or "" for one in data_sets]), value, ibis.null(value.type()))
