"""The lines that are no records, all of them, on disk: what does not fit among the examples."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from crm_metrics.intake.parquet import new_path
from crm_metrics.intake.table import LINE, SetAside, Table

_SCHEMA = pa.schema([(LINE, pa.int64()), ("reason", pa.string()), ("text", pa.string())])
_BATCH = 10_000
_MOST_HELD = 4_000_000  # letters


class AsideFile:
    """Lines set aside on their way to a Parquet file, which is made only when there are many."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._rows: list[SetAside] = []
        self._held = 0
        self._path: Path | None = None
        self._file: pq.ParquetWriter | None = None

    def add(self, item: SetAside) -> None:
        """Take the next line."""
        self._rows.append(item)
        self._held += len(item.text)
        if len(self._rows) >= _BATCH or self._held >= _MOST_HELD:
            self._flush()

    def close(self) -> Path:
        """Finish the file and say where it is."""
        self._flush()
        assert self._file is not None
        assert self._path is not None
        self._file.close()
        return self._path

    def taken(self) -> Iterator[SetAside]:
        """The lines taken so far; the file ends with that."""
        if self._path is not None and self._file is not None:
            self._file.close()
            yield from read_aside(self._path)
            self._path.unlink()
        yield from self._rows

    def _flush(self) -> None:
        if self._file is None or self._path is None:
            self._path = new_path(self._folder)
            self._file = pq.ParquetWriter(self._path, _SCHEMA, compression="zstd")
        columns = [[getattr(item, name) for item in self._rows] for name in SetAside.__slots__]
        self._file.write_table(pa.table(columns, schema=_SCHEMA))
        self._rows.clear()
        self._held = 0


def lines_set_aside(table: Table) -> Iterator[SetAside]:
    """All lines of a table that are no records."""
    return iter(table.account.examples) if table.aside is None else read_aside(table.aside)


def read_aside(path: Path) -> Iterator[SetAside]:
    """The lines of such a file, in the order in which they were set aside."""
    with pq.ParquetFile(path) as data:
        for batch in data.iter_batches(batch_size=_BATCH):
            for line, reason, text in zip(*(c.to_pylist() for c in batch.columns), strict=True):
                yield SetAside(line, reason, text)
