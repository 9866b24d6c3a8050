"""The names of columns from one to three header rows, a row of units, a ruled line."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from crm_metrics.intake.layout.cells import Column, is_missing
from crm_metrics.intake.layout.rows import Row

_SPACE = re.compile(r"\s+")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_RULES = ("---", "===", "___", "———", "–––")
_RULED = frozenset("-=_—–+|:,; \t\"'")
_ANSWER = frozenset({"response", "ответ"})
_MARKS = _ANSWER | {"open-ended response", "other (please specify)", "свободный ответ"}
_MAX_CHOICE = 60
_MAX_NAME = 40
"""Longer texts under names, for the most part, are sentences about them."""
_UNITS = frozenset(
    {"%", "‰", "$", "€", "£", "¥", "₽", "₸", "₴", "usd", "eur", "gbp", "rub", "rur", "byn", "kzt"}
    | {"руб", "рублей", "р", "коп", "тыс", "тыс.руб", "тыс. руб", "млн", "шт", "штук", "ед", "раз"}
    | {"чел", "человек", "сек", "с", "мин", "ч", "час", "часов", "дн", "дней", "pcs", "pieces"}
    | {"units", "count", "number", "qty", "times", "people", "users", "sec", "secs", "seconds"}
    | {"s", "ms", "min", "mins", "minutes", "h", "hr", "hrs", "hours", "d", "days", "percent"}
    | {"ratio", "currency", "date", "text"}
)
_FORMAT = re.compile(r"(?=.*[dmyhsдмгчс])[dmyhsдмгчс]{1,4}(?:[./:\-\s]+[dmyhsдмгчс]{1,4})+", re.I)
_SAYS_NOTHING = frozenset({"date", "text", "number", "count", "currency", "units", "ratio"})


def names(heads: Sequence[Row], width: int) -> tuple[list[str], int, int]:
    """Column names from the header rows, and how many were duplicates and how many empty.

    A second row is joined to the first where it holds choices under a question or measures under
    a group; a row of long descriptions is not. Units stand in brackets after the names. Without
    header rows the names are "1", "2", ...
    """
    if not heads:
        return [str(i + 1) for i in range(width)], 0, 0
    rows = [row for row in heads if not is_ruled(row)]
    units = next((row for row in rows[1:] if is_units(row)), None)
    levels = [_cleaned(row, width) for row in rows if row is not units]
    raw = _of_levels(levels) if levels else [""] * width
    if units is not None:
        raw = [_with_unit(*pair) for pair in zip(raw, _cleaned(units, width), strict=True)]
    return _told_apart(raw)


def gaps(heads: Sequence[Row], given: Sequence[str], known: Sequence[Column]) -> tuple[str, ...]:
    """The names given to empty columns without one that stand between named ones, two a side."""
    named = [
        any(i < len(row.cells) and row.cells[i].strip() for row in heads) for i in range(len(given))
    ]
    return tuple(
        given[i]
        for i, column in enumerate(known)
        if column.kind == "empty"
        and 1 < i < len(given) - 2
        and not named[i]
        and all(named[i - 2 : i])
        and all(named[i + 1 : i + 3])
    )


def folded(row: Row) -> tuple[str, ...]:
    """The cells without case and without spaces around them."""
    return tuple(cell.strip().lower() for cell in row.cells)


def is_ruled(row: Row) -> bool:
    """Whether the row is a line drawn with dashes."""
    return any(rule in row.text for rule in _RULES) and _RULED.issuperset(row.text)


def is_units(row: Row) -> bool:
    """Whether every filled cell is a unit of measure or a form of dates."""
    cells = [_unit(cell) for cell in row.cells if not is_missing(cell)]
    return bool(cells) and all(cell in _UNITS or _FORMAT.fullmatch(cell) for cell in cells)


def has_marks(row: Row) -> bool:
    """Whether the row has the words that survey systems put under a question."""
    return any(cell.strip().lower() in _MARKS for cell in row.cells)


def _told_apart(raw: Sequence[str]) -> tuple[list[str], int, int]:
    taken: set[str] = set()
    found: list[str] = []
    duplicates = empty = 0
    plain = set(raw)
    for i, given in enumerate(raw):
        name = given
        if not name:
            empty += 1
            name = f"Column {i + 1}"
        elif name in taken:
            duplicates += 1
        base, number = name, 2
        while name in taken or (name != given and name in plain):
            name, number = f"{base} ({number})", number + 1
        taken.add(name)
        found.append(name)
    return found, duplicates, empty


def _cleaned(row: Row, width: int) -> list[str]:
    return ([_clean(cell) for cell in row.cells] + [""] * width)[:width]


def _clean(cell: str) -> str:
    """The text of a name without line breaks, tags and marks of an encoding."""
    text = cell.replace("\ufeff", "")
    if _TAG.search(text):
        text = html.unescape(_TAG.sub(" ", text)).strip() or text
    return _SPACE.sub(" ", text).strip()


def _unit(cell: str) -> str:
    return cell.strip().strip("()[].,:").strip().lower()


def _with_unit(name: str, unit: str) -> str:
    bare = _unit(unit)
    dull = is_missing(unit) or bare in _SAYS_NOTHING or _FORMAT.fullmatch(bare)
    if dull or not name or bare in name.lower():
        return name
    return f"{name} ({unit.strip('()[] ')})"


def _of_levels(levels: Sequence[list[str]]) -> list[str]:
    """The names from rows of which each divides the groups of the one above it."""
    top = levels[0]
    if len(levels) == 1:
        return top
    if len(levels) == 2 or not _gaps(levels[0]) or not _gaps(levels[1]):
        return _with_choices(top, levels[1])
    result = []
    group = part = ""
    for first, second, third in zip(*levels[:3], strict=True):
        group, part = (first, second) if first else (group, second or part)
        result.append(" / ".join(dict.fromkeys(name for name in (group, part, third) if name)))
    return result


def _gaps(row: Sequence[str]) -> bool:
    return not all(row)


def _with_choices(top: Sequence[str], subs: Sequence[str]) -> list[str]:
    """Survey headers: a question over a group of columns, its choices in the second row."""
    if _described(top, subs):
        return list(top)
    result, group = [], ""
    for i, name in enumerate(top):
        group = name or group
        sub = subs[i]
        repeated = i > 0 and (not name or name == top[i - 1])
        begins = i + 1 < len(top) and (not top[i + 1] or top[i + 1] == name) and bool(subs[i + 1])
        choice = sub and len(sub) <= _MAX_CHOICE and sub.lower() not in _ANSWER
        shared = subs.count(sub) > 1 and sub.lower() not in _MARKS
        if choice and group and (repeated or begins or shared):
            result.append(f"{group} / {sub}")
        else:
            result.append(name or (sub if not group else ""))
    return result


def _described(top: Sequence[str], subs: Sequence[str]) -> bool:
    """Whether the second row explains names that are whole without it, as Facebook does."""
    lengths = sorted(len(sub) for sub in subs if sub)
    return all(top) and bool(lengths) and lengths[len(lengths) // 2] > _MAX_NAME
