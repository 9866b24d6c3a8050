"""Laying the pieces of a damaged line on the columns of its table, the likeliest way first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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
_SLACK = 2
_MOST_QUOTED = 40
_KEPT = 3
_FOREIGN_MARK = re.compile(r"[,;\t|:^~]")
_INCHES = re.compile(r'\d"$')


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a line: its cells, how unlikely it is (0 for nothing odd), which are gaps."""

    cells: tuple[str, ...]
    cost: float
    gaps: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class _Step:
    """A part of a reading: cost so far, the last cell, whether it fills a gap, what came before."""

    cost: float
    cell: str | None
    gap: bool
    before: _Step | None


@dataclass(frozen=True, slots=True)
class _Task:
    """A text divided at every delimiter, and the columns its pieces have to go to."""

    pieces: Sequence[str]
    divider: str
    quote: str
    width: int
    likeness: Likeness
    cut: bool

    @property
    def extra(self) -> int:
        """How many pieces there are too many."""
        return len(self.pieces) - self.width


_Cells = tuple[tuple[str, bool], ...]
_Move = tuple[int, int, float, _Cells]


def readings(
    text: str, *, divider: str, quote: str, width: int, likeness: Likeness, cut: bool = False
) -> list[Reading]:
    """The likeliest ways to read a line as `width` cells, best first; at most three.

    With `cut` the text may end anywhere. The search is Viterbi's: the state is how many pieces
    and how many columns are used up, and they may differ by what is too much or lacking, and a
    little more.
    """
    pieces = text.split(divider) if divider else [text]
    task = _Task(pieces, divider, quote, width, likeness, cut)
    low, high = min(0, task.extra) - _SLACK, max(0, task.extra) + _SLACK
    states: dict[tuple[int, int], list[_Step]] = {
        (0, 0): [_Step(0.0, None, gap=False, before=None)]
    }
    for at in range(len(pieces) + 1):
        for column in range(max(0, at - high), min(width, at - low) + 1):
            steps = states.pop((at, column), None)
            if steps is None:
                continue
            if (at, column) == (len(pieces), width):
                return _finished(steps)
            for i, j, cost, cells in _moves(task, at, column, after_gap=steps[0].gap):
                if low <= i - j <= high or j == width:
                    for step in steps:
                        _keep(states.setdefault((i, j), []), _extended(step, cost, cells))
    return []


def _moves(task: _Task, at: int, column: int, *, after_gap: bool) -> Iterator[_Move]:
    """What can come next: pieces and columns used up, what it costs, the cells it gives."""
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
        yield at, column + 1, gap, (("", True),)
    if rest:
        piece = task.pieces[at]
        if not piece.strip(' "'):
            yield at + 1, column, _DROPPED_END if column == task.width else _DROPPED, ()
        elif at and piece == task.pieces[at - 1]:
            yield at + 1, column, _TWICE, ()


def _taken(task: _Task, at: int, column: int) -> Iterator[_Move]:
    """One piece as a cell, or several that a quote or a sentence holds together."""
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
        if "\n" in raw and not closed:
            cost += raw.count("\n") * _BROKEN
            cell = _rejoined(cell, column, task.likeness)
        if more:
            plain = (more - spaced) * _MERGED + spaced * _SPACED
            cost += _QUOTED if closed and not strays else plain if not opened else 0.6 * plain
        odd = -task.likeness.score(column, cell)
        if task.cut and end + 1 == len(pieces):
            odd = min(odd, _CUT_CELL)
            unclosed = opened and quote not in raw.lstrip()[1:].replace(quote * 2, "")
            cost = 0.0 if unclosed else cost
        yield end + 1, column + 1, cost + odd, ((cell, False),)
        if closed and not strays and end > at:
            return


def _rejoined(cell: str, column: int, likeness: Likeness) -> str:
    """A cell that a line end broke: a value in one piece, a text in two lines."""
    whole = cell.replace("\n", "")
    return whole if shape(whole) in TYPED and likeness.takes(column, whole) else cell.strip("\n")


def _foreign(task: _Task, at: int, column: int) -> Iterator[_Move]:
    """A piece that another delimiter divides in two."""
    piece, likeness = task.pieces[at], task.likeness
    for found in list(_FOREIGN_MARK.finditer(piece))[:8]:
        if found[0] == task.divider:
            continue
        left, right = piece[: found.start()].strip('"'), piece[found.end() :].strip('"')
        cost = _FOREIGN - likeness.score(column, left) - likeness.score(column + 1, right)
        yield at + 1, column + 2, cost, ((left, False), (right, False))


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


def _extended(step: _Step, cost: float, cells: _Cells) -> _Step:
    if not cells:
        return _Step(step.cost + cost, None, step.gap, step)
    for i, (cell, gap) in enumerate(cells):
        step = _Step(step.cost + (0.0 if i else cost), cell, gap, step)
    return step


def _keep(steps: list[_Step], step: _Step) -> None:
    """Keep the few cheapest, cheapest first."""
    at = len(steps)
    while at and steps[at - 1].cost > step.cost:
        at -= 1
    if at < _KEPT:
        steps.insert(at, step)
        del steps[_KEPT:]


def _finished(steps: list[_Step]) -> list[Reading]:
    found: dict[tuple[str, ...], Reading] = {}
    for step in steps:
        cells: list[str] = []
        gaps: list[bool] = []
        back: _Step | None = step
        while back is not None:
            if back.cell is not None:
                cells.append(back.cell)
                gaps.append(back.gap)
            back = back.before
        key = tuple(reversed(cells))
        marks = frozenset(i for i, gap in enumerate(reversed(gaps)) if gap)
        found.setdefault(key, Reading(key, step.cost, marks))
    return list(found.values())
