"""Durations: clocks, numbers with a unit, and words in English or Russian; all become seconds."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crm_metrics.facts.cells import matches, plain
from crm_metrics.facts.numbers import number_pattern, number_sql

SECONDS: dict[str, float] = {"ms": 0.001, "s": 1, "min": 60, "h": 3600, "d": 86400}
_WORDS: tuple[tuple[str, str], ...] = (
    ("w", r"weeks?|w|недел[а-я]*|нед\.?"),
    ("d", r"days?|d|дн[а-я]*\.?|день|суток|сутки|сут\.?|д\.?"),
    ("h", r"hours?|hrs?|h|час[а-я]*|ч\.?"),
    ("min", r"minutes?|mins?|m|минут[а-я]*|мин\.?|м\.?"),
    ("s", r"seconds?|secs?|s|секунд[а-я]*|сек\.?|с\.?"),
)
_PER_WORD = {**SECONDS, "w": 604800.0}
_AMOUNT = r"[0-9]+(?:[.,][0-9]+)?"
_CLOCK3 = r"[0-9]+:[0-5]?[0-9]:[0-5]?[0-9](?:[.,][0-9]+)?"
_CLOCK2 = r"[0-9]+:[0-5][0-9]"
_DAYS_CLOCK = rf"(?i)[0-9]+(?: (?:days?|дн[а-я]*\.?|день|d)?,? *|\.){_CLOCK3}"
_WORDED = "(?i)(?:{})".format(
    " *,? *(?:and|и)? *".join(rf"(?:{_AMOUNT} *(?:{words}))?" for _, words in _WORDS)
)
_HEADER_UNITS: tuple[tuple[str, str], ...] = (
    ("ms", r"\bms\b|milliseconds?|миллисекунд|\bмс\b"),
    ("s", r"\bsec(?:onds?|s)?\b|\(s\)|секунд|\bсек\b"),
    ("min", r"\bmin(?:ute|utes|s)?\b|\(m\)|минут|\bмин\b"),
    ("h", r"\bhours?\b|\bhrs?\b|\(h\)|\bчас(?:ы|ов|а|ах)?\b|, ч\b"),
    ("d", r"\bdays?\b|\(d\)|\bдн(?:ей|и|я)\b|\bсут(?:ок|ки)\b"),
)


def unit_in(header: str) -> str | None:
    """The unit that a header names, as in «Время ответа, мин» or "Duration (seconds)"."""
    folded = header.lower()
    for unit, words in _HEADER_UNITS:
        if re.search(words, folded):
            return unit
    return None


def duration_sql(
    source: str, values: Sequence[str], *, unit: str | None, header: str, decimal: str
) -> tuple[str, str | None, bool]:
    """SQL for seconds (DOUBLE) in a prepared text, the unit used, and whether it was a guess.

    The unit scales plain numbers. A clock of two parts is hours and minutes, unless the unit is
    minutes or seconds.
    """
    cells = [plain(value) for value in values]
    known = unit or unit_in(header)
    scale = SECONDS.get(known or "s", 1)
    number = number_sql(source, cells, decimal)
    parts: list[str] = []
    if any(re.fullmatch(_CLOCK3, cell) for cell in cells):
        parts.append(f"WHEN {matches(source, _CLOCK3)} THEN {_clock(source, (3600, 60, 1))}")
    two_parts = any(re.fullmatch(_CLOCK2, cell) for cell in cells)
    if two_parts:
        weights = (60, 1) if known in {"min", "s"} else (3600, 60)
        parts.append(f"WHEN {matches(source, _CLOCK2)} THEN {_clock(source, weights)}")
    if any(re.fullmatch(_DAYS_CLOCK, cell) for cell in cells):
        clock = f"regexp_extract({source}, '({_CLOCK3})$', 1)"
        days = f"try_cast(regexp_extract({source}, '^([0-9]+)', 1) AS DOUBLE) * 86400"
        parts.append(
            f"WHEN {matches(source, _DAYS_CLOCK)} THEN {days} + {_clock(clock, (3600, 60, 1))}"
        )
    if any(re.fullmatch(_WORDED, cell) for cell in cells if not _is_number(cell, decimal)):
        parts.append(f"WHEN {source} <> '' AND {matches(source, _WORDED)} THEN {_worded(source)}")
    plain_numbers = any(_is_number(cell, decimal) for cell in cells)
    parts.append(f"ELSE {number} * {scale:g}")
    guessed = known is None and (plain_numbers or two_parts)
    used = known or ("s" if plain_numbers else None)
    return (f"CASE {' '.join(parts)} END" if len(parts) > 1 else parts[0][5:]), used, guessed


def _is_number(cell: str, decimal: str) -> bool:
    return re.fullmatch(number_pattern(decimal), cell) is not None


def _clock(source: str, weights: tuple[int, ...]) -> str:
    terms = (
        f"try_cast(replace(split_part({source}, ':', {i}), ',', '.') AS DOUBLE) * {weight}"
        for i, weight in enumerate(weights, 1)
    )
    return f"({' + '.join(terms)})"


def _worded(source: str) -> str:
    terms = []
    for unit, words in _WORDS:
        found = f"regexp_extract({source}, '(?i)({_AMOUNT}) *(?:{words})(?:[^a-zа-я]|$)', 1)"
        terms.append(
            f"coalesce(try_cast(replace({found}, ',', '.') AS DOUBLE), 0) * {_PER_WORD[unit]:g}"
        )
    return f"({' + '.join(terms)})"
