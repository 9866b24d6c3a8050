"""Several arms against one control: Holm's correction, with an interval to each decision."""

from __future__ import annotations

from collections.abc import Sequence


def holm(pvalues: Sequence[float | None], alpha: float) -> list[tuple[float | None, float]]:
    """Adjusted p and the level at which each comparison was tested, in the order given.

    After the first comparison that does not pass, the rest is tested at that comparison's level;
    so an interval at the level excludes "no difference" exactly when the adjusted p < alpha.
    An undefined p (None) counts as one that does not pass. Source: Holm, Scand. J. Stat. 6 (1979).
    """
    count = len(pvalues)
    ranked = sorted(range(count), key=lambda place: _known(pvalues[place]))
    result: list[tuple[float | None, float]] = [(None, alpha)] * count
    running, level, passing = 0.0, alpha, True
    for rank, place in enumerate(ranked):
        pvalue = pvalues[place]
        running = max(running, min(1.0, (count - rank) * _known(pvalue)))
        if passing:
            level = alpha / (count - rank)
            passing = _known(pvalue) < level
        result[place] = (None if pvalue is None else running, level)
    return result


def _known(pvalue: float | None) -> float:
    return 1.0 if pvalue is None else pvalue
