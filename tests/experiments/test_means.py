"""Amounts and ratios against scipy, tea-tasting and closed forms."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import tea_tasting as tt
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from crm_metrics.experiments import means, ratio
from crm_metrics.experiments.model import Arm


def amounts(seed: int, n: int, buyers: float, mean: float) -> np.ndarray:
    random = np.random.default_rng(seed)
    return np.where(random.random(n) < buyers, random.exponential(mean, n), 0.0)


def arm_of(values: np.ndarray, name: str = "B", scale: float = 1.0) -> Arm:
    values = values * scale
    filled = int((values != 0).sum())
    return Arm(name, len(values), filled, total=values.sum(), squares=(values**2).sum())


def ratio_arm(y: np.ndarray, x: np.ndarray, name: str = "B") -> Arm:
    return Arm(
        name,
        len(y),
        int((y != 0).sum()),
        total=y.sum(),
        squares=(y * y).sum(),
        base=x.sum(),
        base_squares=(x * x).sum(),
        products=(x * y).sum(),
    )


def test_welch_equals_scipy():
    own, base = amounts(1, 900, 0.1, 50), amounts(2, 400, 0.15, 40)
    expected = stats.ttest_ind(own, base, equal_var=False)
    interval = expected.confidence_interval(0.95)
    pvalue, method = means.test(arm_of(own), arm_of(base))
    difference, _ = means.intervals(arm_of(own), arm_of(base), alpha=0.05)
    assert method == "welch"
    assert pvalue == pytest.approx(expected.pvalue, rel=1e-9)
    assert difference == pytest.approx((interval.low, interval.high), rel=1e-9)
    own_low, own_high = means.own_interval(arm_of(own))
    t = stats.ttest_1samp(own, 0).confidence_interval(0.95)
    assert (own_low, own_high) == pytest.approx((t.low, t.high), rel=1e-9)


def test_fieller_bounds_are_the_ratios_that_the_test_does_not_drop():
    own, base = amounts(3, 3000, 0.1, 55), amounts(4, 3000, 0.1, 50)
    _, lift = means.intervals(arm_of(own), arm_of(base), alpha=0.05)
    (mean, variance), (mean0, variance0) = (
        means.mean_and_variance(arm_of(own)),
        means.mean_and_variance(arm_of(base)),
    )
    degrees = (variance + variance0) ** 2 / (
        variance**2 / (len(own) - 1) + variance0**2 / (len(base) - 1)
    )
    for bound in lift:
        times = 1 + bound
        t = (mean - times * mean0) / np.sqrt(variance + times**2 * variance0)
        assert abs(t) == pytest.approx(stats.t.ppf(0.975, degrees), rel=1e-9)


def test_lift_that_cannot_be_bounded_is_none():
    assert means.fieller(10, 1, 3, 4, 1.96) is None
    assert means.fieller(10, 1, -30, 1, 1.96) is None
    assert means.fieller(10, 1, 0, 1, 1.96) is None


def test_no_spread_and_short_arms_are_undefined():
    constant = Arm("A", 50, 50, total=0.1 * 50, squares=0.01 * 50)
    assert means.test(constant, constant) == (None, "welch")
    assert means.intervals(constant, constant, alpha=0.05) == (None, None)
    assert (
        means.test(Arm("A", 1, 1, total=1.0, squares=1.0), arm_of(amounts(1, 9, 1, 1)))[0] is None
    )


def test_delta_method_equals_tea_tasting():
    random = np.random.default_rng(7)
    frames = []
    for place, lift in enumerate((1.0, 1.1)):
        opens = random.poisson(3, 2000) + 1
        clicks = random.binomial(opens, 0.1 * lift)
        frames.append(pd.DataFrame({"variant": place, "clicks": clicks, "opens": opens}))
    data = pd.concat(frames)
    metric = tt.RatioOfMeans("clicks", "opens", use_t=False, equal_var=False)
    expected = tt.Experiment(ctor=metric).analyze(data)["ctor"]
    base, own = (
        ratio_arm(frame["clicks"].to_numpy(float), frame["opens"].to_numpy(float))
        for frame in frames
    )
    pvalue, method = ratio.test(own, base)
    difference, lift = ratio.intervals(own, base, alpha=0.05)
    assert method == "delta"
    assert pvalue == pytest.approx(expected.pvalue, rel=1e-6)
    assert difference == pytest.approx(
        (expected.effect_size_ci_lower, expected.effect_size_ci_upper), rel=1e-6
    )
    # tea-tasting takes the logarithm of the ratio; with this much data the two are near.
    assert lift == pytest.approx(
        (expected.rel_effect_size_ci_lower, expected.rel_effect_size_ci_upper), abs=5e-3
    )


def test_ratio_without_a_base_is_undefined():
    empty = ratio_arm(np.zeros(20), np.zeros(20))
    assert ratio.test(empty, empty)[0] is None
    assert ratio.own_interval(empty) is None


@given(st.integers(0, 10_000), st.floats(0.01, 1000))
@settings(max_examples=50, deadline=None)
def test_money_in_another_currency_leaves_the_verdict(seed, rate):
    own, base = amounts(seed, 300, 0.3, 60), amounts(seed + 1, 250, 0.3, 50)
    plain = means.test(arm_of(own), arm_of(base))[0]
    scaled = means.test(arm_of(own, scale=rate), arm_of(base, scale=rate))[0]
    assert scaled == pytest.approx(plain, rel=1e-6)
    lift = means.intervals(arm_of(own), arm_of(base), alpha=0.05)[1]
    again = means.intervals(arm_of(own, scale=rate), arm_of(base, scale=rate), alpha=0.05)[1]
    assert (lift is None) == (again is None)
    if lift is not None:
        assert again == pytest.approx(lift, rel=1e-6, abs=1e-9)


@given(st.integers(0, 100_000), st.floats(0.2, 0.6), st.floats(20, 80))
@settings(max_examples=100, deadline=None)
def test_intervals_exclude_zero_exactly_when_the_test_shows(seed, buyers, mean):
    own, base = amounts(seed, 200, buyers, mean), amounts(seed + 1, 260, 0.4, 50)
    for engine, pair in (
        (means, (arm_of(own), arm_of(base))),
        (ratio, (ratio_arm(own, own * 0 + 2 + (own > 0)), ratio_arm(base, base * 0 + 2))),
    ):
        pvalue, _ = engine.test(*pair)
        difference, lift = engine.intervals(*pair, alpha=0.05)
        shows = pvalue < 0.05
        assert (difference[0] > 0 or difference[1] < 0) == shows
        if lift is not None:
            assert (lift[0] > 0 or lift[1] < 0) == shows
        turned, _ = engine.intervals(*reversed(pair), alpha=0.05)
        assert difference == pytest.approx((-turned[1], -turned[0]))
