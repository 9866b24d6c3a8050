"""The people of a segment, one a row, in batches: who they are and what they bought."""

from __future__ import annotations

from collections.abc import Iterator

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from crm_metrics.metrics.catalogue.orders import amount_paid
from crm_metrics.metrics.ground import Engine, grains_of, ground, mapped_of
from crm_metrics.metrics.people import PEOPLE
from crm_metrics.metrics.segments.membership import people_in
from crm_metrics.metrics.segments.persons import (
    local_part,
    name_of,
    names_people,
    persons,
)
from crm_metrics.metrics.segments.segment import Segment
from crm_metrics.metrics.segments.traits import currencies, rows_of_people

NAMES = (*PEOPLE, "full_name")
"""What tells a reader who a person is."""
BOUGHT = ("first_order", "last_order", "orders", "revenue")
SEEN = ("first_seen", "last_seen")
_BATCH = 50_000


def columns_of_list(engine: Engine) -> tuple[str, ...]:
    """The columns that the list of people has in these data."""
    part = local_part(engine)
    if part is None:
        return ()
    grains = [grain for grain in grains_of(part) if names_people(part, grain)]
    known = frozenset().union(*(mapped_of(part, grain) for grain in grains))
    bought = BOUGHT if "orders" in grains else ()
    return (*(name for name in NAMES if name in known), *SEEN, *bought)


def people_of(engine: Engine, segment: Segment) -> Iterator[pa.RecordBatch]:
    """The people of a segment in batches of 50,000 with the columns of `columns_of_list`.

    The last seen come first.
    Ids, e-mails and phones are as the rows write them (of several the least), days are DATE, orders
    INT64, revenue FLOAT64: of orders that stand, null where they are in several currencies.
    """
    part, known, chosen = local_part(engine), persons(engine), people_in(engine, segment)
    if part is None or known is None or chosen is None:
        return
    own = {grain: names.semi_join(chosen, "person") for grain, names in known.names.items()}
    columns = columns_of_list(engine)
    names = [name for name in columns if name in NAMES]
    rows = [_rows(part, grain, whose, names) for grain, whose in own.items()]
    joined = ibis.union(*rows) if rows[1:] else rows[0]
    found = joined.group_by("person").aggregate(
        **{name: joined[name].min() for name in names},
        first_seen=joined.first_seen.min(),
        last_seen=joined.last_seen.max(),
    )
    if BOUGHT[0] in columns:
        found = found.left_join(_bought(part, own["orders"]), "person")
    ordered = found.order_by(ibis.desc("last_seen"), *names).select(*columns)
    yield from ordered.to_pyarrow().to_batches(max_chunksize=_BATCH)


def _rows(part: Engine, grain: str, whose: ir.Table, names: list[str]) -> ir.Table:
    """Whom a kind's rows name, a row a person, and the days of the first and the last of them."""
    table, _ = ground(part, grain)
    texts = {name: table[name].cast("string") for name in names}
    rows = table.select(
        name=name_of(part, grain, table), day=table.date.cast("date"), **texts
    ).inner_join(whose, "name")
    return rows.group_by("person").aggregate(
        first_seen=rows.day.min(),
        last_seen=rows.day.max(),
        **{name: rows[name].min() for name in names},
    )


def _bought(part: Engine, whose: ir.Table) -> ir.Table:
    """What each person's orders add up to."""
    table = rows_of_people(part, "orders")
    rows = table.select(
        name=name_of(part, "orders", table),
        day=table.date.cast("date"),
        order=table.order_id.cast("string"),
        amount=amount_paid(table),
    ).inner_join(whose, "name")
    paid = rows.amount.sum().round(2).cast("float64")
    if currencies(part, "orders") > 1:
        paid = ibis.null("float64")
    return rows.group_by("person").aggregate(
        first_order=rows.day.min(),
        last_order=rows.day.max(),
        orders=(rows.order.nunique() + rows.order.isnull().sum()).cast("int64"),
        revenue=paid,
    )
