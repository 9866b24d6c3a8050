"""Advertising, one row per day, campaign or ad: money and counts of events, not of people."""

from __future__ import annotations

from functools import partial

import ibis
import ibis.expr.types as ir

from crm_metrics.metrics.expressions import at, count_or_rate, lacks, rate_without
from crm_metrics.metrics.model import Limits, Measure, Metric

_conversions = at("conversions", "orders")
_clicked_to_conversions = count_or_rate(_conversions, "conversion_rate", "clicks")


def _revenue(table: ir.Table, _: Limits) -> ir.Value:
    return ibis.coalesce(table.revenue, table.roas * table.cost)


def _revenue_from_rate(table: ir.Table, _: Limits) -> ir.BooleanValue:
    return table.revenue.isnull()


def _total(key: str, field: str, variant: str = "sum") -> Metric:
    return Metric(
        key=key,
        grain="spend",
        kind="total",
        numerator=field,
        unit="count",
        direction="neutral",
        needs=(field,),
        variant=variant,
        formula=f"sum({field})",
    )


def _cost_of(
    key: str,
    field: str,
    variant: str,
    denominator: Measure | None = None,
    ready: str | None = None,
) -> Metric:
    """Money per event: `field` names the events, and `denominator` counts them where it differs.

    `ready` is the field of the same price as some files give it, which does not add up.
    """
    first = field.split("|", maxsplit=1)[0]
    return Metric(
        key=key,
        grain="spend",
        kind="ratio",
        numerator="cost",
        denominator=denominator or field,
        unit="money",
        direction="down",
        needs=("cost", field),
        variant=variant,
        formula=f"sum(cost) / sum({first})",
        left_out=(("rate_only", rate_without(ready, "cost", first)),) if ready else (),
        stated=ready,
        money=True,
    )


_share = partial(Metric, grain="spend", kind="ratio", unit="share", direction="up")

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
    _total("impressions", "impressions", "sum_of_ads"),
    _total("ad_clicks", "clicks"),
    _total("leads", "leads"),
    _total("conversions", "conversions"),
    _cost_of("cpc", "clicks", "of_clicks", ready="cpc"),
    Metric(
        key="cpm",
        grain="spend",
        kind="ratio",
        numerator="cost",
        denominator=lambda table, _: table.impressions.cast("float64") / 1000,
        unit="money",
        direction="down",
        needs=("cost", "impressions"),
        variant="of_impressions",
        formula="1000 * sum(cost) / sum(impressions)",
        money=True,
    ),
    _share(
        key="ad_ctr",
        numerator=count_or_rate("clicks", "click_rate", "impressions"),
        denominator="impressions",
        needs=("clicks|click_rate", "impressions"),
        variant="of_impressions",
        formula="sum(clicks) / sum(impressions)",
        marks=(("derived", lacks("clicks", "click_rate")),),
        left_out=(("rate_only", rate_without("click_rate", "impressions")),),
        stated="click_rate",
    ),
    _cost_of("cpl", "leads", "of_leads"),
    _cost_of("cpa", "conversions|orders", "of_conversions", _conversions, ready="cpa"),
    _cost_of("cpo", "orders", "of_orders"),
    _share(
        key="conversion_rate",
        numerator=_clicked_to_conversions,
        denominator="clicks",
        needs=("conversions|orders|conversion_rate", "clicks"),
        variant="of_clicks",
        formula="sum(conversions) / sum(clicks)",
        marks=(("derived", lambda table, _: table.conversions.isnull() & table.orders.isnull()),),
        left_out=(("rate_only", rate_without("conversion_rate", "clicks")),),
        stated="conversion_rate",
    ),
    Metric(
        key="revenue",
        grain="spend",
        kind="total",
        numerator=_revenue,
        unit="money",
        direction="up",
        needs=("revenue|roas", "revenue|cost"),
        variant="sum_tracked",
        formula="sum(revenue)",
        marks=(("derived", _revenue_from_rate),),
        money=True,
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
        marks=(("derived", _revenue_from_rate),),
        left_out=(("rate_only", rate_without("roas", "cost")),),
        stated="roas",
        money=True,
    ),
    _share(
        key="drr",
        numerator="cost",
        denominator=_revenue,
        direction="down",
        needs=("cost", "revenue|roas"),
        variant="of_revenue",
        formula="sum(cost) / sum(revenue)",
        marks=(("derived", _revenue_from_rate),),
        left_out=(("rate_only", rate_without("roas", "cost")),),
        money=True,
    ),
    _share(
        key="romi",
        numerator="profit",
        denominator="cost",
        needs=("profit", "cost"),
        variant="of_profit",
        formula="sum(profit) / sum(cost)",
        money=True,
        signed=True,
    ),
    _cost_of("cost_per_follow", "follows", "of_follows"),
    Metric(
        key="ad_frequency",
        grain="spend",
        kind="ratio",
        numerator="impressions",
        denominator="reach",
        unit="times",
        direction="neutral",
        needs=("impressions", "reach"),
        variant="of_reach",
        formula="sum(impressions) / sum(reach)",
        overlaps=True,
    ),
)
