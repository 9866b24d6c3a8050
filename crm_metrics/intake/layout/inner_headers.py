"""Rows between the records that read like the header of another table."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from crm_metrics.intake.layout.blocks import stands_for_nothing
from crm_metrics.intake.layout.cells import Column, shape
from crm_metrics.intake.table import LINE

_MOST = 100
_MOST_WORDS = 10_000
_KINDS = frozenset({"number", "date", "time"})


def inner_headers(
    data: pq.ParquetFile, known: Sequence[Column], *, kept: Collection[int] = ()
) -> list[tuple[int, str]]:
    """The lines with words in every column of numbers and dates, two at least, with their texts.

    Tables are told apart in the first part of a source only; what stands far below is found here.
    Lines in `kept` are records by the user's word.
    """
    typed = [i for i, column in enumerate(known) if column.kind in _KINDS]
    if len(typed) < 2:
        return []
    found: list[tuple[int, str]] = []
    names = [f"c{i}" for i in range(len(known))]
    for number in range(data.num_row_groups):
        first = data.read_row_group(number, columns=[f"c{typed[0]}"])
        at = pc.indices_nonzero(_are_words(first.column(0)))
        if not len(at):
            continue
        rows = data.read_row_group(number, columns=[*names, LINE]).take(at[:_MOST_WORDS])
        for cells in rows.to_pylist():
            line = cells.pop(LINE)
            if line not in kept and _is_header([cells[name].strip() for name in names], typed):
                found.append((line, " | ".join(cell for cell in cells.values() if cell)))
        if len(found) > _MOST:  # so many are records whose values are not known
            return []
    return found


def _are_words(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    """Which cells hold a letter and no digit."""
    return pc.match_substring_regex(cells, r"^\PN*\pL\PN*$")


def _is_header(cells: Sequence[str], typed: Sequence[int]) -> bool:
    words = [cells[i] for i in typed]
    return (
        all(shape(word) == "text" and not stands_for_nothing(word) for word in words)
        and len(set(words)) == len(words)
        and all(cells)
    )
