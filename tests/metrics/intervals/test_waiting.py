"""Quantiles of times that still run against statsmodels; of values in clusters by simulation."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.duration.survfunc import SurvfuncRight

from crm_metrics.metrics.intervals import clustered_quantile, quantile_ranks, survival_quantile


@pytest.mark.parametrize("p", [0.5, 0.9])
def test_kaplan_meier_is_that_of_statsmodels(p):
    random = np.random.default_rng(3)
    for n in (7, 40, 301):
        # Whole numbers: many end at one time, some while others are last seen.
        times, ended = np.ceil(random.exponential(50, n)), random.random(n) < 0.8
        curve = SurvfuncRight(times, ended.astype(int))
        different = np.unique(times)
        counts = [
            np.array([(own & (times == one)).sum() for one in different]) * 1.0
            for own in (ended, ~ended)
        ]
        value, low, high = survival_quantile(different, *counts, p)
        with np.errstate(divide="ignore", invalid="ignore"):
            expected = curve.quantile_ci(p, method="cloglog")
        wanted = np.array([curve.quantile(p), *expected], dtype=float)
        wanted[np.isinf(wanted)] = np.nan
        assert [value, low, high] == pytest.approx(list(wanted), nan_ok=True)


def test_without_open_ones_it_is_the_median_and_never_reached_is_said():
    times = np.array([1.0, 2, 3, 4])
    assert survival_quantile(times, np.ones(4), np.zeros(4), 0.5)[0] == 2.5
    assert np.isnan(survival_quantile(times, np.array([1.0, 0, 0, 0]), np.ones(4), 0.5)).all()
    assert np.isnan(survival_quantile(times, np.zeros(4), np.ones(4), 0.5)).all()


def test_clusters_of_one_give_nearly_the_order_statistics():
    values = np.random.default_rng(4).exponential(1, 400)
    value, low, high = clustered_quantile(values, np.arange(400), 0.5)
    ranks = [int(one) - 1 for one in quantile_ranks(np.array(400.0), 0.5)]
    ends = np.sort(values)[ranks]
    assert value == np.quantile(values, 0.5)
    assert (low, high) == pytest.approx(ends, rel=0.05)
    assert np.isnan(clustered_quantile(values[:8], np.arange(8) % 4, 0.5)[1:]).all()


def test_the_interval_of_clusters_holds_the_median_as_often_as_it_says():
    random = np.random.default_rng(6)
    clusters = np.repeat(np.arange(60), 8)
    held, naive = 0, 0
    low_rank, high_rank = (int(one) - 1 for one in quantile_ranks(np.array(480.0), 0.5))
    for _ in range(400):
        values = random.normal(size=60)[clusters] + random.normal(size=480) * 0.5
        _, low, high = clustered_quantile(values, clusters, 0.5)
        held += low <= 0 <= high
        ordered = np.sort(values)
        naive += ordered[low_rank] <= 0 <= ordered[high_rank]
    assert 0.92 <= held / 400 <= 0.98
    assert naive / 400 < 0.75  # each message for itself would promise far too much
