"""Rows of a sheet, one by one, become columns of text, cropped where a cell stands far away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from crm_metrics.intake.limits import MAX_CELLS, MAX_EXAMPLE_TEXT, MAX_EXAMPLES
from crm_metrics.intake.workbook.scan import place

_FAR_COLUMNS = 100
_FAR_ROWS = 10_000
_MAX_FAR = MAX_EXAMPLES
_ROWS, _COLUMNS = 1_048_577, 16_385
_BATCH_CELLS = 1_000_000


class FarCellsError(ValueError):
    """There is no table with a few far cells: the sheet is that large, or that scattered."""


@dataclass(frozen=True, slots=True)
class Far:
    """A cell outside of the table: its row, its place and text as people write them."""

    row: int
    text: str


class Gathered:
    """Collects the rows of a sheet; only what is there takes memory."""

    def __init__(self, rows: Iterable[tuple[int, dict[int, str]]] = ()) -> None:
        self._by_row = np.zeros(_ROWS, np.int32)
        self._by_column = np.zeros(_COLUMNS, np.int32)
        self._rows: list[int] = []
        self._cells: list[dict[int, str]] = []
        self._used: set[int] = set()
        self._batches: list[tuple[npt.NDArray[np.int64], dict[int, pa.Array]]] = []
        for row, cells in rows:
            self.add(row, cells)

    def add(self, row: int, cells: dict[int, str]) -> None:
        """Take a row: its number from 1, its texts by column from 0."""
        if cells and 0 < row < _ROWS:
            self._rows.append(row)
            self._cells.append(cells)
            self._used.update(cells)
            if len(self._rows) * len(self._used) >= _BATCH_CELLS:
                self._flush()

    def cropped(self) -> tuple[list[pa.Array], list[Far]]:
        """Columns from the sheet's first row and column to its table's edges, and the far cells.

        The table ends at the first long gap after most of its cells. Raises FarCellsError where
        more than a few cells are outside, or the table itself is too large.
        """
        self._flush()
        height, width = _end(self._by_row, _FAR_ROWS), _end(self._by_column, _FAR_COLUMNS)
        outside = self._by_row[height + 1 :].sum() + self._by_column[width + 1 :].sum()
        if outside > _MAX_FAR or height * width > MAX_CELLS:
            raise FarCellsError
        index = np.full(height, -1, np.int64)
        before = 0
        for rows, _ in self._batches:
            inside = rows <= height
            index[rows[inside] - 1] = before + np.flatnonzero(inside)
            before += len(rows)
        places = pa.array(index, mask=index < 0)
        columns = [
            pc.fill_null(
                pa.concat_arrays(
                    [
                        cells.get(column, pa.nulls(len(rows), pa.string()))
                        for rows, cells in self._batches
                    ]
                ).take(places),
                "",
            )
            for column in range(width)
        ]
        return columns, self._far(height, width)

    def _far(self, height: int, width: int) -> list[Far]:
        found = []
        for rows, cells in self._batches:
            for column, texts in cells.items():
                outside = np.ones(len(rows), bool) if column >= width else rows > height
                for i in np.flatnonzero(outside).tolist():
                    if text := texts[i].as_py():
                        row = int(rows[i])
                        words = f"{place(row, column)}: {text[:MAX_EXAMPLE_TEXT]}"
                        found.append((row, column, words))
        return [Far(row, words) for row, _, words in sorted(found)]

    def _flush(self) -> None:
        if not self._rows:
            return
        rows = np.array(self._rows, np.int64)
        np.add.at(self._by_row, rows, [len(cells) for cells in self._cells])
        columns = {}
        for column in self._used:
            texts = [cells.get(column, "") for cells in self._cells]
            self._by_column[column + 1] += len(texts) - texts.count("")
            columns[column] = pa.array(texts, pa.string())
        self._batches.append((rows, columns))
        self._rows, self._cells, self._used = [], [], set()


def _end(counts: npt.NDArray[np.int32], gap: int) -> int:
    """The last place of the run that holds the most, where runs lie further apart than `gap`."""
    used = np.flatnonzero(counts)
    if not len(used):
        return 0
    starts = np.flatnonzero(np.diff(used, prepend=used[0]) > gap)
    sums = np.add.reduceat(counts[used], np.concatenate([[0], starts]))
    ends = np.concatenate([starts - 1, [len(used) - 1]])
    return int(used[ends[int(sums.argmax())]])
