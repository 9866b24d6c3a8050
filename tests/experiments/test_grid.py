"""Over 500 cases against independent oracles: zero cells, whole arms, tiny and huge n."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import tea_tasting as tt
from scipy import stats
from statsmodels.stats.proportion import proportion_confint
from tea_tasting.aggr import Aggregates

from crm_metrics.experiments import Arm, Setup, analyse
from crm_metrics.metrics.intervals import fisher_midp

Z = stats.norm.isf(0.025)


def tables() -> list[tuple[int, int, int, int]]:
    """x0, n0, x, n: a grid with its corners, and random ones."""
    sizes = [(30, 30), (40, 400), (1000, 1000), (5000, 500), (200_000, 20_000), (10**7, 10**7)]
    shares = [0.0, 0.004, 0.05, 0.4, 0.97, 1.0]
    made = [
        (round(n0 * a), n0, round(n * b), n)
        for (n0, n), a, b in itertools.product(sizes, shares, shares)
    ]
    random = np.random.default_rng(31)
    for _ in range(130):
        n0, n = (int(10 ** random.uniform(1.3, 6)) for _ in range(2))
        rate = 10 ** random.uniform(-2.3, -0.1)
        low = int(random.binomial(n0, rate)), n0
        made.append((*low, int(random.binomial(n, min(rate * random.uniform(0.7, 1.5), 1))), n))
    return made


def score_of_difference(x0, n0, x, n, gap):
    """The score at a difference, with the likeliest rates found by halving on the likelihood."""
    low, high = max(0.0, -gap), min(1.0, 1.0 - gap)

    def slope(rate):
        other = rate + gap
        terms = [(x0, rate), (x, other)]
        rises = sum(k / p for k, p in terms if k)
        return rises - sum(
            (m - k) / (1 - p) for (k, p), m in zip(terms, (n0, n), strict=True) if m - k
        )

    a, b = low, high
    for _ in range(200):
        middle = (a + b) / 2
        if middle in (a, b):
            break
        value = slope(middle) if 0 < middle < 1 and 0 < middle + gap < 1 else 0.0
        a, b = (middle, b) if value > 0 else (a, middle)
    rate = (a + b) / 2
    other = rate + gap
    error = np.sqrt(rate * (1 - rate) / n0 + other * (1 - other) / n)
    return (x / n - x0 / n0 - gap) / error if error > 0 else np.inf


def score_of_ratio(x0, n0, x, n, ratio):
    """The score at a ratio of rates, rates by the quadratic of Farrington and Manning."""
    a = ratio * (n0 + n)
    b = -(ratio * n + x + n0 + ratio * x0)
    c = x0 + x
    rate = (-b - np.sqrt(b * b - 4 * a * c)) / (2 * a)
    other = ratio * rate
    error = np.sqrt(ratio**2 * rate * (1 - rate) / n0 + other * (1 - other) / n)
    return (x / n - ratio * x0 / n0) / error if error > 0 else np.inf


def test_shares():
    """P by scipy, each end of Mee's and Koopman's interval where the score is at its limit."""
    seen = dict.fromkeys(("plain", "few", "ends", "lifts"), 0)
    for x0, n0, x, n in tables():
        finding = analyse(Setup("A", "m", "proportion"), [Arm("A", n0, x0), Arm("B", n, x)])
        item = finding.comparisons[0]
        for arm, (k, m) in zip(finding.arms, ((x0, n0), (x, n)), strict=True):
            wilson = proportion_confint(k, m, method="wilson")
            assert (arm.low, arm.high) == pytest.approx(wilson, abs=1e-9)
        if x0 + x in (0, n0 + n):
            assert item.pvalue is None
            continue
        table = [[x, n - x], [x0, n0 - x0]]
        chi = stats.chi2_contingency(table, correction=False)
        if item.method == "score":
            seen["plain"] += 1
            assert item.pvalue == pytest.approx(chi.pvalue, rel=1e-6, abs=1e-12)
        else:
            seen["few"] += 1
            exact = (
                stats.boschloo_exact(np.transpose(table)).pvalue  # its columns are the arms
                if item.method == "score_boschloo"
                else fisher_midp(x, n, x0, n0)
            )
            assert item.pvalue == pytest.approx(max(chi.pvalue, exact), rel=1e-6, abs=1e-12)
            if item.pvalue >= 0.05:
                continue  # the interval may be stretched to the exact test's verdict
        for end in (item.difference_low, item.difference_high):
            if -1 < end < 1 and abs(end) > 1e-12:
                seen["ends"] += 1
                assert abs(score_of_difference(x0, n0, x, n, end)) == pytest.approx(Z, abs=1e-4)
        if item.lift is None:
            assert x0 == 0
            continue
        for end in (item.lift_low, item.lift_high):
            if end > -1 and abs(end) > 1e-12 and 0 < x0 < n0 and 0 < x < n:
                seen["lifts"] += 1
                assert abs(score_of_ratio(x0, n0, x, n, 1 + end)) == pytest.approx(Z, abs=1e-4)
    assert seen["plain"] + seen["few"] > 320
    assert min(seen.values()) > 40


def arm_of(name, n, sums):
    y, x, yy, xx, xy = sums
    return Arm(
        name, n, n, total=n * y, squares=(n - 1) * yy + n * y * y, base=n * x,
        base_squares=(n - 1) * xx + n * x * x, products=(n - 1) * xy + n * x * y,
    )  # fmt: skip


def aggregates(n, sums):
    y, x, yy, xx, xy = sums
    return Aggregates(
        count_=n, mean_={"x": x, "y": y}, var_={"x": xx, "y": yy}, cov_={("x", "y"): xy}
    )


def test_amounts_and_ratios():
    """Welch, the delta method and CUPED against tea-tasting, from the same sums; Fieller's ends."""
    random = np.random.default_rng(32)
    plain, ratio = tt.Mean("y", use_t=True), tt.RatioOfMeans("y", "x", use_t=False)
    adjusted = tt.Mean("y", covariate="x", use_t=True)
    for _ in range(60):
        made = []
        for _ in range(2):
            n = int(10 ** random.uniform(1.5, 7))
            y, x = 10 ** random.uniform(-1, 3), 10 ** random.uniform(-1, 2)
            yy, xx = (y * random.uniform(0.5, 6)) ** 2, (x * random.uniform(0.1, 2)) ** 2
            made.append((n, (y, x, yy, xx, random.uniform(-0.6, 0.9) * np.sqrt(yy * xx))))
        (y, x, *_), (_, _, *rest) = made[0][1], made[1][1]
        made[1] = (made[1][0], (y * random.uniform(0.8, 1.3), x * random.uniform(0.9, 1.1), *rest))
        sums = [aggregates(*part) for part in made]
        whole = [arm_of(name, *part) for name, part in zip("AB", made, strict=True)]
        bare = [Arm(a.name, a.n, a.n, total=a.total, squares=a.squares) for a in whole]
        for arms, shape, metric in (
            (bare, "mean", plain),
            (whole, "ratio", ratio),
            (whole, "mean", adjusted),
        ):
            item = analyse(Setup("A", "m", shape), arms).comparisons[0]
            result = metric.analyze_aggregates(*sums)
            low, high = result.effect_size_ci_lower, result.effect_size_ci_upper
            close = {"rel": 1e-6, "abs": 1e-6 * (high - low)}
            assert item.pvalue == pytest.approx(result.pvalue, rel=2e-6, abs=1e-12)
            assert item.difference == pytest.approx(result.effect_size, **close)
            assert (item.difference_low, item.difference_high) == pytest.approx(
                (low, high), **close
            )
        item = analyse(Setup("A", "m", "mean"), bare).comparisons[0]
        (n0, (y0, _, yy0, *_)), (n, (y, _, yy, *_)) = made
        errors = yy / n, yy0 / n0
        degrees = sum(errors) ** 2 / (errors[0] ** 2 / (n - 1) + errors[1] ** 2 / (n0 - 1))
        limit = stats.t.isf(0.025, degrees)
        if item.lift is None:
            assert item.lift_reason == "unbounded"
            assert y0**2 <= limit**2 * errors[1] * (1 + 1e-9)
            continue
        for end in (1 + item.lift_low, 1 + item.lift_high):
            t = (y - end * y0) / np.sqrt(errors[0] + end**2 * errors[1])
            assert abs(t) == pytest.approx(limit, rel=1e-6)
