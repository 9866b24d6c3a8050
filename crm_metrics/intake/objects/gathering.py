"""Records of any keys become one Parquet file: the union of their keys, memory flat."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from crm_metrics.errors import LimitError
from crm_metrics.intake.limits import MAX_COLUMNS, MEGABYTE
from crm_metrics.intake.objects.flattening import whole_text
from crm_metrics.intake.parquet import Writer, schema

_BATCH_ROWS = 20_000
_BATCH_CELLS = 1_000_000
_BATCH_LETTERS = 4 * MEGABYTE


class Gathering:
    """Takes flat records one by one; columns stand in the order in which keys were first seen."""

    def __init__(self, folder: Path, shown: str) -> None:
        self.records = 0
        self._folder = folder
        self._shown = shown
        self._cells: dict[str, list[str]] = {}
        self._numbers: list[int] = []
        self._letters = 0
        self._writers: list[Writer] = []

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns so far."""
        return tuple(map(whole_text, self._cells))

    def add(self, number: int, record: Mapping[str, str]) -> None:
        """Append a record; `number` is its line or place. Raises LimitError for too many keys."""
        rows = len(self._numbers)
        for key, cell in record.items():
            column = self._cells.get(key)
            if column is None:
                column = self._cells[key] = []
                if len(self._cells) > MAX_COLUMNS:
                    width = len(self._cells)
                    raise LimitError(
                        "too_many_columns", file=self._shown, columns=width, limit=MAX_COLUMNS
                    )
            if len(column) < rows:
                column.extend([""] * (rows - len(column)))
            column.append(cell)
            self._letters += len(cell)
        self._numbers.append(number)
        self.records += 1
        full = rows + 1 >= _BATCH_ROWS or (rows + 1) * len(self._cells) >= _BATCH_CELLS
        if full or self._letters >= _BATCH_LETTERS:
            self._flush()

    def close(self) -> Path:
        """Write what is left; the file has all columns in all of its rows."""
        self._flush()
        pieces = [writer.close() for writer in self._writers]
        width = len(self._cells)
        if len(pieces) == 1 and self._writers[0].width == width:
            return pieces[0]
        whole = Writer(self._folder, width)
        for piece in pieces:
            with pq.ParquetFile(piece) as data:
                for batch in data.iter_batches():
                    lacking = width + 1 - batch.num_columns
                    empty = pa.array([""] * batch.num_rows, pa.string())
                    columns = [*batch.columns[:-1], *[empty] * lacking, batch.columns[-1]]
                    whole.write(pa.table(columns, schema=schema(width)))
            piece.unlink()
        return whole.close()

    def _flush(self) -> None:
        """Write the rows in hand; a file of another width is begun where new keys came."""
        rows, width = len(self._numbers), len(self._cells)
        if not rows:
            return
        columns = []
        for key, cells in self._cells.items():
            columns.append(_text([*cells, *[""] * (rows - len(cells))]))
            self._cells[key] = []
        if not self._writers or self._writers[-1].width != width:
            self._writers.append(Writer(self._folder, width))
        numbers = pa.array(self._numbers, pa.int64())
        self._writers[-1].write(pa.table([*columns, numbers], schema=schema(width)))
        self._numbers, self._letters = [], 0


def _text(cells: list[str]) -> pa.Array:
    """A column of what a file can hold."""
    try:
        column = pa.array(cells, pa.string())
    except UnicodeEncodeError:
        return pa.array(map(whole_text, cells), pa.string())
    if pc.any(pc.match_substring(column, "\x00")).as_py():
        column = pc.replace_substring(column, "\x00", "")
    return column
