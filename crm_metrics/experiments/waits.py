"""Times to an answer: who has not answered yet counts as one who may still."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from crm_metrics.experiments.beside import LogRank, Waits
from crm_metrics.experiments.distributions import chi_square_above, normal_critical
from crm_metrics.experiments.model import Arm

_DRAWS = 4000
MOST_TIMES = 1_000
"""So many different times stay as they are; more are rounded up, by `STEP` at most."""
STEP = 0.01
_HOUR = 3600
_EARLY = 0.1
Numbers = NDArray[np.float64]
Curve = tuple[tuple[float, float], ...]
"""Hours, and the share that has answered by then."""


def gathered(
    arms: Sequence[str], places: NDArray[np.int64], seconds: Numbers, *parts: NDArray[np.int64]
) -> tuple[Waits, ...]:
    """The waits of each arm from rows of an arm's place, seconds, and the two counts.

    Over `MOST_TIMES` different times (of all arms together) are rounded up to common moments, each
    at most 1 % (or a second) after the one before, so that a finding's file stays small whatever
    the log. How many have answered by such a moment stays exact.
    """
    return _counted(_moments(seconds), arms, places, seconds, *parts)


def log_ranks(
    arms: Sequence[str], places: NDArray[np.int64], seconds: Numbers, *parts: NDArray[np.int64]
) -> tuple[LogRank, ...]:
    """The log-rank test of every pair of arms over exact times, from the rows of `gathered`.

    Empty where `gathered` rounds nothing, so that its waits say the same.
    """
    different = np.unique(seconds)
    if len(different) <= MOST_TIMES:
        return ()
    exact = _counted(different, arms, places, seconds, *parts)
    return tuple(
        LogRank(first.arm, second.arm, log_rank(first, second))
        for first, second in combinations(exact, 2)
    )


def _counted(
    moments: Numbers,
    arms: Sequence[str],
    places: NDArray[np.int64],
    seconds: Numbers,
    *parts: NDArray[np.int64],
) -> tuple[Waits, ...]:
    """The waits of each arm, each row at the first of the moments that is not before it."""
    at = np.searchsorted(moments, seconds)
    found = []
    for place, arm in enumerate(arms):
        own = places == place
        counts = [np.bincount(at[own], part[own], len(moments)).astype(np.int64) for part in parts]
        seen = sum(counts) > 0
        found.append(Waits(arm, moments[seen] / _HOUR, *(part[seen] for part in counts)))
    return tuple(found)


def _moments(seconds: Numbers) -> Numbers:
    different = np.unique(seconds)
    if len(different) <= MOST_TIMES:
        return different
    last = float(different[-1])
    steps = np.floor((1 + STEP) ** np.arange(math.log(last) / math.log1p(STEP)))
    return np.unique(np.concatenate(([0.0], steps, [last])))


def within(waits: Waits, hours: float) -> Arm:
    """Who answered within so many hours, of all who were seen so long or answered before."""
    early = waits.hours <= hours
    answered = int(waits.ended[early].sum())
    seen = answered + int(waits.ended[~early].sum() + waits.running[waits.hours >= hours].sum())
    return Arm(waits.arm, seen, answered)


def answered_by(waits: Waits) -> Curve:
    """The share that has answered by each hour: one minus Kaplan and Meier's curve (1958)."""
    left = np.cumprod(1 - waits.ended / np.maximum(waiting(waits), 1))
    moves = waits.ended > 0
    return tuple(
        (float(hour), float(1 - share))
        for hour, share in zip(waits.hours[moves], left[moves], strict=True)
    )


def likely(waits: Waits, *, alpha: float) -> tuple[tuple[float, float] | None, ...]:
    """The ends of the likely range at each moment of `answered_by`.

    Greenwood's variance on the log-log scale, so that no end is below 0 or above 1 (Kalbfleisch and
    Prentice, The Statistical Analysis of Failure Time Data, 1980). Where everybody has answered it
    is undefined (None).
    """
    at_risk = waiting(waits)
    moves = waits.ended > 0
    d, n = waits.ended[moves], at_risk[moves]
    with np.errstate(divide="ignore", invalid="ignore"):
        left = np.cumprod(1 - d / n)
        error = np.sqrt(np.cumsum(d / (n * (n - d)))) / np.log(left)
        ends = [1 - left ** np.exp(sign * normal_critical(alpha) * error) for sign in (1, -1)]
    pairs = zip(left, np.minimum(*ends).tolist(), np.maximum(*ends).tolist(), strict=True)
    return tuple((low, high) if share > 0 else None for share, low, high in pairs)


def mostly_early(waits: Sequence[Waits], end: float) -> bool:
    """Whether half of the answers came in the first tenth of the time up to `end`."""
    early = sum(int(one.ended[one.hours <= _EARLY * end].sum()) for one in waits)
    return 2 * early > sum(int(one.ended.sum()) for one in waits)


def thinned(count: int, most: int = 300) -> list[int]:
    """The places of at most so many moments, evenly spread, the first and the last among them.

    A line of more looks the same and weighs more.
    """
    places = np.linspace(0, count - 1, min(count, most)).round().astype(int)
    return [int(place) for place in dict.fromkeys(places.tolist())]


def waiting(waits: Waits) -> np.ndarray:
    """How many have neither answered nor gone out of sight before each of the hours."""
    return np.cumsum((waits.ended + waits.running)[::-1])[::-1]


def log_rank(first: Waits, second: Waits) -> float | None:
    """Two-sided p of the log-rank test over all recipients; None where nobody answered.

    Source: Mantel, Cancer Chemotherapy Reports 50 (1966), hypergeometric variance.
    """
    hours = np.union1d(first.hours, second.hours)
    ended, running = (
        [_on(hours, waits.hours, part(waits)) for waits in (first, second)]
        for part in (lambda one: one.ended, lambda one: one.running)
    )
    risks = [np.cumsum((e + r)[::-1])[::-1] for e, r in zip(ended, running, strict=True)]
    events, at_risk = ended[0] + ended[1], risks[0] + risks[1]
    happens = (events > 0) & (at_risk > 1)
    d, n, own = events[happens], at_risk[happens], risks[0][happens]
    variance = float((d * own / n * (1 - own / n) * (n - d) / (n - 1)).sum())
    if variance <= 0:
        return None
    gap = float(ended[0][happens].sum() - (d * own / n).sum())
    return chi_square_above(gap * gap / variance, 1)


def median_gap(first: Waits, second: Waits, *, alpha: float) -> tuple[float, float, float] | None:
    """How many hours later the middle answer of the first comes, among those who answered.

    Descriptive: the two answered for different reasons. The interval is the bootstrap's: the median
    of n drawn values is the value at a share that is Beta((n + 1) / 2, (n + 1) / 2) (Maritz and
    Jarrett, JASA 73 (1978)), so that no rows need to be drawn.
    """
    if min(int(first.ended.sum()), int(second.ended.sum())) < 2:
        return None
    random = np.random.default_rng(0)
    drawn = []
    for waits in (first, second):
        shape = (int(waits.ended.sum()) + 1) / 2
        drawn.append(_at(waits, random.beta(shape, shape, _DRAWS)))
    gaps = np.quantile(drawn[0] - drawn[1], (alpha / 2, 1 - alpha / 2))
    middle = _at(first, np.array([0.5])) - _at(second, np.array([0.5]))
    return float(middle[0]), float(gaps[0]), float(gaps[1])


def _at(waits: Waits, shares: np.ndarray) -> np.ndarray:
    reached = np.cumsum(waits.ended) / waits.ended.sum()
    return waits.hours[np.searchsorted(reached, np.minimum(shares, math.nextafter(1, 0)))]


def _on(hours: np.ndarray, own: np.ndarray, counts: np.ndarray) -> np.ndarray:
    placed = np.zeros(len(hours))
    placed[np.searchsorted(hours, own)] = counts
    return placed
