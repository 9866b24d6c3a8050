"""Made-up facts of every grain with gaps in them, and each metric computed the slow way."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

N = 400


def frame(seed: int, **columns: object) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    days = pd.Timestamp("2026-05-01") + pd.to_timedelta(random.integers(0, 90, N), unit="D")
    made = pd.DataFrame({"date": days, "channel": random.choice(["email", "sms", "chat"], N)})
    for name, values in columns.items():
        made[name] = values(random) if callable(values) else values
    return made


def gaps(values, share=0.1):
    def make(random):
        column = pd.Series(values(random)).astype("float64")
        return column.mask(random.random(N) < share)

    return make


def yes(share, missing=0.1):
    def make(random):
        column = pd.Series(random.random(N) < share).astype("boolean")
        return column.mask(random.random(N) < missing)

    return make


def counts(low, high):
    return lambda random: random.integers(low, high, N)


def times(start="2026-05-01", spread=90 * 86400):
    def make(random):
        return pd.Timestamp(start) + pd.to_timedelta(random.integers(0, spread, N), unit="s")

    return make


@cache
def facts() -> dict[str, pd.DataFrame]:
    """Facts of all grains, 400 rows each."""
    posts = frame(
        3,
        reach=counts(100, 9000),
        followers=counts(9000, 10000),
        views=gaps(counts(500, 9000)),
        likes=gaps(counts(0, 90)),
        comments=gaps(counts(0, 20)),
        shares=gaps(counts(0, 9)),
        clicks=counts(0, 60),
    )
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
        "campaigns": frame(
            1,
            sent=counts(1000, 2000),
            delivered=gaps(counts(900, 1000)),
            bounces=gaps(counts(0, 100)),
            opens_unique=gaps(counts(200, 400)),
            opens_machine=counts(0, 100),
            clicks_unique=gaps(counts(0, 100)),
            unsubscribes=counts(0, 20),
            complaints=counts(0, 3),
            conversions=gaps(counts(0, 9)),
            revenue=gaps(lambda random: random.lognormal(5, 1, N)),
        ),
        "recipients": frame(
            2,
            delivered=yes(0.95),
            opened=yes(0.4),
            open_is_machine=yes(0.2),
            clicked=yes(0.1),
            unsubscribed=yes(0.02),
            complained=yes(0.01),
            converted=yes(0.05),
        ),
        "posts": posts,
        "page_days": frame(
            4,
            followers_gained=counts(0, 50),
            followers_lost=gaps(counts(0, 20)),
            engagements=counts(0, 90),
            reach=counts(100, 900),
        ),
        "traffic": frame(
            5,
            sessions=counts(10, 900),
            bounce_rate=gaps(lambda random: random.random(N)),
            engaged_sessions=counts(0, 10),
            conversions=counts(0, 9),
        ),
        "spend": frame(
            6,
            cost=gaps(lambda random: random.lognormal(4, 1, N)),
            clicks=counts(0, 90),
            impressions=counts(500, 9000),
            leads=counts(0, 9),
            conversions=counts(0, 5),
            revenue=gaps(lambda random: random.lognormal(5, 1, N)),
        ),
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
        "attendance": frame(
            11, attended=yes(0.4), cost=gaps(lambda random: random.lognormal(3, 1, N))
        ),
        "orders": frame(
            13,
            order_id=lambda random: random.integers(0, 250, N).astype(str),
            customer_id=lambda random: np.where(
                random.random(N) < 0.05, None, random.integers(0, 120, N).astype(str)
            ),
            amount=lambda random: random.lognormal(3, 1, N),
            is_return=yes(0.05),
        ),
        "deals": deals,
    }


Slow = tuple[float, float]


def over(numerator: pd.Series, denominator: pd.Series) -> Slow:
    """The ratio of sums over rows that have both, and the denominator."""
    both = numerator.notna() & denominator.notna()
    base = denominator[both].astype(float).sum()
    return numerator[both].astype(float).sum() / base, base


def by_rows(numerator: pd.Series, denominator: pd.Series) -> Slow:
    """The ratio of sums, and how many rows have both."""
    value, _ = over(numerator, denominator)
    return value, float((numerator.notna() & denominator.notna()).sum())


def total(column: pd.Series) -> Slow:
    return column.sum(), float(column.count())


def ones(data: pd.DataFrame) -> pd.Series:
    return pd.Series(1.0, index=data.index)


def quantile(column: pd.Series, share: float) -> Slow:
    known = column.dropna()
    return known.quantile(share), float(len(known))


def rows(data: pd.DataFrame) -> Slow:
    return float(len(data)), float(len(data))


def campaigns(data: pd.DataFrame) -> dict[str, Slow]:
    delivered = data.delivered.fillna(data.sent - data.bounces)
    base = delivered.fillna(data.sent)
    bounces = data.bounces.fillna(data.sent - data.delivered)
    return {
        "messages_sent": total(data.sent),
        "delivery_rate": over(delivered, data.sent),
        "bounce_rate": over(bounces, data.sent),
        "open_rate": over(data.opens_unique, base),
        "open_rate_adj": over(data.opens_unique - data.opens_machine, base - data.opens_machine),
        "click_rate": over(data.clicks_unique, base),
        "ctor": over(data.clicks_unique, data.opens_unique),
        "unsub_rate": over(data.unsubscribes, base),
        "complaint_rate": over(data.complaints, base),
        "conversion_rate": over(data.conversions, base),
        "revenue_per_message": by_rows(data.revenue, base),
        "revenue": total(data.revenue),
    }


def recipients(data: pd.DataFrame) -> dict[str, Slow]:
    base = data.delivered.fillna(value=True)
    machine = data.open_is_machine.fillna(value=False)
    return {
        "messages_sent": rows(data),
        "delivery_rate": over(data.delivered, ones(data)),
        "open_rate": over(data.opened, base),
        "open_rate_adj": over(data.opened & ~machine, base & ~machine),
        "click_rate": over(data.clicked, base),
        "ctor": over(data.clicked, data.opened),
        "unsub_rate": over(data.unsubscribed, base),
        "complaint_rate": over(data.complained, base),
        "conversion_rate": over(data.converted, base),
    }


def posts(data: pd.DataFrame) -> dict[str, Slow]:
    interactions = data[["likes", "comments", "shares"]].sum(axis=1, min_count=1)
    return {
        "posts": rows(data),
        "reach": total(data.reach),
        "er_reach": by_rows(interactions, data.reach),
        "er_followers": by_rows(interactions, data.followers),
        "er_views": by_rows(interactions, data.views),
        "post_ctr": by_rows(data.clicks, data.reach),
    }


def page_days(data: pd.DataFrame) -> dict[str, Slow]:
    return {
        "follower_growth": total(data.followers_gained - data.followers_lost.fillna(0)),
        "er_reach": by_rows(data.engagements, data.reach),
    }


def traffic(data: pd.DataFrame) -> dict[str, Slow]:
    return {
        "sessions": total(data.sessions),
        "web_bounce_rate": over((data.bounce_rate * data.sessions).round(), data.sessions),
        "engagement_rate": over(data.engaged_sessions, data.sessions),
        "conversion_rate": by_rows(data.conversions, data.sessions),
    }


def spend(data: pd.DataFrame) -> dict[str, Slow]:
    return {
        "spend": total(data.cost),
        "cpc": by_rows(data.cost, data.clicks),
        "cpm": by_rows(data.cost, data.impressions / 1000),
        "ad_ctr": by_rows(data.clicks, data.impressions),
        "cpl": by_rows(data.cost, data.leads),
        "cpa": by_rows(data.cost, data.conversions),
        "conversion_rate": by_rows(data.conversions, data.clicks),
        "roas": by_rows(data.revenue, data.cost),
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


def attendance(data: pd.DataFrame) -> dict[str, Slow]:
    return {
        "registrations": rows(data),
        "event_attendance_rate": over(data.attended, ones(data)),
        "cost_per_attendee": by_rows(data.cost, data.attended),
    }


def orders(data: pd.DataFrame) -> dict[str, Slow]:
    sales = data[~data.is_return.fillna(value=False)]
    named = sales[sales.customer_id.notna()]
    buyers = named.groupby("customer_id").order_id.nunique()
    nameless = sales.customer_id.isna()
    each = sales.customer_id.where(~nameless, "row " + sales.index.astype(str))
    per_unit = sales.groupby(each).order_id.nunique()
    return {
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


SLOW = {
    made.__name__: made
    for made in (
        campaigns,
        recipients,
        posts,
        page_days,
        traffic,
        spend,
        conversations,
        support_stats,
        calls,
        surveys,
        attendance,
        orders,
        deals,
    )
}
