"""The lines behind numbers per user of the CRM."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import ibis
import ibis.expr.types as ir

from crm_metrics.metrics.crm_use import Use, crm_use
from crm_metrics.metrics.crm_use.people import rows_of_users, whole_weeks
from crm_metrics.metrics.ground import Engine
from crm_metrics.metrics.lineage.asking import Behind, Source
from crm_metrics.metrics.lineage.given import FILE, LINE, Y, joined, of_table
from crm_metrics.metrics.lineage.model import Lineage
from crm_metrics.metrics.model import Value

Span = tuple[date, date]
_GRAINS = {"tx_per_user": "orders", "closed_per_user": "deals"}
_WHICH = {
    "comms_per_user_week": "said",
    "logins_per_user_week": "login",
    "closed_per_user": "decided",
}
_FIELDS = {
    "activities": frozenset({"activity_type", "owner", "origin"}),
    "deals": frozenset({"deal_id", "owner", "stage", "status", "closed_at"}),
    "orders": frozenset({"owner"}),
}


def of_users(engine: Engine, value: Value, behind: Behind) -> Iterator[tuple[str, Source]]:
    """What the users did over the period, each row as one; an order of several rows is one too."""
    use = crm_use(engine, behind.filters)
    if use is None or use.start is None or use.end is None:
        return
    grain = _GRAINS.get(value.metric, "activities")
    tables = list(rows_of_users(engine, grain, behind.filters))
    if tables:
        span = use.start, use.end
        each = [partial(_of_place, rows, span, value.metric, grain) for rows in tables]
        yield f"{grain}_of_users", partial(_did, each, use, grain)


def _did(places: Sequence[Callable[[int], Lineage]], use: Use, grain: str, first: int) -> Lineage:
    found = joined((of_place(first) for of_place in places), first)
    out = {"machines_left_out": use.machines, "without_user_left_out": use.nameless}
    told = {flag: count for flag, count in out.items() if count and grain == "activities"}
    return replace(found, left_out=told)


def _of_place(rows: ir.Table, days: Span, metric: str, grain: str, first: int) -> Lineage:
    named = rows.owner.notnull() & (rows.owner != "")
    start, end = days
    inside = rows.day.between(ibis.literal(start), ibis.literal(end))
    own = rows.filter(named & inside)
    if metric == "active_user_share":
        weeks = whole_weeks(start, end)
        last = weeks[-1] + timedelta(days=6)
        own = own.filter(own.day.between(ibis.literal(weeks[0]), ibis.literal(last)))
    if grain == "activities":
        own = own.filter(~own.machine)
    if metric in _WHICH:
        own = own.filter(own[_WHICH[metric]])
    found = own.select(FILE, LINE, **{Y: _adds(own, grain)})
    # A week with anything at all counts once, however many rows it has.
    adds_up = metric != "active_user_share"
    return of_table(found, _FIELDS[grain], first, adds_up=adds_up)


def _adds(rows: ir.Table, grain: str) -> ir.Value:
    """What each row adds: of an order's rows on a day the first one, for it counts once."""
    if grain != "orders":
        return ibis.literal(1.0)
    order = ibis.window(
        group_by=[rows.owner, rows.day, rows.order], order_by=[rows[FILE], rows[LINE]]
    )
    return (ibis.row_number().over(order) == 0).cast("float64")
