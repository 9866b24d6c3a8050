"""Made-up posts, page days, visits, ads and events, and their metrics computed the slow way."""

from __future__ import annotations

from functools import cache

import pandas as pd

from tests.metrics.making import (
    N,
    Slow,
    by_rows,
    counts,
    each,
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
    """Facts of these grains, 400 rows each."""
    posts = frame(
        3,
        account=lambda random: random.choice(["one", "other"], N),
        reach=counts(100, 9000),
        followers=counts(9000, 10000),
        impressions=counts(0, 9000),
        views=gaps(counts(500, 9000)),
        video_views=gaps(counts(500, 9000), 0.5),
        engagements=gaps(counts(0, 200), 0.5),
        likes=gaps(counts(0, 90)),
        comments=gaps(counts(0, 20)),
        shares=gaps(counts(0, 9)),
        saves=gaps(counts(0, 9)),
        clicks=gaps(counts(0, 60)),
        click_rate=gaps(lambda random: random.random(N) / 10),
        negative=gaps(counts(0, 5)),
        follows=gaps(counts(0, 5)),
    )
    in_order = posts.sort_values("date", kind="stable")
    posts["weeks"] = in_order.groupby("account").date.diff().dt.days / 7
    return {
        "posts": posts,
        "page_days": frame(
            4,
            followers=gaps(counts(900, 990)),
            followers_gained=counts(0, 50),
            followers_lost=gaps(counts(0, 20)),
            engagements=gaps(counts(0, 90)),
            likes=gaps(counts(0, 90)),
            comments=gaps(counts(0, 20)),
            shares=gaps(counts(0, 9)),
            reach=counts(100, 900),
            impressions=gaps(counts(100, 900)),
            views=gaps(counts(100, 900)),
            page_views=gaps(counts(0, 9)),
            posts=gaps(counts(0, 4)),
        ),
        "traffic": frame(
            5,
            sessions=counts(10, 900),
            users=gaps(counts(10, 700)),
            new_users=gaps(counts(0, 300)),
            page_views=gaps(counts(10, 3000)),
            pages_per_session=gaps(lambda random: 1 + random.random(N)),
            session_duration=gaps(lambda random: random.exponential(90, N)),
            bounce_rate=gaps(lambda random: random.random(N)),
            engaged_sessions=counts(0, 10),
            conversions=gaps(counts(0, 9)),
            orders=gaps(counts(0, 5), 0.5),
            revenue=gaps(lambda random: random.lognormal(5, 1, N)),
            impressions=gaps(counts(100, 900)),
            clicks=gaps(counts(0, 90)),
            click_rate=gaps(lambda random: random.random(N) / 10),
        ),
        "spend": frame(
            6,
            cost=gaps(lambda random: random.lognormal(4, 1, N)),
            clicks=gaps(counts(0, 90)),
            click_rate=gaps(lambda random: random.random(N) / 10),
            impressions=counts(500, 9000),
            reach=gaps(counts(100, 900)),
            leads=counts(0, 9),
            conversions=gaps(counts(0, 5)),
            orders=gaps(counts(0, 5)),
            conversion_rate=gaps(lambda random: random.random(N) / 10),
            revenue=gaps(lambda random: random.lognormal(5, 1, N)),
            roas=gaps(lambda random: random.random(N)),
            profit=gaps(lambda random: random.normal(0, 50, N)),
            follows=gaps(counts(0, 5)),
        ),
        "attendance": frame(
            11,
            attended=yes(0.4),
            minutes_attended=gaps(lambda random: 60 * random.integers(0, 90, N), 0.5),
            joined_at=pd.Timestamp("2026-06-01"),
            left_at=times("2026-06-01", 9000),
            lead=yes(0.2),
            converted=yes(0.1),
            cost=gaps(lambda random: random.lognormal(3, 1, N)),
            revenue=gaps(lambda random: random.lognormal(3, 1, N)),
            amount=gaps(lambda random: random.lognormal(3, 1, N)),
        ),
    }


def interactions(data: pd.DataFrame, *parts: str) -> pd.Series:
    return data.engagements.fillna(data[list(parts)].sum(axis=1, min_count=1))


def posts(data: pd.DataFrame) -> dict[str, Slow]:
    acts = interactions(data, "likes", "comments", "shares", "saves")
    views = data.views.fillna(data.video_views)
    clicks = data.clicks.fillna((data.click_rate * data.impressions).round())
    return {
        "posts": rows(data),
        "posts_per_week": by_rows(ones(data), data.weeks),
        "reach": total(data.reach),
        "impressions": total(data.impressions),
        "views": total(views),
        "engagements": total(acts),
        "er_reach": by_rows(acts, data.reach),
        "er_reach_median": each(acts, data.reach),
        "er_impressions": by_rows(acts, data.impressions),
        "er_followers": by_rows(acts, data.followers),
        "er_followers_median": each(acts, data.followers),
        "er_views": by_rows(acts, views),
        "er_views_median": each(acts, views),
        "view_rate": by_rows(views, data.followers),
        "reach_rate": by_rows(data.reach, data.followers),
        "post_ctr": by_rows(data.clicks, data.reach),
        "post_ctr_impressions": by_rows(clicks, data.impressions),
        "amplification": by_rows(data.shares, data.reach),
        "talk_rate": by_rows(data.comments, data.reach),
        "save_rate": by_rows(data.saves, data.reach),
        "negative_share": by_rows(data.negative, acts + data.negative),
        "follows": total(data.follows),
    }


def page_days(data: pd.DataFrame) -> dict[str, Slow]:
    acts = interactions(data, "likes", "comments", "shares")
    last = facts()["page_days"].dropna(subset="followers").date.max()
    return {
        "followers": total(data.followers[data.date == last]),
        "follower_growth": total(data.followers_gained - data.followers_lost.fillna(0)),
        "followers_gained": total(data.followers_gained),
        "followers_lost": total(data.followers_lost),
        "reach": total(data.reach),
        "impressions": total(data.impressions),
        "views": total(data["views"]),
        "engagements": total(acts),
        "er_reach": by_rows(acts, data.reach),
        "er_impressions": by_rows(acts, data.impressions),
        "er_followers": by_rows(acts, data.followers),
        "page_views": total(data.page_views),
        "posts_per_week": (7 * data.posts.mean(), float(data.posts.count())),
    }


def traffic(data: pd.DataFrame) -> dict[str, Slow]:
    pages = data.page_views.fillna(data.pages_per_session * data.sessions)
    clicks = data.clicks.fillna((data.click_rate * data.impressions).round())
    return {
        "sessions": total(data.sessions),
        "users": total(data.users),
        "new_users": total(data.new_users),
        "new_user_share": by_rows(data.new_users, data.users),
        "page_views": total(data.page_views),
        "web_bounce_rate": over((data.bounce_rate * data.sessions).round(), data.sessions),
        "engagement_rate": over(data.engaged_sessions, data.sessions),
        "pages_per_session": by_rows(pages, data.sessions),
        "session_duration": by_rows(data.session_duration * data.sessions, data.sessions),
        "conversion_rate": by_rows(data.conversions.fillna(data.orders), data.sessions),
        "visitor_conversion_rate": by_rows(data.orders.fillna(data.conversions), data.users),
        "aov": by_rows(data.revenue, data.orders),
        "revenue_per_session": by_rows(data.revenue, data.sessions),
        "revenue": total(data.revenue),
        "search_impressions": total(data.impressions),
        "search_clicks": total(data.clicks),
        "search_ctr": by_rows(clicks, data.impressions),
    }


def spend(data: pd.DataFrame) -> dict[str, Slow]:
    clicks = data.clicks.fillna((data.click_rate * data.impressions).round())
    reached = data.conversions.fillna(data.orders)
    revenue = data.revenue.fillna(data.roas * data.cost)
    return {
        "spend": total(data.cost),
        "impressions": total(data.impressions),
        "ad_clicks": total(data.clicks),
        "leads": total(data.leads),
        "conversions": total(data.conversions),
        "cpc": by_rows(data.cost, data.clicks),
        "cpm": by_rows(data.cost, data.impressions / 1000),
        "ad_ctr": by_rows(clicks, data.impressions),
        "cpl": by_rows(data.cost, data.leads),
        "cpa": by_rows(data.cost, reached),
        "cpo": by_rows(data.cost, data.orders),
        "conversion_rate": by_rows(
            reached.fillna((data.conversion_rate * data.clicks).round()), data.clicks
        ),
        "revenue": total(revenue),
        "roas": by_rows(revenue, data.cost),
        "drr": by_rows(data.cost, revenue),
        "romi": by_rows(data.profit, data.cost),
        "cost_per_follow": by_rows(data.cost, data.follows),
        "ad_frequency": by_rows(data.impressions, data.reach),
    }


def attendance(data: pd.DataFrame) -> dict[str, Slow]:
    came = data.attended.fillna(data.joined_at.notna())
    stayed = data.minutes_attended.fillna((data.left_at - data.joined_at).dt.total_seconds())
    there = stayed[stayed > 0]
    return {
        "registrations": rows(data),
        "attendees": total(came.astype(float)),
        "event_attendance_rate": over(came, ones(data)),
        "no_show_rate": over(~came, ones(data)),
        "attendance_time_median": quantile(there, 0.5),
        "attendance_time_p90": quantile(there, 0.9),
        "event_lead_rate": over(data.lead[came], ones(data)[came]),
        "event_conversion": over(data.converted[came], ones(data)[came]),
        "cost_per_attendee": by_rows(data.cost, came),
        "cost_per_event_lead": by_rows(data.cost, data.lead),
        "revenue": total(data.revenue.fillna(data.amount)),
    }


SLOW = {made.__name__: made for made in (posts, page_days, traffic, spend, attendance)}
