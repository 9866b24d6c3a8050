"""Which row of a block names its columns, and what the names are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from crm_metrics.intake.layout.cells import TYPED, Column, columns, is_missing, shape
from crm_metrics.intake.layout.labels import total_label
from crm_metrics.intake.layout.rows import Row, extent

_LOOK = 30
_SECOND_ROW_MARKS = frozenset(
    {"response", "open-ended response", "other (please specify)", "ответ", "свободный ответ"}
)
_IMPORT_ID = re.compile(r'\s*\{"ImportId"')
_MAX_CHOICE = 60
_MAX_NAME = 40
"""Longer texts under names, for the most part, are sentences about them."""
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Heading:
    """Where a block's header stands: rows before it, header rows, then data.

    `before` and `after` are positions in the block's rows: rows[before:after] are the header;
    before == after where the table has none. `width` is the number of columns.
    """

    before: int
    after: int
    width: int
    known: tuple[Column, ...]


def find_heading(rows: Sequence[Row], width: int) -> Heading:
    """The header of a block of rows of one table; `width` is the usual number of fields."""
    body = [row for row in _regular(rows, width) if not _imported(row)]
    known = columns([row.cells for row in _lower_half(body)], width)
    # Some systems end every record, but not the header, with delimiters that divide nothing.
    used = min(width, max((extent(row.cells) for row in body), default=width))
    candidates = [
        i
        for i, row in enumerate(rows[:_LOOK])
        if _wide_enough(row, used) and _full_enough(row, width)
    ]
    if not candidates:
        return Heading(0, 0, width, known)
    heads: list[int] = []
    for i in candidates:
        if not _header_like(rows[i], known, rows[i + 1 :], first=not heads):
            break
        heads.append(i)
        if not any(col.kind in TYPED for col in known) and rows[i].filled >= 0.6 * width:
            break
    if not heads:
        return Heading(candidates[0], candidates[0], width, known)
    best = max(heads, key=lambda i: (rows[i].filled, -i))
    before = best - 1 if best - 1 in heads and _is_over(rows[best - 1], rows[best]) else best
    after = best + 1
    while after < min(len(rows), best + 3) and _second_header(rows[after], known, rows[best]):
        after += 1
    rest = [row.cells for row in _regular(rows[after:], width) if not total_label(row.cells)]
    return Heading(before, after, max(width, rows[best].width), columns(rest, width))


def contrast(row: Row, known: Sequence[Column]) -> tuple[int, int]:
    """Of the row's cells over typed columns: how many are words, how many are like the data."""
    words = alike = 0
    for cell, col in zip(row.cells, known, strict=False):
        if col.kind not in TYPED or is_missing(cell):
            continue
        if col.takes(cell) and shape(cell) in TYPED:
            alike += 1
        else:
            words += 1
    return words, alike


def names(heads: Sequence[Row], width: int) -> tuple[list[str], int, int]:
    """Column names from the header rows, and how many were duplicates and how many empty.

    A second row is joined to the first where it holds choices under a question or measures under
    a group; a row of long descriptions is not. Without header rows the names are "1", "2", ...
    """
    if not heads:
        return [str(i + 1) for i in range(width)], 0, 0
    top = [_clean(cell) for cell in heads[0].cells] + [""] * width
    raw = _with_choices(top[:width], heads[1]) if len(heads) > 1 else top[:width]
    taken: set[str] = set()
    found: list[str] = []
    duplicates = empty = 0
    plain = set(raw)
    for i, given in enumerate(raw):
        name = given
        if not name:
            empty += 1
            name = f"Column {i + 1}"
        elif name in taken:
            duplicates += 1
        base, number = name, 2
        while name in taken or (name != given and name in plain):
            name, number = f"{base} ({number})", number + 1
        taken.add(name)
        found.append(name)
    return found, duplicates, empty


def _clean(cell: str) -> str:
    return _SPACE.sub(" ", cell.replace("\ufeff", "")).strip()


def _with_choices(top: list[str], second: Row) -> list[str]:
    """Survey headers: a question over a group of columns, its choices in the second row."""
    subs = [_clean(cell) for cell in second.cells] + [""] * len(top)
    if _described(top, subs):
        return top
    result, group = [], ""
    for i, name in enumerate(top):
        group = name or group
        sub = subs[i]
        repeated = i > 0 and (not name or name == top[i - 1])
        begins = i + 1 < len(top) and (not top[i + 1] or top[i + 1] == name) and bool(subs[i + 1])
        choice = sub and len(sub) <= _MAX_CHOICE and sub.lower() not in {"response", "ответ"}
        shared = subs.count(sub) > 1 and sub.lower() not in _SECOND_ROW_MARKS
        if choice and group and (repeated or begins or shared):
            result.append(f"{group} / {sub}")
        else:
            result.append(name)
    return result


def _described(top: Sequence[str], subs: Sequence[str]) -> bool:
    """Whether the second row explains names that are whole without it, as Facebook does."""
    lengths = sorted(len(sub) for sub in subs if sub)
    return all(top) and bool(lengths) and lengths[len(lengths) // 2] > _MAX_NAME


def _wide_enough(row: Row, width: int) -> bool:
    return row.filled > 0 and (row.width >= width - 1 or len(row.cells) >= width)


def _regular(rows: Sequence[Row], width: int) -> list[Row]:
    """The rows of exactly the usual width, or where these are few all that are wide enough."""
    wide = [row for row in rows if _wide_enough(row, width)]
    exact = [row for row in wide if len(row.cells) == width]
    return exact if 2 * len(exact) > len(wide) else wide


def _full_enough(row: Row, width: int) -> bool:
    """A title padded with delimiters fills one cell; a header leaves at most its corner empty."""
    if width == 2:
        return row.filled >= 2 or (row.width == 2 and bool(row.cells[1].strip()))
    return row.filled >= min(max(2, round(0.3 * width)), width)


def _lower_half(rows: Sequence[Row]) -> Sequence[Row]:
    return rows[len(rows) - max(1, len(rows) // 2) :] if rows else rows


def _header_like(row: Row, known: Sequence[Column], below: Sequence[Row], *, first: bool) -> bool:
    if not below:
        return not any(shape(cell) in TYPED for cell in row.cells)
    words, alike = contrast(row, known)
    if words or alike:
        return words > alike or (first and _pivot(row))
    if any(shape(cell) in TYPED for cell in row.cells):
        return False
    texts = [cell.strip() for cell in row.cells if cell.strip()]
    repeats = sum(cell.strip() in col.words for cell, col in zip(row.cells, known, strict=False))
    return first and repeats == 0 and len(set(texts)) >= 0.7 * len(texts)


def _pivot(row: Row) -> bool:
    """Years, months or a scale 0..10 as names: numbers that only count up."""
    found = [cell.strip() for cell in row.cells if cell.strip()]
    figures = [cell for cell in found if shape(cell) in TYPED]
    if len(figures) < 3 or found[0] in figures:
        return False
    if all(re.fullmatch(r"(19|20)\d\d|\d{1,2}", cell) for cell in figures):
        numbers = [int(cell) for cell in figures]
        steps = {after - before for before, after in pairwise(numbers)}
        return steps == {1} and (numbers[0] > 31 or len(numbers) >= 5)
    return all(shape(cell) == "date" for cell in figures) and figures == sorted(set(figures))


def _is_over(above: Row, row: Row) -> bool:
    """Whether a row names groups of columns: it fills a gap below or tells equal names apart."""
    if above.filled < 2:
        return False
    lower = [cell.strip() for cell in row.cells]
    fills = any(cell.strip() and not below for cell, below in zip(above.cells, lower, strict=False))
    named = [cell for cell in lower if cell]
    return above.filled < above.width and (fills or len(set(named)) < len(named))


def _imported(row: Row) -> bool:
    """Qualtrics' third header row: a JSON note in every cell."""
    return sum(bool(_IMPORT_ID.match(cell)) for cell in row.cells) > row.filled // 2


def _second_header(row: Row, known: Sequence[Column], head: Row) -> bool:
    texts = [cell.strip() for cell in row.cells if cell.strip()]
    if not texts:
        return False
    marks = sum(text.lower() in _SECOND_ROW_MARKS for text in texts)
    if _imported(row):
        return True
    words, alike = contrast(row, known)
    if alike:
        return False
    if marks and not row.cells[0].strip():
        return True
    empty_start = not row.cells[0].strip() and bool(head.cells[0].strip())
    return words >= 2 or (words >= 1 and empty_start)
