"""Outbound messages, one row per campaign: what they brought and cost, in all and each."""

from __future__ import annotations

from functools import partial

import ibis.expr.types as ir

from crm_metrics.metrics.deliveries import BASE, BASE_MARKS, base
from crm_metrics.metrics.expressions import at, lacks
from crm_metrics.metrics.model import Condition, Limits, Measure, Metric

# Who opens reads the links twice at most; more clicks than that are the work of link scanners.
_CLICKS_OF_MACHINES = 3

_ORDERS: tuple[tuple[str, Condition], ...] = (("orders_as_people", lacks("conversions", "orders")),)

_total = partial(
    Metric, grain="campaigns", kind="total", unit="count", direction="neutral", variant="sum"
)


def _clicked_like_machines(table: ir.Table, _: Limits) -> ir.BooleanValue:
    return table.clicks_total > _CLICKS_OF_MACHINES * table.opens_total


_per_delivered = partial(
    Metric,
    grain="campaigns",
    kind="ratio",
    denominator=base,
    variant="of_delivered",
    marks=BASE_MARKS,
)


def _cost_of(
    key: str,
    field: str,
    variant: str,
    *,
    denominator: Measure | None = None,
    marks: tuple[tuple[str, Condition], ...] = (),
) -> Metric:
    first = field.split("|", maxsplit=1)[0]
    return Metric(
        key=key,
        grain="campaigns",
        kind="ratio",
        numerator="cost",
        denominator=denominator or field,
        unit="money",
        direction="down",
        needs=("cost", field),
        variant=variant,
        formula=f"sum(cost) / sum({first})",
        marks=marks,
        money=True,
    )


METRICS = (
    _per_delivered(
        key="total_opens_per_recipient",
        numerator="opens_total",
        unit="times",
        direction="neutral",
        needs=("opens_total", BASE),
        formula="sum(opens_total) / sum(delivered)",
    ),
    _per_delivered(
        key="total_clicks_per_recipient",
        numerator="clicks_total",
        unit="times",
        direction="neutral",
        needs=("clicks_total", BASE),
        formula="sum(clicks_total) / sum(delivered)",
        marks=(*BASE_MARKS, ("clicks_like_machines", _clicked_like_machines)),
    ),
    _per_delivered(
        key="forward_rate",
        numerator="forwards",
        unit="share",
        direction="up",
        needs=("forwards", BASE),
        formula="sum(forwards) / sum(delivered)",
    ),
    _total(
        key="conversions",
        numerator=at("conversions", "orders"),
        direction="up",
        needs=("conversions|orders",),
        formula="sum(conversions)",
        marks=_ORDERS,
    ),
    _per_delivered(
        key="orders_per_message",
        numerator="orders",
        unit="share",
        direction="up",
        needs=("orders", BASE),
        formula="sum(orders) / sum(delivered)",
    ),
    _per_delivered(
        key="revenue_per_message",
        numerator="revenue",
        unit="money",
        direction="up",
        needs=("revenue", BASE),
        formula="sum(revenue) / sum(delivered)",
        money=True,
    ),
    _total(
        key="revenue",
        numerator="revenue",
        unit="money",
        direction="up",
        needs=("revenue",),
        formula="sum(revenue)",
        money=True,
    ),
    _total(
        key="spend",
        numerator="cost",
        unit="money",
        needs=("cost",),
        formula="sum(cost)",
        money=True,
    ),
    _per_delivered(
        key="cost_per_message",
        numerator="cost",
        unit="money",
        direction="down",
        needs=("cost", BASE),
        formula="sum(cost) / sum(delivered)",
        money=True,
    ),
    _cost_of("cpc", "clicks_unique", "of_clickers"),
    _cost_of(
        "cpa",
        "conversions|orders",
        "of_conversions",
        denominator=at("conversions", "orders"),
        marks=_ORDERS,
    ),
    _cost_of("cpo", "orders", "of_orders"),
    Metric(
        key="roas",
        grain="campaigns",
        kind="ratio",
        numerator="revenue",
        denominator="cost",
        unit="times",
        direction="up",
        needs=("revenue", "cost"),
        variant="of_spend",
        formula="sum(revenue) / sum(cost)",
        money=True,
    ),
    Metric(
        key="drr",
        grain="campaigns",
        kind="ratio",
        numerator="cost",
        denominator="revenue",
        unit="share",
        direction="down",
        needs=("cost", "revenue"),
        variant="of_revenue",
        formula="sum(cost) / sum(revenue)",
        money=True,
    ),
)
