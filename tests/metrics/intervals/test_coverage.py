"""How often intervals hold the truth, over the rates and sizes that a CRM meets.

The means, least and greatest that docs/intervals.md states are those found here.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from scipy import stats

from crm_metrics.metrics import intervals
from crm_metrics.metrics.comparing.differences import differences

RATES = np.array([0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6])
SIZES = (50, 100, 200, 500, 1000, 2000, 5000, 10_000, 30_000, 100_000)
PAIRS = (
    (50, 50), (200, 200), (1000, 1000), (10_000, 10_000), (100_000, 100_000),
    (200, 50), (5000, 500), (100_000, 2000),
)  # fmt: skip

pytestmark = pytest.mark.slow


def held(interval, truth) -> np.ndarray:
    low, high = interval
    return (low <= truth) & (truth <= high)


def test_wilson_by_exact_sums():
    """The chance of every count that holds the rate, summed: no simulation."""
    found = {}
    for n in SIZES:
        counts = np.arange(n + 1.0)
        low, high = intervals.wilson(counts, np.full(n + 1, float(n)))
        for rate in RATES:
            found[n * rate, n] = stats.binom.pmf(counts, n, rate)[held((low, high), rate)].sum()
    events = np.array([expected for expected, _ in found])
    coverage = np.array(list(found.values()))
    assert coverage.mean() == pytest.approx(0.948, abs=5e-4)
    assert 0.94 <= coverage.mean() <= 0.965
    many = coverage[events >= 5]
    assert many.mean() == pytest.approx(0.951, abs=5e-4)
    assert (many.min(), many.max()) == pytest.approx((0.935, 0.970), abs=6e-4)
    # Under five expected events a count more or less is a large step: cells leave the band.
    few = coverage[events < 5]
    assert few.mean() == pytest.approx(0.937, abs=5e-4)
    assert (few.min(), few.max()) == pytest.approx((0.905, 0.983), abs=6e-4)


def test_the_score_intervals_of_two_proportions():
    random = np.random.default_rng(1)
    rounds = 400
    cells = np.array(
        [(*pair, p, p * lift) for pair, p, lift in product(PAIRS, RATES[:9:2], (1, 1.3))]
    )
    n, n0, rate, rate0 = np.repeat(cells, rounds, axis=0).T
    x, x0 = random.binomial(n.astype(int), rate) * 1.0, random.binomial(n0.astype(int), rate0) * 1.0
    sums = ({"x": x, "n": n}, {"x": x0, "n": n0})
    compared = differences("proportion", *sums, np.full(x.shape, 0.05))
    score = held(intervals.score_difference(x, n, x0, n0), rate - rate0)
    shown = held((compared.low, compared.high), rate - rate0)
    # A lift that can't be bounded is said to be anything.
    lift = held((compared.relative_low, compared.relative_high), rate / rate0 - 1) | (x0 == 0)
    many = np.minimum(n * rate, n0 * rate0) >= 5
    assert score.mean() == pytest.approx(0.954, abs=4e-3)
    for coverage in (score, shown, lift):
        # Three standard errors of these 26,000 rounds are 0.4 points.
        assert 0.94 <= coverage[many].mean() <= 0.965
    # With few events the interval of the difference is on the safe side, an exact test more so.
    assert 0.95 <= score[~many].mean() <= shown[~many].mean() <= 0.99


def test_equal_rates_seldom_differ_clearly_even_with_few_events():
    """The exact chance of a false difference, where four in five are on one side."""
    for n, n0, rate in ((200, 50, 0.03), (120, 30, 0.1), (400, 100, 0.01)):
        x, x0 = (part.ravel() * 1.0 for part in np.meshgrid(np.arange(41), np.arange(26)))
        sums = (
            {"x": x, "n": np.full(x.shape, n * 1.0)},
            {"x": x0, "n": np.full(x.shape, n0 * 1.0)},
        )
        called = differences("proportion", *sums, np.full(x.shape, 0.05)).pvalue < 0.05
        chance = stats.binom.pmf(x, n, rate) * stats.binom.pmf(x0, n0, rate)
        assert chance.sum() > 0.999
        assert chance[called].sum() < 0.055


def test_quantiles_by_exact_sums():
    for p, (mean, greatest) in {0.5: (0.955, 0.992), 0.9: (0.957, 0.985)}.items():
        n = np.arange(6.0, 2000.0)
        low, high = intervals.quantile_ranks(n, p)
        both = ~np.isnan(low) & ~np.isnan(high)
        n, low, high = n[both], low[both], high[both]
        coverage = stats.binom.cdf(high - 1, n, p) - stats.binom.cdf(low - 1, n, p)
        assert coverage.min() >= 0.95
        assert coverage.mean() == pytest.approx(mean, abs=1e-3)
        assert coverage.max() == pytest.approx(greatest, abs=1e-3)


def test_differences_of_quantiles_are_on_the_safe_side():
    random = np.random.default_rng(3)
    for p, n, n0 in ((0.5, 40, 40), (0.5, 300, 300), (0.9, 100, 100)):
        parts = []
        for size, middle in ((n, 0.0), (n0, 0.2)):
            values = np.sort(random.lognormal(middle, 1, (1000, size)), axis=1)
            low, high = (
                int(end[0]) - 1 for end in intervals.quantile_ranks(np.array([size * 1.0]), p)
            )
            parts.append((np.quantile(values, p, axis=1), values[:, low], values[:, high]))
        at = stats.norm.ppf(p)
        coverage = held(intervals.square_and_add(*parts), np.exp(at) - np.exp(at + 0.2)).mean()
        assert 0.945 <= coverage <= 0.995


def test_nps():
    random = np.random.default_rng(4)
    found = []
    for n, shares in product((30, 100, 400, 2000), ((0.5, 0.2), (0.8, 0.05), (0.3, 0.4))):
        counts = random.multinomial(n, [*shares, 1 - sum(shares)], 2000).T * 1.0
        centre, error = intervals.nps_adjusted(counts[0], counts[1], np.full(2000, n * 1.0))
        ends = centre - intervals.Z * error, centre + intervals.Z * error
        found.append(held(ends, 100 * (shares[0] - shares[1])).mean())
    assert np.mean(found) == pytest.approx(0.951, abs=5e-3)
    assert min(found) > 0.93


@pytest.mark.parametrize(
    ("spread", "m", "documented", "flagged"),
    [
        # Log-normal amounts a unit: the heavier the tail, the more units it takes.
        (0.3, 20, 0.947, False),
        (1.0, 20, 0.869, True),
        (1.0, 200, 0.925, False),
        (1.5, 50, 0.817, True),
        (1.5, 1000, 0.921, False),
    ],
)
def test_the_delta_method_by_the_weight_of_the_tail(spread, m, documented, flagged):
    random = np.random.default_rng(5)
    y = random.lognormal(0, spread, (2000, m))
    x = np.ones(y.shape)
    sums = {"y": y, "x": x, "yy": y * y, "xx": x * x, "xy": x * y}
    parts = {name: part.sum(axis=1) for name, part in sums.items()}
    units = np.full(2000, m * 1.0)
    variance = intervals.ratio_variance(**parts, m=units)
    ends = intervals.student(parts["y"] / parts["x"], variance, units - 1)
    # Three standard errors of 2,000 rounds are up to 2.6 points.
    assert held(ends, np.exp(spread**2 / 2)).mean() == pytest.approx(documented, abs=0.026)
    heavy = intervals.heavy_tail(parts["y"], parts["yy"], units)
    assert (heavy.mean() > 0.5) == flagged
