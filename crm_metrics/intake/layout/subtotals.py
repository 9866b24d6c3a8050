"""Totals between the records: of a region, a month, or of a report that others were glued to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from crm_metrics.intake.layout.cells import Column, as_number
from crm_metrics.intake.layout.labels import INNER_TOTAL, is_total
from crm_metrics.intake.progress import Progress, each, unheard
from crm_metrics.intake.table import LINE

_TOLERANCE = 0.005
_MOST_SHARE = 0.5
_SMALL = 5_000
_TAIL = 14
"""In a long table, names in the last rows alone are left to the check of its grand total."""


def inner_totals(
    data: pq.ParquetFile, known: Sequence[Column], progress: Progress = unheard
) -> dict[int, str]:
    """The lines of totals between records, with their texts.

    A row whose first cell begins with a word for a total is one if that cell is the bare word in
    a column of dates or numbers; or if it leaves a column empty that all records above it fill,
    and a number of it is the sum of these records since the last total.
    """
    rows = data.metadata.num_rows
    places = _labelled_places(data, progress) if len(known) > 1 else []
    inside = rows <= _SMALL or any(place < rows - _TAIL for place in places)
    if not places or not inside or len(places) > _MOST_SHARE * rows:
        return {}
    found: dict[int, str] = {}
    block = _Block(known)
    for records, candidate in each(_runs(data), progress):
        block.add(records)
        if candidate is None:
            continue
        cells = [column[0].as_py() for column in candidate.columns[:-1]]
        typed = known[0].strict and known[0].kind != "text"
        foreign = typed and is_total(cells[0]) and not known[0].takes(cells[0])
        if foreign or block.sums_up_to(cells):
            line = candidate.column(LINE)[0].as_py()
            found[line] = " | ".join(cell for cell in cells if cell)
            block = _Block(known)
        else:
            block.add(candidate)
    return found


def _labelled_places(data: pq.ParquetFile, progress: Progress) -> list[int]:
    """The positions of the rows that begin with a word for a total."""
    places: list[int] = []
    start = 0
    for batch in each(data.iter_batches(batch_size=65_536, columns=["c0"]), progress):
        found = pc.indices_nonzero(_labelled(batch.column(0)))
        places += [start + place for place in found.to_pylist()]
        start += batch.num_rows
    return places


def _labelled(cells: pa.Array) -> pa.Array:
    return pc.match_substring_regex(cells, INNER_TOTAL)


def _runs(data: pq.ParquetFile) -> Iterator[tuple[pa.Table, pa.Table | None]]:
    """The rows in order, cut at each candidate: the records before it, then it itself or None."""
    for batch in data.iter_batches(batch_size=65_536):
        table = pa.Table.from_batches([batch])
        at = 0
        for place in pc.indices_nonzero(_labelled(table.column(0))).to_pylist():
            yield table.slice(at, place - at), table.slice(place, 1)
            at = place + 1
        yield table.slice(at), None


class _Block:
    """What the records since the last total come to: sums by column, columns that none leaves out.

    Sums are kept for both decimal marks, since the mark is not known yet.
    """

    def __init__(self, known: Sequence[Column]) -> None:
        self._sums = {
            (i, decimal): 0.0
            for i, column in enumerate(known)
            if column.kind == "number"
            for decimal in ".,"
        }
        self._always_filled = set(range(1, len(known)))
        self._rows = 0

    def add(self, records: pa.Table) -> None:
        """Count these records in."""
        if not records.num_rows:
            return
        self._rows += records.num_rows
        self._always_filled = {
            i for i in self._always_filled if pc.all(pc.not_equal(records.column(i), "")).as_py()
        }
        for i in {i for i, _ in self._sums}:
            for item in pc.value_counts(records.column(i)).to_pylist():
                for decimal in ".,":
                    value = as_number(item["values"], decimal=decimal)
                    self._sums[i, decimal] += (value or 0.0) * item["counts"]

    def sums_up_to(self, cells: Sequence[str]) -> bool:
        """Whether the row leaves out what all records have, and has the sum of a column."""
        if not self._rows or all(cells[i].strip() for i in self._always_filled):
            return False
        for (i, decimal), expected in self._sums.items():
            value = as_number(cells[i], decimal=decimal)
            if value and expected and abs(value - expected) <= _TOLERANCE * abs(expected):
                return True
        return False
