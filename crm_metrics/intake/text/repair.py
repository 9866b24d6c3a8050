"""Doubtful lines become records again: nothing dropped, nothing guessed without saying so."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from crm_metrics.intake.layout.cells import TYPED, Column, fit, is_missing
from crm_metrics.intake.layout.cells import shape as kind_of
from crm_metrics.intake.layout.labels import is_grand_total, is_total, is_total_of
from crm_metrics.intake.limits import MAX_RECORD_LINES
from crm_metrics.intake.table import Reason
from crm_metrics.intake.text.aligning import Reading, readings
from crm_metrics.intake.text.dialect import Dialect
from crm_metrics.intake.text.likeness import Likeness
from crm_metrics.intake.text.splitting import doubled, split_line, split_strict

_MARGIN = 2.5
"""How much likelier (a logarithm) a repair must be than any other to be called certain."""
_OTHER_DIALECT = 3.0
_MAX_JOINED = 20_000


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
    likeness: Likeness

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


def ends_record(before: str, text: str, shape: Shape) -> list[str] | None:
    """The record of a whole line that lacks its last value and of a line that is this value."""
    divider, last = shape.dialect.divider, shape.known[-1] if shape.known else None
    if not divider or last is None or not before.endswith(divider):
        return None
    cells, value = split_strict(before, divider, shape.dialect.quote), shape.dialect.split(text)
    if cells is None or len(cells) != shape.fields or len(value) != 1 or is_missing(value[0]):
        return None
    empty = sum(map(is_missing, last.sample))  # the line before is one of these itself
    most = (0.1 if last.strict else 0.02) * len(last.sample)
    lacks = len(last.sample) > 4 and empty <= max(1, most)
    takes = not last.strict or last.takes(value[0])
    return [*cells[:-1], value[0].strip()] if lacks and takes else None


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
    lines: Sequence[str],
    shape: Shape,
    *,
    tail: bool,
    after_blank: bool,
    record: bool = False,
    patient: bool = True,
    cut: bool = False,
) -> Mended:
    """Make a record of the first line, or of the first few if one was broken in several.

    `lines` are the doubtful line and the doubtful ones right after it; `tail` says that no
    whole record follows, `after_blank` that an empty line stands before, `record` that the user
    takes the line for one, `patient` that the likeliest reading may be looked for, `cut` that the
    last line is the file's last and does not end.
    """
    text = lines[0]
    cells = shape.dialect.split(text)
    aside = _no_record(text, cells, shape, tail=tail, after_blank=after_blank)
    if aside and not record:
        return Mended(1, reason=aside)
    strict = split_strict(text, shape.dialect.divider, shape.dialect.quote)
    if strict is not None and _is_whole(strict, shape):
        return Mended(1, tuple(strict))
    if len(cells) == shape.fields and fit(cells, shape.known) == 1.0:
        return Mended(1, tuple(_bare(cells, shape)), "repaired")
    other = _of_other_dialect(text, shape)
    if other:
        return Mended(1, tuple(other), "repaired")
    found = _likeliest(lines, shape, tail=tail, cut=cut) if patient else None
    return found or Mended(1, tuple(_fitted(cells, shape)), "unsplit")


def _of_other_dialect(text: str, shape: Shape) -> list[str] | None:
    """The cells of a line that escapes its quotes, or divides its fields, in another way."""
    divider, quote = shape.dialect.divider, shape.dialect.quote
    if quote and "\\" + quote in text:
        cells = split_strict(doubled(text.encode(), quote.encode()).decode(), divider, quote)
        if cells is not None and len(cells) == shape.fields:
            return cells
    if shape.fields < 3:
        return None
    for foreign in ",;\t|":
        if foreign == divider or text.count(foreign) < shape.fields - 1:
            continue
        cells = split_line(text, foreign, quote)
        strict = any(col.strict for col in shape.known)
        if len(cells) == shape.fields and strict and fit(cells, shape.known) == 1.0:
            return cells
    return None


def _likeliest(lines: Sequence[str], shape: Shape, *, tail: bool, cut: bool) -> Mended | None:
    """The first record of the likeliest way to divide the lines into records."""
    count = len(lines)
    rest = [0.0] * (count + 1)
    first: tuple[int, list[Reading]] | None = None
    for at in reversed(range(count)):
        rest[at] = math.inf
        if at and _stands_aside(lines[at], shape, tail=tail):
            rest[at] = rest[at + 1]
            continue
        for end in range(at + 1, count + 1):
            text = "\n".join(lines[at:end])
            if end > at + 1 and _too_long(text, shape):
                break
            other = _of_other_dialect(text, shape) if at and end == at + 1 else None
            if other:
                found = [Reading(tuple(other), _OTHER_DIALECT)]
            else:
                # One that is worse than what is known is not looked for.
                least = rest[at] - rest[end] if rest[end] < math.inf else 0.0
                found = _readings(text, shape, cut=cut and end == count, below=least)
            if found and found[0].cost + rest[end] < rest[at]:
                rest[at] = found[0].cost + rest[end]
                first = (end - at, found) if at == 0 else None
    if first is None:
        return None
    taken, found = first
    return Mended(taken, found[0].cells, "repaired" if _is_certain(found, shape) else "unsplit")


def _readings(text: str, shape: Shape, *, cut: bool, below: float) -> list[Reading]:
    dialect = shape.dialect
    return readings(
        text,
        divider=dialect.divider,
        quote=dialect.quote,
        width=shape.fields,
        likeness=shape.likeness,
        cut=cut,
        below=below,
    )


def _stands_aside(text: str, shape: Shape, *, tail: bool) -> bool:
    cells = shape.dialect.split(text)
    return _no_record(text, cells, shape, tail=tail, after_blank=False) is not None


def _too_long(text: str, shape: Shape) -> bool:
    """Whether lines put together have more fields than a record and its damage could."""
    quoted = bool(shape.dialect.quote) and shape.dialect.quote in text
    literal = len(shape.literal(text))
    return literal > (3 * shape.fields if quoted else shape.fields + 2) or len(text) > _MAX_JOINED


def _is_certain(found: Sequence[Reading], shape: Shape) -> bool:
    """Whether the best reading suits all columns that can tell, and no other comes near it."""
    best = found[0]
    told = [i for i, col in enumerate(shape.known) if col.strict and i < len(best.cells)]
    suits = all(
        i in best.gaps or not best.cells[i] or shape.likeness.takes(i, best.cells[i]) for i in told
    )
    margin = found[1].cost - best.cost if len(found) > 1 else math.inf
    known = len(best.cells) - len(best.gaps) > len(best.cells) / 2
    return bool(told) and suits and known and margin >= _MARGIN


def _fitted(cells: Sequence[str], shape: Shape) -> list[str]:
    """The cells as they come: what is too much stays in the last one."""
    width = shape.fields
    missing = [""] * (width - len(cells))
    return [*cells[: width - 1], shape.dialect.divider.join(cells[width - 1 :]), *missing][:width]


def _is_whole(cells: Sequence[str], shape: Shape) -> bool:
    """Whether nothing is wrong but that last fields are left out, as elsewhere in the file."""
    missing = shape.fields - len(cells)
    if missing <= 0:
        return len(cells) <= shape.most
    return len(cells) >= shape.least and fit([*cells, *[""] * missing], shape.known) == 1.0


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
    apart = after_blank or _is_foreign(cells, shape)
    if tail and (lone or (apart and not _left_of_record(cells, shape))):
        return "footer"
    return "other" if text.startswith("#") else None


def _left_of_record(cells: Sequence[str], shape: Shape) -> bool:
    """Whether a line that is no whole record is what is left of one, rather than a note."""
    first = shape.known[0] if shape.known else None
    if first is not None and first.kind in TYPED and kind_of(cells[0]) in TYPED:
        return first.takes(cells[0])
    filled = [cell for cell in cells if cell.strip()]
    values = sum(kind_of(cell) in TYPED for cell in filled)
    sentence = all(cell.startswith(" ") for cell in cells[1:])
    return values > 1 or (len(filled) > shape.fields / 2 and not sentence)


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
