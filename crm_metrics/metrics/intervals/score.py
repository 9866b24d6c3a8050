"""Two proportions: the pooled score test, and the intervals that can't contradict it.

The difference has Mee's interval and the ratio Koopman's: both are the score test turned round,
so at "no difference" they ask the same question as the test does. Every argument is an array of
one shape; pairs with a share outside of 0..1 or without a base have NaN.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from crm_metrics.metrics.intervals.critical import ALPHA, Floats, Interval, normal_critical

Flags = NDArray[np.bool_]

Counts = tuple[Floats, Floats, Floats, Floats]
"""Events and trials of the first, events and trials of the second."""

_TINY = 1e-300
_CLOSE = 1e-12  # of the score
_STEPS = 60


def score_z(x: Floats, n: Floats, x0: Floats, n0: Floats) -> Floats:
    """Signed pooled z of x/n against x0/n0, without continuity correction.

    NaN where the test is undefined: no trials, or all or none succeed. Its square is Pearson's
    chi-square of the 2x2 table.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        pooled = (x + x0) / (n + n0)
        z = (x / n - x0 / n0) / np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / n0))
    defined = _sound((x, n, x0, n0)) & (x + x0 > 0) & (x + x0 < n + n0)
    return np.where(defined, z, np.nan)


def smallest_expected(x: Floats, n: Floats, x0: Floats, n0: Floats) -> Floats:
    """The smallest count that the 2x2 table would have if the two shares were alike."""
    events = x + x0
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.minimum(n, n0) * np.minimum(events, n + n0 - events) / (n + n0)


def score_difference(
    x: Floats, n: Floats, x0: Floats, n0: Floats, alpha: Floats | float = ALPHA
) -> Interval:
    """Mee's score interval of x/n - x0/n0.

    Mee (1984), Biometrics 40, 1175-1176; it is Miettinen and Nurminen's (1985), Statistics in
    Medicine 4, 213-226, without the factor N/(N-1).
    """
    sound, counts, z, critical = _prepared((x, n, x0, n0), alpha)
    both = tuple(
        np.stack([one, other]) for one, other in zip(counts, _swapped(counts), strict=True)
    )
    low, other = _lowest_difference(both, critical)  # type: ignore[arg-type]
    return _decided(low, -other, z, critical, sound)


def score_ratio(
    x: Floats, n: Floats, x0: Floats, n0: Floats, alpha: Floats | float = ALPHA
) -> Interval:
    """Koopman's score interval of (x/n) / (x0/n0); NaN where the second has no events.

    Koopman (1984), Biometrics 40, 513-517, as the score of Miettinen and Nurminen (1985).
    """
    sound, counts, z, critical = _prepared((x, n, x0, n0), alpha)
    both = tuple(
        np.stack([one, other]) for one, other in zip(counts, _swapped(counts), strict=True)
    )
    low, other = _lowest_ratio(both, critical)  # type: ignore[arg-type]
    with np.errstate(divide="ignore"):
        low, high = _decided(low - 1, 1 / other - 1, z, critical, sound & (counts[2] > 0))
    return low + 1, high + 1


def _prepared(counts: Counts, alpha: Floats | float) -> tuple[Flags, Counts, Floats, Floats]:
    """Which pairs can be compared; counts, with harmless ones for the others; z and its limit."""
    x, n, x0, n0 = (np.asarray(part, dtype=float) for part in counts)
    sound = _sound((x, n, x0, n0))
    safe = [np.where(sound, part, other) for part, other in ((x, 1), (n, 2), (x0, 1), (n0, 2))]
    first, size, second, base = safe
    z = np.nan_to_num(score_z(first, size, second, base))
    return sound, (first, size, second, base), z, np.broadcast_to(normal_critical(alpha), z.shape)


def _sound(counts: Counts) -> Flags:
    x, n, x0, n0 = counts
    return (n > 0) & (n0 > 0) & (x >= 0) & (x <= n) & (x0 >= 0) & (x0 <= n0)


def _swapped(counts: Counts) -> Counts:
    x, n, x0, n0 = counts
    return x0, n0, x, n


def _decided(low: Floats, high: Floats, z: Floats, critical: Floats, sound: Flags) -> Interval:
    """The ends kept by rounding on the side of 0 that the test says."""
    least = np.finfo(float).eps
    low = np.where(z > critical, np.maximum(low, least), np.minimum(low, 0.0))
    high = np.where(z < -critical, np.minimum(high, -least), np.maximum(high, 0.0))
    return np.where(sound, low, np.nan), np.where(sound, high, np.nan)


def _lowest_difference(counts: Counts, critical: Floats) -> Floats:
    """The difference below the seen one at which the score meets the critical value.

    With Lagrange's multiplier m for "rate - rate0 = difference", the likeliest rates solve a
    quadratic each, x/n - rate = m * rate * (1 - rate) / n, and the score is m * sqrt(variance): one
    unknown in place of a search within a search.
    """
    x, n, x0, n0 = counts

    def rates(log: Floats) -> tuple[Floats, Floats, Floats]:
        m = np.exp(log)
        rate, rest = _tilted(x / n, (n - x) / n, m / n)
        rate0, rest0 = _tilted(x0 / n0, (n0 - x0) / n0, -m / n0)
        return rate, rate0, rate * rest / n + rate0 * rest0 / n0

    def over(log: Floats) -> Floats:
        return np.exp(log) * np.sqrt(rates(log)[2]) / critical - 1

    none = (x == 0) & (x0 == n0)  # already the lowest
    x, x0 = np.where(none, 1.0, x), np.where(none, 0.0, x0)
    guess = [
        (part + 1) * (size - part + 1) / (size + 2) ** 2 / size for part, size in ((x, n), (x0, n0))
    ]
    rate, rate0, _ = rates(_rising_root(over, np.log(critical) - np.log(sum(guess)) / 2))
    return np.where(none, -1.0, rate - rate0)


def _tilted(share: Floats, rest: Floats, pull: Floats) -> tuple[Floats, Floats]:
    """The rate with share - rate = pull * rate * (1 - rate), and 1 - rate; nothing cancels."""
    size = np.abs(pull)
    root = np.sqrt((1 - size) ** 2 + 4 * size * np.where(pull > 0, rest, share))
    half = 2 * np.maximum(size, _TINY)
    rate = np.where(
        pull >= -1, 2 * share / np.maximum(1 + pull + root, _TINY), (size - 1 + root) / half
    )
    left = np.where(
        pull <= 1, 2 * rest / np.maximum(1 - pull + root, _TINY), (size - 1 + root) / half
    )
    return rate, left


def _lowest_ratio(counts: Counts, critical: Floats) -> Floats:
    """The ratio below the seen one at which the score meets the critical value.

    The likeliest rates are (x - v) / (n - v) and (x0 + v) / (n0 + v), with 0 < v < x, and the
    squared score is v^2 * ((n - x) / n / (x - v) + (n0 - x0) / n0 / (x0 + v)): Nam and Blackwelder
    (2002), Statistics in Medicine 21, 1689-1699. Where all n succeed v stops at n, and the rate
    alone goes on.
    """
    x, n, x0, n0 = counts
    least = np.where(x > 0, x, 1.0)

    def over(logit: Floats) -> Floats:
        v, left = least / (1 + np.exp(-logit)), least / (1 + np.exp(logit))
        return v * np.sqrt((n - x) / n / left + (n0 - x0) / n0 / (x0 + v)) / critical - 1

    beyond = n**2 * (n0 - x0) / n0 / (x0 + n)
    stopped = (x == n) & (beyond < critical**2)
    x = np.where(stopped, n / 2, x)
    least = np.where(stopped, x, least)
    logit = _rising_root(over, np.zeros(x.shape))
    v, left = least / (1 + np.exp(-logit)), least / (1 + np.exp(logit))
    ratio = left / (n - v) * (n0 + v) / (x0 + v)
    rate = 1 / (1 + np.maximum(critical**2 - beyond, 0.0) / n)
    ratio = np.where(stopped, rate * (n0 + n) / (x0 + n), ratio)
    return np.where(counts[0] == 0, 0.0, ratio)


def _rising_root(over: Callable[[Floats], Floats], start: Floats) -> Floats:
    """The root of a rising function near the start, by Anderson and Bjorck's false position.

    BIT 13 (1973), 253-264: about eight steps where the function is near to a line.
    """
    low, high = start - 1.0, start + 1.0
    step = 1.0
    while (above := over(low) > 0).any():
        low, high, step = np.where(above, low - step, low), np.where(above, low, high), 2 * step
    step = 1.0
    while (below := over(high) < 0).any():
        low, high, step = np.where(below, high, low), np.where(below, high + step, high), 2 * step
    at_low, at_high = over(low), over(high)
    last = np.zeros(start.shape)
    root, sought = start, np.ones(start.shape, dtype=bool)
    with np.errstate(divide="ignore", invalid="ignore"):
        for _ in range(_STEPS):
            root = np.where(sought, low - at_low * (high - low) / (at_high - at_low), root)
            found = over(root)
            sought = np.abs(found) > _CLOSE
            if not sought.any():
                break
            side = np.sign(found)
            shrink = 1 - found / np.where(side > 0, at_high, at_low)
            shrink = np.where(side == last, np.where(shrink > 0, shrink, 0.5), 1.0)
            upper, last = side > 0, side
            at_low, at_high = (
                np.where(upper, at_low * shrink, found),
                np.where(upper, found, at_high * shrink),
            )
            low, high = np.where(upper, low, root), np.where(upper, root, high)
    return root
