"""Advertising, one row per day, campaign or ad: money and counts of events, not of people."""

from __future__ import annotations

from functools import partial

import ibis
import ibis.expr.types as ir

from crm_metrics.metrics.expressions import at
from crm_metrics.metrics.model import Limits, Metric


def _revenue(table: ir.Table, _: Limits) -> ir.Value:
    return ibis.coalesce(table.revenue, table.roas * table.cost)


_cost_of = partial(
    Metric,
    grain="spend",
    kind="ratio",
    numerator="cost",
    unit="money",
    direction="down",
    money=True,
)

METRICS = (
    Metric(
        key="spend",
        grain="spend",
        kind="total",
        numerator="cost",
        unit="money",
        direction="neutral",
        needs=("cost",),
        variant="sum",
        formula="sum(cost)",
        money=True,
    ),
    _cost_of(
        key="cpc",
        denominator="clicks",
        needs=("cost", "clicks"),
        variant="of_clicks",
        formula="sum(cost) / sum(clicks)",
    ),
    _cost_of(
        key="cpm",
        denominator=lambda table, _: table.impressions / 1000,
        needs=("cost", "impressions"),
        variant="of_impressions",
        formula="1000 * sum(cost) / sum(impressions)",
    ),
    Metric(
        key="ad_ctr",
        grain="spend",
        kind="ratio",
        numerator="clicks",
        denominator="impressions",
        unit="share",
        direction="up",
        needs=("clicks", "impressions"),
        variant="of_impressions",
        formula="sum(clicks) / sum(impressions)",
    ),
    _cost_of(
        key="cpl",
        denominator="leads",
        needs=("cost", "leads"),
        variant="of_leads",
        formula="sum(cost) / sum(leads)",
    ),
    _cost_of(
        key="cpa",
        denominator=at("conversions", "orders"),
        needs=("cost", "conversions|orders"),
        variant="of_conversions",
        formula="sum(cost) / sum(conversions)",
    ),
    Metric(
        key="conversion_rate",
        grain="spend",
        kind="ratio",
        numerator=at("conversions", "orders"),
        denominator="clicks",
        unit="share",
        direction="up",
        needs=("conversions|orders", "clicks"),
        variant="of_clicks",
        formula="sum(conversions) / sum(clicks)",
    ),
    Metric(
        key="roas",
        grain="spend",
        kind="ratio",
        numerator=_revenue,
        denominator="cost",
        unit="times",
        direction="up",
        needs=("revenue|roas", "cost"),
        variant="of_spend",
        formula="sum(revenue) / sum(cost)",
        marks=(("derived", lambda table, _: table.revenue.isnull()),),
        money=True,
    ),
)
