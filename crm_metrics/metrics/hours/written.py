"""Business hours as people write them: "Mon-Fri 09:00-18:00 lunch 13-14 Europe/Moscow"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import cache

from babel import Locale

from crm_metrics.errors import InputError
from crm_metrics.mapping.zones import zone_named
from crm_metrics.metrics.hours.schedule import DAY, Schedule, Shift, checked

_WEEK = 7
_LANGUAGES = ("en", "ru")
_BREAKS = ("lunch", "break", "обед", "перерыв")
_EVERY_DAY = ("daily", "ежедневно", "24/7")
_STRETCH = re.compile(r"(\d{1,2})(?::(\d\d))?-(\d{1,2})(?::(\d\d))?")
_DASH = re.compile(r"\s*[-\u2012-\u2015\u2212]\s*")
_APART = re.compile(r"[\s,;]+")
_RANGE = ".."
_LONGEST_HOLIDAY = 366

Stretch = tuple[int, int]


def hours_in(text: str) -> Schedule:
    """The schedule that a line tells: days, hours, breaks and a zone, in Russian or English.

    What follows the names of days holds for these until the next names: "Mon-Thu 9-18 lunch 13-14
    Fri 9-16:30 MSK". An end before its beginning is that of the next day. Raises
    InputError("hours_format") for a word that tells none of these and for hours without a day, and
    what `checked` raises.
    """
    zone: str | None = None
    groups: list[tuple[list[int], list[Stretch], list[Stretch]]] = []
    breaks = False
    for word in _words(text):
        if days := _days(word):
            if not groups or groups[-1][1]:
                groups.append(([], [], []))
            groups[-1][0].extend(days)
            breaks = False
            if word == "24/7":
                groups[-1][1].append((0, DAY))
        elif groups and (stretch := _stretch(word)):
            into = groups[-1][2] if breaks else groups[-1][1]
            into.append(stretch)
        elif groups and word in _BREAKS:
            breaks = True
        elif (found := zone_named(word)) and zone is None:
            zone = found
        else:
            raise InputError("hours_format", part=word)
    shifts = [
        shift
        for days, open_, closed in groups
        for day in dict.fromkeys(days)
        for shift in _shifts(day, _without(open_, closed))
    ]
    return checked(Schedule(tuple(shifts), zone=zone))


def day_hours_in(day: int, text: str) -> list[Shift]:
    """The shifts of one weekday: "09:00-13:00, 14:00-18:00", "9-18 lunch 13-14", "" for none.

    Raises InputError("hours_format").
    """
    open_: list[Stretch] = []
    closed: list[Stretch] = []
    into = open_
    for word in _words(text):
        if word in _BREAKS:
            into = closed
        elif stretch := _stretch(word):
            into.append(stretch)
        else:
            raise InputError("hours_format", part=word)
    return _shifts(day, _without(open_, closed))


def day_hours_text(shifts: Iterable[Shift]) -> str:
    """The shifts of one day as `day_hours_in` reads them."""
    return ", ".join(f"{_clock(one.start)}\N{EN DASH}{_clock(one.end)}" for one in shifts)


def days_in(text: str) -> tuple[date, ...]:
    """The days of a list: ISO dates, and ranges of them as 2026-01-01..2026-01-08.

    Raises InputError("hours_holiday") for a word that is neither.
    """
    found: list[date] = []
    for word in filter(None, _APART.split(text)):
        first, _, last = word.partition(_RANGE)
        try:
            start = date.fromisoformat(first)
            end = date.fromisoformat(last) if last else start
        except ValueError:
            raise InputError("hours_holiday", day=word) from None
        length = (end - start).days
        if not 0 <= length < _LONGEST_HOLIDAY:
            raise InputError("hours_holiday", day=word)
        found += [start + timedelta(days=place) for place in range(length + 1)]
    return tuple(found)


def _words(text: str) -> list[str]:
    return [word for word in _APART.split(_DASH.sub("-", text.strip().lower())) if word]


def _days(word: str) -> list[int]:
    """The weekdays that a word names: "mon", "пн-пт", "daily"; none where it names none."""
    if word in _EVERY_DAY:
        return list(range(_WEEK))
    first, dash, last = word.replace(".", "").partition("-")
    names = _names()
    if first not in names or (dash and last not in names):
        return []
    length = (names[last] - names[first]) % _WEEK if dash else 0
    return [(names[first] + place) % _WEEK for place in range(length + 1)]


@cache
def _names() -> dict[str, int]:
    """Monday is 0: every name of a weekday in lower case."""
    found: dict[str, int] = {}
    for language in _LANGUAGES:
        for form in ("format", "stand-alone"):
            for width in ("wide", "abbreviated", "short"):
                own = Locale(language).days[form].get(width, {})
                found |= {str(name).lower().replace(".", ""): day for day, name in own.items()}
    return found


def _stretch(word: str) -> Stretch | None:
    found = _STRETCH.fullmatch(word)
    if found is None:
        return None
    start, end = (
        int(hour) * 3600 + int(minute or 0) * 60
        for hour, minute in (found.groups()[:2], found.groups()[2:])
    )
    if start >= DAY or end > DAY or any(int(one or 0) >= 60 for one in (found[2], found[4])):
        raise InputError("hours_format", part=word)
    return start, end or DAY


def _without(open_: Sequence[Stretch], closed: Sequence[Stretch]) -> list[Stretch]:
    """The stretches without the breaks in them; an end past midnight is above a day."""
    left = [(start, end if end > start else end + DAY) for start, end in open_]
    for start, end in closed:
        cut: list[Stretch] = []
        for first, last in left:
            # A break of the night stands after midnight, as its stretch does.
            move = DAY if start < first and start + DAY < last else 0
            cut += [(first, min(last, start + move)), (max(first, end + move), last)]
        left = [one for one in cut if one[0] < one[1]]
    return left


def _shifts(day: int, stretches: Iterable[Stretch]) -> list[Shift]:
    found = []
    for start, end in stretches:
        if start < DAY:
            found.append(Shift(day, start, min(end, DAY)))
        if end > DAY:
            found.append(Shift((day + 1) % _WEEK, max(start - DAY, 0), end - DAY))
    return found


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds % 3600 // 60:02}"
