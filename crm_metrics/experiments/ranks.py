"""Ranks of scores (CSAT 1-5, NPS): a check beside the means, from counts of each value."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from crm_metrics.experiments.beside import Counts
from crm_metrics.experiments.distributions import normal_critical, normal_two_sided


@dataclass(frozen=True, slots=True)
class Ranks:
    """Mann-Whitney's test, and the chance that one of the first scores above one of the second."""

    pvalue: float | None
    superiority: float | None
    low: float | None
    high: float | None


def mann_whitney(scores: Counts, others: Counts, *, alpha: float) -> Ranks:
    """The two-sided test with ties, normal and without continuity correction; ties count half.

    The interval of the chance is Brunner and Munzel's, Biometrical Journal 42 (2000); the test's is
    that of Mann and Whitney, Ann. Math. Stat. 18 (1947). None where the scores do not differ.
    """
    values = np.array(sorted({value for value, _ in (*scores, *others)}))
    first, second = (_counts(values, part) for part in (scores, others))
    m, n = first.sum(), second.sum()
    if m < 2 or n < 2:
        return Ranks(None, None, None, None)
    below = np.cumsum(second) - second
    placed = below + second / 2  # of the second's, below each of the first's
    mine = float(first @ placed)
    superiority = mine / (m * n)
    total, tied = m + n, first + second
    spread = m * n / 12 * (total + 1 - (tied**3 - tied).sum() / (total * (total - 1)))
    if spread <= 0:
        return Ranks(None, float(superiority), None, None)
    pvalue = normal_two_sided(float((mine - m * n / 2) / math.sqrt(spread)))
    back = (np.cumsum(first) - first + first / 2) / m
    error = math.sqrt(_variance(placed / n, first) / m + _variance(back, second) / n)
    half = normal_critical(alpha) * error
    low, high = max(superiority - half, 0.0), min(superiority + half, 1.0)
    return Ranks(pvalue, float(superiority), float(low), float(high))


def _counts(values: np.ndarray, scores: Counts) -> np.ndarray:
    held = dict(scores)
    return np.array([held.get(float(value), 0) for value in values], dtype=float)


def _variance(parts: np.ndarray, counts: np.ndarray) -> float:
    mean = (parts * counts).sum() / counts.sum()
    return float((counts * (parts - mean) ** 2).sum() / (counts.sum() - 1))
