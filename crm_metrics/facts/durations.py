"""Durations: clocks, numbers with a unit, and words in English or Russian; all become seconds."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from crm_metrics.facts.cells import matches
from crm_metrics.facts.numbers import number_pattern, number_sql
from crm_metrics.mapping.cells.blanks import plain
from crm_metrics.mapping.cells.duration_text import (
    AMOUNT,
    CLOCK2,
    CLOCK3,
    DAYS_CLOCK,
    ISO,
    OF_DAY,
    PRIMES,
    WORDED,
    WORDS,
    unit_in,
)
from crm_metrics.mapping.cells.number_text import read_number

SECONDS: dict[str, float] = {"ms": 0.001, "s": 1, "min": 60, "h": 3600, "d": 86400}
# What 1:30 most likely is where people talk or browse: minutes and seconds.
_SHORT = frozenset({"talk_time", "wait_time", "session_duration"})
_DAY = 86400
# A part of a day that a clock gave is a whole number of seconds but for the digits cut off.
_WHOLE_SECOND = 0.05
_DAY_DIGITS = 5


@dataclass(frozen=True, slots=True)
class Duration:
    """SQL for seconds (DOUBLE), the unit of plain numbers, and the doubts about it."""

    sql: str
    unit: str | None
    doubts: tuple[str, ...] = ()


def duration_sql(
    source: str,
    values: Sequence[str],
    *,
    unit: str | None,
    header: str,
    decimal: str,
    field: str | None = None,
) -> Duration:
    """SQL for seconds in a prepared text, from the forms that these distinct cells show.

    The unit scales plain numbers; without one they are seconds, or days where they are parts of a
    day, as a workbook keeps a clock. A clock of two parts is hours and minutes, unless the unit is
    minutes or seconds, or clocks of three parts stand beside it; for talks and visits it is minutes
    and seconds.
    """
    cells = [plain(value) for value in values]
    known = unit or unit_in(header)
    numbers = [cell for cell in cells if _is_number(cell, decimal)]
    if (known is None or unit_in(header) == "h") and _are_parts_of_a_day(numbers, decimal):
        known = "d"
    doubts: list[str] = []
    parts = []
    weights = (3600, 60)
    if any(re.fullmatch(f"-?{CLOCK2}", cell) for cell in cells):
        three = any(re.fullmatch(f"-?{CLOCK3}", cell) for cell in cells)
        weights, doubt = _two_parts(known, field, three=three)
        doubts += [doubt] if doubt else []
    forms: tuple[tuple[str, Callable[[str], str]], ...] = (
        (CLOCK3, partial(_clock, weights=(3600, 60, 1))),
        (CLOCK2, partial(_clock, weights=weights)),
        (f"-{CLOCK3}", partial(_negative, weights=(3600, 60, 1))),
        (f"-{CLOCK2}", partial(_negative, weights=weights)),
        (DAYS_CLOCK, _days_clock),
        (OF_DAY, _of_day),
        (PRIMES, _primes),
        (ISO, _iso),
    )
    for pattern, seconds in forms:
        if any(re.fullmatch(pattern, cell) for cell in cells if cell):
            parts.append(f"WHEN {matches(source, pattern)} THEN {seconds(source)}")
    if any(re.fullmatch(WORDED, cell) for cell in cells if cell not in numbers):
        worded = _worded(source, decimal)
        parts.append(f"WHEN {source} <> '' AND {matches(source, WORDED)} THEN {worded}")
    plain_number = (
        f"{number_sql(source, cells, decimal, percent=False)} * {SECONDS[known or 's']:g}"
    )
    if numbers and known is None:
        doubts.append("duration_ask")
    used = known or ("s" if numbers else None)
    sql = f"CASE {' '.join(parts)} ELSE {plain_number} END" if parts else plain_number
    return Duration(sql, used, tuple(doubts))


def _is_number(cell: str, decimal: str) -> bool:
    return re.fullmatch(number_pattern(decimal), cell) is not None


def _two_parts(
    known: str | None, field: str | None, *, three: bool
) -> tuple[tuple[int, int], str | None]:
    """The seconds in either part of a clock such as 1:30, and the doubt about it."""
    if known in {"min", "s"}:
        return (60, 1), None
    if known in {"h", "d"}:
        return (3600, 60), None
    if three:
        return (60, 1), "clock_minutes"
    return ((60, 1), "clock_minutes") if field in _SHORT else ((3600, 60), "clock_hours")


def _are_parts_of_a_day(numbers: Sequence[str], decimal: str) -> bool:
    """Whether these are clocks as a workbook keeps them: long fractions of whole seconds."""
    found = [item for cell in numbers if (item := read_number(cell)) and item.value(decimal)]
    if len(found) < _TELLING:
        return False
    digits = [len(item.digits.partition(decimal)[2]) for item in found]
    seconds = [item.value(decimal) * _DAY for item in found]
    long = sum(count >= _DAY_DIGITS for count in digits)
    whole = sum(abs(second - round(second)) <= _WHOLE_SECOND for second in seconds)
    return long >= _MOST * len(found) and whole >= _MOST * len(found)


_TELLING = 2
_MOST = 0.9


def _double(source: str) -> str:
    return f"try_cast(replace({source}, ',', '.') AS DOUBLE)"


def _clock(source: str, weights: tuple[int, ...]) -> str:
    terms = (
        _double(f"split_part({source}, ':', {i})") + f" * {weight}"
        for i, weight in enumerate(weights, 1)
    )
    return f"({' + '.join(terms)})"


def _negative(source: str, weights: tuple[int, ...]) -> str:
    return f"-{_clock(f'substr({source}, 2)', weights)}"


def _days_clock(source: str) -> str:
    clock = f"regexp_extract({source}, '({CLOCK3})$', 1)"
    days = f"try_cast(regexp_extract({source}, '^([0-9]+)', 1) AS DOUBLE) * {_DAY}"
    return f"{days} + {_clock(clock, (3600, 60, 1))}"


def _of_day(source: str) -> str:
    """A workbook in English shows a short duration as a time of day: 12:03:45 AM."""
    clock = _clock(f"regexp_extract({source}, '^[0-9:]+')", (3600, 60, 1))
    half = f"CASE WHEN lower({source}) LIKE '%pm' THEN {_DAY // 2} ELSE 0 END"
    return f"(({clock}) % {_DAY // 2} + {half})"


def _primes(source: str) -> str:
    minutes = f"try_cast(regexp_extract({source}, '^[0-9]+') AS DOUBLE)"
    seconds = f"try_cast(regexp_extract({source}, '[^0-9]([0-9]+)[^0-9]*$', 1) AS DOUBLE)"
    return f"({minutes} * 60 + {seconds})"


def _iso(source: str) -> str:
    """P1DT2H30M: minutes stand after the T only."""
    units = (("w", 604800), ("d", _DAY), ("h", 3600), ("m", 60), ("s", 1))
    terms = []
    for letter, size in units:
        amount = _double(f"regexp_extract({source}, '(?i)([0-9.,]+){letter}', 1)")
        terms.append(f"coalesce({amount}, 0) * {size}")
    return f"CASE WHEN regexp_matches({source}, '[0-9]') THEN {' + '.join(terms)} END"


def _worded(source: str, decimal: str) -> str:
    terms = []
    for size, words in WORDS:
        found = f"regexp_extract({source}, '(?i)({AMOUNT}) *(?:{words})(?:[^a-zа-я]|$)', 1)"
        terms.append(f"coalesce({_amount(found, decimal)}, 0) * {size:g}")
    return f"({' + '.join(terms)})"


def _amount(found: str, decimal: str) -> str:
    """An amount in words; a mark before three digits parts thousands unless it is the column's."""
    bare = f"replace({found}, ' ', '')"
    if decimal == ".":
        bare = f"regexp_replace({bare}, ',([0-9]{{3}})$', '\\1')"
    else:
        bare = f"regexp_replace({bare}, '\\.([0-9]{{3}})$', '\\1')"
    return _double(bare)
