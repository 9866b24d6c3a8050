"""Clients who paid and were forgotten, and sales that the CRM does not know."""

from __future__ import annotations

from datetime import timedelta

import ibis
import ibis.expr.types as ir

from crm_metrics.audit.conditions import LIMITS, day_before
from crm_metrics.audit.ground import FILE, LINE, Ground, places
from crm_metrics.audit.model import Check, Threshold, Violations
from crm_metrics.audit.people import PERSON, last_of_each, names_someone, with_person
from crm_metrics.metrics.catalogue.orders import amount_paid
from crm_metrics.metrics.deals_state import won
from crm_metrics.metrics.expressions import NO, YES, first_known
from crm_metrics.metrics.people import PERSON as NAMED
from crm_metrics.store.together.record_keys import part_of_key

FORGOTTEN_DAYS = Threshold("forgotten_days", 180, 14, 1830, "days")
MISMATCH_SHARE = Threshold("mismatch_share", 0.02, 0.001, 0.5, "share")
_CONTACTS = ("recipients", "calls", "conversations", "activities", "deals", "surveys")


def _bought(ground: Ground) -> ir.Table:
    orders = ground.table("orders")
    paid = amount_paid(orders)
    worth = first_known(orders.margin.cast("float64"), paid.cast("float64"))
    rows = with_person(
        ground, "orders", day=orders.date.cast("date"), worth=worth, currency=orders.currency
    )
    return rows.filter(rows.day.notnull() & rows.worth.notnull() & (rows.worth > 0).fill_null(NO))


def _forgotten(ground: Ground) -> Violations:
    """The last order of each client who neither bought nor was turned to for long."""
    orders = _bought(ground)
    whole = orders.worth.sum().over(ibis.window(group_by=PERSON))
    last = last_of_each(orders.mutate(at_stake=whole), "day").drop("worth")
    touches = [orders.select(PERSON, "day")]
    for grain in _CONTACTS:
        if names_someone(ground, grain):
            table = ground.table(grain)
            touches.append(
                with_person(ground, grain, day=table.date.cast("date")).select(PERSON, "day")
            )
    every = ibis.union(*touches) if touches[1:] else touches[0]
    every = every.filter(every.day <= ibis.literal(ground.settings.day))
    latest = every.group_by(PERSON).aggregate(seen=every.day.max())
    rows = last.inner_join(latest, PERSON)
    bad = rows.filter(rows.seen < day_before(ground.settings, FORGOTTEN_DAYS))
    return Violations(
        rows=bad.select(FILE, LINE, "at_stake", "currency", date="day"),
        base=rows.select(date="day"),
    )


def _paired(ground: Ground) -> tuple[ir.Table, ir.Table] | None:
    """Orders of the books and deals of the CRM by number; None where no number is in both."""
    return ground.engine.once("audit_paired_orders", lambda: _read_pair(ground))


def _read_pair(ground: Ground) -> tuple[ir.Table, ir.Table] | None:
    orders, deals = ground.table("orders"), ground.table("deals")
    books = orders.select(
        **places(orders),
        date=orders.date.cast("date"),
        number=part_of_key(orders, "order_id"),
        amount=orders.amount.cast("float64"),
    )
    books = books.filter(books.number.notnull())
    crm = deals.select(
        number=part_of_key(deals, "deal_id"),
        date=deals.date.cast("date"),
        closed=deals.closed_at.cast("date"),
        amount=deals.amount.cast("float64"),
        won=won(deals, LIMITS),
    )
    crm = crm.filter(crm.number.notnull())
    met = books.semi_join(crm, "number").count().to_pyarrow().as_py()
    return (books, crm) if met else None


def _unregistered(ground: Ground) -> Violations:
    """Orders of the days that the CRM knows, with a number that no deal has."""
    pair = _paired(ground)
    if pair is None:
        return ground.nothing("orders")
    books, crm = pair
    days = first_known(crm.closed, crm.date)
    (span,) = crm.aggregate(first=crm.date.min(), last=days.max()).to_pyarrow().to_pylist()
    if span["first"]:
        inside = books.date.between(
            ibis.literal(span["first"]), ibis.literal(span["last"] + timedelta(days=1))
        )
        books = books.filter(inside.fill_null(YES))
    alone = books.anti_join(crm, "number")
    return Violations(rows=alone.select(FILE, LINE, "date"), base=books.select("date"))


def _mismatch(ground: Ground) -> Violations:
    """Orders that both know, of which the amounts differ by more than the share."""
    pair = _paired(ground)
    if pair is None:
        return ground.nothing("orders")
    books, crm = pair
    total = books.group_by("number").aggregate(
        amount=books.amount.sum(),
        **{FILE: books[FILE].min(), LINE: books[LINE].min()},
        date=books.date.min(),
    )
    theirs = crm.group_by("number").aggregate(crm_amount=crm.amount.max())
    rows = total.inner_join(theirs, "number")
    rows = rows.filter(rows.amount.notnull() & rows.crm_amount.notnull())
    off = (rows.amount - rows.crm_amount).abs()
    bad = rows.filter(off > ground.settings.of(MISMATCH_SHARE) * rows.amount.abs())
    return Violations(
        rows=bad.select(
            FILE, LINE, "date", "crm_amount", at_stake=(bad.amount - bad.crm_amount).abs()
        ),
        base=rows.select("date"),
    )


CHECKS = (
    Check(
        key="customer_forgotten",
        grain="orders",
        needs=(NAMED, "date|created_at", "amount|margin|revenue"),
        severity=1,
        effort="M",
        ages=(
            "orders",
            "recipients",
            "deals",
            "activities",
        ),
        rule=_forgotten,
        counted="clients",
        money="amount",
        thresholds=(FORGOTTEN_DAYS,),
    ),
    Check(
        key="unregistered_sales",
        grain="orders",
        needs=("order_id", "amount"),
        also=("deals.deal_id",),
        severity=1,
        effort="M",
        rule=_unregistered,
        money="amount",
    ),
    Check(
        key="report_mismatch",
        grain="orders",
        needs=("order_id", "amount"),
        also=("deals.deal_id", "deals.amount"),
        severity=1,
        effort="M",
        rule=_mismatch,
        money="amount",
        thresholds=(MISMATCH_SHARE,),
    ),
)
