"""Dates as people and programs write them, brought to a form that strptime reads.

A rewrite is written once and runs both in Python's `re` and in DuckDB's RE2, so it keeps to what
the two share.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from crm_metrics.mapping.cells.blanks import plain

MONTHS_EN = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS_RU = (
    "янв", "фев", "мар", "апр", "ма[йя]", "июн", "июл", "авг", "сен", "окт", "ноя", "дек",
)  # fmt: skip
_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_NAME = f"{_MONTH}[a-z]*"
_DASH = " *[-–—] *"
_CLOCK = r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?"
_HALVED = rf"{_CLOCK}(?: ?[ap]m)?"
ZONED = rf"({_HALVED}) ?(?:z|utc|gmt|([+-][0-9]{{1,2}}):?([0-9]{{2}})?(?: ?[a-z]{{3,4}})?)$"
"""Pattern of a time with a zone: the time, the hours and the minutes that it is ahead of UTC."""

ISO = rf"[0-9]{{4}}[-/][0-9]{{1,2}}[-/][0-9]{{1,2}}(?:[t ]+{_CLOCK})?"
"""Pattern of what a cast to TIMESTAMP reads by itself."""

_DAY = (
    rf"(?:[0-9]{{1,4}}[./-][0-9]{{1,2}}[./-][0-9]{{2,4}}|[0-9]{{8}}|[0-9]{{1,2}} {_NAME} [0-9]{{4}}"
    rf"|{_NAME} [0-9]{{1,2}},? [0-9]{{4}})(?:[t ,]+{_HALVED})?"
)
# Letters or signs without which a rewrite has nothing to do, a pattern, and what it becomes.
_Rewrite = tuple[str, str, str]


def _quarter(number: int, roman: str) -> tuple[_Rewrite, ...]:
    """Q1 2025, 2025-Q1, «I квартал 2025», "1кв25": the quarter's first month."""
    named = rf"(?:q{number}|{number}q|(?:{number}(?:-?й)?|{roman}) ?кв(?:артал)?\.?)"
    month = f"-{number * 3 - 2:02d}"
    return (
        ("qк", rf"^{named}[ '’./,-]*(20[0-9]{{2}})$", rf"\1{month}"),
        ("qк", rf"^{named}[ '’./,-]*([0-9]{{2}})$", rf"20\1{month}"),
        ("qк", rf"^(20[0-9]{{2}})[ ./,-]*{named}$", rf"\1{month}"),
    )


_SPELLING: tuple[_Rewrite, ...] = (
    ("nteduai", r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,? +", ""),
    ("еи", r"^(?:понедельник|вторник|среда|четверг|пятница|суббота|воскресенье),? +", ""),
    ("нтрбс", r"^(?:пн|вт|ср|чт|пт|сб|вс)\.?,? +", ""),
    # «мар. 25» is March of 2025: a day stands before the month in Russian.
    *(
        ("0123456789", rf"^({stem})[а-я]*\.? ?['’]?([0-9]{{2}})(?: ?г\.?)?$", r"\1 20\2")
        for stem in _MONTHS_RU
    ),
    *(
        (stem[0], rf"{stem}[а-я]*\.?", short)
        for stem, short in zip(_MONTHS_RU, MONTHS_EN, strict=True)
    ),
    (".", rf"\b({_NAME})\.", r"\1"),
    ("p", r"\bsept\b", "sep"),
    ("snrt", r"([0-9])(?:st|nd|rd|th)\b", r"\1"),
    # A workbook's "Mar-25", while its days are "25-Mar".
    ("-'’", rf"^({_NAME})(?:-| ?['’])([0-9]{{2}})$", r"\1 20\2"),
    ("г", r"([0-9]{4}) ?(?:года|году|год|г\.?)(,? )", r"\1\2"),
    ("г", r"([0-9]{4}) ?(?:года|году|год|г\.?)$", r"\1"),
    ("aв", r",? (?:at|в) ([0-9]{1,2}:)", r" \1"),
    ("m", r"([ap])\.m\.", r"\1m"),
    *_quarter(1, "i"),
    *_quarter(2, "ii"),
    *_quarter(3, "iii"),
    *_quarter(4, "iv"),
    ("w", r"^([0-9]{4})-?w([0-9]{2})$", r"\1-w\2-1"),
)
_RANGES: tuple[_Rewrite, ...] = (
    (
        "-–—,/.оoa…",
        (rf"^(?:с |from |between )?({_DAY})"
        rf"(?: *(?:[-–—,/…]|\.\.+) *| (?:to|по|until|до|and) ){_DAY}$"),
        r"\1",
    ),
    ("-–—", rf"^({_NAME} [0-9]{{1,2}}){_DASH}(?:{_NAME} )?[0-9]{{1,2}}(,? [0-9]{{4}})$", r"\1\2"),
    ("-–—", rf"^([0-9]{{1,2}}){_DASH}[0-9]{{1,2}} ({_NAME}) ([0-9]{{4}})$", r"\1 \2 \3"),
    ("-–—", rf"^([0-9]{{1,2}} {_NAME}){_DASH}[0-9]{{1,2}} {_NAME} ([0-9]{{4}})$", r"\1 \2"),
)  # fmt: skip
_TAILS: tuple[_Rewrite, ...] = (
    ("=", r" m=[+-][0-9.]+$", ""),
    ("[", r"\[[a-z/_]+\]$", ""),
    ("um", r" ?\(?(?:utc|gmt) ?([+-][0-9]{1,2}(?::?[0-9]{2})?)\)?(?: \([^()]*\))?$", r" \1"),
    (":", rf"^({_MONTH}) +([0-9]{{1,2}}) ({_CLOCK})( ?[+-][0-9]{{4}}| [a-z]{{3,4}})? ([0-9]{{4}})$",
     r"\1 \2 \5 \3\4"),
    (":", r"([0-9:]{4,8}(?: ?[ap]m)?) (?:[ecmp][sd]?t|msk|мск|cet|cest|eet|eest|bst)$", r"\1"),
)  # fmt: skip
REWRITES: tuple[tuple[str, str], ...] = tuple(
    (pattern, new) for _, pattern, new in (*_SPELLING, *_RANGES, *_TAILS)
)
"""Patterns and what they become, in this order, on lower-case text."""

_NUMERIC = re.compile(
    r"([0-9]{1,2})([./-])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})(?:(,? *| t)(" + _CLOCK + r")( ?[ap]m)?)?"
)
_YEAR_FIRST = re.compile(
    rf"[0-9]{{4}}([-/.])[0-9]{{1,2}}\1[0-9]{{1,2}}(?:( +|t|, ?)({_CLOCK})( ?[ap]m)?)?"
)
_NAMED = re.compile(
    rf"(?:({_MONTH})([a-z]*)([ -])([0-9]{{1,2}})(,?)[ -]"
    rf"|([0-9]{{1,2}})([ -])({_MONTH})([a-z]*)(,?)[ -])"
    rf"([0-9]{{4}}|[0-9]{{2}})(?:(,? +| at )({_CLOCK})( ?[ap]m)?)?"
)
_MONTH_ONLY = re.compile(
    rf"[0-9]{{4}}(?P<year_first>[-/.])[0-9]{{1,2}}|[0-9]{{1,2}}(?P<year_last>[/.])[0-9]{{4}}"
    rf"|({_MONTH})([a-z]*)(,? |-)[0-9]{{4}}|[0-9]{{4}} (?P<named>{_MONTH})(?P<rest>[a-z]*)"
)
_WEEK = re.compile(r"[0-9]{4}-w[0-9]{2}-1")
_COMPACT = {6: "%Y%m", 8: "%Y%m%d", 10: "%Y%m%d%H", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}
_LONGEST = 80


@lru_cache(maxsize=8192)
def normal(value: str, *, keep_zone: bool = False) -> str:
    """The text as `form_of` expects it: lower case, English months, no weekday, no zone."""
    text = _rewritten(_rewritten(_rewritten(_lower(value), _SPELLING), _RANGES), _TAILS)
    return text if keep_zone else re.sub(ZONED, r"\1", text)


def is_range(value: str) -> bool:
    """Whether one cell names two days, of which the first is taken."""
    text = _rewritten(_lower(value), _SPELLING)
    return _rewritten(text, _RANGES) != text


def looks_dated(value: str) -> bool:
    """Whether one cell reads as a date or a timestamp."""
    text = normal(value)
    return bool(re.fullmatch(ISO, text)) or form_of(text, "dmy") is not None


def is_clock(value: str) -> bool:
    """Whether one cell is a time of day without a date."""
    return re.fullmatch(_HALVED, plain(value).lower()) is not None


def day_of(value: str, order: str) -> date | None:
    """The day that one text names, with this order of day and month; None where it names none."""
    text = normal(value)
    form = form_of(text, order)
    if re.fullmatch(ISO, text):
        text, form = re.split(r"[t ]", text.replace("/", "-"), maxsplit=1)[0], "%Y-%m-%d"
    if form is None:
        return None
    try:
        return datetime.strptime(text, form).date()
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Order:
    """The order of day and month in a column: None where no cell shows it.

    `open_` is the separator of numeric dates that could be read either way; `year_first` tells that
    their years, in two digits, may stand first.
    """

    order: str | None
    open_: str | None = None
    conflict: bool = False
    year_first: bool = False

    @property
    def likely(self) -> str:
        """The best guess where the cells leave the order open."""
        if self.order or self.year_first:
            return self.order or "ymd"
        return "mdy" if self.open_ == "/" else "dmy"


def date_order(values: Iterable[str]) -> Order:
    """Day first or month first, from the cells where one part is above 12; or the year first.

    24-03-05 has the year first where a whole column would else begin with days above 20.
    """
    votes: Counter[str] = Counter()
    separator: str | None = None
    found = [parts for value in values if (parts := _NUMERIC.fullmatch(normal(value)))]
    if first_years := _years_first(found):
        order = "ymd" if first_years >= _MANY else None
        return Order(order, found[0][2], year_first=True)
    for parts in found:
        separator = parts[2]
        first, second = int(parts[1]), int(parts[3])
        if first > 12 >= second:
            votes["dmy"] += 1
        elif second > 12 >= first:
            votes["mdy"] += 1
    if not votes:
        return Order(None, separator)
    return Order(votes.most_common(1)[0][0], separator, conflict=len(votes) > 1)


def _years_first(found: list[re.Match[str]]) -> int:
    """How many different days there are where each could have its year first, else 0."""
    if any(parts[2] == "." for parts in found):
        return 0
    dates = {(int(parts[1]), parts[3], parts[4]) for parts in found}
    possible = all(
        _YEARS[0] <= first <= _YEARS[1] and len(last) == 2 and 1 <= int(last) <= 31
        for first, _, last in dates
    )
    return len(dates) if possible else 0


_MANY = 8
_YEARS = (20, 49)

DECISIVE = r" *(?:1[3-9]|[23][0-9])[./-].*| *[0-9]{1,2}[./-](?:1[3-9]|[23][0-9])[./-].*"
"""Pattern of cells that settle the order, for a search over all rows."""


def form_of(text: str, order: str) -> str | None:
    """The strptime form of a normalised text, or None."""
    if found := _NUMERIC.fullmatch(text):
        sign, year = found[2], "%Y" if len(found[4]) == 4 else "%y"
        if order == "ymd" and year == "%y":
            day = f"%y{sign}%m{sign}%d"
        else:
            day = f"%m{sign}%d{sign}{year}" if order == "mdy" else f"%d{sign}%m{sign}{year}"
        return day + _clock(found[5], found[6], found[7])
    if found := _NAMED.fullmatch(text):
        if found[1]:
            day = f"{_name(found[1], found[2])}{found[3]}%d{found[5]}"
        else:
            day = f"%d{found[7]}{_name(found[8], found[9])}{found[10]}"
        joint = "-" if "-" in (found[3], found[7]) else " "
        year = "%Y" if len(found[11]) == 4 else "%y"
        return f"{day}{joint}{year}" + _clock(found[12], found[13], found[14])
    if found := _MONTH_ONLY.fullmatch(text):
        return _month_form(found)
    if text.isdigit() and text.isascii() and text[:2] in {"19", "20"}:
        return _COMPACT.get(len(text))
    if found := _YEAR_FIRST.fullmatch(text):
        return f"%Y{found[1]}%m{found[1]}%d" + _clock(found[2], found[3], found[4])
    return "%G-w%V-%u" if _WEEK.fullmatch(text) else None


def _month_form(found: re.Match[str]) -> str:
    if sign := found["year_first"]:
        return f"%Y{sign}%m"
    if sign := found["year_last"]:
        return f"%m{sign}%Y"
    if found["named"]:
        return f"%Y {_name(found['named'], found['rest'])}"
    return f"{_name(found[3], found[4])}{found[5]}%Y"


def _name(short: str, rest: str) -> str:
    return "%B" if rest and short != "may" else "%b"


def _clock(joint: str | None, time: str | None, half: str | None) -> str:
    if not time:
        return ""
    hour = "%I" if half else "%H"
    seconds = ":%S" if time.count(":") == 2 else ""
    fraction = "." if "." in time else "," if "," in time else ""
    form = f"{joint}{hour}:%M{seconds}" + (f"{fraction}%f" if fraction else "")
    return form + (half.replace("am", "%p").replace("pm", "%p") if half else "")


def _lower(value: str) -> str:
    return plain(value).lower() if len(value) <= _LONGEST else ""


def _rewritten(text: str, rewrites: Iterable[_Rewrite]) -> str:
    for signs, pattern, new in rewrites:
        if any(sign in text for sign in signs):
            text = re.sub(pattern, new, text)
    return text
