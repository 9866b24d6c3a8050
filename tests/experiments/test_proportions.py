"""Two proportions against published values, other libraries, and a slow search."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from crm_metrics.experiments import analyse, proportions
from crm_metrics.experiments.distributions import boschloo, fisher_midp
from crm_metrics.experiments.model import Arm, Setup


def arms(x: int, n: int, x0: int, n0: int) -> tuple[Arm, Arm]:
    return Arm("B", n, x), Arm("A", n0, x0)


def test_the_widely_copied_demo_gets_the_right_p_value():
    pvalue, method = proportions.test(*arms(100, 1000, 80, 1000))
    assert pvalue == pytest.approx(0.118125, abs=1e-6)
    assert method == "score"


@pytest.mark.parametrize(
    ("table", "low", "high"),
    [
        # Newcombe, Statistics in Medicine 17 (1998) 873-890, table II, method 5 (Mee).
        ((56, 70, 48, 80), 0.0533, 0.3377),
        ((9, 10, 3, 10), 0.1821, 0.8370),
    ],
)
def test_differences_published_for_mee(table, low, high):
    assert proportions.difference_interval(*table) == pytest.approx((low, high), abs=5e-5)


def test_ratio_published_by_koopman():
    # Koopman, Biometrics 40 (1984) 513-517: 36/40 v 16/80.
    low, high = proportions.ratio_interval(36, 40, 16, 80)
    assert (low, high) == pytest.approx((2.94, 7.15), abs=5e-3)


def test_a_rate_of_all_does_not_spoil_the_ratio():
    # statsmodels 0.15.0 gives 1.0256 here.
    low, high = proportions.ratio_interval(100, 100, 95, 100)
    assert low == pytest.approx(1.0127, abs=5e-5)
    assert high > 1


def test_ratio_equals_statsmodels_where_that_is_right():
    for x, n, x0, n0 in [(45, 900, 30, 1000), (558, 2769, 218, 1229), (7, 300, 12, 290)]:
        low, high = confint_proportions_2indep(
            x, n, x0, n0, method="score", compare="ratio", correction=False
        )
        assert proportions.ratio_interval(x, n, x0, n0) == pytest.approx((low, high), rel=1e-6)


@pytest.mark.parametrize(
    "table",
    [(56, 70, 48, 80), (0, 40, 3, 30), (30, 30, 25, 31), (0, 50, 0, 60), (5, 5000, 1, 9000)],
)
def test_difference_bounds_are_where_the_likeliest_rates_give_the_critical_score(table):
    x, n, x0, n0 = table

    def slow_score(difference: float) -> float:
        def minus_log_likelihood(rate0: float) -> float:
            rate = rate0 + difference
            return -sum(
                stats.binom.logpmf(k, m, min(max(share, 0), 1))
                for k, m, share in ((x, n, rate), (x0, n0, rate0))
            )

        lowest, highest = max(0.0, -difference), min(1.0, 1 - difference)
        best = optimize.minimize_scalar(
            minus_log_likelihood,
            bounds=(lowest, highest),
            method="bounded",
            options={"xatol": 1e-13},
        )
        candidates = [best.x, lowest, highest]
        rate0 = min(candidates, key=minus_log_likelihood)
        rate = rate0 + difference
        variance = rate * (1 - rate) / n + rate0 * (1 - rate0) / n0
        return (x / n - x0 / n0 - difference) / math.sqrt(variance)

    low, high = proportions.difference_interval(*table)
    if low > -1:
        assert slow_score(low) == pytest.approx(1.959964, abs=2e-4)
    if high < 1:
        assert slow_score(high) == pytest.approx(-1.959964, abs=2e-4)


def test_wilson_equals_scipy_and_statsmodels():
    for x, n, alpha in [(0, 20, 0.05), (20, 20, 0.05), (80, 1000, 0.05), (3, 11, 0.01)]:
        assert proportions.wilson(x, n, alpha) == pytest.approx(
            proportion_confint(x, n, alpha, method="wilson"), abs=1e-12
        )
    assert proportions.wilson(0, 0) is None


def random_tables(count: int, seed: int) -> np.ndarray:
    """Tables of every kind that a CRM meets, zeros and rates of 100 % among them."""
    random = np.random.default_rng(seed)
    n = np.exp(random.uniform(np.log(5), np.log(200_000), (count, 2))).astype(int)
    rate = np.exp(random.uniform(np.log(0.001), 0, count))
    rates = np.stack([rate, np.clip(rate * np.exp(random.normal(0, 0.4, count)), 0, 1)], axis=1)
    special = random.random((count, 2))
    rates = np.where(special < 0.05, 0.0, np.where(special > 0.95, 1.0, rates))
    x = random.binomial(n, rates)
    return np.stack([x[:, 0], n[:, 0], x[:, 1], n[:, 1]], axis=1)


def test_intervals_and_test_agree_on_ten_thousand_tables():
    for row in random_tables(10_000, seed=3):
        x, n, x0, n0 = (int(value) for value in row)
        z = proportions.score_z(x, n, x0, n0)
        low, high = proportions.difference_interval(x, n, x0, n0)
        ratio = proportions.ratio_interval(x, n, x0, n0)
        assert -1 <= low <= x / n - x0 / n0 <= high <= 1, row
        assert (ratio is None) == (x0 == 0), row
        shows = z is not None and math.erfc(abs(z) / math.sqrt(2)) < 0.05
        assert (low > 0 or high < 0) == shows, row
        if ratio is not None:
            assert 0 <= ratio[0] <= (x / n) / (x0 / n0) * (1 + 1e-12), row
            assert (ratio[0] > 1 or ratio[1] < 1) == shows, row


def test_exact_path_keeps_interval_and_p_value_together():
    random = np.random.default_rng(5)
    methods = set()
    for _ in range(80):
        n, n0 = (int(value) for value in random.integers(8, 60, 2))
        x, x0 = int(random.binomial(n, 0.15)), int(random.binomial(n0, 0.03))
        pvalue, method = proportions.test(*arms(x, n, x0, n0))
        methods.add(method)
        if pvalue is None:
            assert x + x0 in (0, n + n0)
            continue
        difference, lift = proportions.intervals(*arms(x, n, x0, n0), alpha=0.05, pvalue=pvalue)
        assert (difference[0] > 0 or difference[1] < 0) == (pvalue < 0.05)
        if lift is not None:
            assert (lift[0] > 0 or lift[1] < 0) == (pvalue < 0.05)
    assert methods >= {"score", "score_boschloo"}


def test_few_events_need_the_exact_test_as_well():
    pvalue, method = proportions.test(*arms(5, 30, 0, 30))
    assert method == "score_boschloo"
    table = [[5, 0], [25, 30]]
    score = stats.chi2_contingency(table, correction=False).pvalue
    assert pvalue == pytest.approx(max(score, stats.boschloo_exact(table).pvalue), abs=1e-9)
    table = [[8, 1], [3992, 3999]]
    pvalue, method = proportions.test(*arms(8, 4000, 1, 4000))
    assert method == "score_fisher_midp"
    score = stats.chi2_contingency(table, correction=False).pvalue
    assert pvalue == pytest.approx(max(score, fisher_midp(8, 4000, 1, 4000)), rel=1e-9)


def test_mid_p_is_fishers_p_less_half_of_the_tied_tables():
    x, n, x0, n0 = 7, 34, 1, 34
    fisher = stats.fisher_exact([[x, x0], [n - x, n0 - x0]]).pvalue
    seen = stats.hypergeom.pmf(x, n + n0, x + x0, n)
    # By symmetry of equal arms the table 1 v 7 is as likely as 7 v 1.
    assert fisher_midp(x, n, x0, n0) == pytest.approx(fisher - seen, abs=1e-12)
    assert boschloo(x, n, x0, n0) == boschloo(x, n, x0, n0)


@pytest.mark.parametrize(
    ("x", "n", "x0", "n0"),
    [(8, 4000, 1, 4000), (0, 6000, 9, 2500), (2990, 3000, 9999, 10000), (3, 12, 4000, 9000)],
)
def test_mid_p_by_scipys_hypergeometric(x, n, x0, n0):
    possible = range(max(0, x + x0 - n0), min(n, x + x0) + 1)
    weights = {k: stats.hypergeom.pmf(k, n + n0, x + x0, n) for k in possible}
    tied = [w for w in weights.values() if math.isclose(w, weights[x], rel_tol=1e-9)]
    less = sum(w for w in weights.values() if w < weights[x]) - sum(
        w for w in tied if w < weights[x]
    )
    assert fisher_midp(x, n, x0, n0) == pytest.approx(less + sum(tied) / 2, rel=1e-6)


def test_counts_in_billions_are_tested_at_once():
    # A rare event in so many is Poisson: given 9 events, each falls on either arm with 1/2.
    pvalue = fisher_midp(8, 10**12, 1, 10**12)
    fair = stats.binom(9, 0.5)
    assert pvalue == pytest.approx(2 * (fair.pmf(0) + fair.pmf(1) / 2), rel=1e-6)
    few = Arm("A", 10**12, 20), Arm("B", 10**12, 30)
    assert analyse(Setup("A", "clicks", "proportion"), few).params["needed_per_arm"] is None


def test_undefined_is_none_and_never_one():
    assert proportions.test(*arms(0, 50, 0, 50))[0] is None
    assert proportions.test(*arms(50, 50, 50, 50))[0] is None
    assert proportions.test(*arms(0, 0, 5, 50))[0] is None
    assert proportions.intervals(*arms(0, 0, 5, 50), alpha=0.05, pvalue=None) == (None, None)
    assert proportions.ratio_interval(5, 50, 0, 50) is None


@given(st.integers(1, 3000), st.integers(1, 3000), st.floats(0, 1), st.floats(0, 1))
@settings(max_examples=100, deadline=None)
def test_swapping_the_arms_turns_the_signs(n, n0, share, share0):
    x, x0 = round(n * share), round(n0 * share0)
    low, high = proportions.difference_interval(x, n, x0, n0)
    other = proportions.difference_interval(x0, n0, x, n)
    assert (low, high) == pytest.approx((-other[1], -other[0]), abs=1e-9)
    z, turned = proportions.score_z(x, n, x0, n0), proportions.score_z(x0, n0, x, n)
    assert (z is None and turned is None) or z == pytest.approx(-turned)


@given(st.integers(5, 500), st.integers(5, 500), st.floats(0.05, 0.95), st.floats(0.05, 0.95))
@settings(max_examples=50, deadline=None)
def test_twice_the_data_narrows_the_interval(n, n0, share, share0):
    x, x0 = round(n * share), round(n0 * share0)
    once = proportions.difference_interval(x, n, x0, n0)
    twice = proportions.difference_interval(2 * x, 2 * n, 2 * x0, 2 * n0)
    assert twice[1] - twice[0] < once[1] - once[0]
