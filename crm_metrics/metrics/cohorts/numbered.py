"""Orders as numbers, a row an order and a row a person: what a history is made of."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import xor
from typing import TypeGuard

import ibis
import ibis.expr.types as ir

from crm_metrics.metrics.catalogue.orders import amount_paid, went_back
from crm_metrics.metrics.cohorts.sums import FIRST, firsts_of
from crm_metrics.metrics.dimensions import Headed, segment_names
from crm_metrics.metrics.ground import Engine, column_of
from crm_metrics.metrics.people import key_of_person, person_of

GRAIN = "orders"
_ALWAYS = ("channel", "campaign_id", "campaign_name")
_MOST_SEGMENTS = 6
_DECIMALS = 4


def rows_of_orders(part: Engine, table: ir.Table) -> ir.Table:
    """Every order's row as numbers: comparing texts over millions of rows takes most of the time.

    Worked out before anything is filtered by them: a filter would make each of them once more.
    """
    return table.select(
        person=key_of_person(person_of(table)),
        day=table.date.cast("date"),
        amount=amount_paid(table),
        back=went_back(table),
        **{
            f"{FIRST}{name}": table[name].cast("string").hash() for name in _dimensions(part, table)
        },
    )


def in_order(rows: ir.Table) -> ir.Table:
    """Sales with the day of the person's first and the days since the one before.

    Each has what the person's first order says, so that a filter needs no look-up of people. Of
    several orders on the first day it is the same one in whatever order the rows stand. All is
    told by one window, for the rows are sorted once.
    """
    sales = rows.filter(rows.person.notnull() & rows.day.notnull() & ~rows.back)
    firsts = firsts_of(sales)
    tie = one_of([sales[name] for name in firsts])
    own = ibis.window(group_by=sales.person, order_by=[sales.day, tie])
    before = sales.day.lag().over(own)
    return sales.select(
        "person",
        "day",
        "amount",
        **{name: sales[name].first(include_null=True).over(own) for name in firsts},
        arrived=sales.day.first(include_null=True).over(own),
        gap=sales.day.delta(before, unit="day").cast("int32"),
        new_month=before.isnull() | (before.truncate("M") != sales.day.truncate("M")),
    )


def one_of(numbers: Sequence[ir.IntegerColumn]) -> ir.IntegerValue:
    """One number for several."""
    return reduce(xor, (number.fill_null(0) for number in numbers), ibis.literal(0))


def by_person(sales: ir.Table) -> ir.Table:
    """The customers of sales as `in_order` gives them: columns in `History.customers`."""
    is_first = sales.day == sales.arrived
    firsts = firsts_of(sales)
    return sales.group_by("person").aggregate(
        arrived=sales.arrived.min(),
        second=sales.day.min(where=~is_first),
        last=sales.day.max(),
        days=(sales.gap.isnull() | (sales.gap > 0)).sum(),
        # Rounded, so that equal customers stay equal in whatever order their orders are added.
        amount=sales.amount.sum().round(_DECIMALS),
        first_amount=sales.amount.sum(where=is_first).round(_DECIMALS),
        **{name: sales[name].min() for name in firsts},
    )


def _dimensions(part: Engine, table: ir.Table) -> list[str]:
    """The columns that customers can be told apart by."""
    names = [*_ALWAYS, *(segment_names(part, GRAIN)[:_MOST_SEGMENTS] if _is_headed(part) else ())]
    columns = [column_of(part, GRAIN, table, name) for name in names]
    return list(dict.fromkeys(one.get_name() for one in columns if one is not None))


def _is_headed(part: Engine) -> TypeGuard[Headed]:
    return hasattr(part, "dimensions")
