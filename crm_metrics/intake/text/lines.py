"""Telling the lines of a block that need no thought from those that do, without a loop."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

_NEWLINE = 10
_CR = 13
_TAB = 9
_SPACE = 32
_MAX_BLANK_SPACES = 8

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
_NONE: Ints = np.empty(0, np.int64)


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a block.

    `starts` and `ends` are byte positions (ends without the line end). `good` marks lines that
    are whole records of the expected width, well quoted; `blank` lines hold nothing but
    delimiters and spaces; `odd` ones have an odd number of quotes: a record of several lines
    or a lost quote.
    """

    starts: Ints
    ends: Ints
    good: Flags
    blank: Flags
    odd: Flags

    @property
    def count(self) -> int:
        """How many lines the block has."""
        return len(self.starts)


def count_lines(text: bytes) -> int:
    """How many lines there are, the last one with or without its end."""
    ends = int(np.count_nonzero(np.frombuffer(text, np.uint8) == _NEWLINE))
    return ends + (not text.endswith(b"\n"))


def look(block: bytes, *, delimiter: str, quote: str, width: int) -> Lines:
    """Sort the lines of a block; `delimiter` and `quote` are single ASCII characters or ""."""
    data = np.frombuffer(block, dtype=np.uint8)
    ends = np.flatnonzero(data == _NEWLINE)
    if not block.endswith(b"\n"):
        ends = np.append(ends, len(data))
    starts = np.empty_like(ends)
    starts[:1] = 0
    starts[1:] = ends[:-1] + 1
    marks = np.flatnonzero(data == ord(quote)) if quote and quote.encode() in block else _NONE
    divides = np.flatnonzero(data == ord(delimiter)) if delimiter else _NONE
    blank = _blank(block, data, starts, ends, divides)
    if len(marks):
        counts, bad, odd = _quoted(data, ends, marks, divides, delimiter)
    else:
        counts = np.diff(np.searchsorted(divides, ends), prepend=0)
        bad = odd = np.zeros(len(ends), dtype=np.bool_)
    good = (counts == width - 1) & ~bad & ~blank
    if b"\r" in block:
        good[np.unique(np.searchsorted(ends, np.flatnonzero(data == _CR)))] = False
    return Lines(starts, ends, good, blank, odd)


def _blank(
    block: bytes, data: npt.NDArray[np.uint8], starts: Ints, ends: Ints, divides: Ints
) -> Flags:
    """Lines of delimiters alone, and lines of spaces."""
    inner = np.diff(np.searchsorted(divides, ends), prepend=0)
    spare = ends - starts - inner
    blank: Flags = spare == 0
    short = np.flatnonzero((spare > 0) & (spare <= _MAX_BLANK_SPACES))
    first = data[starts[short]]
    for i in short[(first == _SPACE) | (first == _TAB)]:
        if not block[starts[i] : ends[i]].strip(b" \t,;|"):
            blank[i] = True
    return blank


def _quoted(
    data: npt.NDArray[np.uint8],
    ends: Ints,
    marks: Ints,
    divides: Ints,
    delimiter: str,
) -> tuple[Ints, Flags, Flags]:
    """Per line: delimiters outside quotes, whether a quote is out of place, odd quotes."""
    n = len(ends)
    upto = np.searchsorted(marks, ends)
    before = np.empty_like(upto)
    before[:1] = 0
    before[1:] = upto[:-1]
    odd: Flags = (upto - before) % 2 == 1
    line_of_mark = np.repeat(np.arange(n), upto - before)
    closing = (np.arange(len(marks)) - before[line_of_mark]) % 2 == 1
    divider = ord(delimiter) if delimiter else _NEWLINE
    last = len(data) - 1
    behind = np.where(marks > 0, data[np.maximum(marks - 1, 0)], _NEWLINE)
    ahead = np.where(marks < last, data[np.minimum(marks + 1, last)], _NEWLINE)
    beside = np.where(closing, ahead, behind)
    wrong = (beside != divider) & (beside != _NEWLINE) & (beside != data[marks[0]])
    bad = odd.copy()
    bad[line_of_mark[wrong]] = True
    ends_in_divides = np.searchsorted(divides, ends)
    counts = np.diff(ends_in_divides, prepend=0)
    line_of_divide = np.repeat(np.arange(n), counts)
    doubtful = np.flatnonzero((upto > before)[line_of_divide])
    rank = np.searchsorted(marks, divides[doubtful]) - before[line_of_divide[doubtful]]
    inside = doubtful[rank % 2 == 1]
    counts -= np.bincount(line_of_divide[inside], minlength=n)
    return counts, bad, odd
