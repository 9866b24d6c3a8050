"""Changes: intervals against scipy and statsmodels, and no verdict that the data do not carry."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep

from crm_metrics.errors import UsageError
from crm_metrics.metrics import Value, compare, compute
from tests.metrics.stand_in import FrameEngine


def two(key: str, grain: str, now: pd.DataFrame, before: pd.DataFrame) -> tuple[Value, Value]:
    first, second = (
        compute(FrameEngine(**{grain: frame}), [key]).values[0] for frame in (now, before)
    )
    return first, second


def clicks(x: int, n: int) -> pd.DataFrame:
    return pd.DataFrame({"delivered": [n], "clicks_unique": [x]})


def test_a_share_changes_by_its_score():
    change = compare(*two("click_rate", "campaigns", clicks(56, 70), clicks(48, 80)))
    # Newcombe (1998), table II, method 5 (Mee); statsmodels 0.15.0 errs here (its issue 10269).
    assert (change.low, change.high) == pytest.approx((0.0533, 0.3377), abs=5e-5)
    ratio = confint_proportions_2indep(
        56, 70, 48, 80, method="score", compare="ratio", correction=False
    )
    assert change.difference == pytest.approx(0.2)
    assert change.relative == pytest.approx(1 / 3)
    assert (change.relative_low, change.relative_high) == pytest.approx(np.array(ratio) - 1)
    table = [[56, 48], [14, 32]]
    assert change.pvalue == pytest.approx(stats.chi2_contingency(table, correction=False).pvalue)
    assert (change.clear, change.good) == (True, True)


def test_a_change_that_may_be_chance_is_neither_good_nor_bad():
    change = compare(*two("click_rate", "campaigns", clicks(13, 100), clicks(9, 100)))
    assert change.low < 0 < change.high
    assert (change.clear, change.good) == (False, None)


def test_less_of_a_bad_thing_is_good():
    frames = [pd.DataFrame({"delivered": [9000], "complaints": [x]}) for x in (5, 60)]
    change = compare(*two("complaint_rate", "campaigns", *frames))
    assert change.difference < 0
    assert (change.clear, change.good) == (True, True)


def test_a_mean_changes_by_welch():
    random = np.random.default_rng(1)
    now, before = random.lognormal(3, 1, 60), random.lognormal(3.5, 0.5, 90)
    frames = [pd.DataFrame({"amount": part, "stage": "won"}) for part in (now, before)]
    change = compare(*two("avg_deal", "deals", *frames))
    expected = stats.ttest_ind(now, before, equal_var=False).confidence_interval()
    assert (change.low, change.high) == pytest.approx((expected.low, expected.high))


def test_a_ratio_of_buyers_changes_by_welch():
    random = np.random.default_rng(2)
    now, before = random.lognormal(3, 1, 60), random.lognormal(3.5, 0.5, 90)
    frames = [
        pd.DataFrame({"amount": part, "customer_id": [str(i) for i in range(len(part))]})
        for part in (now, before)
    ]
    change = compare(*two("revenue_per_buyer", "orders", *frames))
    expected = stats.ttest_ind(now, before, equal_var=False).confidence_interval()
    assert (change.low, change.high) == pytest.approx((expected.low, expected.high))


def test_the_difference_of_medians_is_near_the_bootstrap():
    random = np.random.default_rng(3)
    now, before = random.lognormal(5, 0.6, 300), random.lognormal(5.3, 0.6, 300)
    frames = [pd.DataFrame({"first_reply_time": part}) for part in (now, before)]
    change = compare(*two("frt_median", "conversations", *frames))
    picks = random.integers(0, 300, (2, 3000, 300))
    medians = np.median(now[picks[0]], axis=1) - np.median(before[picks[1]], axis=1)
    low, high = np.quantile(medians, [0.025, 0.975])
    assert (change.low, change.high) == pytest.approx((low, high), rel=0.2)
    assert (change.clear, change.good) == (True, True)


def test_nps_changes_with_the_adjusted_error():
    random = np.random.default_rng(4)
    frames = [
        pd.DataFrame({"score": random.integers(low, 11, 200).astype(float), "survey_type": "nps"})
        for low in (5, 2)
    ]
    now, before = two("nps", "surveys", *frames)
    change = compare(now, before)
    widths = [np.ptp([value.low, value.high]) / 2 for value in (now, before)]
    assert (change.high - change.low) / 2 == pytest.approx(np.hypot(*widths))
    assert change.low < change.difference < change.high


def test_a_total_has_a_difference_and_no_verdict():
    frames = [pd.DataFrame({"revenue": [amount]}) for amount in (500.0, 100.0)]
    change = compare(*two("revenue", "campaigns", *frames))
    assert (change.difference, change.relative) == (400, 4)
    assert (change.low, change.high, change.clear, change.good) == (None, None, False, None)
    assert "no_interval" in change.flags


def test_a_neutral_metric_is_never_good_or_bad():
    frames = [pd.DataFrame({"talk_time": np.arange(1.0, 100) + shift}) for shift in (500, 0)]
    change = compare(*two("aht_median", "calls", *frames))
    assert (change.clear, change.good) == (True, None)


def test_nothing_before_gives_no_difference():
    change = compare(*two("click_rate", "campaigns", clicks(1, 10), clicks(0, 0)))
    assert (change.difference, change.low, change.clear, change.good) == (None, None, False, None)
    assert change.flags


def test_nothing_then_something_has_no_relative_change():
    change = compare(*two("click_rate", "campaigns", clicks(50, 1000), clicks(0, 1000)))
    assert change.relative is None
    assert change.clear


def test_what_can_not_be_compared():
    now, before = two("click_rate", "campaigns", clicks(13, 100), clicks(9, 100))
    with pytest.raises(UsageError, match="other_metric"):
        compare(now, replace(before, metric="open_rate"))
    other = compare(now, replace(before, variant="of_sent"))
    assert (other.difference, other.flags) == (None, ("other_base",))
    money = two(
        "revenue",
        "campaigns",
        pd.DataFrame({"revenue": [1.0], "currency": "RUB"}),
        pd.DataFrame({"revenue": [1.0], "currency": "EUR"}),
    )
    assert compare(*money).flags == ("mixed_currency",)


def test_values_without_any_spread_carry_no_clear_change():
    """0.1 thrice is 0.30000000000000004: what rounding leaves is no change and no spread."""
    frames = [pd.DataFrame({"amount": [0.1] * n, "stage": "won"}) for n in (3, 7)]
    change = compare(*two("avg_deal", "deals", *frames))
    assert (change.low, change.high, change.clear) == (None, None, False)


def test_two_single_answers_do_not_differ_clearly():
    frames = [pd.DataFrame({"score": [s], "survey_type": "nps"}) for s in (10, 0)]
    change = compare(*two("nps", "surveys", *frames))
    assert change.low <= change.difference == 200 <= change.high
    assert not change.clear
