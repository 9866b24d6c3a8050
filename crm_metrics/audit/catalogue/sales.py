"""Clients who paid and were forgotten, and sales that the CRM does not know."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from crm_metrics.audit.conditions import day_before
from crm_metrics.audit.ground import FILE, LINE, Ground, places
from crm_metrics.audit.model import Check, Threshold, Violations
from crm_metrics.audit.people import PERSON, last_of_each, names_someone, with_person
from crm_metrics.metrics.catalogue.orders import amount_paid, went_back
from crm_metrics.metrics.deals_state import DAY
from crm_metrics.metrics.expressions import NO, first_known, seconds_between
from crm_metrics.metrics.people import PERSON as NAMED
from crm_metrics.store.together.record_keys import part_of_key

FORGOTTEN_DAYS = Threshold("forgotten_days", 180, 14, 1830, "days")
MISMATCH_SHARE = Threshold("mismatch_share", 0.02, 0.001, 0.5, "share")
# The amounts of one sale in two systems are as far apart as those of most others, up to this.
_ONE_SALE = 0.1
_LEAST_PAIRS = 5
_LEAST_GAPS = 3
_CONTACTS = ("recipients", "calls", "conversations", "activities", "deals", "surveys")


def _bought(ground: Ground) -> ir.Table:
    """Sales that stand and brought something in, each with its person."""
    orders = ground.table("orders")
    orders = orders.filter(~went_back(orders))
    worth = first_known(orders.margin.cast("float64"), amount_paid(orders))
    rows = with_person(
        ground,
        "orders",
        orders,
        day=orders.date.cast("date"),
        worth=worth,
        currency=orders.currency,
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
    own = _own_gaps(orders.semi_join(bad, PERSON))
    bad = bad.left_join(own, PERSON)
    silent = seconds_between(ibis.literal(ground.settings.day), bad.seen) / DAY
    bad = bad.filter(silent > bad.gap.fill_null(0.0))
    return Violations(
        rows=bad.select(FILE, LINE, "at_stake", "currency", date="day"),
        base=rows.select(date="day"),
    )


def _own_gaps(orders: ir.Table) -> ir.Table:
    """The days within which nine in ten orders of each client followed the one before.

    Of clients with orders enough on different days: who buys once a year is not forgotten sooner.
    """
    days = orders.select(PERSON, "day").distinct()
    before = days.day.lag().over(ibis.window(group_by=PERSON, order_by="day"))
    gaps = days.mutate(gap=seconds_between(days.day, before) / DAY)
    each = gaps.group_by(PERSON).aggregate(gap=gaps.gap.quantile(0.9), gaps=gaps.gap.count())
    return each.filter(each.gaps >= _LEAST_GAPS).select(PERSON, "gap")


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
        stands=~went_back(orders),
    )
    books = books.filter(books.number.notnull())
    crm = deals.select(number=part_of_key(deals, "deal_id"), amount=deals.amount.cast("float64"))
    crm = crm.filter(crm.number.notnull())
    return (books, crm) if _same_numbers(books, crm) else None


def _same_numbers(books: ir.Table, crm: ir.Table) -> bool:
    """Whether a number means the same sale in both: for most, one amount is as much of the other.

    Two systems that each count from one have numbers in common, and nothing else. Of two that tell
    of the same sales, one may leave out a tax.
    """
    both = _beside(books, crm)
    both = both.mutate(ratio=both.crm_amount / both.amount.nullif(0))
    (line,) = both.aggregate(met=both.count(), usual=both.ratio.median()).to_pyarrow().to_pylist()
    if not line["met"]:
        return False
    usual = line["usual"] if line["met"] >= _LEAST_PAIRS and line["usual"] else 1.0
    near = (both.ratio / usual - 1).abs() <= _ONE_SALE
    return 2 * int(near.sum().to_pyarrow().as_py() or 0) >= line["met"]


def _beside(books: ir.Table, crm: ir.Table) -> ir.Table:
    """The sales that both know: number, place and day of its first row, amounts, and how far off.

    A return lessens the amount of its order in the books.
    """
    total = books.group_by("number").aggregate(
        amount=books.amount.sum(),
        **{FILE: books[FILE].min(), LINE: books[LINE].min()},
        date=books.date.min(),
    )
    theirs = crm.group_by("number").aggregate(crm_amount=crm.amount.max())
    rows = total.inner_join(theirs, "number")
    rows = rows.filter(rows.amount.notnull() & rows.crm_amount.notnull())
    return rows.mutate(off=(rows.amount - rows.crm_amount).abs())


def _unregistered(ground: Ground) -> Violations:
    """Sales of the days of which the CRM knows some, with a number that no deal has."""
    pair = _paired(ground)
    if pair is None:
        return ground.nothing("orders")
    books, crm = pair
    books = books.filter(books.stands)
    met = books.semi_join(crm, "number")
    (span,) = met.aggregate(first=met.date.min(), last=met.date.max()).to_pyarrow().to_pylist()
    if span["first"]:
        ends = (ibis.literal(span[name]) for name in ("first", "last"))
        books = books.filter(books.date.between(*ends).fill_null(NO))
    alone = books.anti_join(crm, "number")
    return Violations(rows=alone.select(FILE, LINE, "date"), base=books.select("date"))


def _mismatch(ground: Ground) -> Violations:
    """Orders that both know, of which the amounts differ by more than the share."""
    pair = _paired(ground)
    if pair is None:
        return ground.nothing("orders")
    rows = _beside(*pair)
    bad = rows.filter(rows.off > ground.settings.of(MISMATCH_SHARE) * rows.amount.abs())
    return Violations(
        rows=bad.select(FILE, LINE, "date", "crm_amount", at_stake=bad.off),
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
