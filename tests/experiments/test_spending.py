"""Planned looks: published bounds, and the p value that fits them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from crm_metrics.errors import CrmMetricsError
from crm_metrics.experiments import Arm, Setup, analyse, spending
from crm_metrics.experiments.looks import looks_named


def test_bounds_equal_the_published_ones():
    """R, package ldbounds, ldBounds(t = 1:5/5, iuse = 1, alpha = 0.025 a side), its vignette."""
    published = (4.8769, 3.3569, 2.6803, 2.2898, 2.0310)
    assert spending.bounds(5, 0.05) == pytest.approx(published, abs=1.2e-4)
    assert spending.bounds(1, 0.05) == pytest.approx([stats.norm.isf(0.025)])


@pytest.mark.parametrize("alpha", [0.05, 0.0125, 0.2])
def test_all_looks_together_hold_the_level(alpha):
    """The chance of crossing any bound of four looks, by scipy's four-dimensional integral."""
    planned = 4
    times = np.arange(1, planned + 1) / planned
    cov = np.sqrt(np.minimum.outer(times, times) / np.maximum.outer(times, times))
    ends = np.array(spending.bounds(planned, alpha))
    inside = stats.multivariate_normal(np.zeros(planned), cov, seed=1, abseps=1e-6)
    assert 1 - inside.cdf(ends, lower_limit=-ends) == pytest.approx(alpha, abs=2e-5)


def test_the_adjusted_p_is_below_a_level_exactly_where_the_look_calls_it():
    for look, alpha in [(1, 0.05), (3, 0.05), (5, 0.05), (2, 0.0125)]:
        own = spending.level(look, 5, alpha)
        assert spending.adjusted(own, look, 5) == pytest.approx(alpha, rel=1e-8)
        assert (
            spending.adjusted(own * 0.99, look, 5) < alpha < spending.adjusted(own * 1.01, look, 5)
        )
    assert spending.adjusted(1e-300, 1, 5) <= 1e-13
    assert spending.adjusted(0.9, 1, 5) == 1


def test_a_look_of_several_is_read_from_its_name():
    arms = Arm("A", 1000, 80), Arm("B", 1000, 108)
    asked = {look: Setup("A", "m", "proportion", looks=look) for look in ("once", "1/5", "5/5")}
    found = {look: analyse(setup, arms) for look, setup in asked.items()}
    assert [found[look].code for look in asked] == ["WINNER", "NO_CLEAR", "WINNER"]
    assert found["5/5"].comparisons[0].level == pytest.approx(2 * stats.norm.sf(2.0310), rel=1e-3)
    assert looks_named("1/1").planned == 1
    for wrong in ("0/5", "6/5", "2/", "/5", "2/50", "2/x", "1/2/5"):
        with pytest.raises(CrmMetricsError):
            looks_named(wrong)
