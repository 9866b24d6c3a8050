"""Round ticks of an axis, and how they are written."""

from __future__ import annotations

import math
from collections.abc import Callable

from crm_metrics.findings.trial_numbers import exact_digits
from crm_metrics.texts import decimal_text, percent_text, points_text

_MOST = 6
_STEPS = (1, 2, 2.5, 5)
Ticks = Callable[[float], str]


def percent_ticks(lang: str) -> Ticks:
    """Shares as percentages."""
    return lambda value: percent_text(value, lang, exact_digits(round(100 * value, 9)))


def point_ticks(lang: str) -> Ticks:
    """Differences of shares in points, with their sign."""
    return lambda value: points_text(value, lang, exact_digits(round(100 * value, 9)))


def plain_ticks(lang: str) -> Ticks:
    """Amounts as they are."""
    return lambda value: decimal_text(value, lang, exact_digits(round(value, 9)))


def round_ticks(low: float, high: float) -> list[float]:
    """Three to six round numbers between the ends, 0 among them where it lies there.

    The smallest step of 1, 2, 2.5 or 5 that leaves so few: the one before left seven or more, six
    of its steps, and a step is at most twice the one before.
    """
    span = high - low
    if span <= 0:
        return [low]
    power = 10.0 ** math.floor(math.log10(span / _MOST))
    for step in (part * power * ten for ten in (1, 10) for part in _STEPS):
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if last - first < _MOST:
            return [round(count * step, 12) for count in range(first, last + 1)]
    raise AssertionError(low, high)
