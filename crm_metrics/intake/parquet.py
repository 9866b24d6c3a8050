"""The raw text of a table on its way to disk."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Self

import pyarrow as pa
import pyarrow.parquet as pq

from crm_metrics.intake.limits import MEGABYTE
from crm_metrics.intake.memory import choose_pool
from crm_metrics.intake.table import LINE

_DICTIONARY_BYTES = 64 * 1024
_GROUP_BYTES = 4 * MEGABYTE
"""Less makes the file larger and slower to read, more takes memory."""

choose_pool()


def schema(width: int) -> pa.Schema:
    """Text columns c0..cn and the source line."""
    fields = [pa.field(f"c{i}", pa.string()) for i in range(width)]
    return pa.schema([*fields, pa.field(LINE, pa.int64())])


def rows_table(rows: Sequence[Sequence[str]], lines: Sequence[int], width: int) -> pa.Table:
    """Rows of cells as a table: short ones are filled up with empty cells."""
    columns = [
        pa.array([row[i] if i < len(row) else "" for row in rows], pa.string())
        for i in range(width)
    ]
    return pa.table([*columns, pa.array(lines, pa.int64())], schema=schema(width))


class Writer:
    """A Parquet file of one table, written as the rows come: one piece while the next is read."""

    def __init__(self, folder: Path, width: int) -> None:
        self.width = width
        self.rows = 0
        self.path = new_path(folder)
        self._file = pq.ParquetWriter(
            self.path,
            schema(width),
            compression="zstd",
            write_statistics=False,
            # Above this a column repeats itself too little to be worth its dictionary.
            dictionary_pagesize_limit=_DICTIONARY_BYTES,
        )
        self._waiting: list[pa.Table] = []
        self._bytes = 0
        self._hand = ThreadPoolExecutor(1)
        self._written: Future[None] | None = None

    def write(self, table: pa.Table) -> None:
        """Append rows of the writer's schema."""
        if not table.num_rows:
            return
        self.rows += table.num_rows
        self._waiting.append(table)
        self._bytes += table.nbytes
        if self._bytes >= _GROUP_BYTES:
            self._hand_over()

    def close(self) -> Path:
        """Finish the file and say where it is."""
        try:
            if self._waiting:
                self._hand_over()
            self._wait()
        finally:
            self._hand.shutdown()
            self._file.close()
        return self.path

    def __enter__(self) -> Self:
        return self

    def __exit__(self, failed: type[BaseException] | None, *_: object) -> None:
        if failed:
            self._waiting = []
        self.close()

    def _hand_over(self) -> None:
        """Let what has gathered be written as one group of rows, after the one in work."""
        self._wait()
        group = pa.concat_tables(self._waiting)
        self._waiting, self._bytes = [], 0
        self._written = self._hand.submit(self._file.write_table, group)

    def _wait(self) -> None:
        """Until the piece in work is on disk; raises what went wrong with it."""
        written, self._written = self._written, None
        if written is not None:
            written.result()


def new_path(folder: Path) -> Path:
    """A fresh file name in the folder."""
    handle, name = tempfile.mkstemp(dir=folder, prefix="raw-", suffix=".parquet")
    with open(handle, "wb"):  # noqa: PTH123 - closes the handle that mkstemp opened
        pass
    return Path(name)
