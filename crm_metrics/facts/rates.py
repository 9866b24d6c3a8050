"""Rates: which of the four notations a column uses, so that 0.123 comes out of each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import log

from crm_metrics.facts.cells import plain
from crm_metrics.facts.numbers import bare, number_pattern

# A rate, and the counts (any of each) of which it should be the quotient.
COUNTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "open_rate": (("opens_unique", "opens_total"), ("delivered", "sent")),
    "click_rate": (
        ("clicks_unique", "clicks_total", "clicks"),
        ("delivered", "sent", "impressions", "reach"),
    ),
    "ctor": (("clicks_unique",), ("opens_unique",)),
    "bounce_rate": (("bounces",), ("sent", "sessions")),
    "unsubscribe_rate": (("unsubscribes",), ("delivered", "sent")),
    "complaint_rate": (("complaints",), ("delivered", "sent")),
    "conversion_rate": (("conversions", "orders"), ("sessions", "clicks", "delivered", "sent")),
    "engagement_rate": (("engagements", "engaged_sessions"), ("reach", "sessions", "impressions")),
}


def fraction_or_points(
    values: Sequence[str], *, header: str, decimal: str, unit: str | None, quotient: float | None
) -> tuple[str, bool]:
    """`fraction` or `points` for a column of rates, and whether counts and signs disagree.

    `quotient` is the median of (the number as written) / (the rate recomputed from counts): 1 for
    fractions, 100 for points, None where no counts are there. A percent sign in the cells decides,
    then `unit`, then the counts, then the header's sign, then the size of the values.
    """
    counted = None
    if quotient is not None and quotient > 0:
        counted = "fraction" if abs(log(quotient)) < abs(log(quotient / 100)) else "points"
    if any("%" in value for value in values):
        return "points", counted == "fraction"
    if unit in {"fraction", "points"}:
        return unit, counted not in {None, unit}
    if counted:
        return counted, False
    if "%" in header:
        return "points", False
    return ("points" if _largest(values, decimal) > 1 else "fraction"), False


def _largest(values: Sequence[str], decimal: str) -> float:
    number = re.compile(number_pattern(decimal))
    sizes = []
    for value in values:
        text = bare(plain(value))
        if number.fullmatch(text):
            group = "," if decimal == "." else "."
            digits = text.replace(" ", "").replace(group, "").replace("'", "").replace("’", "")
            sizes.append(abs(float(digits.replace(decimal, "."))))
    return max(sizes, default=0.0)
