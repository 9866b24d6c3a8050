"""The exact test of two proportions with few events."""

from __future__ import annotations

import numpy as np


def fisher_midp(x: int, n: int, x0: int, n0: int) -> float:
    """Two-sided mid-P of Fisher's exact test: tables less likely than the seen one, half its ties.

    Source: Lancaster, JASA 56 (1961); Hwang and Yang, Statistica Sinica 11 (2001).
    """
    events = x + x0
    possible = np.arange(max(0, events - n0), min(n, events) + 1)
    # From each table to the next by the ratio of their probabilities: scipy's hypergeometric
    # takes minutes where the counts are in billions.
    at = possible[:-1].astype(float)
    steps = np.log((n - at) * (events - at)) - np.log((at + 1) * (n0 - events + at + 1))
    logs = np.concatenate([[0.0], np.cumsum(steps)])
    weights = np.exp(logs - logs.max())
    weights /= weights.sum()
    seen = weights[x - possible[0]]
    tied = np.isclose(weights, seen, rtol=1e-9, atol=0)
    return min(1.0, float(weights[(weights < seen) & ~tied].sum() + weights[tied].sum() / 2))
