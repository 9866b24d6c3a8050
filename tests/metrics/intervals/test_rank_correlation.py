"""Spearman's correlation against scipy, and its interval against simulated answers."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import rankdata, spearmanr

from crm_metrics.metrics.intervals import spearman, spearman_interval


def test_counted_pairs_give_what_scipy_gives_for_each_of_them():
    random = np.random.default_rng(3)
    x, y = random.integers(0, 40, 300).astype(float), random.integers(1, 6, 300).astype(float)
    y = np.where(x > 25, np.minimum(y, 3), y)
    pairs, times = np.unique(np.stack([x, y]), axis=1, return_counts=True)
    found = spearman(pairs[0], pairs[1], times.astype(float))
    assert found == pytest.approx(spearmanr(x, y).statistic, abs=1e-12)
    assert np.isnan(spearman(x, np.ones(300), np.ones(300)))
    assert np.isnan(spearman_interval(0.2, 3)).all()
    assert np.isnan(spearman_interval(1.0, 50)).all()


@pytest.mark.parametrize("steps", [(-1.6, -1.2, -0.7, 0.3), (-0.84,)])
def test_the_interval_holds_the_truth_as_often_as_it_says(steps):
    """Answers on five steps, and yes or no of which four in five are yes; n = 60."""
    random = np.random.default_rng(5)

    def drawn(*size: int):
        x = random.normal(size=size)
        y = -0.35 * x + np.sqrt(1 - 0.35**2) * random.normal(size=size)
        return x, np.digitize(y, steps).astype(float)

    truth = spearmanr(*drawn(200_000)).statistic
    x, y = (rankdata(part, axis=1) for part in drawn(3000, 60))
    x, y = (part - part.mean(axis=1, keepdims=True) for part in (x, y))
    found = (x * y).sum(1) / np.sqrt((x**2).sum(1) * (y**2).sum(1))
    ends = np.array([spearman_interval(one, 60) for one in found])
    share = ((ends[:, 0] <= truth) & (truth <= ends[:, 1])).mean()
    assert 0.94 <= share <= 0.985
