"""Records whose client or object is in none of the CRM's tables, although those of most are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import partial, reduce
from operator import or_

import ibis
import ibis.expr.types as ir

from crm_metrics.audit.ground import FILE, LINE, Ground, places
from crm_metrics.audit.model import Check, Threshold, Violations
from crm_metrics.metrics.expressions import NO, YES, any_true
from crm_metrics.store.together.record_keys import part_of_key

LINKED_SHARE = Threshold("linked_share", 0.8, 0.5, 1, "share")
"""So many rows have to be found by a key before the others count as orphans."""
_OF_CONTACTS = ("contacts.customer_id", "contacts.contact_id")
_OF_PEOPLE = {
    "customer_id": _OF_CONTACTS,
    "email": ("contacts.email",),
    "phone": ("contacts.phone",),
}
# An activity hangs on a deal or on a contact: one of the two tables alone tells of half of them.
_LINKS: dict[str, Mapping[str, Sequence[str]]] = {
    "activities": {"object_id": ("deals.deal_id", *_OF_CONTACTS)},
    "orders": _OF_PEOPLE,
    "deals": _OF_PEOPLE,
    "recipients": _OF_PEOPLE,
}
_PEOPLE = "customer_id|email|phone"
_ALSO = {"activities": ("deals.deal_id", "contacts.contact_id|customer_id")}


def _orphans(ground: Ground, grain: str) -> Violations:
    """Rows that no key finds, among those with a key that finds most of its rows."""
    links = _links(ground, grain)
    marked = ground.engine.once(f"audit_links_{grain}", lambda: _marked(ground, grain, links))
    own = _finding_most(ground, marked, links) if links else []
    if not own:
        return ground.nothing(grain)
    asked = marked.filter(any_true(marked[field].notnull() for field in own))
    found = reduce(or_, (asked[f"in_{field}"].fill_null(NO) for field in links))
    return Violations(
        rows=asked.filter(~found).select(FILE, LINE, "date"), base=asked.select("date")
    )


def _links(ground: Ground, grain: str) -> dict[str, Sequence[str]]:
    """The fields of a grain that lead to a table that is there."""
    return {
        field: targets
        for field, targets in _LINKS[grain].items()
        if ground.has(grain, field) and _there(ground, targets)
    }


def _marked(ground: Ground, grain: str, links: Mapping[str, Sequence[str]]) -> ir.Table:
    """The rows with their keys, and for each (`in_<field>`) whether it finds a card, else null."""
    rows = _known_days(ground, grain, ground.table(grain))
    columns = {field: part_of_key(rows, field) for field in links}
    marked = rows.select(**places(rows), date=rows.date, **columns)
    for field, targets in links.items():
        keys = _keys(ground, grain, field, targets).mutate(**{f"in_{field}": YES})
        marked = marked.left_join(keys, marked[field] == keys.key).drop("key")
    return ground.engine.saved(f"audit_links_{grain}", marked)


def _there(ground: Ground, targets: Sequence[str]) -> list[tuple[str, str]]:
    each = [tuple(target.split(".")) for target in targets]
    return [(grain, field) for grain, field in each if ground.has(grain, field)]


def _keys(ground: Ground, grain: str, field: str, targets: Sequence[str]) -> ir.Table:
    """Every key of the tables that a field may lead to, once: key."""
    each = []
    for other, name in _there(ground, targets):
        table = ground.table(other)
        each.append(table.select(key=part_of_key(table, name)))
    keys = ibis.union(*each) if each[1:] else each[0]
    known = keys.filter(keys.key.notnull()).distinct()
    return ground.engine.saved(f"audit_keys_{grain}_{field}", known)


def _known_days(ground: Ground, grain: str, table: ir.Table) -> ir.Table:
    """The rows until the last day on which each of the tables they lead to got a record.

    What came after the cards were exported may have a card by now.
    """
    others = {target.split(".")[0] for targets in _LINKS[grain].values() for target in targets}
    ends = (_last_day(ground, other) for other in sorted(others) if ground.has(other))
    known = [day for day in ends if day]
    if not known:
        return table
    return table.filter((table.date.cast("date") <= ibis.literal(min(known))).fill_null(YES))


def _last_day(ground: Ground, grain: str) -> date | None:
    last = ground.table(grain).date.cast("date").max()
    return ground.engine.once(f"audit_last_day_{grain}", lambda: last.to_pyarrow().as_py())


def _finding_most(ground: Ground, marked: ir.Table, links: Iterable[str]) -> list[str]:
    """The keys that find most rows that have them: ids of another system find none or a few."""
    each = {f"n_{field}": marked[field].count() for field in links}
    each |= {f"found_{field}": marked[f"in_{field}"].count() for field in links}
    (line,) = marked.aggregate(**each).to_pyarrow().to_pylist()
    least = ground.settings.of(LINKED_SHARE)
    return [
        field
        for field in links
        if line[f"n_{field}"] and line[f"found_{field}"] >= least * line[f"n_{field}"]
    ]


CHECKS = tuple(
    Check(
        key="orphan_record",
        grain=grain,
        needs=("object_id",) if grain == "activities" else (_PEOPLE,),
        also=_ALSO.get(grain, (f"contacts.contact_id|{_PEOPLE}",)),
        severity=2,
        effort="M",
        rule=partial(_orphans, grain=grain),
        thresholds=(LINKED_SHARE,),
        shows=tuple(_LINKS[grain]),
    )
    for grain in _LINKS
)
