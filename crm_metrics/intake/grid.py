"""Tables of a grid of cells: a sheet of a workbook, a table of a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import ipc

from crm_metrics.errors import InputError, LimitError
from crm_metrics.intake.draft import Draft, finish, opened
from crm_metrics.intake.layout.pairs import lay_pairs
from crm_metrics.intake.layout.repeats import without_headers
from crm_metrics.intake.layout.rows import Row, sheet_row
from crm_metrics.intake.layout.sections import Section
from crm_metrics.intake.layout.settled import added_rows, decided_sections, without_dropped
from crm_metrics.intake.ledger import Ledger
from crm_metrics.intake.limits import MAX_COLUMNS
from crm_metrics.intake.parquet import Writer, schema
from crm_metrics.intake.table import LINE, HowRead, Table

_LOOK_ROWS = 3_000
_CHUNK_ROWS = 65_536


@dataclass(frozen=True, slots=True)
class Grid:
    """An Arrow file of text columns c0..cn, row by row as in the source, its name and container."""

    path: Path
    name: str
    container: str


@dataclass(frozen=True, slots=True)
class _Part:
    """A table of the grid while its rows are collected."""

    section: Section
    ledger: Ledger
    writer: Writer


def read_grid(grid: Grid, draft: Draft, *, partial: bool = False) -> list[Table]:
    """Find the tables of a grid and write their records; `partial` where the source goes on.

    Raises InputError where the grid holds no table, LimitError for too many columns.
    """
    with pa.memory_map(str(grid.path)) as source, ipc.open_file(source) as data:
        rows = _first_rows(data)
        sections = decided_sections(rows, draft.decided.roles, padded=True)
        for section in sections:
            _widen(section, data)
        _check(sections, rows, draft.shown)
        parts = [_part(section, draft) for section in sections]
        _load(data, parts)
    ledgers = [part.ledger for part in parts]
    writers = [part.writer for part in parts]
    how = HowRead(grid.container)
    return finish(sections, ledgers, writers, draft, how, partial=partial)


def grid_of_rows(rows: Sequence[Sequence[str]], target: Path, *, name: str, container: str) -> Grid:
    """Rows of cells written as a grid; short ones are filled up with empty cells."""
    width = max(map(len, rows))
    columns = [
        pa.array([row[i] if i < len(row) else "" for row in rows], pa.string())
        for i in range(width)
    ]
    cells = pa.table(columns, names=[f"c{i}" for i in range(width)])
    with ipc.new_file(target, cells.schema) as file:
        file.write_table(cells, max_chunksize=_CHUNK_ROWS)
    return Grid(target, name, container)


def _check(sections: Sequence[Section], rows: Sequence[Row], shown: str) -> None:
    if not sections or all(row.blank for row in rows):
        raise InputError("empty_file", file=shown)
    used = max(2 if section.layout == "key_value" else section.width for section in sections)
    if used > MAX_COLUMNS:
        raise LimitError("too_many_columns", file=shown, columns=used, limit=MAX_COLUMNS)
    words = not any(column.strict for section in sections for column in section.known)
    if used < 2 and (words or sum(not row.blank for row in rows) < 2):
        raise InputError("text_not_table", file=shown)


def _widen(section: Section, data: ipc.RecordBatchFileReader) -> None:
    """Give the section the columns that only rows beyond the first ones fill."""
    start, used = 1, section.width
    for number in range(data.num_record_batches):
        batch = data.get_batch(number)
        end = start + batch.num_rows
        last = min(end, section.last + 1 if section.last is not None else end)
        first = max(start, section.first)
        if section.layout != "key_value" and first < last:
            rows = batch.slice(first - start, last - first)
            for i in range(batch.num_columns - 1, used - 1, -1):
                if pc.any(pc.not_equal(pc.utf8_trim_whitespace(rows.column(i)), "")).as_py():
                    used = i + 1
                    break
        start = end
    section.widen(used)


def _load(data: ipc.RecordBatchFileReader, parts: Sequence[_Part]) -> None:
    """Give every row of the grid to a part or to an account."""
    claimed = {row.line for section in (part.section for part in parts) for row in section.around}
    start = 1
    for number in range(data.num_record_batches):
        batch = data.get_batch(number)
        numbers = pa.array(range(start, start + batch.num_rows), pa.int64())
        table = pa.Table.from_batches([batch]).append_column(LINE, numbers)
        for line in sorted(_distribute(table, start, parts) - claimed):
            parts[-1].ledger.set_aside(line, "blank")
        start += batch.num_rows


def _part(section: Section, draft: Draft) -> _Part:
    ledger = opened(section, draft.folder)
    laid = lay_pairs(section, ledger) if section.layout == "key_value" else None
    writer = Writer(draft.folder, section.width)
    if laid is not None:
        writer.write(laid)
    writer.write(added_rows(section))
    return _Part(section, ledger, writer)


def _first_rows(data: ipc.RecordBatchFileReader) -> list[Row]:
    if not data.num_record_batches:
        return []
    columns = [column.to_pylist() for column in data.get_batch(0).slice(0, _LOOK_ROWS).columns]
    return [sheet_row(i + 1, cells) for i, cells in enumerate(zip(*columns, strict=True))]


def _distribute(table: pa.Table, start: int, parts: Sequence[_Part]) -> set[int]:
    """Give the rows of a batch to the parts whose data they are; returns the other rows."""
    end = start + table.num_rows - 1
    left = set(range(start, end + 1))
    for part in parts:
        section = part.section
        last = min(end, section.last if section.last is not None else end)
        first = max(start, section.first)
        if section.layout != "key_value" and first <= last:
            left.difference_update(range(first, last + 1))
            _take(table.slice(first - start, last - first + 1), part)
    return left


def _take(rows: pa.Table, part: _Part) -> None:
    """Write the filled rows, set the blank ones aside."""
    width = rows.num_columns - 1
    filled = pc.not_equal(pc.utf8_trim_whitespace(rows.column(0)), "")
    for i in range(1, width):
        if pc.all(filled).as_py():
            break
        filled = pc.or_(filled, pc.not_equal(pc.utf8_trim_whitespace(rows.column(i)), ""))
    for line in rows.filter(pc.invert(filled)).column(LINE).to_pylist():
        part.ledger.set_aside(line, "blank")
    kept = rows.filter(filled)
    empty = pa.array([""] * kept.num_rows, pa.string())
    wanted = part.section.width
    columns = [kept.column(i) if i < width else empty for i in range(wanted)]
    table = pa.table([*columns, kept.column(LINE)], schema=schema(wanted))
    table = without_headers(table, part.section, part.ledger)
    part.writer.write(without_dropped(table, part.section, part.ledger))
