"""Words by which a row says that it is a total."""

from __future__ import annotations

import re
from collections.abc import Sequence

_WORDS = (
    r"(?:grand totals?|totals?|sum|итоги?|итого|всего|общий итог|итого и средние"
    r"|gesamt|gesamtsumme|total general)"
)
_TOTAL = re.compile(rf"\s*{_WORDS}\s*:?\s*", re.IGNORECASE)
_TOTAL_OF = re.compile(r"\s*(?:totals?|итого|всего|gesamt)\s*:\s*\S.*", re.IGNORECASE)
_GRAND = re.compile(r"\s*(?:grand totals?|общий итог|итого и средние)\s*:?\s*", re.IGNORECASE)

_AVERAGE = re.compile(
    r"\s*(?:average|avg\.?|mean|median|средн(?:ее|ие|яя|ий)|ср\.|в среднем|медиана)\s*:?\s*",
    re.IGNORECASE,
)
INNER_TOTAL = (
    r"(?i)^\s*(?:(?:sub|grand )?totals?|sub-totals?|итоги?|итого|всего|подытог|gesamt|summe)"
    r"(?:[\s:]|$)|\s(?:sub)?(?:total|итоги?|итого)\s*$"
)
"""Cells that begin or end like a total: as RE2 reads it, over whole columns."""
_LIKE_TOTAL = re.compile(
    rf"{INNER_TOTAL}|^\s*(?:results? (?:from|for)|overall|all\s|sum of|результат|все\s|сумма\s)"
)


def is_average(cell: str) -> bool:
    """Whether the cell is a word for an average and nothing else."""
    return bool(_AVERAGE.fullmatch(cell))


def is_like_total(cell: str) -> bool:
    """Whether the cell may name a total, and may name a record: "Total Wine", "All campaigns"."""
    return bool(_LIKE_TOTAL.search(cell))


def is_total(cell: str) -> bool:
    """Whether the cell is a word for a total and nothing else: not "Total Wine"."""
    return bool(_TOTAL.fullmatch(cell))


def is_total_of(cell: str) -> bool:
    """Whether the cell is a total of something: "Total: Account"."""
    return bool(_TOTAL_OF.fullmatch(cell))


def is_grand_total(cell: str) -> bool:
    """Whether the cell can be nothing but the name of a total."""
    return bool(_GRAND.fullmatch(cell))


def total_label(cells: Sequence[str]) -> str:
    """The row's name if it is that of a total or of an average, else an empty text."""
    first = next((cell for cell in cells if cell.strip()), "")
    if is_total(first) or is_total_of(first) or is_average(first):
        return first.strip()
    last = cells[-1] if cells else ""
    return last.strip() if is_grand_total(last) else ""
