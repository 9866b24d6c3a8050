"""Tables of a grid of cells: a sheet of a workbook, a table of a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from crm_metrics.errors import InputError, LimitError
from crm_metrics.intake.draft import Draft, finish, opened
from crm_metrics.intake.layout import Section, find_sections
from crm_metrics.intake.ledger import Ledger
from crm_metrics.intake.limits import MAX_COLUMNS
from crm_metrics.intake.pairs import lay_pairs
from crm_metrics.intake.parquet import Writer, schema
from crm_metrics.intake.rows import Row, sheet_row
from crm_metrics.intake.table import HowRead, Table

_LOOK_ROWS = 10_000


@dataclass(frozen=True, slots=True)
class Grid:
    """A Parquet of text columns c0..cn, row by row as in the source, its name and container."""

    path: Path
    name: str
    container: str


def read_grid(grid: Grid, draft: Draft) -> list[Table]:
    """Find the tables of a grid and write their records.

    Raises InputError where the grid holds no table, LimitError for too many columns.
    """
    data = pq.ParquetFile(grid.path)
    width = data.metadata.num_columns
    rows = _first_rows(data)
    sections = find_sections(rows, padded=True)
    if not sections or all(row.blank for row in rows):
        raise InputError("empty_file", file=draft.shown)
    used = max(section.width for section in sections)
    if used > MAX_COLUMNS:
        raise LimitError("too_many_columns", file=draft.shown, columns=used, limit=MAX_COLUMNS)
    one = used < 2 and not any(column.strict for s in sections for column in s.known)
    if one or (used < 2 and sum(not row.blank for row in rows) < 2):
        raise InputError("text_not_table", file=draft.shown)
    ledgers = [opened(section) for section in sections]
    writers = []
    for section, ledger in zip(sections, ledgers, strict=True):
        laid = lay_pairs(section, ledger) if section.layout == "key_value" else None
        writers.append(Writer(draft.folder, section.width))
        if laid is not None:
            writers[-1].write(laid)
    claimed = {
        row.line
        for section in sections
        for row in [*(row for row, _ in section.lead), *(r for b in section.pairs for r in b)]
    }
    start = 1
    for batch in data.iter_batches(batch_size=65_536):
        table = pa.Table.from_batches([batch])
        count = table.num_rows
        numbers = pa.array(range(start, start + count), pa.int64())
        table = table.append_column("row", numbers)
        _distribute(table, start, width, sections, ledgers, writers, claimed)
        start += count
    return finish(sections, ledgers, writers, draft, HowRead(grid.container))


def _first_rows(data: pq.ParquetFile) -> list[Row]:
    batch = next(data.iter_batches(batch_size=_LOOK_ROWS), None)
    if batch is None:
        return []
    columns = [column.to_pylist() for column in batch.columns]
    return [sheet_row(i + 1, cells) for i, cells in enumerate(zip(*columns, strict=True))]


def _distribute(
    table: pa.Table,
    start: int,
    width: int,
    sections: Sequence[Section],
    ledgers: Sequence[Ledger],
    writers: Sequence[Writer],
    claimed: set[int],
) -> None:
    """Give the rows of a batch to the sections whose data they are."""
    end = start + table.num_rows - 1
    covered: set[int] = set()
    for section, ledger, writer in zip(sections, ledgers, writers, strict=True):
        if section.layout == "key_value":
            continue
        last = min(end, section.last if section.last is not None else end)
        first = max(start, section.first)
        if first > last:
            continue
        covered.update((first, last))
        _take(table.slice(first - start, last - first + 1), width, section, ledger, writer)
    for line in range(start, end + 1):
        if line in claimed or _inside(line, sections):
            continue
        ledgers[-1].set_aside(line, "blank", "")


def _inside(line: int, sections: Sequence[Section]) -> bool:
    return any(
        section.layout != "key_value"
        and line >= section.first
        and (section.last is None or line <= section.last)
        for section in sections
    )


def _take(rows: pa.Table, width: int, section: Section, ledger: Ledger, writer: Writer) -> None:
    filled = pc.not_equal(pc.utf8_trim_whitespace(rows.column(0)), "")
    for i in range(1, width):
        filled = pc.or_(filled, pc.not_equal(pc.utf8_trim_whitespace(rows.column(i)), ""))
    for line in rows.filter(pc.invert(filled)).column("row").to_pylist():
        ledger.set_aside(line, "blank")
    kept = rows.filter(filled)
    empty = pa.array([""] * kept.num_rows, pa.string())
    columns = [kept.column(i) if i < width else empty for i in range(section.width)]
    writer.write(pa.table([*columns, kept.column("row")], schema=schema(section.width)))
