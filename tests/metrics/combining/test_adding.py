"""One metric over several grains and engines: one value from the sum of its components."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from crm_metrics.metrics import Filters, compare, compute, compute_each, trend
from crm_metrics.metrics.combining.adding import SEVERAL_ENGINES, added
from crm_metrics.metrics.components import Components
from tests.metrics.stand_in import FrameEngine

DAY = pd.Timestamp("2026-05-04")


def campaigns(**columns: object) -> pd.DataFrame:
    made = {"date": [DAY, DAY], "channel": ["sms", "email"], "campaign_name": ["A", "B"]}
    return pd.DataFrame({**made, "delivered": [100, 300], "clicks_unique": [10, 6], **columns})


def recipients(**columns: object) -> pd.DataFrame:
    made = {"date": [DAY] * 4, "channel": ["email"] * 4, "campaign_name": ["C"] * 4}
    clicked = [True, False, False, True]
    return pd.DataFrame({**made, "delivered": [True] * 4, "clicked": clicked, **columns})


def one(values):
    (value,) = values
    return value


def test_grains_of_messages_make_one_value():
    engine = FrameEngine(campaigns=campaigns(), recipients=recipients())
    value = one(compute(engine, ["click_rate"]).values)
    assert value.components == {"x": 10 + 6 + 2, "n": 100 + 300 + 4}
    ends = stats.binomtest(18, 404).proportion_ci(method="wilson")
    assert (value.low, value.high) == pytest.approx((ends.low, ends.high))
    assert (value.grain, value.grains) == ("recipients", ("recipients", "campaigns"))


def test_a_group_names_the_grains_that_it_counts():
    engine = FrameEngine(campaigns=campaigns(), recipients=recipients())
    found = {v.group["channel"]: v for v in compute(engine, ["click_rate"], by=["channel"]).values}
    assert list(found) == ["email", "sms"]
    assert found["email"].components == {"x": 8, "n": 304}
    assert found["email"].grains == ("recipients", "campaigns")
    assert found["sms"].components == {"x": 10, "n": 100}
    assert found["sms"].grains == ("campaigns",)


def test_periods_are_pooled_each_for_itself_and_compared():
    engine = FrameEngine(
        campaigns=campaigns(date=[DAY, DAY - pd.Timedelta(days=7)]), recipients=recipients()
    )
    week = Filters(start=date(2026, 5, 4), end=date(2026, 5, 10))
    before = Filters(start=date(2026, 4, 27), end=date(2026, 5, 3))
    now, old = (
        one(result.values) for result in compute_each(engine, ["click_rate"], each=[week, before])
    )
    assert (now.components, now.grains) == ({"x": 12, "n": 104}, ("recipients", "campaigns"))
    assert (old.components, old.grains) == ({"x": 6, "n": 300}, ("campaigns",))
    change = compare(now, old)
    assert change.difference == pytest.approx(12 / 104 - 6 / 300)
    assert change.clear
    days = [(day, value.components["n"]) for day, value in trend(engine, "click_rate", by="day")]
    assert days == [(date(2026, 4, 27), 300), (date(2026, 5, 4), 104)]


def test_other_grains_stay_apart():
    money = {"currency": ["RUB"] * 2, "date": [DAY] * 2}
    engine = FrameEngine(
        campaigns=campaigns(revenue=[5.0, 6.0], currency=["RUB"] * 2),
        orders=pd.DataFrame({"order_id": ["1", "2"], "amount": [5.0, 9.0], **money}),
    )
    found = {value.grain: value.value for value in compute(engine, ["revenue"]).values}
    assert found == {"campaigns": 11, "orders": 14}


def test_currencies_of_two_engines_never_mix():
    rub = FrameEngine(campaigns=campaigns(revenue=[5.0, 6.0], currency=["RUB"] * 2))
    usd = FrameEngine(campaigns=campaigns(revenue=[5.0, 6.0], currency=["USD"] * 2))
    value = one(compute([rub, usd], ["revenue"]).values)
    assert (value.value, value.currency) == (None, None)
    assert "mixed_currency" in value.flags
    same = one(compute([rub, rub], ["revenue"]).values)
    assert (same.value, same.currency) == (22, "RUB")


def test_engines_add_up_to_one_that_holds_all():
    rng, n = np.random.default_rng(5), 300
    frame = pd.DataFrame(
        {
            "date": DAY + pd.to_timedelta(rng.integers(0, 30, n), unit="D"),
            "channel": rng.choice(["email", "sms"], n),
            "order_id": [str(number) for number in range(n)],
            "customer_id": [str(number) for number in range(n)],
            "amount": rng.lognormal(3, 1, n),
            "currency": "RUB",
        }
    )
    whole = FrameEngine(orders=frame)
    parts = [FrameEngine(orders=frame[:90]), FrameEngine(orders=frame[90:])]
    keys = ["revenue", "aov", "revenue_per_buyer", "orders"]
    for by in ((), ("channel",), ("month", "channel")):
        expected, found = compute(whole, keys, by=by).values, compute(parts, keys, by=by).values
        assert [(v.metric, v.group) for v in found] == [(v.metric, v.group) for v in expected]
        for ours, alone in zip(found, expected, strict=True):
            assert ours.components == pytest.approx(alone.components)
            assert ours.low == pytest.approx(alone.low)
    people = one(v for v in compute(parts, keys).values if v.metric == "revenue_per_buyer")
    # A customer of both engines is two there.
    assert "upper_bound" in people.flags
    assert "upper_bound" not in one(compute(whole, ["revenue_per_buyer"]).values).flags


def test_quantiles_of_two_engines_are_not_known():
    day = [DAY] * 9
    fast = FrameEngine(conversations=pd.DataFrame({"date": day, "first_reply_time": [60.0] * 9}))
    slow = FrameEngine(conversations=pd.DataFrame({"date": day, "first_reply_time": [600.0] * 9}))
    value = one(compute([fast, slow], ["frt_median"]).values)
    assert (value.value, value.n) == (None, 18)
    assert SEVERAL_ENGINES in value.flags
    assert one(compute([fast], ["frt_median"]).values).value == 60


def test_what_one_engine_lacks_another_gives():
    without = campaigns().drop(columns="clicks_unique")
    engines = [FrameEngine(campaigns=without), FrameEngine(campaigns=campaigns())]
    result = compute(engines, ["click_rate"])
    assert one(result.values).components == {"x": 16, "n": 400}
    assert result.missing == ()
    assert compute(engines[:1], ["click_rate"]).missing[0].needs == ("clicks_unique",)


def test_added_components_keep_every_mark():
    first = Components(("a",), {"x": 1.0, "n": 2.0}, 2, ("derived",), ("RUB", ""), above=True)
    second = Components(("a",), {"x": 5.0, "n": 7.0}, 7, ("mpp_raw", "derived"), ("EUR",))
    whole = Components(
        ("a",), {"x": 6.0, "n": 9.0}, 9, ("derived", "mpp_raw"), ("EUR", "RUB", ""), above=True
    )
    assert added([first, second]) == whole
    assert added([first]) is first
