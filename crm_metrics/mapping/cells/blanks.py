"""Cells without a value, and the blanks around and inside of values."""

from __future__ import annotations

import re

SPACES = "\u00a0\u202f\u2007\u2009\t\r\n\ufeff\u200b"
"""Those that exports use beside the ordinary one: no-break, narrow, figure, thin, tab, BOM."""

_SPACE = re.compile(f"[{SPACES} ]+")
_BETWEEN = re.compile(r"[\s_\-–—/]+")

MISSING: tuple[str, ...] = (
    "",
    "-",
    "--",
    "---",
    "—",
    "–",
    "−",
    "n/a",
    "n.a.",
    "#n/a",
    "#н/д",
    "na",
    "nan",
    "nil",
    "none",
    "null",
    "<null>",
    "(null)",
    "[null]",
    "\\n",
    "undefined",
    "(not set)",
    "(not provided)",
    "(empty)",
    "(blank)",
    "(пусто)",
    "не определено",
    "не определен",
    "не определён",
    "не указано",
    "не указан",
    "не указана",
    "не задано",
    "нет данных",
    "н/д",
)
"""Lower case, of numbers, dates, durations and flags."""

ERRORS: tuple[str, ...] = (
    *("#div/0!", "#ref!", "#value!", "#name?", "#num!", "#null!"),
    *("#дел/0!", "#ссылка!", "#знач!", "#имя?", "#число!", "#пусто!"),
)
"""What a spreadsheet writes where a formula failed: no value, but not one left out either."""

MISSING_WORDS: tuple[str, ...] = tuple(mark for mark in MISSING if mark not in {"na", "nil", "−"})
"""Of categories and ids: NA is also a country and a region."""

MISSING_TEXT: tuple[str, ...] = ("", "-", "--", "—", "–", "null", "undefined")
"""Of free text, where "none" or "na" is what a person wrote."""

MISSING_DATES: tuple[str, ...] = (
    *MISSING,
    "lifetime",
    "all time",
    "never",
    "никогда",
    "0000-00-00",
    "0000-00-00 00:00:00",
    "00.00.0000",
    "00.00.0000 00:00:00",
    "00/00/0000",
)
"""Of dates: a total over all time, or a data base's zero day."""

MISSING_SCORES: tuple[str, ...] = (*MISSING, "offered", "unoffered", "not rated", "без оценки")
"""Of scores: a survey that was offered has no answer yet."""


UNSAID: tuple[str, ...] = (
    *MISSING_WORDS,
    *("na", ".", "?", "0", "unknown", "not set", "not specified", "not available", "empty"),
    *("нет", "неизвестно", "пусто", "не заполнено", "не заполнен", "не заполнена"),
    *("не выбрано", "не выбран", "не выбрана", "не задан", "не задана"),
)
"""What people and forms write where they have nothing to say."""


def fold(text: str) -> str:
    """Lower case without blanks at the edges: how `ColumnMapping.values` names raw values."""
    return text.strip().strip(SPACES).strip().lower()


def bare(text: str) -> str:
    """A folded word as it is compared with known ones: е for ё, a space for a hyphen or a slash."""
    return _BETWEEN.sub(" ", text.replace("ё", "е")).strip(" .!")


def plain(text: str) -> str:
    """The text with every kind of space as one ordinary space, and none at the edges."""
    return _SPACE.sub(" ", text).strip()
