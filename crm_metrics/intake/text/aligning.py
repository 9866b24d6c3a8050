"""Laying the pieces of a damaged line on the columns of its table, the likeliest way first."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import NamedTuple

from crm_metrics.intake.layout.cells import TYPED, shape
from crm_metrics.intake.text.likeness import Likeness

# Costs are natural logarithms: one that is 3 higher is about twenty times less likely.
_MERGED = 3.0
_SPACED = 1.2
_GAP = 4.0
_MORE_GAP = 1.0
_LAST_GAP = 2.5
_DROPPED = 3.0
_DROPPED_END = 1.0
_TWICE = 4.0
_FOREIGN = 3.0
_STRAY = 1.0
_QUOTED = 0.3
_BROKEN = 0.5
_CUT_GAP = 0.2
_CUT_CELL = 1.0
_SLACK = 1
_MOST_QUOTED = 40
_KEPT = 2
_ENOUGH = 2.6
"""Readings so much less likely than the best need not be known."""
_MOST_STEPS = 6_000
_MOST_AHEAD = 6_000
"""Ways still open at once; a line that is worth reading leaves a tenth of them open."""
_MANY = 1_000
_MOST_FOREIGN = 8
_FOREIGN_MARK = re.compile(r"[,;\t|^~]")
_INCHES = re.compile(r'\d"$')


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a line: its cells, how unlikely it is (0 for nothing odd), which are gaps."""

    cells: tuple[str, ...]
    cost: float
    gaps: frozenset[int] = frozenset()


class _Span(NamedTuple):
    """Pieces up to `end` as one cell: its text, its cost, `most` as in a move, a line end in it."""

    end: int
    cell: str
    cost: float
    most: float
    broken: bool


@dataclass(frozen=True, slots=True)
class _Task:
    """A text divided at every delimiter, and the columns its pieces have to go to.

    `spans` holds the cells that begin at a piece once they are known: columns share them.
    """

    pieces: Sequence[str]
    divider: str
    quote: str
    width: int
    likeness: Likeness
    cut: bool
    spans: dict[int, tuple[_Span, ...]] = field(default_factory=dict)

    @property
    def extra(self) -> int:
        """How many pieces there are too many."""
        return len(self.pieces) - self.width


class _Move(NamedTuple):
    """A step of a reading: pieces and columns used up after it, the cells it gives.

    `cost` is that of the step itself; how well its cells suit their columns is added when the
    step is due, but no more than `most`.
    """

    at: int
    column: int
    cost: float
    cells: tuple[str, ...] = ()
    gap: bool = False
    most: float = math.inf


class _Step(NamedTuple):
    """A move and those before it."""

    move: _Move
    before: _Step | None


def readings(
    text: str,
    *,
    divider: str,
    quote: str,
    width: int,
    likeness: Likeness,
    cut: bool = False,
    below: float = math.inf,
) -> list[Reading]:
    """The likeliest ways to read a line as `width` cells, best first; at most two.

    With `cut` the text may end anywhere; none is found where the best costs `below` or more. The
    search is Dijkstra's: a place is how many pieces and
    how many columns are used up, and they may differ by what is too much or lacking, and a little
    more.
    """
    pieces = text.split(divider) if divider else [text]
    task = _Task(pieces, divider, quote, width, likeness, cut)
    low, high = min(0, task.extra) - _SLACK, max(0, task.extra) + _SLACK
    start = _Step(_Move(0, 0, 0.0), None)
    # Of ways as cheap, the one that is further on comes first.
    heap: list[tuple[float, int, int, bool, _Step]] = [(0.0, 0, 0, True, start)]
    visits: Counter[tuple[int, int]] = Counter()
    found: dict[tuple[str, ...], Reading] = {}
    for number in range(1, min(_MOST_STEPS, likeness.patience)):
        likeness.patience -= 1
        if not heap or len(heap) > _MOST_AHEAD:
            break
        cost, further, _, weighed, step = heappop(heap)
        if cost >= below or (found and cost > next(iter(found.values())).cost + _ENOUGH):
            break
        move = step.move
        if visits[move.at, move.column] >= _KEPT:
            continue
        if not weighed:
            cost += _unlikely(move, likeness)
            heappush(heap, (cost, further, number * _MANY, True, step))
            continue
        visits[move.at, move.column] += 1
        if (move.at, move.column) == (len(pieces), width):
            reading = _reading(step, cost)
            found.setdefault(reading.cells, reading)
            if len(found) == _KEPT:
                break
            continue
        for i, after in enumerate(_moves(task, move.at, move.column, after_gap=move.gap), start=1):
            if visits[after.at, after.column] >= _KEPT:
                continue
            if low <= after.at - after.column <= high or after.column == width:
                order = number * _MANY + i
                place = -after.at - after.column
                known = not after.cells or after.gap
                entry = (cost + after.cost, place, order, known, _Step(after, step))
                heappush(heap, entry)
    return list(found.values())


def _unlikely(move: _Move, likeness: Likeness) -> float:
    first = move.column - len(move.cells)
    cost = -sum(likeness.score(first + i, cell) for i, cell in enumerate(move.cells))
    return min(cost, move.most)


def _moves(task: _Task, at: int, column: int, *, after_gap: bool) -> Iterator[_Move]:
    """What can come next."""
    rest = len(task.pieces) - at
    if column < task.width:
        if rest:
            yield from _taken(task, at, column)
        if rest and column + 1 < task.width:
            yield from _foreign(task, at, column)
        if rest or not task.cut:
            gap = _MORE_GAP if after_gap else _GAP if rest else _LAST_GAP
        else:
            gap = _CUT_GAP
        yield _Move(at, column + 1, gap, ("",), gap=True)
    if rest:
        piece = task.pieces[at]
        if not piece.strip(' "'):
            yield _Move(at + 1, column, _DROPPED_END if column == task.width else _DROPPED)
        elif at and piece == task.pieces[at - 1]:
            yield _Move(at + 1, column, _TWICE)


def _taken(task: _Task, at: int, column: int) -> Iterator[_Move]:
    """One piece as a cell, or several that a quote or a sentence holds together."""
    spans = task.spans.get(at)
    if spans is None:
        spans = task.spans[at] = tuple(_spans(task, at))
    for end, cell, cost, most, broken in spans:
        whole = _rejoined(cell, column, task.likeness) if broken else cell
        yield _Move(end, column + 1, cost, (whole,), most=most)


def _spans(task: _Task, at: int) -> Iterator[_Span]:
    """The cells that may begin with this piece, in whatever column."""
    quote, pieces = task.quote, task.pieces
    opened = bool(quote) and pieces[at].lstrip().startswith(quote)
    most = _MOST_QUOTED if opened else max(task.extra, 0) + 1 + _SLACK
    raw, spaced = "", 0
    for end in range(at, min(at + most, len(pieces))):
        piece = pieces[end]
        raw = raw + task.divider + piece if end > at else piece
        spaced += end > at and piece.startswith(" ")
        more = end - at
        cell, strays, closed = _unquoted(raw, quote)
        cost = strays * _STRAY
        broken = "\n" in raw and not closed
        if broken:
            cost += raw.count("\n") * _BROKEN
        if more:
            plain = (more - spaced) * _MERGED + spaced * _SPACED
            cost += _QUOTED if closed and not strays else plain if not opened else 0.6 * plain
        worst = math.inf
        if task.cut and end + 1 == len(pieces):
            worst = _CUT_CELL
            unclosed = opened and quote not in raw.lstrip()[1:].replace(quote * 2, "")
            cost = 0.0 if unclosed else cost
        yield _Span(end + 1, cell, cost, worst, broken)
        if closed and not strays and end > at:
            return


def _rejoined(cell: str, column: int, likeness: Likeness) -> str:
    """A cell that a line end broke: a value in one piece, a text in two lines."""
    whole = cell.replace("\n", "")
    return whole if shape(whole) in TYPED and likeness.takes(column, whole) else cell.strip("\n")


def _foreign(task: _Task, at: int, column: int) -> Iterator[_Move]:
    """A piece that another delimiter divides in two."""
    piece = task.pieces[at]
    for found in list(_FOREIGN_MARK.finditer(piece))[:_MOST_FOREIGN]:
        if found[0] != task.divider:
            left, right = piece[: found.start()].strip('"'), piece[found.end() :].strip('"')
            yield _Move(at + 1, column + 2, _FOREIGN, (left, right))


def _unquoted(raw: str, quote: str) -> tuple[str, int, bool]:
    """The cell in a raw text, how many quotes of it are out of place, whether quotes hold it."""
    if not quote or quote not in raw:
        return raw, 0, False
    text = raw.strip(" \n") if raw[:1] in " \n" else raw
    if len(text) > 1 and text.startswith(quote) and text.endswith(quote):
        inner = text[1:-1]
        strays = inner.replace(quote * 2, "").count(quote)
        return inner.replace(quote * 2, quote), strays, True
    strays = raw.count(quote)
    if strays % 2 and not (_INCHES.search(raw) and quote == '"' and strays == 1):
        if raw.startswith(quote):
            return raw[1:].replace(quote * 2, quote), strays, False
        if raw.endswith(quote):
            return raw[:-1].replace(quote * 2, quote), strays, False
    return raw, strays, False


def _reading(step: _Step, cost: float) -> Reading:
    cells: list[str] = []
    gaps: list[bool] = []
    back: _Step | None = step
    while back is not None:
        cells += reversed(back.move.cells)
        gaps += [back.move.gap] * len(back.move.cells)
        back = back.before
    marks = frozenset(i for i, gap in enumerate(reversed(gaps)) if gap)
    return Reading(tuple(reversed(cells)), cost, marks)
