"""Rates: which of the four notations a column uses, so that 0.123 comes out of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from crm_metrics.mapping.cells.number_text import one_number, read_number

# Percentages are written with two decimals at most, or nearly so; fractions with all they have.
_PRECISE = 3
ABOVE_ONE = r"[^0-9]*0*(?:[2-9]|[1-9][0-9]).*"
"""Pattern of cells that are hardly fractions, for a search over all rows."""

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


@dataclass(frozen=True, slots=True)
class Scale:
    """The scale of a column of rates: `fraction` or `points`, and the doubts about it.

    `by_size` tells that nothing but the size of the values settled it.
    """

    unit: str
    doubts: tuple[str, ...] = ()
    by_size: bool = False


def scale_of(
    values: Sequence[str], *, header: str, decimal: str, unit: str | None, quotient: float | None
) -> Scale:
    """The scale of a column of rates.

    `quotient` is the median of (the number as written) / (the rate recomputed from counts): 1 for
    fractions, 100 for points, None where no counts are there. A percent sign in the cells decides,
    then `unit`, then the counts, then the header's sign, then the size of the values. Numbers up
    to 1 that nothing else settles are taken for fractions; where they have no more digits than
    percentages usually have, that is a doubt.
    """
    counted = None
    if quotient is not None and quotient > 0:
        counted = "fraction" if abs(log(quotient)) < abs(log(quotient / 100)) else "points"
    disagrees = ("rate_disagrees",)
    numbers = [item for v in values if (item := read_number(one_number(v, share=True)))]
    if any(item.percent for item in numbers):
        bare = [abs(item.value(decimal)) for item in numbers if not item.percent]
        # A column that says 35% here and 0.35 there means two things by a number.
        mixed = any(bare) and max(bare) <= 1
        return Scale("points", disagrees if counted == "fraction" else ("rate_mixed",) * mixed)
    if unit in {"fraction", "points"}:
        return Scale(unit, disagrees if counted not in {None, unit} else ())
    if counted:
        return Scale(counted)
    if "%" in header:
        return Scale("points")
    largest = max((abs(item.value(decimal)) for item in numbers), default=0.0)
    if largest > 1:
        return Scale("points", by_size=True)
    precise = any(len(item.digits.partition(decimal)[2]) >= _PRECISE for item in numbers)
    asked = ("rate_ask",) if 0 < largest < 1 and not precise else ()
    return Scale("fraction", asked, by_size=True)
