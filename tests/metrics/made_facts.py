"""Made-up facts of every grain with gaps in them, and each metric computed the slow way."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from tests.metrics import made_audience, made_outbound, made_response, made_sales, made_surveys
from tests.metrics.making import (
    N,
    Slow,
    by_rows,
    counts,
    frame,
    gaps,
    quantile,
    times,
    total,
    yes,
)


def gaps_of_times(random: np.random.Generator) -> pd.Series:
    """Processing times of which a fifth is not there, some before their order."""
    return pd.Series(times(spread=95 * 86400)(random)).mask(random.random(N) < 0.2)


@cache
def facts() -> dict[str, pd.DataFrame]:
    """Facts of all grains, 400 rows each."""
    outbound = made_outbound.made()
    return {
        **made_audience.facts(),
        **outbound,
        "events": made_response.with_chats(outbound["events"]),
        "conversations": made_response.conversation_facts(),
        "support_stats": frame(
            8,
            first_reply_time=lambda random: random.lognormal(6, 1, N),
            conversations=counts(1, 90),
            score=gaps(lambda random: random.uniform(3, 5, N)),
        ),
        "calls": made_response.call_facts(),
        "surveys": made_surveys.survey_facts(),
        "orders": frame(
            13,
            order_id=lambda random: random.integers(0, 250, N).astype(str),
            customer_id=lambda random: np.where(
                random.random(N) < 0.05, None, random.integers(0, 120, N).astype(str)
            ),
            amount=lambda random: random.lognormal(3, 1, N),
            is_return=yes(0.05),
            category=lambda random: random.choice(["Rugs", "Lamps", None], N),
            margin=gaps(lambda random: random.lognormal(2, 1, N), 0.5),
            cost=gaps(lambda random: random.lognormal(2, 1, N)),
            created_at=times(),
            processed_at=gaps_of_times,
        ),
        **made_sales.facts(),
    }


def events(data: pd.DataFrame) -> dict[str, Slow]:
    waits = made_response.next_replies(facts()["events"])
    own = waits[waits.index.isin(data.index)]
    return made_outbound.events(data) | {"next_reply_median": quantile(own, 0.5)}


def support_stats(data: pd.DataFrame) -> dict[str, Slow]:
    weighted = data.first_reply_time * data.conversations
    scores = data.score * data.conversations
    return {
        "frt_mean": by_rows(weighted, data.conversations),
        "csat_mean": by_rows(scores, data.conversations),
    }


def orders(data: pd.DataFrame) -> dict[str, Slow]:
    sales = data[~data.is_return.fillna(value=False)]
    named = sales[sales.customer_id.notna()]
    buyers = named.groupby("customer_id").order_id.nunique()
    nameless = sales.customer_id.isna()
    each = sales.customer_id.where(~nameless, "order " + sales.order_id)
    per_unit = sales.groupby(each).order_id.nunique()
    kinds = sales[sales.category.notna()]
    of_buyer, of_order = (
        kinds.groupby(by).category.nunique() for by in ("customer_id", "order_id")
    )
    profit = named.margin.fillna(named.amount - named.cost)
    earned = profit.groupby(named.customer_id).sum(min_count=1).dropna()
    return {
        "cross_sell_rate": ((of_buyer >= 2).mean(), float(len(of_buyer))),
        "cross_sell_basket_rate": ((of_order >= 2).mean(), float(len(of_order))),
        "profit_per_customer": (earned.mean(), float(len(earned))),
        "orders": (float(sales.order_id.nunique()), float(len(sales))),
        "revenue": total(sales.amount),
        "aov": (sales.amount.sum() / per_unit.sum(), float(len(per_unit))),
        "revenue_per_buyer": (named.amount.sum() / len(buyers), float(len(buyers))),
        "orders_per_customer": (buyers.sum() / len(buyers), float(len(buyers))),
        "repeat_purchase_rate": ((buyers >= 2).mean(), float(len(buyers))),
        "orders_within_24h": _in_a_day(data),
    }


def _in_a_day(data: pd.DataFrame) -> Slow:
    every = facts()["orders"]
    end = max(every.created_at.max(), every.processed_at.max())
    took = (data.processed_at - data.created_at).dt.total_seconds()
    old = (end - data.created_at).dt.total_seconds() >= 86400
    called_off = data.is_return.fillna(value=False) & data.processed_at.isna()
    counted = data[old & ~(took < 0) & ~called_off]
    in_time = (took[counted.index] <= 86400).groupby(counted.order_id).any()
    return in_time.mean(), float(len(in_time))


SLOW = (
    made_outbound.SLOW
    | made_audience.SLOW
    | made_sales.SLOW
    | {
        made.__name__: made
        for made in (
            events,
            made_response.conversations,
            support_stats,
            made_response.calls,
            made_surveys.surveys,
            orders,
        )
    }
)
