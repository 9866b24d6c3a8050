"""How much a finding weighs: its size, how sure it is, and the money in it."""

from __future__ import annotations

import math

from crm_metrics.metrics.model import Unit

_SURE = 4.0  # half-widths of the interval from zero: more adds nothing to certainty
_LARGE = math.log(3)  # a threefold change: more adds nothing to size


def weight(size: float, certainty: float, money: float = 0.0) -> float:
    """Size times certainty, up to twice as much with money; all arguments from 0 to 1.

    Of two findings that are alike but for one of the three, the larger never weighs less.
    `money` is what it comes to as a part of all money that is known.
    """
    return size * certainty * (1 + money)


def size_of(unit: Unit, value: float | None, base: float | None) -> float:
    """How far `value` is from `base`: the log ratio as a part of a threefold change, up to 1.

    Points of a score as a part of 100. Where a ratio means nothing, 1.
    """
    if value is None or base is None:
        return 0.0
    if unit == "points":
        return min(abs(value - base) / 100, 1.0)
    if base > 0 and value > 0:
        return min(abs(math.log(value / base)), _LARGE) / _LARGE
    return 0.0 if value == base else 1.0


def certainty_of(difference: float | None, low: float | None, high: float | None) -> float:
    """How many half-widths of its interval a difference is from zero, as a part of four."""
    if difference is None or low is None or high is None:
        return 0.0
    half = (high - low) / 2
    return 1.0 if half <= 0 else min(abs(difference) / half, _SURE) / _SURE
