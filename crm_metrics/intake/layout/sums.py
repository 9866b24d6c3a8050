"""The sums of columns, against which the numbers of a total are held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from crm_metrics.intake.layout.cells import Column, as_number
from crm_metrics.intake.progress import Progress, each
from crm_metrics.intake.table import LINE

_TOLERANCE = 0.005


@dataclass(slots=True)
class Sum:
    """The sum of a column's numbers, read with a decimal point and with a decimal comma.

    `count` tells how many numbers there are, `addends` how many of them are not 0.
    """

    point: float = 0.0
    comma: float = 0.0
    count: int = 0
    addends: int = 0

    def is_shown(self, cell: str, *, average: bool) -> bool:
        """Whether the cell holds the sum, or the average."""
        for decimal, total in ((".", self.point), (",", self.comma)):
            value = as_number(cell, decimal=decimal)
            expected = total / self.count if average and self.count else total
            if value and expected and abs(value - expected) <= _TOLERANCE * abs(expected):
                return True
        return False

    def without(self, cell: str) -> Sum:
        """The sum of the other cells."""
        point, comma = _read(cell)
        if not self.count or (point is None and comma is None):
            return self
        return Sum(
            self.point - (point or 0.0),
            self.comma - (comma or 0.0),
            self.count - 1,
            self.addends - bool(point or comma),
        )


def sums_of(
    data: pq.ParquetFile, known: Sequence[Column], without: set[int], progress: Progress
) -> list[Sum]:
    """The sum of each column of numbers over the rows but those of some lines."""
    sums = [Sum() for _ in known]
    skip = pa.array(sorted(without), pa.int64())
    for batch in each(data.iter_batches(batch_size=65_536), progress):
        kept = batch.filter(pc.invert(pc.is_in(batch.column(LINE), value_set=skip)))
        for column, total, cells in zip(known, sums, kept.columns, strict=False):
            if column.kind != "number":
                continue
            for item in pc.value_counts(cells).to_pylist():
                point, comma = _read(item["values"])
                total.point += (point or 0.0) * item["counts"]
                total.comma += (comma or 0.0) * item["counts"]
                total.count += item["counts"] * (point is not None or comma is not None)
                total.addends += item["counts"] * bool(point or comma)
    return sums


def _read(cell: str) -> tuple[float | None, float | None]:
    return as_number(cell, decimal="."), as_number(cell, decimal=",")
