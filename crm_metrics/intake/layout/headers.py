"""Which rows of a block name its columns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from crm_metrics.intake.layout.cells import TYPED, Column, columns, is_missing, shape
from crm_metrics.intake.layout.labels import is_like_total, total_label
from crm_metrics.intake.layout.names import has_marks, is_ruled, is_units
from crm_metrics.intake.layout.rows import Row, extent

_LOOK = 30
_MOST_AGAIN = 0.3
"""A header may share this many of its words with the cells below it."""
_FULL = 0.6
"""A row that fills more of the columns than this is no line above a table."""
_YEAR = re.compile(r"(19|20)\d\d")
_IMPORT_ID = re.compile(r'\s*\{"ImportId"')


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
    body = _told_once([row for row in _regular(rows, width) if not _imported(row)])
    known = columns([row.cells for row in _lower_half(body)], width)
    # Some systems end every record, but not the header, with delimiters that divide nothing.
    used = min(width, max((extent(row.cells) for row in body), default=width))
    candidates = list(islice(_eligible(rows, used, width), _LOOK))
    if not candidates:
        return Heading(0, 0, width, known)
    heads = _heads(rows, candidates, known, width)
    if not heads:
        return Heading(candidates[0], candidates[0], width, known)
    # A row with a number in a column of numbers, or with a colon, names columns only for want of
    # another.
    plain = [
        i for i in heads if not contrast(rows[i], known)[1] and not rows[i].first.endswith(":")
    ] or heads
    best = max(plain, key=lambda i: (min(rows[i].filled, width), -i))
    before = best
    while before > best - 2 and before - 1 in heads and _is_over(rows[before - 1], rows[before]):
        before -= 1
    if 0 < before == best and _completes(rows[best - 1], rows[best]):
        before -= 1
    after = best + 1
    while after < min(len(rows), best + 4) and (
        _second_header(rows[after], known, rows[best]) or _is_scale(rows, after, known)
    ):
        after += 1
    if after < len(rows) and after > best + 1 and _is_wordy(rows[after], known):
        after = best + 1  # the words go on: they are records
    rest = [row.cells for row in _regular(rows[after:], width) if not _is_summary(row)]
    return Heading(before, after, max(width, rows[best].width), columns(rest, width))


def _heads(
    rows: Sequence[Row], candidates: Sequence[int], known: Sequence[Column], width: int
) -> list[int]:
    """The candidates that read like names of columns, up to the first row of data."""
    heads: list[int] = []
    typed = any(col.kind in TYPED for col in known)
    for i in candidates:
        if _header_like(rows[i], known, rows[i + 1 :], first=not heads):
            heads.append(i)
            if not typed and rows[i].filled >= _FULL * width:
                break
        elif rows[i].filled > _FULL * width or any(rows[h].filled > _FULL * width for h in heads):
            break
    return heads


def _eligible(rows: Sequence[Row], used: int, width: int) -> Iterator[int]:
    return (i for i, row in enumerate(rows) if _wide_enough(row, used) and _full_enough(row, width))


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


def _wide_enough(row: Row, width: int) -> bool:
    return row.filled > 0 and (row.width >= width - 1 or len(row.cells) >= width)


def _regular(rows: Sequence[Row], width: int) -> list[Row]:
    """The rows of exactly the usual width, or where these are few all that are wide enough."""
    wide = [row for row in rows if _wide_enough(row, width)]
    exact = [row for row in wide if len(row.cells) == width]
    return exact if 2 * len(exact) > len(wide) else wide


def _told_once(rows: Sequence[Row]) -> list[Row]:
    """The rows without those of words that stand there more than once: repeated headers."""
    words = [row for row in rows if not any(shape(cell) in TYPED for cell in row.cells)]
    often = Counter(row.cells for row in words)
    if len(words) == len(rows) or max(often.values(), default=0) < 2:
        return list(rows)
    return [row for row in rows if often[row.cells] < 2]


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
        named = words > alike and (first or not _holds_values(row))
        return named or (first and _pivot(row, below))
    if any(shape(cell) in TYPED for cell in row.cells):
        return False
    texts = [cell.strip() for cell in row.cells if cell.strip()]
    return first and not _is_value(row, below) and len(set(texts)) >= 0.7 * len(texts)


def _is_value(row: Row, below: Sequence[Row]) -> bool:
    """Whether words of the row stand again below it, and not only they: then they are values."""
    again = 0
    for i, cell in enumerate(row.cells):
        column = {other.cells[i].strip() for other in below if i < len(other.cells)} - {""}
        # A column of a choice holds the name of the choice or nothing.
        again += cell.strip() in column and len(column) > 1
    return again >= max(1, _MOST_AGAIN * row.width) and not _repeated(row, below)


def _repeated(row: Row, below: Sequence[Row]) -> bool:
    """Whether the whole row stands again below, as no other does."""
    often = Counter(other.cells for other in below)
    return row.cells in often and often.pop(row.cells) >= max(often.values(), default=0)


def _holds_values(row: Row) -> bool:
    """Whether the row is a record out of place: a field was lost in it, or is too many."""
    return sum(shape(cell) in TYPED for cell in row.cells) > 0.3 * row.filled


def _pivot(row: Row, below: Sequence[Row]) -> bool:
    """Years, months or a scale 0..10 as names: numbers that only count up."""
    found = [cell.strip() for cell in row.cells if cell.strip()]
    figures = [cell for cell in found if shape(cell) in TYPED]
    if len(figures) < 2 or found[0] in figures:
        return False
    if len(figures) == 2:
        years = [int(cell) for cell in figures if _YEAR.fullmatch(cell)]
        at = [cell.strip() for cell in row.cells].index(figures[0])
        values = [other.cells[at] for other in below if other.filled > 1 and at < len(other.cells)]
        return (
            years[1:] == [years[0] + 1] and not any(map(_YEAR.fullmatch, values))
            if years
            else False
        )
    if all(re.fullmatch(r"(19|20)\d\d|\d{1,2}", cell) for cell in figures):
        numbers = [int(cell) for cell in figures]
        steps = {after - before for before, after in pairwise(numbers)}
        return steps == {1} and (numbers[0] > 31 or len(numbers) >= 5)
    return all(shape(cell) == "date" for cell in figures) and figures == sorted(set(figures))


def _is_over(above: Row, row: Row) -> bool:
    """Whether a row names groups of columns: it fills a gap below or tells equal names apart.

    A cell merged over both rows stands in both.
    """
    if above.filled < 2 or above.filled >= above.width:
        return False
    lower = [cell.strip() for cell in row.cells]
    upper = [(cell.strip(), below) for cell, below in zip(above.cells, lower, strict=False)]
    named = [cell for cell in lower if cell]
    fills = any(cell and below in {"", cell} for cell, below in upper)
    return fills or len(set(named)) < len(named)


def _completes(above: Row, row: Row) -> bool:
    """Whether a row names every column that the row below leaves without a name, the first too.

    Questions over their many choices fill too few cells to pass for a header by themselves.
    """
    gaps = [i for i, cell in enumerate(row.cells[: row.width]) if not cell.strip()]
    if gaps[:1] != [0] or len(gaps) < 2:
        return False
    upper = [cell.strip() for cell in above.cells[: row.width]]
    return len(upper) > gaps[-1] and all(upper[i] and shape(upper[i]) not in TYPED for i in gaps)


def _is_wordy(row: Row, known: Sequence[Column]) -> bool:
    words, alike = contrast(row, known)
    return words >= 2 and not alike and not is_ruled(row) and not _is_summary(row)


def _is_scale(rows: Sequence[Row], at: int, known: Sequence[Column]) -> bool:
    """Whether the row numbers the columns from 1, or divides groups by dates or years."""
    row, below = rows[at], rows[at + 1 : at + 3]
    cells = [cell.strip() for cell in row.cells[: row.width]]
    if row.width > 2 and cells == [str(i + 1) for i in range(row.width)]:
        return any(col.kind not in {"number", "empty"} for col in known[: row.width])
    places = [i for i, cell in enumerate(cells) if cell]
    if not below or cells[0] or len(places) < 2 or rows[at - 1].cells[0].strip() == "":
        return False
    return all(_is_time(cells[i]) for i in places) and not any(
        _is_time(other.cells[i]) for other in below for i in places if i < len(other.cells)
    )


def _is_time(cell: str) -> bool:
    return shape(cell) == "date" or bool(_YEAR.fullmatch(cell.strip()))


def _is_summary(row: Row) -> bool:
    """Whether the row may be a total: it tells nothing about the cells of a column."""
    return bool(total_label(row.cells)) or is_like_total(row.first)


def _imported(row: Row) -> bool:
    """Qualtrics' third header row: a JSON note in every cell."""
    return sum(bool(_IMPORT_ID.match(cell)) for cell in row.cells) > row.filled // 2


def _second_header(row: Row, known: Sequence[Column], head: Row) -> bool:
    if not row.filled:
        return False
    if is_ruled(row) or _imported(row):
        return True
    words, alike = contrast(row, known)
    if alike or row.width > max(head.width, len(known)) or _holds_values(row):
        return False
    if has_marks(row) and not row.cells[0].strip():
        return True
    empty_start = not row.cells[0].strip() and bool(head.cells[0].strip())
    return words >= 2 or (words >= 1 and (empty_start or is_units(row)))
