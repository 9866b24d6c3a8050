"""Doubtful lines become records again: nothing dropped, nothing guessed without saying so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crm_metrics.intake.layout.cells import Column, fit, is_missing
from crm_metrics.intake.layout.labels import is_grand_total, is_total, is_total_of
from crm_metrics.intake.limits import MAX_RECORD_LINES
from crm_metrics.intake.table import Reason
from crm_metrics.intake.text.dialect import Dialect
from crm_metrics.intake.text.splitting import joined, split_strict, split_to_width


@dataclass(frozen=True, slots=True)
class Mended:
    """What became of a doubtful line.

    `cells` is a record of `lines` physical lines, unless `reason` sets the lines aside.
    `how` is "whole" (nothing was wrong), "repaired", or "unsplit": the text is kept, but where
    its fields divide is a guess.
    """

    lines: int
    cells: tuple[str, ...] = ()
    how: str = "whole"
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """The table that lines should fit: dialect, fields per line, what its columns hold.

    Where lines end early, `least` is the fewest fields of a whole one; `most` is the header's
    width: a line between them is whole.
    """

    dialect: Dialect
    fields: int
    least: int
    most: int
    known: tuple[Column, ...]

    def literal(self, text: str) -> list[str]:
        """The fields if quotes meant nothing."""
        divider = self.dialect.divider
        return text.split(divider) if divider else [text]


def is_record(line: str, shape: Shape) -> bool:
    """Whether the line reads like a whole record of this table."""
    cells = split_strict(line, shape.dialect.divider, shape.dialect.quote)
    if cells is None or len(cells) != shape.fields:
        return False
    return fit(cells, shape.known) >= 0.8


def closes_at(lines: Sequence[str], odd: Sequence[bool], shape: Shape) -> tuple[int, list[str]]:
    """How many lines the record takes that opens on the first line, and its cells.

    (0, []) if no later line closes it without swallowing a record.
    """
    dialect = shape.dialect
    whole = 0
    for end in range(1, min(len(lines), MAX_RECORD_LINES)):
        if not odd[end]:
            whole += is_record(lines[end], shape)
            if whole and shape.fields >= 3:
                return 0, []
            continue
        cells = split_strict("\n".join(lines[: end + 1]), dialect.divider, dialect.quote)
        if cells is None or len(cells) != shape.fields:
            return 0, []
        alone = [shape.literal(lines[0]), shape.literal(lines[end])]
        if shape.fields > 1 and all(len(each) == shape.fields for each in alone):
            bare = [[cell.strip(dialect.quote) for cell in each] for each in alone]
            if min(fit(each, shape.known) for each in bare) >= fit(cells, shape.known):
                return 0, []
        return end + 1, cells
    return 0, []


def mend(
    lines: Sequence[str], shape: Shape, *, tail: bool, after_blank: bool, record: bool = False
) -> Mended:
    """Make a record of the first line, or of the first few if one was broken in two.

    `lines` are the doubtful line and the doubtful ones right after it; `tail` says that no
    whole record follows, `after_blank` that an empty line stands before, `record` that the user
    takes the line for one.
    """
    text = lines[0]
    cells = shape.dialect.split(text)
    aside = _no_record(text, cells, shape, tail=tail, after_blank=after_blank)
    if aside and not record:
        return Mended(1, reason=aside)
    strict = split_strict(text, shape.dialect.divider, shape.dialect.quote)
    if strict is not None and _is_whole(strict, shape):
        return Mended(1, tuple(strict))
    broken = _broken_in_two(lines, cells, shape)
    if broken:
        return broken
    exact = _exact(text, cells, shape)
    if exact is not None:
        return Mended(1, tuple(exact), "repaired")
    cells = _bare(cells, shape)
    return _too_many(cells, shape) if len(cells) > shape.fields else _too_few(cells, shape)


def _is_whole(cells: Sequence[str], shape: Shape) -> bool:
    """Whether nothing is wrong but that last fields are left out, as elsewhere in the file."""
    missing = shape.fields - len(cells)
    if missing <= 0:
        return len(cells) <= shape.most
    return len(cells) >= shape.least and fit([*cells, *[""] * missing], shape.known) == 1.0


def _exact(text: str, cells: Sequence[str], shape: Shape) -> list[str] | None:
    """A reading of a badly quoted line that gives the right number of fields."""
    width, quote = shape.fields, shape.dialect.quote
    if len(cells) == width:
        return _bare(cells, shape)
    if quote and quote in text:
        reading = split_to_width(text, shape.dialect.divider, quote, width)
        if reading is not None:
            return reading
    literal = shape.literal(text)
    return _bare(literal, shape) if len(literal) == width else None


def _no_record(
    text: str, cells: Sequence[str], shape: Shape, *, tail: bool, after_blank: bool
) -> Reason | None:
    filled = [cell.strip() for cell in cells if cell.strip()]
    width = shape.fields
    if not filled:
        return "blank"
    if len(cells) == width + 1 and is_grand_total(cells[-1]):
        return "total"
    if width < 2 or len(cells) >= width:
        return None
    if tail and (is_total(filled[0]) or is_total_of(filled[0])):
        return "total"
    lone = len(filled) == 1 and (width > 2 or " " in filled[0])
    if tail and (after_blank or lone or _is_foreign(cells, shape)):
        return "footer"
    return "other" if text.startswith("#") else None


def _is_foreign(cells: Sequence[str], shape: Shape) -> bool:
    """Whether no cell suits its column: a sentence with the delimiter in it."""
    strict = sum(col.strict for col in shape.known[: len(cells)])
    return strict > 1 and fit(cells, shape.known) == 0.0


def _bare(cells: Sequence[str], shape: Shape) -> list[str]:
    """Cells without a lone quote at their edge; 5" keeps its inches unless a number is due."""
    mark = shape.dialect.quote
    result = []
    for i, cell in enumerate(cells):
        found = cell
        if mark and cell.count(mark) == 1:
            known = shape.known[i] if i < len(shape.known) else None
            due = known is not None and known.strict and known.takes(cell.strip(mark))
            inches = cell.endswith(mark) and cell[-2:-1].isdigit()
            if not inches or due:
                found = cell.strip(mark)
        result.append(found)
    return result


def _broken_in_two(lines: Sequence[str], cells: Sequence[str], shape: Shape) -> Mended | None:
    """A line break that lost its quotes: two or three short lines that make one record."""
    if len(cells) >= shape.fields or shape.fields < 3:
        return None
    parts = list(cells)
    for count, line in enumerate(lines[1:3], start=2):
        more = shape.dialect.split(line)
        parts = [*parts[:-1], parts[-1] + "\n" + more[0], *more[1:]]
        if len(parts) > shape.fields:
            return None
        if _begins_record(more, shape):
            return None
        if len(parts) == shape.fields and len(more) > 1:
            certain = fit(parts, shape.known) == 1.0 and any(col.strict for col in shape.known)
            return Mended(count, tuple(parts), "repaired") if certain else None
    return None


def _begins_record(cells: Sequence[str], shape: Shape) -> bool:
    """Whether the line could be the beginning of a record of its own."""
    hits = [
        col.takes(cell)
        for cell, col in zip(cells, shape.known, strict=False)
        if col.strict and not is_missing(cell)
    ]
    return bool(hits) and all(hits)


def _too_many(cells: list[str], shape: Shape) -> Mended:
    """A delimiter too many: an empty end, or a value that lost its quotes."""
    width, extra = shape.fields, len(cells) - shape.fields
    if not any(cell.strip() for cell in cells[width:]):
        return Mended(1, tuple(cells[:width]), "repaired")
    divider = shape.dialect.divider
    readings = [joined(cells, start, extra + 1, divider) for start in range(width)]
    # In a sentence a space follows the comma: such a place is tried before the others.
    spaced = [
        reading
        for start, reading in enumerate(readings)
        if all(cell[:1] == " " for cell in cells[start + 1 : start + extra + 1])
    ]
    best = _only_best(spaced, shape) or _only_best(readings, shape)
    if best is not None:
        return Mended(1, tuple(best), "repaired")
    scores = [fit(reading, shape.known) for reading in readings]
    # Nothing decides: of the equally likely places the last keeps the most fields in order.
    choice = max(range(width), key=lambda i: (scores[i], i))
    return Mended(1, tuple(readings[choice]), "unsplit")


def _too_few(cells: list[str], shape: Shape) -> Mended:
    """A lost field: where the others fit only with the gap in one place, it is put there."""
    missing = shape.fields - len(cells)
    gap = [""] * missing
    readings = [[*cells[:at], *gap, *cells[at:]] for at in range(len(cells) + 1)]
    best = _only_best(readings, shape)
    if best is not None:
        return Mended(1, tuple(best), "repaired")
    scores = [fit(reading, shape.known) for reading in readings]
    choice = max(range(len(readings)), key=lambda i: (scores[i], i))
    return Mended(1, tuple(readings[choice]), "unsplit")


def _only_best(readings: Sequence[list[str]], shape: Shape) -> list[str] | None:
    """The one reading that all strict columns take; None if there are several or none."""
    if not any(col.strict for col in shape.known):
        return None
    perfect = [reading for reading in readings if fit(reading, shape.known) == 1.0]
    distinct = {tuple(reading) for reading in perfect}
    return perfect[0] if len(distinct) == 1 else None
