"""The lines behind what sales bring for spend, behind shares of channels and contacts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from crm_metrics.metrics.catalogue.orders import own_profit, sale
from crm_metrics.metrics.filtering import kept
from crm_metrics.metrics.ground import Engine, grains_of, ground, parts_of
from crm_metrics.metrics.lineage.asking import Behind, Counted, Source
from crm_metrics.metrics.lineage.given import FILE, LINE, Y, of_table
from crm_metrics.metrics.lineage.model import Lineage
from crm_metrics.metrics.model import Filters, Limits, Value
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
    """The conversations that customers began, and the orders that tell who the customers are."""
    filters = behind.filters
    yield "conversations", Counted("conversations", "conversations", "sum", filters)
    if _ORDERS in grains_of(engine):
        own = Filters(start=filters.start, end=filters.end, segment=filters.segment)
        yield "customers_orders", Counted("orders", _ORDERS, "sum", own)


def _profit(engine: Engine, days: Filters, first: int) -> Lineage:
    part = next(one for one in parts_of(engine) if _ORDERS in grains_of(one))
    table, _ = ground(part, _ORDERS)
    keep = kept(part, _ORDERS, table, days)
    rows = table.filter(sale(table, Limits()) & keep)
    own = own_profit(rows, Limits())
    found = rows.select(**{FILE: rows["__dataset"], LINE: rows["__line"], Y: own})
    fields = frozenset({"amount", "revenue", "margin", "cost"})
    return of_table(found.filter(found[Y].notnull()), fields, first)
