"""Metrics that no sum of rows gives: what is declared of them, and values made elsewhere."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from crm_metrics.metrics.derived_model import Derived
from crm_metrics.metrics.derived_selling import SELLING
from crm_metrics.metrics.model import Value

__all__ = ["DERIVED", "NOTHING", "Derived", "Numbers", "derived_named", "numbers_of", "worked_out"]

Numbers = tuple[float | None, float | None, float | None]
NOTHING: Numbers = (None, None, None)

_CUSTOMERS = ("customer_id", "date")
_PAID = (*_CUSTOMERS, "amount")

DERIVED = (
    Derived(
        key="retention_rate",
        grain="orders",
        unit="share",
        direction="up",
        interval="proportion",
        needs=_CUSTOMERS,
        variant="of_cohort",
        formula="count(customers with an order in month k) / count(customers of the cohort)",
        moves="cohorts",
    ),
    Derived(
        key="repeat_within",
        grain="orders",
        unit="share",
        direction="up",
        interval="proportion",
        needs=_CUSTOMERS,
        variant="of_old_enough",
        formula="count(second order within N days) / count(first order >= N days ago)",
        moves="cohorts",
    ),
    Derived(
        key="time_between_median",
        grain="orders",
        unit="days",
        direction="down",
        interval="gaps",
        needs=_CUSTOMERS,
        variant="of_gaps",
        formula="median(days between a customer's purchases)",
    ),
    Derived(
        key="time_between_p90",
        grain="orders",
        unit="days",
        direction="down",
        interval="gaps",
        needs=_CUSTOMERS,
        variant="of_gaps",
        formula="p90(days between a customer's purchases)",
    ),
    Derived(
        key="churn_rate",
        grain="orders",
        unit="share",
        direction="down",
        interval="proportion",
        needs=_CUSTOMERS,
        variant="of_usual_gap",
        formula="count(no order for > T days) / count(first order > T days ago), T = p90(gaps)",
    ),
    Derived(
        key="pareto_share",
        grain="orders",
        unit="share",
        direction="neutral",
        interval="none",
        needs=_PAID,
        variant="of_revenue",
        formula="sum(amount of the top 20 % of customers) / sum(amount)",
        moves="whole_history",
    ),
    Derived(
        key="ltv_simple",
        grain="orders",
        unit="money",
        direction="up",
        interval="ratio",
        needs=_PAID,
        variant="of_revenue",
        formula="ARPU a month * margin / churn a month",
        moves="as_of",
    ),
    Derived(
        key="ltv_model",
        grain="orders",
        unit="money",
        direction="up",
        interval="model",
        needs=_PAID,
        variant="of_revenue",
        formula="margin * (first order + sum_k E[orders in month k] * E[amount] / (1+d)^(k/12))",
        moves="as_of",
    ),
    Derived(
        key="cac",
        grain="orders",
        unit="money",
        direction="down",
        interval="weeks",
        needs=_CUSTOMERS,
        variant="of_new_customers",
        formula="sum(spend.cost) / count(customers with their first order in the period)",
        moves="period",
    ),
    Derived(
        key="ltv_cac",
        grain="orders",
        unit="times",
        direction="up",
        interval="joint",
        needs=_PAID,
        variant="of_revenue",
        formula="ltv / cac",
        moves="from_others",
    ),
    Derived(
        key="payback_months",
        grain="orders",
        unit="count",
        direction="down",
        interval="inverted",
        needs=_PAID,
        variant="of_revenue",
        formula="least k: mean(amount of a customer up to month k) * margin >= cac",
        moves="from_others",
    ),
    Derived(
        key="sales_share",
        grain="orders",
        unit="share",
        direction="neutral",
        interval="shares",
        needs=("channel", "amount"),
        variant="of_revenue",
        formula="sum(amount of the channel) / sum(amount)",
        moves="period",
    ),
    Derived(
        key="roas_blended",
        grain="orders",
        unit="times",
        direction="up",
        interval="weeks",
        needs=("date", "amount"),
        variant="blended",
        formula="sum(amount) / sum(spend.cost)",
        moves="period",
    ),
    Derived(
        key="romi_blended",
        grain="orders",
        unit="share",
        direction="up",
        interval="weeks",
        needs=("date", "amount"),
        variant="blended",
        formula="(sum(amount) * margin - sum(spend.cost)) / sum(spend.cost)",
        moves="period",
    ),
    Derived(
        key="drr_blended",
        grain="orders",
        unit="share",
        direction="down",
        interval="weeks",
        needs=("date", "amount"),
        variant="blended",
        formula="sum(spend.cost) / sum(amount)",
        moves="period",
    ),
    Derived(
        key="contact_rate_in",
        grain="conversations",
        unit="times",
        direction="down",
        interval="people",
        needs=("customer_id",),
        variant="of_customers",
        formula="count(conversations that customers began) / count(distinct customers)",
        moves="period",
    ),
    Derived(
        key="theme_share",
        grain="surveys",
        unit="share",
        direction="neutral",
        interval="proportion",
        needs=("comment",),
        variant="of_texts",
        formula="count(texts that mention the theme) / count(texts in Russian or English)",
    ),
    Derived(
        key="no_theme_share",
        grain="surveys",
        unit="share",
        direction="neutral",
        interval="proportion",
        needs=("comment",),
        variant="of_texts",
        formula="count(texts that mention no theme) / count(texts in Russian or English)",
    ),
    Derived(
        key="phrase_share",
        grain="surveys",
        unit="share",
        direction="neutral",
        interval="proportion",
        needs=("comment",),
        variant="of_texts",
        formula="count(texts with the phrase) / count(texts in Russian or English)",
    ),
    Derived(
        key="neg_share",
        grain="surveys",
        unit="share",
        direction="down",
        interval="proportion",
        needs=("comment", "score"),
        variant="of_scored_mentions",
        formula="count(mention the theme, score low) / count(mention the theme, with a score)",
    ),
    Derived(
        key="complaint_theme_share",
        grain="surveys",
        unit="share",
        direction="neutral",
        interval="proportion",
        needs=("comment", "score"),
        variant="of_low_scores",
        formula="count(texts with a low score that mention the theme)"
        " / count(texts with a low score)",
    ),
    Derived(
        key="kpi_voice_link",
        grain="conversations",
        unit="correlation",
        direction="neutral",
        interval="ranks",
        needs=("score", "first_reply_time"),
        variant="with_scores",
        moves="period",
        formula="spearman(first_reply_time, score)",
    ),
    *SELLING,
)


def derived_named(key: str) -> Derived:
    """The derived metric with this key."""
    return next(one for one in DERIVED if one.key == key)


def worked_out(
    key: str,
    sums: dict[str, float],
    numbers: Numbers = NOTHING,
    *,
    variant: str | None = None,
    grain: str | None = None,
    group: Mapping[str, str | None] | None = None,
    flags: tuple[str, ...] = (),
    currency: str | None = None,
) -> Value:
    """A value of a derived metric: (value, low, high) with the sums behind it, n among them."""
    declared = derived_named(key)
    value, low, high = numbers
    return Value(
        metric=key,
        variant=variant or declared.variant,
        grain=grain or declared.grain,
        group=dict(group or {}),
        value=value,
        low=low,
        high=high,
        n=sums.get("n", 0.0),
        components=sums,
        flags=flags,
        currency=currency,
    )


def numbers_of(*parts: float | NDArray[np.float64]) -> Numbers:
    """Value, low and high as plain numbers, None for NaN."""
    value, low, high = (None if np.isnan(part) else float(part) for part in parts)
    return value, low, high
