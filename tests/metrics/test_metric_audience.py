"""Posts, page days, visits, ads and events: what does not add up, and small tables by hand."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from crm_metrics.metrics import CATALOGUE, Filters, Value, compute
from tests.metrics.made_audience import facts
from tests.metrics.stand_in import FrameEngine

DAYS = pd.to_datetime(["2026-05-01", "2026-05-02", "2026-05-03", "2026-05-04"])


def values(
    grain: str, *keys: str, filters: Filters | None = None, **columns: object
) -> list[Value]:
    engine = FrameEngine(**{grain: pd.DataFrame(columns)})
    found = {value.metric: value for value in compute(engine, keys, filters=filters).values}
    return [found[key] for key in keys]


def test_people_of_several_rows_are_an_upper_bound_and_of_one_row_are_people():
    keys = ("users", "visitor_conversion_rate", "sessions")
    one = values("traffic", *keys, users=[50], orders=[5], sessions=[70])
    assert all("people_repeat" not in value.flags for value in one)
    users, rate, sessions = values(
        "traffic", *keys, users=[50, 60], orders=[5, 6], sessions=[70, 80]
    )
    assert (users.value, rate.value) == (110, 0.1)
    assert "people_repeat" in users.flags
    assert {"people_repeat", "orders_as_people"} <= set(rate.flags)
    assert "people_repeat" not in sessions.flags
    (frequency,) = values("spend", "ad_frequency", impressions=[300, 500], reach=[100, 100])
    assert frequency.value == 4
    assert "people_repeat" in frequency.flags


def test_a_rate_alone_is_left_out_and_said_and_with_its_base_it_is_counted():
    bounce, conversion = values(
        "traffic",
        "web_bounce_rate",
        "conversion_rate",
        sessions=[100.0, None, 300.0],
        bounce_rate=[0.5, 0.9, 0.1],
        conversion_rate=[0.02, 0.5, None],
    )
    assert bounce.components == {"x": 80, "n": 400}
    assert {"rate_only", "derived"} <= set(bounce.flags)
    assert (conversion.components["y"], conversion.components["x"]) == (2, 100)
    depth, price = (
        values("traffic", "pages_per_session", sessions=[10.0, None], pages_per_session=[2.0, 9])[
            0
        ],
        values("spend", "cpc", cost=[10.0, None], clicks=[5.0, 7], cpc=[2.0, 90])[0],
    )
    assert (depth.value, price.value) == (2, 2)
    assert "rate_only" in depth.flags
    assert "rate_only" in price.flags
    (ctr,) = values(
        "spend", "ad_ctr", impressions=[1000.0, None], clicks=[None, 5.0], click_rate=[0.03, 0.9]
    )
    assert ctr.value == 0.03
    assert {"rate_only", "derived"} <= set(ctr.flags)
    (engagement,) = values(
        "posts", "er_reach", reach=[100.0, 50.0], likes=[7.0, None], engagement_rate=[0.5, 0.9]
    )
    assert engagement.value == 0.07
    assert "rate_only" in engagement.flags


def test_followers_are_a_level_and_not_a_sum():
    columns = {
        "date": [*DAYS, *DAYS],
        "account": ["one"] * 4 + ["other"] * 4,
        "followers": [100.0, 110, 130, None, 1000, 1001, 1002, 1003],
    }
    (now,) = values("page_days", "followers", **columns)
    assert now.value == 130 + 1003
    early = Filters(end=date(2026, 5, 2))
    (before,) = values("page_days", "followers", filters=early, **columns)
    assert before.value is None
    assert before.flags == ("last_day_outside",)
    (growth,) = values("page_days", "follower_growth", **columns)
    assert growth.value == 30 + 3


def test_posts_a_week_count_the_weeks_without_posts_too():
    days = pd.date_range("2026-01-05", periods=5, freq="28D")
    pace, posts = values("posts", "posts_per_week", "posts", date=days, reach=1)
    assert pace.value == pytest.approx(1 / 4)
    assert (pace.n, posts.value) == (4, 5)
    assert "part_left_out" not in pace.flags
    later = Filters(start=date(2026, 3, 1))
    (pace,) = values("posts", "posts_per_week", filters=later, date=days, reach=1)
    assert pace.value == pytest.approx(1 / 4)
    (counted,) = values("page_days", "posts_per_week", date=DAYS, posts=[1, 0, 0, 1])
    assert counted.value == pytest.approx(3.5)


def test_romi_may_be_below_zero_and_a_share_of_counts_may_not():
    profit = [-50.0, 60, -40, 30, 20, -10, 5]
    romi, share = values(
        "spend", "romi", "drr", profit=profit, cost=[100.0] * 7, revenue=[50.0, 900, 10, 5, 2, 1, 3]
    )
    assert romi.value == pytest.approx(15 / 700)
    assert romi.low < 0 < romi.high
    assert share.low == 0


def test_a_median_has_its_interval_from_six_posts_on():
    for count in (5, 6):
        engagement = {"engagements": range(1, count + 1), "reach": [10] * count}
        typical, together = values("posts", "er_reach_median", "er_reach", **engagement)
        assert typical.value == pytest.approx((count + 1) / 20)
        assert ("small_n" in typical.flags) == (typical.low is None) == (count == 5)
        assert "few_units" in together.flags


def test_the_least_numbers_are_those_of_the_kinds():
    quantiles = {0.5: 6, 0.75: 13, 0.9: 36, 0.95: 72}
    for share, least in quantiles.items():
        # Conover (1999), 3.2: the extremes enclose the quantile at 95 % from this n on.
        assert share**least <= 0.025 < share ** (least - 1)
    for metric in CATALOGUE:
        if metric.kind == "quantile":
            assert metric.minimum_n == quantiles[metric.quantile]
        elif metric.kind == "ratio":
            assert metric.minimum_n == 20
        elif metric.key == "complaint_rate":
            # Wilson's upper bound of none of n is z^2 / (n + z^2).
            assert 3.8415 / (metric.minimum_n + 3.8415) < 0.003 < 3.8415 / (1270 + 3.8415)
            assert metric.minimum_n == 1280
        elif metric.kind != "total":
            assert metric.minimum_n == 30


def test_counts_of_events_are_no_shares_of_people_and_volume_is_not_judged():
    for metric in CATALOGUE:
        if metric.grain in {"posts", "page_days", "spend"}:
            assert metric.kind != "proportion", metric.key
        if metric.grain in facts() and metric.kind == "total":
            judged = metric.key in {"revenue", "follower_growth"}
            assert (metric.direction == "up") == judged, metric.key


def test_leads_and_buyers_are_of_those_who_came():
    lead, bought, missed, each = values(
        "attendance",
        *("event_lead_rate", "event_conversion", "no_show_rate", "cost_per_event_lead"),
        attended=[True, True, True, False, False],
        lead=[True, False, True, True, False],
        converted=[True, False, False, True, False],
        cost=[10.0] * 5,
    )
    assert (lead.value, lead.n) == (pytest.approx(2 / 3), 3)
    assert bought.value == pytest.approx(1 / 3)
    assert (missed.value, missed.n) == (0.4, 5)
    assert each.value == pytest.approx(50 / 3)


def test_the_order_of_rows_and_their_split_into_files_change_nothing():
    for grain, made in facts().items():
        mixed = made.sample(frac=1, random_state=1)
        mixed["__dataset"] = ["april", "may"] * (len(mixed) // 2)
        one, other = (
            {v.metric: v for v in compute(FrameEngine(**{grain: rows})).values}
            for rows in (made, mixed)
        )
        assert one.keys() == other.keys() == {m.key for m in CATALOGUE if m.grain == grain}
        for key, value in one.items():
            assert other[key].components == pytest.approx(value.components), key
            assert other[key].value == pytest.approx(value.value), key
            # What no file names a currency of is a guess once there are two files.
            flags = [flag for flag in other[key].flags if flag != "currency_unknown"]
            assert flags == list(value.flags), key
