"""Whether a text is JSON, and of which kind."""

from __future__ import annotations

import re
from collections import Counter
from typing import Literal

from crm_metrics.intake.objects.flattening import scanner

_OPENING = re.compile(r"""\{\s*["}]|\[\s*[\[{"\]]""")
_KEY = re.compile(r'"\s*:')
_LOOK_LINES = 200
_MIN_LINES = 0.2
_MIN_LINES_AFTER_DAMAGE = 0.5

Kind = Literal["json", "jsonl"]


def json_kind(text: str, *, whole: bool) -> Kind | None:
    """`jsonl` for one object or array a line, `json` for a document, None for another text.

    `text` is the file's beginning, or all of it with `whole`.
    """
    start = text.strip("\ufeff \t\r\n")
    if not _OPENING.match(start):
        return None
    lines = [line for line in map(str.strip, start.split("\n")) if line]
    if not whole and len(lines) > 1:
        lines = lines[:-1]
    good = [_is_value(line.rstrip(","), whole=True) for line in lines[:_LOOK_LINES]]
    share = sum(good) / len(good)
    if sum(good) > 1 and good[0] and share >= _MIN_LINES:
        return "jsonl"
    if not good[0] and _is_value(start, whole=whole):
        return "json"
    if sum(good) > 1 and share >= _MIN_LINES_AFTER_DAMAGE:
        return "jsonl"
    return "json" if good[0] or _KEY.search(start) else None


def _is_value(text: str, *, whole: bool) -> bool:
    """Whether the text is one object or array, or the beginning of one."""
    if text[:1] not in {"{", "["}:
        return False
    try:
        _, end = scanner(Counter())(text, 0)
    except (ValueError, StopIteration, RecursionError) as error:
        at = getattr(error, "pos", getattr(error, "value", 0)) or 0
        return not whole and at > 0.9 * len(text)
    return end == len(text)
