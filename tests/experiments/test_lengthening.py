"""How much longer planned looks make a test: published factors, and simulated power."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from crm_metrics.experiments import Arm, Setup, plan, plan_mean, spending
from crm_metrics.experiments.lengthening import lengthened, ratio
from crm_metrics.experiments.needed import needed_per_arm

# Jennison and Turnbull, Group Sequential Methods (2000), tables 2.1 to 2.4, alpha 0.05: the bound's
# constant, then the factor at power 0.8.
POCOCK = {2: (2.178, 1.110), 3: (2.289, 1.166), 5: (2.413, 1.229), 10: (2.555, 1.301)}
O_BRIEN = {2: (1.977, 1.008), 3: (2.004, 1.017), 5: (2.040, 1.028), 10: (2.087, 1.040)}


@pytest.mark.parametrize("looks", [2, 3, 5, 10])
def test_factors_equal_the_published_ones(looks):
    constant, factor = POCOCK[looks]
    assert ratio((constant,) * looks, 0.05, 0.8) == pytest.approx(factor, abs=1.2e-3)
    constant, factor = O_BRIEN[looks]
    ends = tuple(constant * math.sqrt(looks / look) for look in range(1, looks + 1))
    assert ratio(ends, 0.05, 0.8) == pytest.approx(factor, abs=6e-4)


def test_the_power_of_planned_looks_is_that_of_simulated_tests():
    rng = np.random.default_rng(3)
    ends, runs = np.array(spending.bounds(5, 0.05)), 40_000
    drift = (stats.norm.isf(0.025) + stats.norm.isf(0.2)) * math.sqrt(lengthened("5", 0.05, 0.8))
    walked = np.cumsum(rng.normal(drift / 5, math.sqrt(1 / 5), (runs, 5)), axis=1)
    z = walked / np.sqrt(np.arange(1, 6) / 5)
    assert np.mean((np.abs(z) > ends).any(axis=1)) == pytest.approx(0.8, abs=0.006)
    # Under no drift the same integral gives the level.
    assert spending.reached(tuple(ends), 0.0) == pytest.approx(0.05, abs=1e-9)


def test_one_look_costs_nothing_and_any_time_the_bound_at_the_end():
    assert lengthened("once", 0.05, 0.8) == lengthened("1", 0.05, 0.8) == 1
    # A confidence sequence tuned to its end: x from Waudby-Smith and others (2024), section 3.
    log = -2 * math.log(0.05)
    x = log + math.log(log + 1)
    end = math.sqrt((x + 1) / x * math.log((x + 1) / 0.05**2))
    beta, z = stats.norm.isf(0.2), stats.norm.isf(0.025)
    assert lengthened("any", 0.05, 0.8) == pytest.approx(((end + beta) / (z + beta)) ** 2, rel=1e-4)


def test_plans_are_longer_by_the_factor_and_a_list_shows_less():
    once, five = plan(0.2, lift=0.25), plan(0.2, lift=0.25, looks="5")
    assert (once.n, five.n) == (1094, 1121)
    assert five.longer == lengthened("5", 0.05, 0.8)
    assert plan(0.2, n=five.n, looks="5").lift == pytest.approx(0.25, abs=2e-4)
    mean = plan_mean(100, 250, lift=0.1, looks="5", arms=3)
    short = plan_mean(100, 250, lift=0.1, arms=3)
    assert mean.n == pytest.approx(short.n * lengthened("5", 0.025, 0.8), abs=1)
    arms = (Arm("A", 1000, 200), Arm("B", 1000, 210))
    asked = Setup("A", "Clicked", "proportion", smallest_lift=0.25, looks="2/5")
    assert needed_per_arm(asked, arms, 0.2) == 1121
