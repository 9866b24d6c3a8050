"""Comparing what a reader gave with the truth of a made file."""

from __future__ import annotations

from collections.abc import Sequence

from crm_metrics.intake import Table
from tests.intake.corpus.making import Damaged, Made


def faults(made: Made, tables: Sequence[Table]) -> list[str]:
    """What of our reading is wrong: header, cells, account, or a repair that nothing tells of."""
    if len(tables) != 1:
        return [f"{len(tables)} tables"]
    (table,) = tables
    account = table.account
    found = cell_faults(made, table.headers, table.frame().to_numpy().tolist())
    if account.lines != made.lines or account.lines != account.records + sum(
        account.set_aside.values()
    ):
        found.append(f"account of {account.lines} lines for {made.lines}")
    said = {issue.code for issue in table.issues}
    # A line set aside is told of in the account.
    silent = account.set_aside == made.aside
    if made.damaged and made.damaged.said and silent and not said.intersection(made.damaged.said):
        found.append("nothing said of the damage")
    if not made.damaged and said & {"lines_repaired", "lines_unsplit", "bad_bytes"}:
        found.append("undamaged lines repaired")
    if not made.damaged and account.set_aside != made.aside:
        found.append(f"set aside {account.set_aside} for {made.aside}")
    return found


def cell_faults(made: Made, header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """What of any reader's header and cells is wrong; cells may be padded at the right."""
    found = []
    if tuple(header) not in made.shape.accepted_headers:
        found.append(f"header {tuple(header)[:4]} for {made.shape.headers[:4]}")
    if len(rows) != len(made.records):
        found.append(f"{len(rows)} records for {len(made.records)}")
        return found
    at = made.damaged.record if made.damaged else -1
    width = made.shape.width
    for i, (row, record) in enumerate(zip(rows, made.records, strict=True)):
        cells = tuple(row[:width])
        if i == at or (cells == record and not any(row[width:])):
            continue
        found.append(f"record {i}: {cells} for {record}")
        break
    if made.damaged and not mended(made.damaged, tuple(rows[at])):
        word = "" if made.damaged.certain else " (letters)"
        found.append(f"damaged{word}: {tuple(rows[at])} for {made.damaged.readings[0]}")
    return found


def mended(damaged: Damaged, cells: tuple[str, ...]) -> bool:
    """Whether the damaged record came out right."""
    drop = str.maketrans("", "", damaged.ignoring)
    plain = tuple(cell.translate(drop).strip() for cell in cells)
    for reading in damaged.readings:
        wanted = tuple(cell.translate(drop).strip() for cell in reading)
        if plain[: len(wanted)] == wanted and not any(plain[len(wanted) :]):
            return True
    if damaged.certain:
        return False
    return _letters(damaged.kept) in _letters("".join(cells))


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))
