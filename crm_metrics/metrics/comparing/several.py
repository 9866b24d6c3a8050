"""Several comparisons at once: adjusted p values, and the level of each one's interval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

Adjustment = Literal["holm", "bh"]
Adjusted = tuple[float | None, float]
"""The adjusted p, and the level at which the comparison was tested."""


def adjusted(pvalues: Sequence[float | None], alpha: float, how: Adjustment) -> list[Adjusted]:
    """Holm's or Benjamini and Hochberg's adjustment, in the order given.

    Holm bounds the chance of any false difference, BH the share of false ones among those found.
    """
    return holm(pvalues, alpha) if how == "holm" else benjamini_hochberg(pvalues, alpha)


def holm(pvalues: Sequence[float | None], alpha: float) -> list[Adjusted]:
    """Adjusted p and the level at which each comparison was tested, in the order given.

    After the first comparison that does not pass, the rest is tested at that comparison's level;
    so an interval at the level excludes "no difference" exactly when the adjusted p < alpha.
    An undefined p (None) counts as one that does not pass. Source: Holm, Scand. J. Stat. 6 (1979).
    """
    count = len(pvalues)
    ranked = sorted(range(count), key=lambda place: _known(pvalues[place]))
    result: list[Adjusted] = [(None, alpha)] * count
    running, level, passing = 0.0, alpha, True
    for rank, place in enumerate(ranked):
        pvalue = pvalues[place]
        running = max(running, min(1.0, (count - rank) * _known(pvalue)))
        if passing:
            level = alpha / (count - rank)
            passing = _known(pvalue) < level
        result[place] = (None if pvalue is None else running, level)
    return result


def benjamini_hochberg(pvalues: Sequence[float | None], alpha: float) -> list[Adjusted]:
    """Adjusted p and the one level of all intervals, in the order given.

    The level is alpha times the share of comparisons that pass (of one, where none does), so an
    interval excludes "no difference" exactly when the adjusted p < alpha. Sources: Benjamini and
    Hochberg, JRSS B 57 (1995); for the intervals Benjamini and Yekutieli, JASA 100 (2005).
    """
    count = len(pvalues)
    ranked = sorted(range(count), key=lambda place: _known(pvalues[place]), reverse=True)
    found: list[float | None] = [None] * count
    running, passed = 1.0, 0
    for place, rank in zip(ranked, range(count, 0, -1), strict=True):
        pvalue = pvalues[place]
        running = min(running, _known(pvalue) * count / rank)
        found[place] = None if pvalue is None else running
        passed += running < alpha
    level = alpha * max(passed, 1) / max(count, 1)
    return [(own, level) for own in found]


def _known(pvalue: float | None) -> float:
    return 1.0 if pvalue is None else pvalue
