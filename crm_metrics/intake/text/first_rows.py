"""The first lines of a text as rows, the material in which tables are looked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from crm_metrics.intake.layout.rows import Row
from crm_metrics.intake.text.dialect import Dialect
from crm_metrics.intake.text.splitting import split_strict

_MAX_JOINED = 60
_USUAL_LINES = 200


def text_rows(lines: Sequence[str], dialect: Dialect, *, start: int = 1) -> Iterator[Row]:
    """The rows of prepared lines; a quoted cell with line breaks makes one row of several lines."""
    usual = _usual_width(lines, dialect)
    quote, at = dialect.quote, 0
    while at < len(lines):
        line, count = lines[at], 1
        cells: list[str] | None = None
        if quote and line.count(quote) % 2:
            cells, count = _joined(lines, at, dialect, usual)
        if cells is None:
            cells = dialect.split(line)
        text = "\n".join(lines[at : at + count])
        yield Row(start + at, count, tuple(cells), text, len(cells))
        at += count


def _usual_width(lines: Sequence[str], dialect: Dialect) -> int:
    """The most frequent number of fields of well quoted lines."""
    split = (
        split_strict(line, dialect.divider, dialect.quote)
        for line in lines[:_USUAL_LINES]
        if line.strip()
    )
    widths = Counter(len(cells) for cells in split if cells is not None)
    return widths.most_common(1)[0][0] if widths else 0


def _joined(
    lines: Sequence[str], at: int, dialect: Dialect, usual: int
) -> tuple[list[str] | None, int]:
    """The record that opens on this line, if a later line closes it and no record is swallowed."""
    text, open_quotes = lines[at], 1
    for end in range(at + 1, min(at + _MAX_JOINED, len(lines))):
        line = lines[end]
        text += "\n" + line
        open_quotes += line.count(dialect.quote)
        if open_quotes % 2:
            if usual >= 3 and len(dialect.split(line)) == usual:
                return None, 1
            continue
        cells = split_strict(text, dialect.divider, dialect.quote)
        if cells is not None and (usual < 2 or end - at < 2 or abs(len(cells) - usual) <= 1):
            literal = len(lines[at].split(dialect.divider)) if dialect.divider else 1
            if usual >= 3 and literal == usual == len(line.split(dialect.divider)):
                return None, 1
            return cells, end - at + 1
    return None, 1
