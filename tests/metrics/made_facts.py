"""Made-up facts of every grain with gaps in them, and each metric computed the slow way."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from tests.metrics import made_audience, made_outbound
from tests.metrics.making import (
    N,
    Slow,
    by_rows,
    counts,
    frame,
    gaps,
    ones,
    over,
    quantile,
    rows,
    times,
    total,
    yes,
)


@cache
def facts() -> dict[str, pd.DataFrame]:
    """Facts of all grains, 400 rows each."""
    talks = frame(
        7,
        created_at=times(),
        first_reply_time=gaps(lambda random: random.lognormal(8, 1.5, N), 0.2),
        resolution_time=gaps(lambda random: random.lognormal(10, 1, N), 0.3),
        initiator=lambda random: random.choice(["client", "agent", None], N, p=[0.5, 0.1, 0.4]),
        score=gaps(counts(1, 6), 0.5),
    )
    deals = frame(
        12,
        stage=lambda random: random.choice(["won", "lost", "open"], N),
        created_at=times(),
        closed_at=times("2026-06-15"),
        amount=gaps(lambda random: random.lognormal(9, 1, N)),
    )
    return {
        **made_audience.facts(),
        **made_outbound.made(),
        "conversations": talks,
        "support_stats": frame(
            8,
            first_reply_time=lambda random: random.lognormal(6, 1, N),
            conversations=counts(1, 90),
        ),
        "calls": frame(
            9,
            direction=lambda random: random.choice(["in", "out", None], N),
            is_answered=yes(0.8),
            converted=yes(0.1),
            talk_time=lambda random: np.maximum(random.normal(120, 90, N), 0),
            wait_time=gaps(lambda random: random.exponential(20, N)),
        ),
        "surveys": frame(
            10,
            survey_type=lambda random: random.choice(["nps", "csat", "other"], N),
            score=gaps(counts(0, 11)),
            scale_min=0.0,
            scale_max=10.0,
        ),
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
        ),
        "deals": deals,
    }


def conversations(data: pd.DataFrame) -> dict[str, Slow]:
    clients = data[data.initiator != "agent"]
    reply = clients.first_reply_time
    return {
        "conversations": rows(data),
        "frt_median": quantile(reply, 0.5),
        "frt_p90": quantile(reply, 0.9),
        "frt_mean": (reply.mean(), float(reply.count())),
        "answered_within": over((reply <= 3600).astype(float), ones(clients)),
        "unanswered_rate": over(reply.isna(), ones(clients)),
        "resolution_median": quantile(data.resolution_time, 0.5),
        "csat": over((data.score >= 4).mask(data.score.isna()), ones(data)),
    }


def support_stats(data: pd.DataFrame) -> dict[str, Slow]:
    weighted = data.first_reply_time * data.conversations
    return {"frt_mean": by_rows(weighted, data.conversations)}


def calls(data: pd.DataFrame) -> dict[str, Slow]:
    inbound = data[data.direction != "out"]
    return {
        "calls": rows(data),
        "call_answer_rate": over(inbound.is_answered, ones(inbound)),
        "conversion_rate": over(data.converted, ones(data)),
        "aht_median": quantile(data.talk_time[data.talk_time > 0], 0.5),
        "wait_median": quantile(inbound.wait_time, 0.5),
    }


def surveys(data: pd.DataFrame) -> dict[str, Slow]:
    nps = data.score[data.survey_type == "nps"].dropna()
    csat = data.score[data.survey_type == "csat"].dropna()
    return {
        "answers": rows(data),
        "nps": (100 * ((nps >= 9).mean() - (nps <= 6).mean()), float(len(nps))),
        "csat": ((csat >= 8).mean(), float(len(csat))),
        "csat_mean": (csat.mean(), float(len(csat))),
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
    }


def deals(data: pd.DataFrame) -> dict[str, Slow]:
    won = data[data.stage == "won"]
    decided = data[data.stage != "open"]
    days = (won.closed_at - won.created_at).dt.total_seconds() / 86400
    return {
        "deals": rows(data),
        "win_rate": ((decided.stage == "won").mean(), float(len(decided))),
        "cycle_median": quantile(days[days >= 0], 0.5),
        "avg_deal": (won.amount.mean(), float(won.amount.count())),
        "pipeline": total(data.amount[data.stage == "open"]),
    }


SLOW = (
    made_outbound.SLOW
    | made_audience.SLOW
    | {
        made.__name__: made
        for made in (
            conversations,
            support_stats,
            calls,
            surveys,
            orders,
            deals,
        )
    }
)
