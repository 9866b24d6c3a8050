"""What is added up over orders, by the kind of the first order of their person.

Every sum here is a sum over rows, so that what it is for some customers is added from the few lines
of their kinds, and no order is read again when a filter changes.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir


def by_age(orders: ir.Table) -> ir.Table:
    """People who ordered and what they paid, by cohort (a month's first day) and age in months.

    `active` people: a person's first order in a month stands for the person. At age 0 they are all
    of the cohort.
    """
    grouped = orders.group_by("kind", cohort=orders.arrived.truncate("M"), age=age_of(orders))
    return grouped.aggregate(
        active=orders.new_month.sum().cast("int64"), amount=orders.amount.sum().cast("float64")
    )


def age_of(orders: ir.Table) -> ir.IntegerValue:
    """Calendar months from the person's first order to each order."""
    years = orders.day.year() - orders.arrived.year()
    return (years * 12 + orders.day.month() - orders.arrived.month()).cast("int32")


def by_gap(orders: ir.Table) -> ir.Table:
    """Days between purchases: `times` that the gap was so long, and what tells of their people.

    With k the gap's place among its person's, the shortest first, and n how many the person has:
    `people` are the gaps with k = 1, `beside` is the sum of n and `squares` that of 2k - 1. Added
    up to a gap g, `squares` is the sum over people of the square of their gaps up to g, `beside`
    that of n times those.
    """
    gaps = orders.filter(orders.gap > 0)
    own = ibis.window(group_by=gaps.person, order_by=gaps.gap)
    placed = gaps.select(
        "gap",
        "kind",
        place=ibis.row_number().over(own) + 1,
        n=gaps.count().over(ibis.window(group_by=gaps.person)),
    )
    return placed.group_by("kind", "gap").aggregate(
        times=placed.count().cast("int64"),
        people=(placed.place == 1).sum().cast("int64"),
        beside=placed.n.sum().cast("int64"),
        squares=(2 * placed.place - 1).sum().cast("int64"),
    )
