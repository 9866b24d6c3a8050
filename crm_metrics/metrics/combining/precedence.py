"""Of a campaign that several grains tell of, one counts: marks on the rows that give way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import ibis
import ibis.expr.types as ir

from crm_metrics.metrics.combining.campaigns import Told, campaigns_of, name_of, told
from crm_metrics.metrics.combining.events import FROM_EVENTS, SENDLESS
from crm_metrics.metrics.expressions import NO

PARTLY = "__partly"
"""BOOLEAN: the finer grain holds only a part of the row's campaign."""

_LITERALS = 500

Save = Callable[[str, ir.Table], ir.Table]


@dataclass(frozen=True, slots=True)
class GivenWay:
    """Rows (where `column` is true) whose campaign another grain's data sets tell of.

    `fields` are those that these data sets hold, so that they can compute some metrics, not all.
    """

    column: str
    grain: str
    fields: frozenset[str]


@dataclass(frozen=True, slots=True)
class Marked:
    """Tables by grain with a column for each reason to give way, and these reasons."""

    tables: Mapping[str, ir.Table]
    given_way: Mapping[str, tuple[GivenWay, ...]]


def marked(
    campaigns: ir.Table | None,
    recipients: ir.Table | None,
    fields: Mapping[str, Mapping[str, frozenset[str]]],
    settled: Mapping[tuple[str, str], str],
    save: Save,
) -> Marked:
    """The tables of both grains with marks on what gives way; each None where it has no facts.

    `fields` are those that hold a value, by grain and data set. Of the same campaign lists of
    people count before logs of events, both before sums.
    """
    found: dict[str, list[tuple[str, Mapping[str, frozenset[str]]]]] = {
        "campaigns": [], "recipients": [],
    }  # fmt: skip
    partly: dict[str, set[str]] = {"campaigns": set(), "recipients": set()}

    def note(one: Told, coarse: str, fine: str) -> None:
        found[coarse].append((fine, one.coarse))
        found[fine].append((coarse, one.fine))
        for grain in (coarse, fine):
            partly[grain] |= one.partly

    people = None
    if recipients is not None:
        people = campaigns_of(recipients, _sent_to(recipients))
        if FROM_EVENTS in recipients.columns:
            events = campaigns_of(
                recipients.filter(recipients[FROM_EVENTS].fill_null(NO)), _sent_to(recipients)
            )
            is_event = people.who.isin(events.who)
            lists = people[~is_event]
            if len(events) and len(lists):
                own = told(people[is_event], lists, settled)
                note(own, "recipients", "recipients")
                people = people[~people.who.isin([*own.coarse, *own.fine])]
    if campaigns is not None and people is not None and len(people):
        sums = campaigns_of(campaigns, ibis.coalesce(campaigns.sent, campaigns.delivered))
        note(told(sums, people, settled), "campaigns", "recipients")
    tables = {"campaigns": campaigns, "recipients": recipients}
    result, reasons = {}, {}
    for grain, table in tables.items():
        if table is not None:
            own, why = _with_marks(
                table,
                found[grain],
                partly[grain],
                fields,
                partial(_save_of, save, grain),
            )
            result[grain], reasons[grain] = own, why
    return Marked(result, reasons)


def _sent_to(recipients: ir.Table) -> ir.Value:
    """1 for a message that is known to be sent."""
    if SENDLESS not in recipients.columns:
        return ibis.literal(1.0)
    return ibis.ifelse(recipients[SENDLESS].fill_null(NO), 0.0, 1.0)


def _with_marks(
    table: ir.Table,
    found: Iterable[tuple[str, Mapping[str, frozenset[str]]]],
    partly: set[str],
    fields: Mapping[str, Mapping[str, frozenset[str]]],
    save: Save,
) -> tuple[ir.Table, tuple[GivenWay, ...]]:
    """The table with a column for each reason to give way: `found` are campaigns by grain."""
    groups: dict[tuple[str, frozenset[str]], set[str]] = {}
    for other, campaigns in found:
        for who, data_sets in campaigns.items():
            for one in data_sets:
                key = other, fields[other].get(one, frozenset())
                groups.setdefault(key, set()).add(who)
    if not groups and not partly:
        return table, ()
    who = name_of(table)
    marks, reasons = {}, []
    for number, ((other, own), names) in enumerate(groups.items()):
        column = f"__given_way_{number}"
        marks[column] = _is_one_of(who, names, save, column)
        reasons.append(GivenWay(column, other, own))
    marks[PARTLY] = _is_one_of(who, partly, save, PARTLY)
    return table.mutate(**marks), tuple(reasons)


def _save_of(save: Save, grain: str, name: str, rows: ir.Table) -> ir.Table:
    return save(f"{grain}{name}", rows)


def _is_one_of(
    who: ir.StringValue, names: Iterable[str], save: Save, table: str
) -> ir.BooleanValue:
    listed: Sequence[str] = sorted(names)
    if not listed:
        return NO
    if len(listed) <= _LITERALS:
        return who.isin(listed)
    return who.isin(save(table, ibis.memtable({"who": listed}))["who"])
