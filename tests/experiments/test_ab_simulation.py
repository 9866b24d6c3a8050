"""How often equal arms win, and how often intervals hold the truth."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from crm_metrics.experiments import Arm, Setup, analyse
from crm_metrics.experiments import proportions as engine


@pytest.mark.parametrize(("n0", "n", "rate"), [(1200, 1200, 0.06), (2000, 500, 0.05)])
def test_equal_arms_seldom_win(n0, n, rate):
    """The exact chance of a false winner: the sum over all pairs of counts that would be called."""
    chance = 0.0
    counts0, counts = (
        np.arange(*(int(stats.binom.ppf(tail, size, rate)) for tail in (1e-7, 1 - 1e-7)))
        for size in (n0, n)
    )
    for x0, weight0 in zip(counts0, stats.binom.pmf(counts0, n0, rate), strict=True):
        for x, weight in zip(counts, stats.binom.pmf(counts, n, rate), strict=True):
            z = engine.score_z(int(x), n, int(x0), n0)
            chance += weight0 * weight * (abs(z) > 1.959964)
    assert 0.045 <= chance <= 0.055


@pytest.mark.slow
def test_daily_looks_do_not_make_winners_when_they_were_announced():
    random = np.random.default_rng(22)
    won = 0
    rounds, days = 400, 14
    for _ in range(rounds):
        day = random.binomial(500, 0.2, (days, 2)).cumsum(axis=0)
        for place, (x0, x) in enumerate(day):
            n = 500 * (place + 1)
            setup = Setup("A", "clicked", "proportion", looks="any", planned_n=500 * days)
            finding = analyse(setup, (Arm("A", n, int(x0)), Arm("B", n, int(x))))
            if finding.code in ("WINNER", "WORSE"):
                won += 1
                break
    assert won / rounds <= 0.055


@pytest.mark.slow
@pytest.mark.parametrize("rate", [0.02, 0.2])
@pytest.mark.parametrize("lift", [0.0, 0.3])
@pytest.mark.parametrize(("n0", "n"), [(2000, 2000), (5000, 500)])
def test_intervals_hold_the_truth_nineteen_times_in_twenty(rate, lift, n0, n):
    random = np.random.default_rng(23)
    rounds, held, lifts_held, lifts = 1500, 0, 0, 0
    true = rate * (1 + lift)
    for x0, x in zip(
        random.binomial(n0, rate, rounds), random.binomial(n, true, rounds), strict=True
    ):
        low, high = engine.difference_interval(int(x), n, int(x0), n0)
        held += low <= true - rate <= high
        ratio = engine.ratio_interval(int(x), n, int(x0), n0)
        if ratio is not None:
            lifts += 1
            lifts_held += ratio[0] <= 1 + lift <= ratio[1]
    # Three standard errors of the simulation below and above the promised 94-96.5 %.
    assert 0.925 <= held / rounds <= 0.98
    assert 0.925 <= lifts_held / lifts <= 0.98
