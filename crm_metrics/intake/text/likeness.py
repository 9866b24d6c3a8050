"""How well a cell suits a column, by the cells that the column is known to hold."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from statistics import median

from crm_metrics.intake.layout.cells import Column, is_missing, shape

_DIGIT = re.compile(r"\d")
_NINES = re.compile("9+")
_LATIN = re.compile(r"[A-Za-z]+")
_LETTERS = re.compile(r"[^\W\d_a-z]+")
_WORDS = re.compile(r"(?:[aw]+[ ,.]*){2,}")
_MOST_LOOKED_AT = 120
_MOST_KEPT = 20_000
_PATIENCE = 2_000_000


class Likeness:
    """Scores of cells in the columns of a table; learnt when first asked for, then kept.

    `patience` is how many more steps may be taken to find out how its damaged lines read.
    """

    def __init__(self, known: Sequence[Column]) -> None:
        self.patience = _PATIENCE
        self._known = known
        self._looks: dict[int, _Look] = {}
        self._scores: dict[tuple[int, str], float] = {}

    def score(self, column: int, cell: str) -> float:
        """The logarithm of how likely the cell is there, 0 for one as likely as most are."""
        if column >= len(self._known):
            return 0.0
        key = (column, cell)
        found = self._scores.get(key)
        if found is None:
            look = self._looks.get(column)
            if look is None:
                look = self._looks[column] = _Look(self._known[column].sample)
            if len(self._scores) > _MOST_KEPT:
                self._scores.clear()
            found = self._scores[key] = look.score(cell)
        return found

    def takes(self, column: int, cell: str) -> bool:
        """Whether the cell could stand in the column at all."""
        return column >= len(self._known) or (
            not self._known[column].strict or self._known[column].takes(cell)
        )


class _Look:
    """What the sampled cells of one column look like."""

    def __init__(self, sample: Sequence[str]) -> None:
        cells = sample[:: len(sample) // _MOST_LOOKED_AT + 1]
        self._size = len(cells)
        self._values = Counter(cells)
        self._fine = Counter(map(_fine, cells))
        self._coarse = Counter(map(_coarse, map(_fine, cells)))
        self._kinds = Counter(map(shape, cells))
        filled = [cell for cell in cells if not is_missing(cell)]
        self._repeats = len(filled) >= 4 and len(set(filled)) <= 0.6 * len(filled)
        self._usual = median(map(self._likely, cells)) if cells else 1.0

    def score(self, cell: str) -> float:
        if not self._size:
            return 0.0
        return min(0.0, math.log(self._likely(cell.strip()) / self._usual))

    def _likely(self, cell: str) -> float:
        size = self._size
        seen = self._values[cell] / size if self._repeats else 0.0
        fine = _fine(cell)
        like = 0.5 * self._fine[fine] / size
        # What can't be more any more need not be looked at.
        if like < 0.3:
            like = max(like, 0.3 * self._coarse[_coarse(fine)] / size)
        if like < 0.1:
            like = max(like, 0.1 * self._kinds[shape(cell)] / size)
        if self._repeats and not seen and not is_missing(cell):
            like *= 0.1 if size >= 10 else 0.5
        return max(seen, like, 0.001, 0.05 / (size + 3))


def _fine(cell: str) -> str:
    """The cell with every digit a 9 and every word a letter."""
    text = _DIGIT.sub("9", _LATIN.sub("a", cell[:80].replace("\n", " ")))
    return _WORDS.sub("W", _LETTERS.sub("w", text))


def _coarse(fine: str) -> str:
    return _NINES.sub("9", fine)
