"""Durations as people and programs write them: clocks, words in English or Russian, ISO 8601.

A pattern is written once and runs both in Python's `re` and in DuckDB's RE2.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from crm_metrics.mapping.cells.blanks import plain

WORDS: tuple[tuple[float, str], ...] = (
    (604800, r"weeks?|w|недел[а-я]*|нед\.?"),
    (86400, r"days?|d|дн[а-я]*\.?|день|суток|сутки|сут\.?|д\.?"),
    (3600, r"hours?|hrs?\.?|h\.?|час[а-я]*|ч\.?"),
    (60, r"minutes?|mins?\.?|m\.?|минут[а-я]*|мин\.?|м\.?"),
    (1, r"seconds?|secs?\.?|s\.?|секунд[а-я]*|сек\.?|с\.?"),
    (0.001, r"milliseconds?|ms|миллисекунд[а-я]*|мс\.?"),
)
AMOUNT = r"[0-9]+(?: [0-9]{3})*(?:[.,][0-9]+)?"
CLOCK3 = r"[0-9]+:[0-5]?[0-9]:[0-5]?[0-9](?:[.,][0-9]+)?"
CLOCK2 = r"[0-9]+:[0-5][0-9]"
OF_DAY = r"(?i)[0-9]{1,2}:[0-5][0-9]:[0-5][0-9] ?[ap]m"
DAYS_CLOCK = rf"(?i)[0-9]+(?: (?:days?|дн[а-я]*\.?|день|d)?,? *|\.){CLOCK3}"
PRIMES = r"[0-9]+['’′] ?[0-5]?[0-9](?:[\"”″]|''|’’|′′)"
ISO = r"(?i)p(?:[0-9.,]+w)?(?:[0-9.,]+d)?(?:t(?:[0-9.,]+h)?(?:[0-9.,]+m)?(?:[0-9.,]+s)?)?"
WORDED = "(?i)(?:{})".format(
    " *,? *(?:and|и)? *".join(rf"(?:{AMOUNT} *(?:{words}))?" for _, words in WORDS)
)
_AMOUNTS = re.compile(rf"({AMOUNT}) *[a-zа-я]", re.IGNORECASE)
_HEADER_UNITS: tuple[tuple[str, str], ...] = (
    ("ms", r"\bms\b|milliseconds?|миллисекунд|\bмс\b"),
    ("s", r"\bsec(?:onds?|s)?\b|\(s\)|, s\b|секунд|\bсек\b"),
    ("min", r"\bmin(?:ute|utes|s)?\b|\(m\)|минут|\bмин\b"),
    ("h", r"\bhours?\b|\bhrs?\b|\(h\)|, h\b|\bчас(?:ы|ов|а|ах)?\b|, ч\b"),
    ("d", r"\bdays?\b|\(d\)|\bдн(?:ей|и|я)\b|\bсут(?:ок|ки)\b"),
)


def unit_in(header: str) -> str | None:
    """The unit that a header names, as in «Время ответа, мин» or "Duration (seconds)"."""
    folded = header.lower()
    for unit, words in _HEADER_UNITS:
        if re.search(words, folded):
            return unit
    return None


def amounts_in(values: Iterable[str]) -> list[str]:
    """The cells with the amounts alone of durations in words, as "1,5 часа" has one."""
    found: list[str] = []
    for value in values:
        amounts = _AMOUNTS.findall(plain(value))
        found += amounts or [value]
    return found


def is_spoken(text: str) -> bool:
    """Whether a cell in lower case is a duration in words, in ISO 8601, or days and a clock."""
    return bool(text) and any(
        re.fullmatch(form, text) for form in (WORDED, DAYS_CLOCK, PRIMES, ISO)
    )
