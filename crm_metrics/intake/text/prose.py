"""Telling a text that people wrote for people from a table."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from crm_metrics.intake.layout.cells import TYPED, columns
from crm_metrics.intake.layout.rows import Row
from crm_metrics.intake.text.dialect import Dialect

_EVENT = re.compile(
    r"\u200e?\[?\d{1,4}[./-]\d{1,2}[./-]\d{2,4},? \d{1,2}:\d{2}(?::\d{2})?(?: ?[apAP][mM])?\]?"
    r"(?: [-–] |: | )\S"
)
_MIN_WORDS = 4.0
_STEADY = 0.9


def is_log(lines: Sequence[str], rows: Sequence[Row], dialect: Dialect) -> bool:
    """Whether most lines are a time and what happened then, with nothing to divide it."""
    sample = [line for line in lines[:200] if line.strip()]
    hits = sum(bool(_EVENT.match(line)) for line in sample)
    widths = Counter(row.width for row in rows if not row.blank)
    width, count = widths.most_common(1)[0] if widths else (0, 0)
    # A colon divides every clock, and a space every sentence: only a header tells a table then.
    headed = bool(sample) and not _EVENT.match(sample[0])
    divides = dialect.divider != ":" and (dialect.divider != " " or headed)
    steady = divides and width > 1 and count >= _STEADY * widths.total()
    return len(sample) >= 2 and hits >= 0.5 * len(sample) and not steady


def is_prose(rows: Sequence[Row], dialect: Dialect) -> bool:
    """Whether the rows are sentences: no column holds values of a kind, widths wander."""
    body = [row for row in rows if not row.blank and not row.text.startswith("#")]
    if not body:
        return False
    widths = Counter(row.width for row in body)
    width, count = max(widths.items(), key=lambda item: ((item[0] > 1) * item[1], item[1]))
    same = [row for row in body if row.width == width]
    data = same[1:] if len(same) > 1 else same
    typed = [col for col in columns([row.cells for row in data], width) if col.kind in TYPED]
    if typed and (len(same) > 1 or width > 1):
        return False
    if not dialect.delimiter:
        return len(body) < 2 or _words(row.text for row in body) >= _MIN_WORDS
    return _reads_like_sentences(same, dialect) or (
        count < 0.5 * len(body)
        and dialect.divider not in "\t|"
        and _words(row.text for row in body) >= 2 * _MIN_WORDS
    )


def _reads_like_sentences(rows: Sequence[Row], dialect: Dialect) -> bool:
    """Whether what divides the rows is the punctuation of a text."""
    if dialect.divider == " " or (dialect.aligned and dialect.gap == 1):
        return True
    if dialect.padded:
        return True
    if dialect.divider != "," or any('"' in row.text for row in rows[:50]):
        return False
    cells = [cell for row in rows for cell in row.cells[1:]]
    return sum(cell[:1] == " " for cell in cells) >= 0.5 * max(len(cells), 1)


def _words(texts: Iterable[str]) -> float:
    counts = [len(text.split()) for text in texts]
    return sum(counts) / max(len(counts), 1)
