"""Amounts of deals and orders: counted twice, of several currencies, negative, out of measure."""

from __future__ import annotations

from functools import partial
from math import log

import ibis
import ibis.expr.types as ir

from crm_metrics.audit.conditions import LIMITS, MAD_OF_NORMAL, within
from crm_metrics.audit.ground import FILE, LINE, Ground, places
from crm_metrics.audit.model import Check, Settings, Threshold, Violations
from crm_metrics.metrics.catalogue.orders import returned, went_back
from crm_metrics.metrics.expressions import NO, YES, first_known, folded
from crm_metrics.metrics.people import person_of

OUTLIER_Z = Threshold("outlier_z", 5, 3, 20, "score")
_LEAST_AMOUNTS = 30
_A_PRICE, _LEAST_TIMES = 0.01, 3
# So many times as much, or as little, is no slip of a digit yet.
_NO_SLIP = 5


def _twice(ground: Ground, grain: str, number: str) -> Violations:
    """Rows that repeat an earlier one.

    Either with its number and all that tells a row, or with its client, amount and day under
    another number. Orders that came back or were cancelled count no revenue twice.
    """
    table = ground.table(grain)
    rows = table.filter(table.amount.notnull() & (table.amount != 0) & table.date.notnull())
    rows = rows.filter(~went_back(rows)) if grain == "orders" else rows
    who = first_known(person_of(rows), folded(rows.full_name), folded(rows.company))
    if grain == "deals":
        who = first_known(who, folded(rows.contact_name))
    what = folded(rows.title if grain == "deals" else rows.category)
    rows = rows.select(
        **places(rows),
        date=rows.date.cast("date"),
        amount=rows.amount.cast("float64"),
        currency=rows.currency.fill_null(""),
        number=rows[number].cast("string"),
        who=who,
        what=what.fill_null(""),
        product=folded(rows.product).fill_null(""),
        moment=rows.created_at,
    )
    same_number = rows.number.notnull() & _is_later(
        rows, "number", "amount", "currency", "date", "who", "what", "product", "moment"
    )
    # Two at one moment are two lines of one order; of a day alone the time tells nothing.
    alike = ("who", "amount", "currency", "date", "product")
    same_client = rows.who.notnull() & _is_later(rows, *alike)
    other_number = rows.number.isnull() | (
        rows.number.nunique().over(ibis.window(group_by=alike)) > 1
    )
    marked = rows.mutate(same_number=same_number, same_client=same_client & other_number)
    bad = marked.filter(marked.same_number | marked.same_client)
    return Violations(
        rows=bad.select(
            FILE,
            LINE,
            "date",
            why=ibis.ifelse(bad.same_number, "same_number", "same_client_amount_day"),
        ),
        base=rows.select("date"),
    )


def _is_later(rows: ir.Table, *key: str) -> ir.BooleanValue:
    """Whether a row with the same key stands before this one."""
    window = ibis.window(group_by=[rows[name] for name in key], order_by=[rows[FILE], rows[LINE]])
    return ibis.row_number().over(window) > 0


def _several_currencies(ground: Ground, grain: str) -> Violations:
    """The rows in another currency than most."""
    table = ground.table(grain)
    rows = table.filter(table.amount.notnull() & table.currency.notnull())
    each = rows.group_by("currency").aggregate(n=rows.count())
    counts = {line["currency"]: line["n"] for line in each.to_pyarrow().to_pylist()}
    most = max(counts, key=lambda name: (counts[name], name), default="")
    bad = rows.filter(rows.currency != ibis.literal(most))
    return Violations(
        rows=bad.select(**places(bad), date=bad.date),
        base=rows.select("date"),
        numbers={"currencies": ", ".join(sorted(counts)), "most": most},
    )


def _out_of_measure(ground: Ground, grain: str) -> Violations:
    """Amounts far from others of their currency and pipeline, by the robust z of their logarithms.

    A tender is no error beside small sales; of a pipeline of few deals nothing is said.
    Nor is what stands in one row of a hundred: that is a price of its own, a year instead of a
    month. Where most prices are nearly the same, only what is many times as much is told.

    Iglewicz and Hoaglin (1993): |x - median| over 1.4826 MAD. Amounts of sales are skewed to the
    right, so that their logarithms are held against each other.
    """
    table = ground.table(grain)
    rows = table.filter((table.amount > 0).fill_null(NO))
    rows = rows.select(
        **places(rows),
        date=rows.date,
        size=rows.amount.cast("float64").ln(),
        money=rows.currency.fill_null(""),
        line=folded(rows.pipeline).fill_null("") if grain == "deals" else ibis.literal(""),
    )
    middle = rows.group_by("money", "line").aggregate(middle=rows["size"].median(), n=rows.count())
    rows = rows.inner_join(middle, ["money", "line"])
    rows = rows.mutate(off=(rows["size"] - rows.middle).abs())
    spread = rows.group_by("money", "line").aggregate(mad=rows.off.median())
    rows = rows.inner_join(spread, ["money", "line"])
    rows = rows.filter((rows.n >= _LEAST_AMOUNTS) & (rows.mad > 0))
    limit = ground.settings.of(OUTLIER_Z) * MAD_OF_NORMAL
    bad = rows.filter((rows.off > limit * rows.mad) & (rows.off > log(_NO_SLIP)))
    once = ibis.window(group_by=["money", "line", "size"])
    times = bad.count().over(once)
    bad = bad.filter((times < _LEAST_TIMES) | (times < _A_PRICE * bad.n))
    return Violations(rows=bad.select(FILE, LINE, "date"), base=rows.select("date"))


def _negative(table: ir.Table, _: Settings, *, grain: str) -> ir.BooleanValue:
    """Below zero without being a return, which may well be."""
    stands = ~returned(table, LIMITS) if grain == "orders" else YES
    return within(table.amount.notnull() & stands, table.amount < 0)


def _checks(grain: str, twice: str, number: str) -> tuple[Check, ...]:
    return (
        Check(
            key=twice,
            grain=grain,
            needs=("amount", "date|created_at", f"{number}|customer_id|email|phone"),
            severity=1,
            effort="S",
            rule=partial(_twice, grain=grain, number=number),
            money="amount",
        ),
        Check(
            key="currency_mixed",
            grain=grain,
            needs=("amount", "currency"),
            severity=2,
            effort="S",
            rule=partial(_several_currencies, grain=grain),
        ),
        Check(
            key="amount_outlier",
            grain=grain,
            needs=("amount",),
            severity=2,
            effort="S",
            rule=partial(_out_of_measure, grain=grain),
            money="amount",
            thresholds=(OUTLIER_Z,),
        ),
        Check(
            key="amount_negative",
            grain=grain,
            needs=("amount",),
            severity=2,
            effort="S",
            broken=partial(_negative, grain=grain),
        ),
    )


CHECKS = (*_checks("deals", "dup_deal", "deal_id"), *_checks("orders", "dup_order", "order_id"))
