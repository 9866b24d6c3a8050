"""What the columns of facts hold, by the Parquet's own statistics: no row is read for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow.parquet as pq

from crm_metrics.facts.model import Facts
from crm_metrics.intake.table import LINE


@dataclass(frozen=True, slots=True)
class Extent:
    """How many values a column holds, the least of them and the greatest.

    These two are None where there is no value, or where the file does not say.
    """

    values: int
    least: Any = None
    greatest: Any = None


def extents_of(facts: Facts) -> dict[str, Extent]:
    """The extent of every column."""
    with pq.ParquetFile(facts.path) as file:
        metadata, names = file.metadata, file.schema_arrow.names
    groups = [metadata.row_group(place) for place in range(metadata.num_row_groups)]
    return {
        name: _joined([_extent(group.column(position), group.num_rows) for group in groups])
        for position, name in enumerate(names)
    }


def filled_columns(facts: Facts) -> frozenset[str]:
    """The columns that are not null throughout."""
    filled = (name for name, extent in extents_of(facts).items() if extent.values)
    return frozenset(filled) - {LINE}


def _extent(chunk: pq.ColumnChunkMetaData, rows: int) -> Extent:
    found = chunk.statistics
    if found is None:
        return Extent(rows)
    values = rows - (found.null_count or 0)
    return Extent(values, found.min, found.max) if found.has_min_max else Extent(values)


def _joined(parts: list[Extent]) -> Extent:
    filled = [part for part in parts if part.values]
    values = sum(part.values for part in filled)
    if not filled or any(part.least is None for part in filled):
        return Extent(values)
    return Extent(values, min(p.least for p in filled), max(p.greatest for p in filled))
