"""Dividing one line or one record into fields, strictly or with patience."""

from __future__ import annotations

from collections.abc import Sequence

_MAX_MARKS = 400
"""More quotes than this in one damaged line are not searched for the best reading."""


def split_line(text: str, delimiter: str, quote: str) -> list[str]:
    """Divide with patience: a quote opens only at a field's start and closes before a delimiter.

    A quote that never closes is a letter like any other.
    """
    if not delimiter:
        return [unquoted(text, quote)]
    if not quote or quote not in text:
        return text.split(delimiter)
    cells, at, size = [], 0, len(text)
    while at <= size:
        end = -1
        if text.startswith(quote, at):
            end = _closing(text, at + 1, delimiter, quote)
        if end >= 0:
            cells.append(text[at + 1 : end].replace(quote * 2, quote))
            end += 1
        else:
            end = text.find(delimiter, at)
            end = size if end < 0 else end
            cells.append(text[at:end])
        at = end + 1
    return cells


def split_strict(text: str, delimiter: str, quote: str) -> list[str] | None:
    """Divide by RFC 4180; None where a quote stands out of place or does not close."""
    if not quote or quote not in text:
        return text.split(delimiter) if delimiter else [text]
    cells, at, size = [], 0, len(text)
    while at <= size:
        if text.startswith(quote, at):
            end = at + 1
            while True:
                end = text.find(quote, end)
                if end < 0:
                    return None
                if text.startswith(quote, end + 1):
                    end += 2
                    continue
                break
            cells.append(text[at + 1 : end].replace(quote * 2, quote))
            end += 1
            if end < size and not (delimiter and text.startswith(delimiter, end)):
                return None
        else:
            end = text.find(delimiter, at) if delimiter else -1
            end = size if end < 0 else end
            cell = text[at:end]
            if quote in cell:
                return None
            cells.append(cell)
        at = end + 1
    return cells


def split_to_width(text: str, delimiter: str, quote: str, width: int) -> list[str] | None:
    """A reading of a damaged line that gives exactly `width` fields, or None.

    Each quote at a field's start is either an opening one or a stray letter; the reading with
    the fewest strays wins. A stray quote at the edge of a field is dropped.
    """
    if not delimiter or text.count(quote) > _MAX_MARKS:
        return None
    # best[fields] = (strays, end position, path) advanced breadth first over positions
    frontier: dict[tuple[int, int], tuple[int, tuple[str, ...]]] = {(0, 0): (0, ())}
    done: list[tuple[int, tuple[str, ...]]] = []
    steps = 0
    while frontier and steps < 2_000:
        steps += 1
        key = min(frontier)
        strays, path = frontier.pop(key)
        at, count = key
        if at > len(text):
            if count == width:
                done.append((strays, path))
            continue
        if count >= width:
            continue
        for end, cell, stray in _readings(text, at, delimiter, quote):
            following = (end + 1, count + 1)
            known = frontier.get(following)
            if known is None or strays + stray < known[0]:
                frontier[following] = (strays + stray, (*path, cell))
    return list(min(done)[1]) if done else None


def unquoted(cell: str, quote: str) -> str:
    """The text inside a fully quoted cell, or the cell as it is."""
    if quote and len(cell) >= 2 and cell[0] == quote == cell[-1]:
        return cell[1:-1].replace(quote * 2, quote)
    return cell


def joined(cells: Sequence[str], start: int, count: int, delimiter: str) -> list[str]:
    """The cells with `count` of them from `start` on put back together."""
    return [
        *cells[:start],
        delimiter.join(cells[start : start + count]),
        *cells[start + count :],
    ]


def _readings(text: str, at: int, delimiter: str, quote: str) -> list[tuple[int, str, int]]:
    """Ways to read the field at `at`: its end, its value, and the strays it costs."""
    end = text.find(delimiter, at)
    end = len(text) if end < 0 else end
    raw = text[at:end]
    cell = raw
    if raw.startswith(quote) != raw.endswith(quote) or raw == quote:
        cell = raw.strip(quote)
    found = [(end, cell, raw.count(quote))]
    if text.startswith(quote, at):
        close = _closing(text, at + 1, delimiter, quote)
        if close >= 0:
            inner = text[at + 1 : close]
            odd = inner.replace(quote * 2, "").count(quote)
            found.append((close + 1, inner.replace(quote * 2, quote), odd))
    return found


def _closing(text: str, at: int, delimiter: str, quote: str) -> int:
    """Where the quote opened before `at` closes: before a delimiter or the end."""
    while True:
        end = text.find(quote, at)
        if end < 0:
            return -1
        run = end
        while text.startswith(quote, run):
            run += 1
        after = run == len(text) or text.startswith(delimiter, run)
        if after and (run - end) % 2 == 1:
            return run - 1
        at = run
