"""Intervals against scipy, statsmodels, and published figures."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep

from crm_metrics.metrics import intervals


def one(number: float) -> np.ndarray:
    return np.array([float(number)])


@pytest.mark.parametrize(("x", "n"), [(0, 1), (0, 50), (1, 3), (451, 4119), (50, 50), (7, 2000)])
def test_wilson_equals_scipy(x, n):
    expected = stats.binomtest(x, n).proportion_ci(method="wilson")
    low, high = intervals.wilson(one(x), one(n))
    assert low[0] == pytest.approx(expected.low, abs=1e-12)
    assert high[0] == pytest.approx(expected.high, abs=1e-12)


@pytest.mark.parametrize(("x", "n"), [(0, 0), (5, 3), (-1, 10)])
def test_wilson_is_undefined_for_what_is_no_share(x, n):
    assert np.isnan(intervals.wilson(one(x), one(n))).all()


@given(n=st.integers(1, 10**6), share=st.floats(0, 1))
@settings(max_examples=50)
def test_wilson_holds_the_share_and_stays_within_one(n, share):
    x = round(n * share)
    low, high = (end[0] for end in intervals.wilson(one(x), one(n)))
    assert 0 <= low <= x / n <= high <= 1


def wilson_triple(x: int, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return (one(x / n), *intervals.wilson(one(x), one(n)))


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        # Newcombe (1998), table II, method 10.
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((10, 10), (0, 10), 0.6075, 1.0000),
    ],
)
def test_newcombe_gives_the_published_intervals(first, second, low, high):
    ends = intervals.square_and_add(wilson_triple(*first), wilson_triple(*second))
    assert ends[0][0] == pytest.approx(low, abs=5e-5)
    assert ends[1][0] == pytest.approx(high, abs=5e-5)


def test_newcombe_equals_statsmodels():
    expected = confint_proportions_2indep(216, 647, 50, 210, method="newcomb", compare="diff")
    low, high = intervals.square_and_add(wilson_triple(216, 647), wilson_triple(50, 210))
    assert (low[0], high[0]) == pytest.approx(expected, abs=1e-10)


@pytest.mark.parametrize("p", [0.5, 0.75, 0.9, 0.95])
@pytest.mark.parametrize("n", [1, 5, 6, 7, 12, 13, 35, 36, 71, 72, 73, 216, 4118])
def test_quantile_ends_equal_scipy(n, p):
    values = np.arange(1, n + 1, dtype=float)
    expected = stats.quantile_test(values, p=p).confidence_interval()
    low, high = intervals.quantile_ranks(one(n), p)
    assert np.array([low[0], high[0]]) == pytest.approx(
        np.array([expected.low, expected.high]), nan_ok=True
    )


@pytest.mark.parametrize(("p", "smallest"), [(0.5, 6), (0.75, 13), (0.9, 36), (0.95, 72)])
def test_a_quantile_has_both_ends_only_from_its_smallest_n(p, smallest):
    assert not np.isnan(intervals.quantile_ranks(one(smallest), p)).any()
    assert np.isnan(intervals.quantile_ranks(one(smallest - 1), p)).any()


def test_quantile_ranks_of_none():
    assert np.isnan(intervals.quantile_ranks(one(0), 0.5)).all()


def test_mean_equals_scipy():
    values = np.random.default_rng(4).lognormal(3, 1, 40)
    expected = stats.ttest_1samp(values, 0).confidence_interval()
    variance = intervals.mean_variance(one(values.sum()), one((values**2).sum()), one(40))
    low, high = intervals.student(one(values.mean()), variance, one(39))
    assert (low[0], high[0]) == pytest.approx((expected.low, expected.high))


def test_ratio_variance_equals_the_variance_of_residuals():
    random = np.random.default_rng(5)
    x = random.poisson(40, 200) + 1.0
    y = random.binomial(x.astype(int), 0.2) * 1.0
    ratio = y.sum() / x.sum()
    slow = np.var(y - ratio * x, ddof=1) * len(x) / x.sum() ** 2
    sums = {"y": y, "x": x, "yy": y * y, "xx": x * x, "xy": x * y}
    fast = intervals.ratio_variance(
        **{name: one(part.sum()) for name, part in sums.items()}, m=one(200)
    )
    assert fast[0] == pytest.approx(slow)


def test_ratio_variance_is_near_the_bootstrap():
    random = np.random.default_rng(6)
    x = random.lognormal(3, 1, 400)
    y = x * random.beta(2, 20, 400)
    picks = random.integers(0, 400, (4000, 400))
    bootstrap = (y[picks].sum(axis=1) / x[picks].sum(axis=1)).var()
    sums = {"y": y, "x": x, "yy": y * y, "xx": x * x, "xy": x * y}
    fast = intervals.ratio_variance(
        **{name: one(part.sum()) for name, part in sums.items()}, m=one(400)
    )
    assert fast[0] == pytest.approx(bootstrap, rel=0.1)


def test_ratio_variance_needs_two_units():
    sums = dict.fromkeys(("y", "x", "yy", "xx", "xy", "m"), one(1))
    assert np.isnan(intervals.ratio_variance(**sums)).all()


@pytest.mark.parametrize(("n", "margin"), [(100, 15.3), (400, 7.7), (1000, 4.8)])
def test_nps_margins_are_near_the_plain_ones(n, margin):
    _, error = intervals.nps_adjusted(one(0.5 * n), one(0.2 * n), one(n))
    assert intervals.Z * error[0] == pytest.approx(margin, rel=0.02)


def test_nps_is_that_of_the_answers_and_three_added():
    values = np.concatenate([np.repeat([1.0, 0.0, -1.0], [30, 20, 10]), [1.0, 0.0, -1.0]])
    weights = np.concatenate([np.ones(60), [0.75, 1.5, 0.75]])
    centre = np.average(values, weights=weights)
    spread = np.average((values - centre) ** 2, weights=weights)
    found, error = intervals.nps_adjusted(one(30), one(10), one(60))
    assert found[0] == pytest.approx(100 * centre)
    assert error[0] == pytest.approx(100 * np.sqrt(spread / 63))


def test_welch_equals_scipy():
    random = np.random.default_rng(7)
    first, second = random.normal(5, 2, 30), random.normal(4, 6, 80)
    expected = stats.ttest_ind(first, second, equal_var=False).confidence_interval()
    parts = [
        (one(part.mean()), one(part.var(ddof=1) / len(part)), one(len(part)))
        for part in (first, second)
    ]
    (value, variance, n), (other, other_variance, other_n) = parts
    freedom = intervals.welch_freedom(variance, n, other_variance, other_n)
    low, high = intervals.student(value - other, variance + other_variance, freedom)
    assert (low[0], high[0]) == pytest.approx((expected.low, expected.high))


@pytest.mark.parametrize(("limit", "n"), [(0.003, 1277), (0.001, 3838)])
def test_no_complaint_says_below_a_limit_only_from_its_n(limit, n):
    assert intervals.n_to_show_below(limit) == n
    assert intervals.wilson(one(0), one(n))[1][0] < limit
    assert intervals.wilson(one(0), one(n - 1))[1][0] >= limit


@given(limit=st.floats(0.0005, 0.2), x=st.integers(0, 40))
@settings(max_examples=50)
def test_with_some_events_it_takes_more(limit, x):
    n = intervals.n_to_show_below(limit, x)
    assert intervals.wilson(one(x), one(n))[1][0] < limit * (1 + 1e-9)
    assert intervals.wilson(one(x), one(n - 1))[1][0] > limit * (1 - 1e-9)


def test_a_weighted_sum_of_two_is_square_and_add():
    parts = [wilson_triple(56, 70), wilson_triple(48, 80)]
    stacked = tuple(np.array([one[0] for one in part]) for part in zip(*parts, strict=True))
    value, low, high = intervals.weighted_sum(np.array([1.0, -1.0]), stacked)
    assert value == pytest.approx(0.2)
    # Newcombe (1998), table II, method 10.
    assert (low, high) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    _, none, _ = intervals.weighted_sum(np.array([1.0, 0.0]), (*stacked[:2], np.array([1, np.nan])))
    assert none == pytest.approx(stacked[1][0])


def test_shares_of_a_count_equal_scipy_at_bonferronis_level():
    counts = np.array([120.0, 30.0, 0.0, 50.0])
    low, high = intervals.shares_of_count(counts)
    for place, count in enumerate(counts):
        found = stats.binomtest(int(count), 200).proportion_ci(1 - 0.05 / 4, method="wilson")
        assert (low[place], high[place]) == pytest.approx((found.low, found.high), abs=1e-9)


def test_shares_of_a_sum_hold_together():
    """All of three shares of revenue are held at once nineteen times in twenty or more."""
    random = np.random.default_rng(9)
    chances, means = np.array([0.5, 0.3, 0.2]), np.array([1.0, 2.0, 1.5])
    truth = chances * means / (chances * means).sum()
    rounds, m, held = 400, 300, 0
    for _ in range(rounds):
        part = random.choice(3, m, p=chances)
        amount = means[part] * random.gamma(2, 0.5, m)
        totals, squares = (np.bincount(part, amount**power, 3) for power in (1, 2))
        low, high = intervals.shares_of_sum(totals, squares, m)
        assert ((low <= totals / totals.sum()) & (totals / totals.sum() <= high)).all()
        held += ((low <= truth) & (truth <= high)).all()
    assert held / rounds > 0.92


def test_fieller_excludes_no_lift_exactly_when_welch_does():
    random = np.random.default_rng(10)
    value, base = random.normal(5, 1, 500), random.normal(4, 1, 500)
    variance, base_variance = random.gamma(2, 0.3, 500), random.gamma(2, 0.3, 500)
    freedom = intervals.welch_freedom(
        variance, np.full(500, 20.0), base_variance, np.full(500, 9.0)
    )
    low, high = intervals.student(value - base, variance + base_variance, freedom)
    critical = (high - low) / 2 / np.sqrt(variance + base_variance)
    lift_low, lift_high = intervals.fieller(value, variance, base, base_variance, critical)
    bounded = ~np.isnan(lift_low)
    assert 100 < bounded.sum() < 500
    shows = ((low > 0) | (high < 0))[bounded]
    assert shows.any()
    assert (((lift_low > 0) | (lift_high < 0))[bounded] == shows).all()


def test_a_heavy_tail_is_one_of_few_large_units():
    amounts = np.concatenate([np.full(97, 1.0), [400.0, 300.0, 500.0]])
    sums = [one(part) for part in (amounts.sum(), (amounts**2).sum(), 100)]
    assert intervals.heavy_tail(*sums)[0]
    assert not intervals.heavy_tail(one(100), one(100), one(100))[0]
    assert not intervals.heavy_tail(one(0), one(0), one(100))[0]
