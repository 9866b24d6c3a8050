"""Two proportions against published values, other libraries, and a slow search."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from crm_metrics.experiments import analyse, proportions
from crm_metrics.experiments.model import Arm, Setup
from crm_metrics.metrics.intervals import fisher_midp


def arms(x: int, n: int, x0: int, n0: int) -> tuple[Arm, Arm]:
    return Arm("B", n, x), Arm("A", n0, x0)


def test_the_widely_copied_demo_gets_the_right_p_value():
    pvalue, method = proportions.test(*arms(100, 1000, 80, 1000), quickly=False)
    assert pvalue == pytest.approx(0.118125, abs=1e-6)
    assert method == "score"


def test_wilson_equals_scipy_and_statsmodels():
    for x, n, alpha in [(0, 20, 0.05), (20, 20, 0.05), (80, 1000, 0.05), (3, 11, 0.01)]:
        assert proportions.wilson(x, n, alpha) == pytest.approx(
            proportion_confint(x, n, alpha, method="wilson"), abs=1e-12
        )
    assert proportions.wilson(0, 0) is None


def test_exact_path_keeps_interval_and_p_value_together():
    random = np.random.default_rng(5)
    methods = set()
    for _ in range(80):
        n, n0 = (int(value) for value in random.integers(8, 60, 2))
        x, x0 = int(random.binomial(n, 0.15)), int(random.binomial(n0, 0.03))
        pvalue, method = proportions.test(*arms(x, n, x0, n0), quickly=False)
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
    pvalue, method = proportions.test(*arms(5, 30, 0, 30), quickly=False)
    assert method == "score_boschloo"
    table = [[5, 0], [25, 30]]
    score = stats.chi2_contingency(table, correction=False).pvalue
    assert pvalue == pytest.approx(max(score, stats.boschloo_exact(table).pvalue), abs=1e-9)
    table = [[8, 1], [3992, 3999]]
    pvalue, method = proportions.test(*arms(8, 4000, 1, 4000), quickly=False)
    assert method == "score_fisher_midp"
    score = stats.chi2_contingency(table, correction=False).pvalue
    assert pvalue == pytest.approx(max(score, fisher_midp(8, 4000, 1, 4000)), rel=1e-9)


def test_counts_in_billions_are_tested_at_once():
    # A rare event in so many is Poisson: given 9 events, each falls on either arm with 1/2.
    pvalue = fisher_midp(8, 10**12, 1, 10**12)
    fair = stats.binom(9, 0.5)
    assert pvalue == pytest.approx(2 * (fair.pmf(0) + fair.pmf(1) / 2), rel=1e-6)
    few = Arm("A", 10**12, 20), Arm("B", 10**12, 30)
    assert analyse(Setup("A", "clicks", "proportion"), few).params["needed_per_arm"] is None


def test_undefined_is_none_and_never_one():
    assert proportions.test(*arms(0, 50, 0, 50), quickly=False)[0] is None
    assert proportions.test(*arms(50, 50, 50, 50), quickly=False)[0] is None
    assert proportions.test(*arms(0, 0, 5, 50), quickly=False)[0] is None
    assert proportions.intervals(*arms(0, 0, 5, 50), alpha=0.05, pvalue=None) == (None, None)
    difference, lift = proportions.intervals(*arms(5, 50, 0, 50), alpha=0.05, pvalue=0.03)
    assert difference[0] > 0
    assert lift is None
