"""The people of a segment, one a row, in batches: who they are and what they bought."""

from __future__ import annotations

from collections.abc import Iterator

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from crm_metrics.metrics.ground import Engine, ground, mapped_of
from crm_metrics.metrics.people import PEOPLE
from crm_metrics.metrics.segments.membership import who_is_in
from crm_metrics.metrics.segments.persons import (
    key_of_person,
    local_part,
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
    grains = [grain for grain in part.grains if names_people(part, grain)]
    known = frozenset().union(*(mapped_of(part, grain) for grain in grains))
    bought = BOUGHT if "orders" in grains else ()
    return (*(name for name in NAMES if name in known), *SEEN, *bought)


def people_of(engine: Engine, segment: Segment) -> Iterator[pa.RecordBatch]:
    """The people of a segment in batches of 50,000, with the columns of `columns_of_list`.

    Ids, e-mails and phones are as the rows write them (of several the least), days are DATE, orders
    INT64, revenue FLOAT64: of orders that stand, null where they are in several currencies.
    """
    part, known, keys = local_part(engine), persons(engine), who_is_in(engine, segment)
    if part is None or known is None or keys is None:
        return
    own = known.keys.semi_join(keys, "key")
    columns = columns_of_list(engine)
    names = [name for name in columns if name in NAMES]
    rows = [_rows(part, grain, names) for grain in part.grains if names_people(part, grain)]
    joined = (ibis.union(*rows) if rows[1:] else rows[0]).inner_join(own, "key")
    found = joined.group_by("person").aggregate(
        **{name: joined[name].min() for name in names},
        first_seen=joined.first_seen.min(),
        last_seen=joined.last_seen.max(),
    )
    if BOUGHT[0] in columns:
        found = found.left_join(_bought(part, own), "person")
    yield from found.select(*columns).to_pyarrow_batches(chunk_size=_BATCH)


def _rows(part: Engine, grain: str, names: list[str]) -> ir.Table:
    """Whom a kind's rows name, a row a key, and the days of the first and the last of them."""
    table, _ = ground(part, grain)
    texts = {name: table[name].cast("string") for name in names}
    rows = table.select(key=key_of_person(table), day=table.date.cast("date"), **texts)
    return rows.group_by("key").aggregate(
        first_seen=rows.day.min(),
        last_seen=rows.day.max(),
        **{name: rows[name].min() for name in names},
    )


def _bought(part: Engine, own: ir.Table) -> ir.Table:
    """What each person's orders add up to."""
    table = rows_of_people(part, "orders")
    rows = table.select(
        key=key_of_person(table),
        day=table.date.cast("date"),
        order=table.order_id.cast("string"),
        amount=ibis.coalesce(table.amount, table.revenue).cast("float64"),
    ).inner_join(own, "key")
    paid = rows.amount.sum().round(2)
    if currencies(part, "orders") > 1:
        paid = ibis.null("float64")
    return rows.group_by("person").aggregate(
        first_order=rows.day.min(),
        last_order=rows.day.max(),
        orders=(rows.order.nunique() + rows.order.isnull().sum()).cast("int64"),
        revenue=paid,
    )
