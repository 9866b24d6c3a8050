"""Chances to be best and expected losses against closed forms, Monte Carlo and symmetry."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest
from scipy.special import betaln
from scipy.stats import norm

from crm_metrics.experiments import Arm, Setup, analyse
from crm_metrics.experiments.bayes import beliefs, chances


def closed_form(x0: int, n0: int, x: int, n: int) -> float:
    """P(second beats first). Source: Evan Miller, Formulas for Bayesian A/B Testing, eq. 6."""
    a, b, a2, b2 = 1 + x0, 1 + n0 - x0, 1 + x, 1 + n - x
    i = np.arange(a2)
    logs = betaln(a + i, b + b2) - np.log(b2 + i) - betaln(1 + i, b2) - betaln(a, b)
    return float(np.exp(logs).sum())


def expected_gain(x0: int, n0: int, x: int, n: int) -> float:
    """E[max(0, second - first)] by the closed form. Source: Chris Stucchio (2014)."""
    a, b, c, d = 1 + x0, 1 + n0 - x0, 1 + x, 1 + n - x
    up = np.exp(betaln(c + 1, d) - betaln(c, d)) * raised(a, b, c + 1, d)
    return float(up - np.exp(betaln(a + 1, b) - betaln(a, b)) * raised(a + 1, b, c, d))


def raised(a: int, b: int, c: int, d: int) -> float:
    i = np.arange(c)
    return float(
        np.exp(betaln(a + i, b + d) - np.log(d + i) - betaln(1 + i, d) - betaln(a, b)).sum()
    )


def test_two_arms_equal_the_closed_forms():
    cells = [(0, 3), (3, 3), (0, 900), (80, 1000), (100, 1000), (5, 20_000), (6100, 9000), (1, 7)]
    for first, second in product(cells, cells):
        best, losses = chances([first, second])
        assert best[1] == pytest.approx(closed_form(*first, *second), abs=1e-9), (first, second)
        assert losses[0] == pytest.approx(expected_gain(*first, *second), abs=1e-9)
        assert sum(best) == pytest.approx(1, abs=1e-12)
        # A loss less the other's is the difference of the means: no draw is lost.
        means = [(1 + x) / (2 + n) for x, n in (first, second)]
        assert losses[0] - losses[1] == pytest.approx(means[1] - means[0], abs=1e-12)


def test_huge_arms_are_normal_and_stable():
    for x0, x in ((2_000_000, 2_001_500), (4_000, 4_100), (5_000_000, 5_000_000)):
        best, _ = chances([(x0, 10**7), (x, 10**7)])
        p0, p = (1 + x0) / (2 + 10**7), (1 + x) / (2 + 10**7)
        z = (p - p0) / np.sqrt((p0 * (1 - p0) + p * (1 - p)) / 10**7)
        assert best[1] == pytest.approx(norm.cdf(z), abs=1e-4)
        assert chances([(x0, 10**7), (x, 10**7)]) == chances([(x0, 10**7), (x, 10**7)])
    # A broad belief beside a needle: the uniform's chance to lie above 0.3.
    assert chances([(3_000_000, 10**7), (0, 0)])[0][1] == pytest.approx(0.7, abs=1e-6)


def test_several_arms_lie_within_a_long_monte_carlo():
    rng = np.random.default_rng(11)
    for count in (3, 5, 10):
        arms = [(int(rng.integers(20, 60)), int(rng.integers(400, 900))) for _ in range(count)]
        drawn = np.array([rng.beta(1 + x, 1 + n - x, 200_000) for x, n in arms])
        best, losses = chances(arms)
        often = np.bincount(drawn.argmax(axis=0), minlength=count) / drawn.shape[1]
        lost = (drawn.max(axis=0) - drawn).mean(axis=1)
        assert np.abs(often - best).max() < 0.005
        assert np.abs(lost - losses).max() < 1e-4
        assert sum(best) == pytest.approx(1, abs=1e-10)


def test_equal_arms_share_the_chance_and_order_changes_nothing():
    for count in (2, 4, 10):
        best, losses = chances([(30, 700)] * count)
        assert best == pytest.approx([1 / count] * count, abs=1e-12)
        assert max(losses) - min(losses) < 1e-15
    arms = [(30, 700), (41, 650), (9, 80)]
    best, losses = chances(arms)
    for left, right in combinations(range(3), 2):
        swapped = list(arms)
        swapped[left], swapped[right] = swapped[right], swapped[left]
        again = chances(swapped)
        assert again[0][left] == pytest.approx(best[right], abs=1e-12)
        assert again[1][left] == pytest.approx(losses[right], abs=1e-14)


def test_beliefs_carry_the_loss_to_the_rest_of_the_list_and_turn_with_the_direction():
    setup = Setup("A", "Clicked", "proportion", rest=50_000, value_each=3.0)
    arms = (Arm("A", 1000, 80), Arm("B", 1000, 100))
    first, second = beliefs(analyse(setup, arms))
    assert (first.beats_control, second.beats_control) == (None, second.best)
    assert second.best == pytest.approx(closed_form(80, 1000, 100, 1000), abs=1e-9)
    assert not second.clear
    assert second.loss_events == pytest.approx(50_000 * second.loss)
    assert second.loss_money == pytest.approx(150_000 * second.loss)
    down = beliefs(analyse(Setup("A", "Left", "proportion", direction="down"), arms))
    assert down[0].best == pytest.approx(second.best, abs=1e-12)
    assert down[0].loss_events is None


def test_no_belief_where_the_verdict_is_withheld_or_there_are_no_shares():
    split = Setup("A", "Clicked", "proportion", split=(1, 1))
    assert beliefs(analyse(split, (Arm("A", 4790, 300), Arm("B", 5210, 400)))) == ()
    mean = Setup("A", "Revenue", "mean")
    sums = (Arm("A", 500, 40, 4000, 90_000), Arm("B", 500, 44, 4100, 95_000))
    assert beliefs(analyse(mean, sums)) == ()
