"""Two proportions against published values, other libraries, and a slow search."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats
from statsmodels.stats.proportion import confint_proportions_2indep

from crm_metrics.experiments.distributions import boschloo
from crm_metrics.metrics.intervals import (
    Z,
    fisher_midp,
    score_difference,
    score_ratio,
    score_z,
)


def of_one(interval, table) -> tuple[float, float]:
    low, high = interval(*(np.array([float(part)]) for part in table))
    return float(low[0]), float(high[0])


@pytest.mark.parametrize(
    ("table", "low", "high"),
    [
        # Newcombe, Statistics in Medicine 17 (1998) 873-890, table II, method 5 (Mee).
        ((56, 70, 48, 80), 0.0533, 0.3377),
        ((9, 10, 3, 10), 0.1821, 0.8370),
    ],
)
def test_differences_published_for_mee(table, low, high):
    assert of_one(score_difference, table) == pytest.approx((low, high), abs=5e-5)


def test_ratio_published_by_koopman():
    # Koopman, Biometrics 40 (1984) 513-517: 36/40 v 16/80.
    low, high = of_one(score_ratio, (36, 40, 16, 80))
    assert (low, high) == pytest.approx((2.94, 7.15), abs=5e-3)


def test_a_rate_of_all_does_not_spoil_the_ratio():
    # statsmodels 0.15.0 gives 1.0256 here.
    low, high = of_one(score_ratio, (100, 100, 95, 100))
    assert low == pytest.approx(1.0127, abs=5e-5)
    assert high > 1


def test_ratio_equals_statsmodels_where_that_is_right():
    for x, n, x0, n0 in [(45, 900, 30, 1000), (558, 2769, 218, 1229), (7, 300, 12, 290)]:
        low, high = confint_proportions_2indep(
            x, n, x0, n0, method="score", compare="ratio", correction=False
        )
        found = of_one(score_ratio, (x, n, x0, n0))
        assert found == pytest.approx((low, high), rel=1e-6)


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

    low, high = of_one(score_difference, table)
    if low > -1:
        assert slow_score(low) == pytest.approx(1.959964, abs=2e-4)
    if high < 1:
        assert slow_score(high) == pytest.approx(-1.959964, abs=2e-4)


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
    x, n, x0, n0 = random_tables(10_000, seed=3).T.astype(float)
    shows = np.abs(score_z(x, n, x0, n0)) > Z
    assert 3000 < shows.sum() < 7000
    low, high = score_difference(x, n, x0, n0)
    seen = x / n - x0 / n0
    assert ((low >= -1) & (low <= seen) & (seen <= high) & (high <= 1)).all()
    assert (((low > 0) | (high < 0)) == shows).all()
    low, high = score_ratio(x, n, x0, n0)
    assert (np.isnan(low) == (x0 == 0)).all()
    some = x0 > 0
    seen = x[some] / n[some] / (x0[some] / n0[some])
    low, high, shows = low[some], high[some], shows[some]
    assert ((low >= 0) & (low <= seen * (1 + 1e-12)) & (high >= seen * (1 - 1e-12))).all()
    assert (((low > 1) | (high < 1)) == shows).all()


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


def test_what_is_no_share_has_no_interval():
    tables = [(5, 3, 1, 9), (-1, 9, 1, 9), (1, 0, 1, 9), (1, 9, 1, 0), (np.nan, 9, 1, 9)]
    columns = np.array(tables, dtype=float).T
    for part in (score_z(*columns), *score_difference(*columns), *score_ratio(*columns)):
        assert np.isnan(part).all()


_PAIRS = st.lists(
    st.tuples(st.integers(1, 3000), st.integers(1, 3000), st.floats(0, 1), st.floats(0, 1)),
    min_size=1,
    max_size=30,
)


def counts_of(pairs) -> tuple[np.ndarray, ...]:
    n, n0, share, share0 = np.array(pairs, dtype=float).T
    return np.round(n * share), n, np.round(n0 * share0), n0


@given(_PAIRS)
@settings(max_examples=40, deadline=None)
def test_swapping_the_arms_turns_the_signs(pairs):
    x, n, x0, n0 = counts_of(pairs)
    low, high = score_difference(x, n, x0, n0)
    other_low, other_high = score_difference(x0, n0, x, n)
    assert low == pytest.approx(-other_high, abs=1e-9)
    assert high == pytest.approx(-other_low, abs=1e-9)
    assert score_z(x, n, x0, n0) == pytest.approx(-score_z(x0, n0, x, n), nan_ok=True)


@given(_PAIRS)
@settings(max_examples=40, deadline=None)
def test_twice_the_data_narrows_the_interval_and_a_lower_level_widens_it(pairs):
    counts = counts_of(pairs)
    low, high = score_difference(*counts)
    twice_low, twice_high = score_difference(*(2 * part for part in counts))
    assert (twice_high - twice_low < high - low).all()
    wide_low, wide_high = score_difference(*counts, 0.01)
    assert (wide_low <= low).all()
    assert (wide_high >= high).all()
