"""Orders as numbers, a row an order and a row a person: what a history is made of."""

from __future__ import annotations

from functools import reduce
from operator import xor
from typing import TypeGuard

import ibis
import ibis.expr.types as ir

from crm_metrics.metrics.catalogue.orders import amount_paid, went_back
from crm_metrics.metrics.dimensions import Headed, segment_names
from crm_metrics.metrics.ground import Engine, column_of
from crm_metrics.metrics.people import key_of_person, person_of

GRAIN = "orders"
FIRST = "first_of_"
"""Before the name of a column: what a person's first order says there."""

_ALWAYS = ("channel", "campaign_id", "campaign_name")
_MOST_SEGMENTS = 6
_DECIMALS = 4


def kinds_of(part: Engine, table: ir.Table) -> ir.Table:
    """What orders say that customers can be told apart by, a row for all that say the same.

    Columns: `kind` (a number from 0) and first_of_<column>, as text. The numbers are the same in
    whatever order the orders stand.
    """
    said = {f"{FIRST}{name}": table[name].cast("string") for name in _dimensions(part, table)}
    kinds = table.select(**said).distinct()
    mixed = reduce(xor, (kinds[name].hash() for name in said), ibis.literal(0))
    ordered = ibis.window(order_by=[mixed, *said])
    return kinds.mutate(kind=ibis.row_number().over(ordered).cast("int32"))


def rows_of_orders(part: Engine, table: ir.Table, kinds: ir.Table) -> ir.Table:
    """Every order's row as numbers: comparing texts over millions of rows takes most of the time.

    Worked out before anything is filtered by them: a filter would make each of them once more.
    """
    # Of a view what is worked out is looked at twice and worked out once.
    named = part.view("orders_named", table.mutate(person_name=person_of(table)))
    told = named.left_join(
        kinds,
        [
            named[name.removeprefix(FIRST)].cast("string").identical_to(kinds[name])
            for name in kinds.columns
            if name.startswith(FIRST)
        ],
    )
    return told.select(
        person=key_of_person(named.person_name),
        day=named.date.cast("date"),
        amount=amount_paid(named),
        back=went_back(named),
        kind=kinds.kind,
    )


def in_order(rows: ir.Table) -> ir.Table:
    """Sales with the day of the person's first and the days since the one before.

    Each has the kind of the person's first order, so that a filter needs no look-up of people. Of
    several orders on the first day it is the same one in whatever order the rows stand. All is
    told by one window, for the rows are sorted once.
    """
    sales = rows.filter(rows.person.notnull() & rows.day.notnull() & ~rows.back)
    own = ibis.window(group_by=sales.person, order_by=[sales.day, sales.kind])
    ordered = sales.select(
        "person",
        "day",
        "amount",
        kind=sales.kind.first(include_null=True).over(own),
        arrived=sales.day.first(include_null=True).over(own),
        gap=sales.day.delta(sales.day.lag().over(own), unit="day").cast("int32"),
    )
    # The order before lies in the same month where its day is not before the first.
    return ordered.mutate(new_month=ordered.gap.isnull() | (ordered.gap >= ordered.day.day()))


def by_person(sales: ir.Table) -> ir.Table:
    """The customers of sales as `in_order` gives them: columns in `History.customers`."""
    is_first = sales.day == sales.arrived
    return sales.group_by("person").aggregate(
        arrived=sales.arrived.min(),
        second=sales.day.min(where=~is_first),
        last=sales.day.max(),
        days=(sales.gap.isnull() | (sales.gap > 0)).sum(),
        # Rounded, so that equal customers stay equal in whatever order their orders are added.
        amount=sales.amount.sum().round(_DECIMALS),
        first_amount=sales.amount.sum(where=is_first).round(_DECIMALS),
        kind=sales.kind.min(),
    )


def _dimensions(part: Engine, table: ir.Table) -> list[str]:
    """The columns that customers can be told apart by."""
    names = [*_ALWAYS, *(segment_names(part, GRAIN)[:_MOST_SEGMENTS] if _is_headed(part) else ())]
    columns = [column_of(part, GRAIN, table, name) for name in names]
    return list(dict.fromkeys(one.get_name() for one in columns if one is not None))


def _is_headed(part: Engine) -> TypeGuard[Headed]:
    return hasattr(part, "dimensions")
