"""Key/value reports: the keys become the headers, the report becomes a record."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from crm_metrics.intake.layout.rows import Row
from crm_metrics.intake.layout.sections import Section
from crm_metrics.intake.ledger import Ledger
from crm_metrics.intake.parquet import rows_table


def lay_pairs(section: Section, ledger: Ledger) -> pa.Table:
    """The records of a key/value section; fills in its headers, width and first line.

    A block whose keys stood already begins another record (the variants of an A/B report);
    blocks that nothing repeats are common to all records.
    """
    records = _records(section.pairs)
    keys: dict[str, None] = {}
    for record in records:
        keys.update(dict.fromkeys(record))
    headers = tuple(keys)
    rows = sorted((row for block in section.pairs for row in block), key=lambda row: row.line)
    firsts = _first_lines(section.pairs, len(records))
    section.headers, section.width, section.fields = headers, len(headers), 2
    section.first = rows[0].line
    for row in rows:
        if row.line not in firsts:
            ledger.set_aside(row.line, "continuation", row.text)
        for more in range(1, row.lines):
            ledger.set_aside(row.line + more, "continuation")
    cells = [[record.get(key, "") for key in headers] for record in records]
    return rows_table(cells, firsts, len(headers))


def _records(blocks: Sequence[Sequence[Row]]) -> list[dict[str, str]]:
    common: dict[str, str] = {}
    records: list[dict[str, str]] = []
    for i, block in enumerate(blocks):
        cells = _cells(block)
        if not _repeats(blocks, i):
            common.update(cells)
        elif not records or records[-1].keys() & cells.keys():
            records.append(cells)
        else:
            records[-1].update(cells)
    return [common | record for record in records] or [common]


def _first_lines(blocks: Sequence[Sequence[Row]], count: int) -> list[int]:
    """A line for each record: that of its own first block."""
    if count == 1:
        return [blocks[0][0].line]
    starts: list[int] = []
    seen: set[str] = set()
    for i, block in enumerate(blocks):
        keys = {row.cells[0] for row in block}
        if _repeats(blocks, i) and (not starts or seen & keys):
            starts.append(block[0].line)
            seen = set()
        seen |= keys
    return starts


def _repeats(blocks: Sequence[Sequence[Row]], at: int) -> bool:
    keys = {row.cells[0] for row in blocks[at]}
    return any(keys & {row.cells[0] for row in other} for i, other in enumerate(blocks) if i != at)


def _cells(block: Sequence[Row]) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in block:
        base = key = row.cells[0].strip()
        number = 2
        while key in found:
            key, number = f"{base} ({number})", number + 1
        found[key] = " ".join(cell for cell in row.cells[1:] if cell.strip())
    return found
