"""What the values of a column look like: the gate through which a header's guess must pass."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from crm_metrics.mapping.header import CURRENCIES
from crm_metrics.mapping.model import DateOrder, Decimal
from crm_metrics.schema import Kind

KINDS = (
    "empty", "text", "number", "percent", "flag", "date", "timestamp", "time", "duration",
    "email", "phone", "url",
)  # fmt: skip
MISSING = frozenset(
    (
        "", "-", "--", "—", "–", "n/a", "na", "nan", "null", "none", "(not set)", "undefined",
        "не определено",
    )
)  # fmt: skip
_FLAGS = frozenset(
    ("yes", "true", "y", "t", "да", "истина", "✓", "+", "no", "false", "n", "f", "нет", "ложь")
)
_MOST = 0.9
_LONGEST = 2_000
"""Longer cells are text: only addresses of pages come near, and patterns would take too long."""

_MONEY_SIGNS = "|".join(
    re.escape(sign) for sign in sorted(CURRENCIES, key=len, reverse=True) if not sign.isalpha()
)
_MONEY_WORDS = "|".join(sorted((s for s in CURRENCIES if s.isalpha()), key=len, reverse=True))
_CURRENCY = re.compile(
    rf"^[-+\u2212]?\s*({_MONEY_SIGNS})|({_MONEY_SIGNS}|\b(?:{_MONEY_WORDS}))\.?$"
)
_NUMBER = re.compile(r"[-+\u2212]?(?:\d[\d  \u202f']*(?:[.,]\d+)*|[.,]\d+)(?:e[+-]?\d+)?")
_PAIR = re.compile(r"([\d  \u202f.,]+)\s*\(\s*[\d.,]+\s*%\s*\)")
_URL = re.compile(r"https?://|www\.")
_EMAIL = re.compile(r"[^@\s,;<>()]+@[^@\s,;<>()]+\.[^@\s,;<>()]{2,}")
_PHONE = re.compile(
    r"(?:\+\d|[78](?=[\s(-]?\(?\d{3}))[\d\s()\-]{8,16}|\(\d{3}\)\s?\d{3}-\d{2}-?\d{2}"
)
_DAY = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})\b(.*)", re.DOTALL)
_ISO = re.compile(
    r"(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?|\.(\d{2})\.(\d{2}))(?:[\st,–-].*|z)?", re.DOTALL
)
_PACKED = re.compile(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_MONTH = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
    r"|янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек)[a-zа-я]*\b"
)
_WORDED_DATE = re.compile(
    r"(?:[a-zа-я]{2,9}\.?,?\s+)?(?:\d{1,2}[\s.-]+\D{3,9}|\D{3,9}\s+\d{1,2})[,\s.-]+\d{4}.*"
)
_CLOCK = re.compile(r"-?\d{1,4}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:\s*[ap]m)?")
_SPOKEN = re.compile(
    r"(?:\d+(?:[.,]\d+)?\s*(?:d|h|m|s|min|sec|hrs?|days?|hours?|minutes?|seconds?"
    r"|дн|дня|день|дней|ч|час|часа|часов|мин|минут[аы]?|сек|секунд[аы]?)\.?[\s,]*)+"
)
_TIME_OF_DAY = re.compile(r"\d{1,2}:\d{2}")


@dataclass(frozen=True, slots=True)
class Profile:
    """A column's values in short: their kind, range and distinct words (folded, at most 60)."""

    kind: str
    filled: int
    words: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    whole: bool = False
    binary: bool = False
    date_order: DateOrder | None = None
    date_unclear: bool = False
    dotted: bool = False
    decimal: Decimal | None = None
    decimal_unclear: bool = False
    currency: str | None = None

    def fits(self, field: str, kind: Kind) -> bool:
        """Whether values of this look can be values of a field of that kind."""
        if self.kind == "empty":
            return True
        if field == "phone" and self.whole and (self.low or 0) >= _SHORTEST_PHONE:
            return True
        if field in _LOOKS_OF_FIELD:
            return self.kind in _LOOKS_OF_FIELD[field]
        return self.kind in _LOOKS[kind] or (self.binary and kind in _COUNTABLE)


_SHORTEST_PHONE = 1_000_000
_COUNTABLE: frozenset[Kind] = frozenset({"flag", "count", "money", "number"})
_LOOKS_OF_FIELD: dict[str, frozenset[str]] = {
    "email": frozenset({"email"}),
    "phone": frozenset({"phone"}),
    "caller": frozenset({"phone", "number", "text"}),
    "callee": frozenset({"phone", "number", "text"}),
    "time": frozenset({"time", "timestamp"}),
    "url": frozenset({"url", "text"}),
}
_LOOKS: dict[Kind, frozenset[str]] = {
    "text": frozenset({"text"}),
    "category": frozenset({"text", "flag"}),
    "id": frozenset({"text", "number", "phone", "email"}),
    "count": frozenset({"number"}),
    "money": frozenset({"number"}),
    "number": frozenset({"number"}),
    "rate": frozenset({"number", "percent"}),
    "duration": frozenset({"number", "time", "duration"}),
    "flag": frozenset({"flag"}),
    "date": frozenset({"date", "timestamp"}),
    "timestamp": frozenset({"date", "timestamp"}),
}


def profile(cells: Iterable[str]) -> Profile:
    """The profile of a column from a sample of its cells."""
    values = [text for cell in cells if (text := " ".join(cell.split()).lower()) not in MISSING]
    if not values:
        return Profile("empty", 0)
    words = tuple(dict.fromkeys(values))[:60]
    kind = _kind(values)
    if kind in {"date", "timestamp"}:
        order, unclear, dotted = _date_order(values)
        return Profile(
            kind, len(values), words, date_order=order, date_unclear=unclear, dotted=dotted
        )
    if kind in {"number", "percent"}:
        return _of_numbers(kind, values, words)
    return Profile(kind, len(values), words)


def number_text(value: str) -> str | None:
    """The bare digits and marks of a number, without currency or percent; None if it is none."""
    if pair := _PAIR.fullmatch(value):
        return pair[1].strip()
    bare = value.strip("()") if value.startswith("(") and value.endswith(")") else value
    bare = _CURRENCY.sub("", bare).rstrip("%").strip(" .\u00a0\u202f")
    return bare if _NUMBER.fullmatch(bare) else None


def _kind(values: list[str]) -> str:
    """The first kind whose test enough values pass."""
    return next((kind for kind, share, passes in _TESTS if _share(values, passes) >= share), "text")


def _share(values: list[str], passes: Callable[[str], object]) -> float:
    return sum(len(value) <= _LONGEST and bool(passes(value)) for value in values) / len(values)


def _is_percent(value: str) -> bool:
    return value.endswith("%") and number_text(value) is not None


def _is_date(value: str) -> bool:
    if iso := _ISO.fullmatch(value):
        month, day_of_month = int(iso[2] or iso[4]), int(iso[3] or iso[5] or 1)
        return 1 <= month <= 12 and 1 <= day_of_month <= 31 and 1900 <= int(iso[1]) <= 2100
    if day := _DAY.fullmatch(value):
        first, second = int(day[1]), int(day[3])
        return 1 <= first <= 31 and 1 <= second <= 31 and min(first, second) <= 12
    return bool(_MONTH.search(value) and _WORDED_DATE.fullmatch(value))


def _is_moment(value: str) -> bool:
    return bool(_TIME_OF_DAY.search(value)) and _is_date(value)


def _date_order(values: list[str]) -> tuple[DateOrder | None, bool, bool]:
    """The order of day and month, whether the values leave it open, whether dots divide them."""
    parts = [found for v in values if (found := _DAY.fullmatch(v))]
    if not parts:
        digits = any(_ISO.fullmatch(v) or _PACKED.fullmatch(v) for v in values)
        return ("ymd" if digits else None), False, False
    day_first = any(int(found[1]) > 12 for found in parts)
    month_first = any(int(found[3]) > 12 for found in parts)
    dotted = all(found[2] == "." for found in parts)
    if day_first != month_first:
        return ("dmy" if day_first else "mdy"), False, dotted
    return None, True, dotted


def _of_numbers(kind: str, values: list[str], words: tuple[str, ...]) -> Profile:
    texts = [text for v in values if (text := number_text(v)) is not None]
    decimal, unclear = decimal_mark(texts)
    numbers = [_as_float(text, decimal) for text in texts]
    signs = {CURRENCIES[(m[1] or m[2])] for v in values if (m := _CURRENCY.search(v.rstrip(". ")))}
    return Profile(
        kind,
        len(values),
        words,
        low=min(numbers),
        high=max(numbers),
        whole=all(number.is_integer() for number in numbers),
        binary=set(numbers) <= {0.0, 1.0},
        decimal=decimal,
        decimal_unclear=unclear,
        currency=signs.pop() if len(signs) == 1 else None,
    )


def decimal_mark(texts: Iterable[str]) -> tuple[Decimal | None, bool]:
    """The decimal mark that these number texts show, and whether they leave it open.

    A text with both marks decides by its last one; a single mark that is not followed by exactly
    three digits is a decimal mark. "1,234" alone leaves it open; whole numbers show none.
    """
    seen: set[Decimal] = set()
    unclear = False
    for text in texts:
        marks = re.findall(r"[.,]", text)
        if not marks:
            continue
        tail = re.split(r"[.,]", text)[-1]
        last: Decimal = "." if marks[-1] == "." else ","
        if len(set(marks)) == 2:
            seen.add(last)
        elif len(marks) > 1:
            seen.add("," if last == "." else ".")
        elif re.fullmatch(r"\d{3}", tail) and not text.lstrip("-+\u2212").startswith(
            ("0", ".", ",")
        ):
            unclear = True
        else:
            seen.add(last)
    if len(seen) == 1:
        return seen.pop(), False
    return None, bool(seen) or unclear


def _as_float(text: str, decimal: str | None) -> float:
    text = re.sub(r"[  \u202f']", "", text).replace("\u2212", "-")
    if decimal == ",":
        text = text.replace(".", "").replace(",", ".")
    elif decimal == ".":
        text = text.replace(",", "")
    else:
        text = re.sub(r"[.,](?=\d{3}(?:\D|$))", "", text).replace(",", ".")
    try:
        return float(text)
    except ValueError:
        return 0.0


_TESTS: tuple[tuple[str, float, Callable[[str], object]], ...] = (
    ("flag", 1.0, _FLAGS.__contains__),
    ("email", _MOST, _EMAIL.fullmatch),
    ("url", 1.0, _URL.match),
    ("date", 1.0, _PACKED.fullmatch),
    ("phone", _MOST, _PHONE.fullmatch),
    ("timestamp", _MOST, _is_moment),
    ("date", _MOST, _is_date),
    ("time", _MOST, _CLOCK.fullmatch),
    ("percent", _MOST, _is_percent),
    ("number", _MOST, number_text),
    ("duration", _MOST, _SPOKEN.fullmatch),
)
