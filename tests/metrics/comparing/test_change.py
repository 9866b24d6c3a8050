"""Changes: intervals against scipy and statsmodels, and no verdict that the data do not carry."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep

from crm_metrics.errors import UsageError
from crm_metrics.metrics import Value, compare, compare_each, compute, partners
from tests.metrics.comparing.made import click_rates, mean_amount, nps, ratios
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


@cache
def rate_of(x: int) -> Value:
    """The share of 9,000 that clicked."""
    (value,) = compute(FrameEngine(campaigns=clicks(x, 9000)), ["click_rate"]).values
    return value


@pytest.mark.parametrize(
    ("now", "before", "good", "flag"),
    [
        ((200, "immature"), (400,), None, "immature"),
        ((400, "immature"), (200,), True, None),
        ((400,), (200, "immature"), None, "immature"),
        ((200, "immature"), (400, "immature"), None, "immature"),
        ((400,), (200, "base_sent"), None, "base_sent"),
        ((400, "base_sent"), (200, "base_sent"), True, None),
    ],
)
def test_what_may_still_turn_or_has_another_base_is_no_verdict(now, before, good, flag):
    plain = [rate_of(x) for x, *_ in (now, before)]
    values = [
        replace(value, flags=(*value.flags, *flags))
        for value, (_, *flags) in zip(plain, (now, before), strict=True)
    ]
    change = compare(*values)
    assert (change.clear, change.good) == (True, good)
    assert change.flags == (() if flag is None else (flag,))


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
    assert "no_interval" not in change.flags, "a total counts all there is: no interval is missed"


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
    # A nought alone does not say on which scale it stands.
    asked = {"survey_type": "nps", "scale_min": 0, "scale_max": 10}
    frames = [pd.DataFrame({"score": [score], **asked}) for score in (10, 0)]
    change = compare(*two("nps", "surveys", *frames))
    assert change.low <= change.difference == 200 <= change.high
    assert not change.clear


_SHARES = st.tuples(st.integers(0, 40), st.integers(0, 4000)).map(
    lambda pair: click_rates({"email": (pair[0], pair[0] + pair[1])})[0]
)
_AMOUNTS = st.lists(st.integers(0, 90), min_size=1, max_size=8).map(mean_amount)
_UNITS = st.lists(st.tuples(st.integers(0, 90), st.integers(1, 30)), min_size=5, max_size=8).map(
    lambda rows: ratios({"email": rows})[0]
)
_ANSWERS = st.tuples(*[st.integers(0, 30)] * 3).map(lambda parts: nps(*parts))
_ANY = st.one_of(
    *(st.tuples(own, own) for own in (_SHARES, _AMOUNTS, _UNITS, _ANSWERS)),
)


@given(st.lists(_ANY, min_size=1, max_size=12))
@settings(max_examples=80, deadline=None)
def test_of_every_kind_swapped_sides_turn_the_sign_and_clear_leaves_out_zero(pairs):
    changes = compare_each(pairs)
    turned = compare_each([(before, now) for now, before in pairs])
    for change, other, (now, before) in zip(changes, turned, pairs, strict=True):
        if now.value is None or before.value is None:
            assert (change.difference, change.low, change.clear) == (None, None, False)
            continue
        assert change.difference == pytest.approx(now.value - before.value)
        if change.low is None:
            assert not change.clear
            continue
        assert np.isfinite([change.low, change.high]).all()
        assert change.low <= change.difference <= change.high
        assert (change.low, change.high) == pytest.approx((-other.high, -other.low), abs=1e-9)
        assert change.clear == other.clear == (change.low > 0 or change.high < 0)
        if change.pvalue is not None:
            assert change.clear == (change.pvalue < 0.05)
        if change.relative_low is not None:
            assert change.relative_low <= change.relative + 1e-9
            assert (change.relative_low > 0) == (change.low > 0)
        assert (change.good is None) == (not change.clear)
        if change.good is not None:
            assert change.good == (not other.good)


@given(st.lists(_ANY, min_size=1, max_size=12))
@settings(max_examples=20, deadline=None)
def test_many_pairs_at_once_are_each_pair_alone(pairs):
    together = compare_each(pairs)
    assert [repr(one) for one in together] == [repr(compare(*pair)) for pair in pairs]


def test_few_events_need_an_exact_test_too():
    """One click of 20 against none of 80: the score alone would call that clear."""
    change = compare(*two("click_rate", "campaigns", clicks(1, 20), clicks(0, 80)))
    assert stats.chi2_contingency([[1, 0], [19, 80]], correction=False).pvalue < 0.05
    # Mid-P: of 100 the one event falls on the 20 with a chance of 0.2, of which half counts.
    assert change.pvalue == pytest.approx(0.1)
    assert change.low <= 0 < change.difference < change.high
    assert (change.clear, change.good) == (False, None)
    change = compare(*two("click_rate", "campaigns", clicks(5, 30), clicks(0, 30)))
    table = [[5, 0], [25, 30]]
    score = stats.chi2_contingency(table, correction=False).pvalue
    fisher, seen = stats.fisher_exact(table).pvalue, stats.hypergeom.pmf(5, 60, 5, 30)
    # Arms alike: the table 0 v 5 is as likely as 5 v 0, and half of each counts.
    assert change.pvalue == pytest.approx(max(score, fisher - seen))
    assert change.clear


def test_a_value_meets_its_own_of_the_period_before():
    now = click_rates({"email": (30, 900), "sms": (9, 200)})
    before = click_rates({"sms": (10, 210), "email": (20, 800)})
    assert partners(now, before) == [before[1], before[0]]
    assert partners(now, [replace(before[1], variant="sent")]) == [None, None]
    # A campaign may be known by its people in one period and by its sums in the other.
    assert partners(now, [replace(before[1], grain="recipients")])[0].grain == "recipients"
