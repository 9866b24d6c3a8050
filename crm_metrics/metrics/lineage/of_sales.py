"""The lines behind what sales bring for spend, behind shares of channels and contacts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import ibis

from crm_metrics.metrics.catalogue.orders import own_profit, sale
from crm_metrics.metrics.contact_rate import rows_of_customers, where_customers_are
from crm_metrics.metrics.expressions import NO
from crm_metrics.metrics.filtering import kept
from crm_metrics.metrics.ground import Engine, grains_of, ground, parts_of
from crm_metrics.metrics.lineage.asking import Behind, Counted, Source
from crm_metrics.metrics.lineage.given import FILE, LINE, Y, joined, of_table
from crm_metrics.metrics.lineage.model import Lineage
from crm_metrics.metrics.model import Filters, Limits, Value
from crm_metrics.metrics.people import PEOPLE, nameless
from crm_metrics.metrics.value.returns import returns

_ORDERS = "orders"


def of_returns(engine: Engine, value: Value, behind: Behind) -> Iterator[tuple[str, Source]]:
    """Sales and spend of the days that both cover; of ROMI also the orders' own profit."""
    found = returns(engine, Filters(start=behind.filters.start, end=behind.filters.end))
    if found is None:
        return
    days = Filters(start=found.start, end=found.end)
    if value.metric == "romi_blended" and found.of_own_margin:
        yield "profit", partial(_profit, engine, days)
    else:
        yield "sales", Counted("revenue", _ORDERS, "sum", days)
    yield "spend", Counted("spend", "spend", "sum", days)


def of_share(_: Engine, value: Value, behind: Behind) -> Iterator[tuple[str, Source]]:
    """The orders of the channel, and those of all channels."""
    of_revenue = value.variant == "of_revenue"
    metric, name = ("revenue", "sales") if of_revenue else ("orders", "orders")
    of_all = Counted(metric, _ORDERS, "sum", behind.filters)
    yield f"{name}_of_channel", replace(of_all, group=value.group)
    yield f"{name}_of_all", of_all


def of_contacts(engine: Engine, _: Value, behind: Behind) -> Iterator[tuple[str, Source]]:
    """The conversations that customers began, and the rows that tell who the customers are."""
    yield "conversations", Counted("conversations", "conversations", "sum", behind.filters)
    named = where_customers_are(engine)
    if named is not None:
        yield f"customers_{named[1]}", partial(_customers, *named, behind.filters)


def _customers(part: Engine, grain: str, filters: Filters, first: int) -> Lineage:
    rows = rows_of_customers(part, grain, filters)
    if rows is None:
        return joined((), first)
    rows = rows.mutate(nobody=nameless(rows, Limits()))
    found = rows.filter(~rows.nobody)
    own = found.select(**{FILE: found["__dataset"], LINE: found["__line"], Y: ibis.literal(1.0)})
    out = rows.aggregate(nobody=rows.nobody.sum()).to_pyarrow().to_pylist()
    left_out = {"nameless_left_out": int(out[0]["nobody"] or 0)}
    return of_table(own, frozenset(PEOPLE), first, left_out=left_out)


def _profit(engine: Engine, days: Filters, first: int) -> Lineage:
    places = (part for part in parts_of(engine) if _ORDERS in grains_of(part))
    return joined((_profit_of_place(part, days, first) for part in places), first)


def _profit_of_place(part: Engine, days: Filters, first: int) -> Lineage:
    table, _ = ground(part, _ORDERS)
    keep = kept(part, _ORDERS, table, days)
    rows = table.filter(sale(table, Limits()) & (NO if keep is None else keep))
    own = own_profit(rows, Limits())
    found = rows.select(**{FILE: rows["__dataset"], LINE: rows["__line"], Y: own})
    fields = frozenset({"amount", "revenue", "margin", "cost"})
    return of_table(found.filter(found[Y].notnull()), fields, first)
