"""Dates and timestamps in every form that exports use.

One order of day and month holds for a whole column; which forms occur is read from its cells. A
stamp with an offset is kept as UTC; without one it stays as written, in the vendor's own zone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from crm_metrics.facts.cells import matches, plain
from crm_metrics.facts.connection import literal

MONTHS_EN = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS_RU = (
    "янв", "фев", "мар", "апр", "ма[йя]", "июн", "июл", "авг", "сен", "окт", "ноя", "дек",
)  # fmt: skip
_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_TIME = r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?"
_ZONED = rf"({_TIME}) ?(?:z|utc|gmt|([+-][0-9]{{2}}):?([0-9]{{2}})?(?: ?[a-z]{{3,4}})?)$"
_ISO = rf"[0-9]{{4}}[-/][0-9]{{1,2}}[-/][0-9]{{1,2}}(?:[t ]+{_TIME})?"
_SERIAL = r"[2-7][0-9]{4}(?:\.[0-9]+)?"
_EPOCH = r"1[0-9]{9}(?:\.[0-9]+)?"
_EPOCH_MS = r"1[0-9]{12}"
_DAY = r"[0-9]{2,4}[./-][0-9]{2}[./-][0-9]{2,4}"
_RANGE = rf"^({_DAY}) *[-–—,] *{_DAY}$"
_NUMERIC = re.compile(
    r"([0-9]{1,2})([./-])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})(?:(,? *| t)(" + _TIME + r")( ?[ap]m)?)?"
)
_NAMED = re.compile(
    rf"(?:({_MONTH})([a-z]*)([ -])([0-9]{{1,2}})(,?)[ -]"
    rf"|([0-9]{{1,2}})([ -])({_MONTH})([a-z]*)(,?)[ -])"
    rf"([0-9]{{4}}|[0-9]{{2}})(?:(,? +| at )({_TIME})( ?[ap]m)?)?"
)
_YEAR_MONTH = re.compile(
    rf"([0-9]{{4}})-([0-9]{{1,2}})|([0-9]{{1,2}})\.([0-9]{{4}})|({_MONTH})([a-z]*) ([0-9]{{4}})"
)
_COMPACT = {8: "%Y%m%d", 10: "%Y%m%d%H", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}
EPOCH_DAY = "1970-01-01"
_EARLIEST, _LATEST = "1900-01-01", "2200-01-01"


@dataclass(frozen=True, slots=True)
class Order:
    """The order of day and month in a column: None where no cell shows it.

    `open_` is the separator of numeric dates that could be read either way.
    """

    order: str | None
    open_: str | None = None
    conflict: bool = False


def looks_dated(value: str) -> bool:
    """Whether one cell reads as a date or a timestamp."""
    text = _normal(value)
    return bool(re.fullmatch(_ISO, text)) or _form(text, "dmy") is not None


def day_of(value: str, order: str) -> date | None:
    """The day that one text names, with this order of day and month; None where it names none."""
    text = _normal(value)
    if re.fullmatch(_ISO, text):
        text, form = re.split(r"[t ]", text.replace("/", "-"), maxsplit=1)[0], "%Y-%m-%d"
    else:
        form = _form(text, order) or ""
    try:
        return datetime.strptime(text, form).date()
    except ValueError:
        return None


def date_order(values: Iterable[str]) -> Order:
    """Day first or month first, from the cells where one part is above 12."""
    votes: Counter[str] = Counter()
    separator: str | None = None
    for value in values:
        found = _NUMERIC.fullmatch(_normal(value))
        if not found:
            continue
        separator = found[2]
        first, second = int(found[1]), int(found[3])
        if first > 12 >= second:
            votes["dmy"] += 1
        elif second > 12 >= first:
            votes["mdy"] += 1
    if not votes:
        return Order(None, separator)
    return Order(votes.most_common(1)[0][0], separator, conflict=len(votes) > 1)


# Cells that settle the order, for a search over all rows.
DECISIVE = r" *(?:1[3-9]|[23][0-9])[./-].*| *[0-9]{1,2}[./-](?:1[3-9]|[23][0-9])[./-].*"


def timestamp_sql(source: str, values: Sequence[str], order: str) -> str:
    """SQL for a TIMESTAMP in a prepared text; null where it is no date in a form of these cells."""
    cells = [plain(value).lower() for value in values]
    text = _normal_sql(source, cells)
    normal = [_normal(value, keep_zone=True) for value in values]
    zoned = any(re.search(_ZONED, value) for value in normal)
    base = f"regexp_replace({text}, {literal(_ZONED)}, '\\1')" if zoned else text
    normal = [re.sub(_ZONED, r"\1", value) for value in normal]
    parts: list[str] = []
    if any(re.fullmatch(_ISO, value) for value in normal):
        spaced = f"replace({base}, 't', ' ')" if "t" in "".join(normal) else base
        iso = f"try_cast({spaced} AS TIMESTAMP)"
        parts.append(f"CASE WHEN {matches(base, _ISO)} THEN {iso} END")
    formats = Counter(form for value in normal if (form := _form(value, order)))
    if formats:
        # Two-digit years first: %Y would take 24 for the year 24.
        listed = sorted(formats, key=lambda form: ("%y" not in form, -formats[form], form))
        parts.append(f"try_strptime({base}, [{', '.join(map(literal, listed))}])")
    parts.extend(
        f"CASE WHEN {matches(base, pattern)} THEN {instant.format(x=base)} END"
        for pattern, instant in _COUNTED
        if any(re.fullmatch(pattern, value) for value in normal)
    )
    if not parts:
        return "CAST(NULL AS TIMESTAMP)"
    stamp = f"coalesce({', '.join(parts)})" if len(parts) > 1 else parts[0]
    if zoned:
        stamp = f"({stamp} - to_minutes({_offset(text)}))"
    return _bounded(stamp)


_CLOCK = rf"{_TIME}(?: ?[ap]m)?"


def is_clock(value: str) -> bool:
    """Whether one cell is a time of day without a date."""
    return re.fullmatch(_CLOCK, plain(value).lower()) is not None


def clock_sql(source: str) -> str:
    """SQL for a time of day on 1970-01-01 (TIMESTAMP) in a prepared text: 09:30, 9:30 pm."""
    forms = ["%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p", "%I:%M%p"]
    stamp = f"try_strptime({source}, [{', '.join(map(literal, forms))}])"
    return f"(TIMESTAMP '{EPOCH_DAY}' + ({stamp} - date_trunc('day', {stamp})))"


# Days since 1899-12-30 (Excel), seconds and milliseconds since 1970.
_COUNTED: tuple[tuple[str, str], ...] = (
    (_SERIAL, "TIMESTAMP '1899-12-30' + to_seconds(round(CAST({x} AS DOUBLE) * 86400))"),
    (_EPOCH, "make_timestamp(CAST(CAST({x} AS DOUBLE) * 1000000 AS BIGINT))"),
    (_EPOCH_MS, "make_timestamp(CAST({x} AS BIGINT) * 1000)"),
)


def _form(text: str, order: str) -> str | None:
    """The strptime form of a normalised text, or None."""
    if found := _NUMERIC.fullmatch(text):
        first, second = ("%d", "%m") if order == "dmy" else ("%m", "%d")
        sign, year = found[2], "%Y" if len(found[4]) == 4 else "%y"
        return f"{first}{sign}{second}{sign}{year}" + _clock(found[5], found[6], found[7])
    if found := _NAMED.fullmatch(text):
        if found[1]:
            day = f"{_name(found[1], found[2])}{found[3]}%d{found[5]}"
        else:
            day = f"%d{found[7]}{_name(found[8], found[9])}{found[10]}"
        joint = "-" if "-" in (found[3], found[7]) else " "
        year = "%Y" if len(found[11]) == 4 else "%y"
        return f"{day}{joint}{year}" + _clock(found[12], found[13], found[14])
    if found := _YEAR_MONTH.fullmatch(text):
        return "%Y-%m" if found[1] else "%m.%Y" if found[3] else f"{_name(found[5], found[6])} %Y"
    if text.isdigit() and text.isascii() and text[:2] in {"19", "20"}:
        return _COMPACT.get(len(text))
    dotted = re.fullmatch(rf"[0-9]{{4}}\.[0-9]{{1,2}}\.[0-9]{{1,2}}(?:( +)({_TIME}))?", text)
    if dotted:
        return "%Y.%m.%d" + _clock(dotted[1], dotted[2], None)
    return None


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


# What is taken off or rewritten before a form is looked for; RE2 and re alike.
_REWRITES: tuple[tuple[str, str], ...] = (
    (_RANGE, r"\1"),
    (r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,? +", ""),
    (r"^(?:понедельник|вторник|среда|четверг|пятница|суббота|воскресенье),? +", ""),
    (r"^(?:пн|вт|ср|чт|пт|сб|вс)\.?,? +", ""),
    *((rf"{stem}[а-я]*\.?", short) for stem, short in zip(_MONTHS_RU, MONTHS_EN, strict=True)),
    (rf"\b({_MONTH}[a-z]*)\.", r"\1"),
    (r"\bsept\b", "sep"),
    (r"([0-9])(?:st|nd|rd|th)\b", r"\1"),
    (r"([0-9]{4}) ?(?:года|г\.?)(,? )", r"\1\2"),
    (r"([0-9]{4}) ?(?:года|г\.?)$", r"\1"),
    (r",? (?:at|в) ([0-9]{1,2}:)", r" \1"),
    (r"([ap])\.m\.", r"\1m"),
    (r"([0-9:]{4,8}(?: ?[ap]m)?) (?:[ecmp][sd]?t|msk|мск|cet|cest|bst)$", r"\1"),
)


def _normal(value: str, *, keep_zone: bool = False) -> str:
    text = plain(value).lower()
    for pattern, new in _REWRITES:
        text = re.sub(pattern, new, text)
    return text if keep_zone else re.sub(_ZONED, r"\1", text)


def _normal_sql(source: str, cells: Sequence[str]) -> str:
    """SQL for `_normal` that keeps to the rewrites that these cells need."""
    text = f"lower({source})"
    current = list(cells)
    for pattern, new in _REWRITES:
        changed = [re.sub(pattern, new, cell) for cell in current]
        if changed != current:
            text = f"regexp_replace({text}, {literal(pattern)}, {literal(new)}, 'g')"
            current = changed
    return text


def _offset(text: str) -> str:
    """SQL for the minutes by which the zone is ahead of UTC."""
    hours = f"regexp_extract({text}, {literal(_ZONED)}, 2)"
    minutes = f"regexp_extract({text}, {literal(_ZONED)}, 3)"
    total = (
        f"coalesce(abs(try_cast({hours} AS INTEGER)), 0) * 60"
        f" + coalesce(try_cast({minutes} AS INTEGER), 0)"
    )
    return f"CASE WHEN {hours} LIKE '-%' THEN -1 ELSE 1 END * ({total})"


def _bounded(stamp: str) -> str:
    """A year such as 24 or 9999 is a slip or a stand-in for "never", not a day."""
    between = f"TIMESTAMP '{_EARLIEST}' AND TIMESTAMP '{_LATEST}'"
    return f"CASE WHEN {stamp} BETWEEN {between} THEN {stamp} END"
