"""What the values of a column look like: the gate through which a header's guess must pass."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import isfinite
from typing import cast

from crm_metrics.mapping.cells.blanks import ERRORS, MISSING
from crm_metrics.mapping.cells.date_text import ISO, date_order, day_of, normal
from crm_metrics.mapping.cells.duration_text import is_spoken
from crm_metrics.mapping.cells.number_text import NumberText, decimal_mark, one_number, read_number
from crm_metrics.mapping.cells.score_words import score_scale
from crm_metrics.mapping.cells.yes_no import yes_or_no
from crm_metrics.mapping.model import DateOrder, Decimal
from crm_metrics.schema import Kind

KINDS = (
    "empty", "text", "number", "percent", "flag", "date", "timestamp", "time", "duration",
    "email", "phone", "url",
)  # fmt: skip
_MOST = 0.9
_NO_VALUE = frozenset((*MISSING, *ERRORS))
_LONGEST = 2_000
"""Longer cells are text: only addresses of pages come near, and patterns would take too long."""

_URL = re.compile(r"https?://|www\.")
_EMAIL = re.compile(r"[^@\s,;<>()]+@[^@\s,;<>()]+\.[^@\s,;<>()]{2,}")
_PHONE = re.compile(
    r"(?:\+\d|[78](?=[\s(-]?\(?\d{3}))[\d\s()\-]{8,16}|\(\d{3}\)\s?\d{3}-\d{2}-?\d{2}"
    r"|\d{3}[-.]\d{3}[-.]\d{4}|0\d{3,4} \d{3} ?\d{3,4}"
)
_PACKED = re.compile(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
# A month and a year in digits alone are rather a number: 12.2025.
_MONTH_OR_NUMBER = re.compile(r"\d+[.]\d+|\d+")
# Whatever the file's other numbers say, 2.345 views are two thousand.
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:[.,]\d{3})+")
_CLOCK = re.compile(r"-?\d{1,4}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:\s*[ap]m)?")
_TIME_OF_DAY = re.compile(r"\d{1,2}:\d{2}")


@dataclass(frozen=True, slots=True)
class Profile:
    """A column's values in short: their kind, range and distinct words (folded, at most 60).

    `numbers` are those of a numeric column, row by row; None where a cell has none.
    """

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
    numbers: tuple[float | None, ...] = ()

    @property
    def like_shares(self) -> bool:
        """Whether numbers without a percent sign rather are shares than counts."""
        return (
            self.kind == "number"
            and not self.whole
            and self.low is not None
            and self.high is not None
            and 0 <= self.low <= self.high <= _ALL_OF_IT
        )

    @property
    def counts_rows(self) -> bool:
        """Whether the values are the numbers of the rows and no more: 1, 2, 3."""
        return self.kind == "number" and self.numbers == tuple(range(1, len(self.numbers) + 1))

    @property
    def is_constant(self) -> bool:
        """Whether several cells all have the one value."""
        return self.filled >= _SEVERAL and len(self.words) == 1

    @property
    def graded(self) -> bool:
        """Whether all values are scores in words, stars or the like."""
        return score_scale(self.words) is not None

    @property
    def numbered(self) -> bool:
        """Whether the values are a few small numbers, as names of versions are: 1 and 2."""
        few = self.kind == "number" and self.whole and 1 < len(self.words) <= _FEW
        return few and (self.low or 0) >= 0 and (self.high or 0) <= _FEW

    def fits(self, field: str, kind: Kind) -> bool:
        """Whether values of this look can be values of a field of that kind."""
        if self.kind == "empty":
            return True
        if field == "phone" and self._are_phones():
            return True
        if (field == "score" and self.graded) or (field == "variant" and self.numbered):
            return True
        if kind == "flag" and self.kind == "text":
            return all(yes_or_no(word, field) is not None for word in self.words)
        if field in _LOOKS_OF_FIELD:
            return self.kind in _LOOKS_OF_FIELD[field]
        looks = self.kind in _LOOKS[kind] or (self.binary and kind in _COUNTABLE)
        return looks and not self._is_foreign_to(field, kind)

    def _are_phones(self) -> bool:
        """Whether these are numbers to dial, be some of them too short or no numbers at all.

        What is wrong in a column of phones is for the audit to find.
        """
        if self.whole and (self.low or 0) >= _SHORTEST_PHONE:
            return True
        plain = self.kind == "text" or (self.kind == "number" and self.whole)
        return plain and self._share_with(_DIALLABLE) >= _MANY_PHONES

    def _is_foreign_to(self, field: str, kind: Kind) -> bool:
        """Whether values of the right kind still are none of this field."""
        if field in _PEOPLE and self._share_with(_DIGIT) > _SOME:
            return True
        if field in _ENUMERATED and self._share_with(_LONG_NUMBER) > _SOME:
            return True
        if field in _DIALLED and self.kind == "text" and not self._share_with(_DIGIT):
            return True
        if field == "region" and not _STATES_OF_A_ROW.isdisjoint(self.words):
            return True
        if field == "status" and self.words and self._share_with(_STATE_CODE) == 1:
            return True
        return self.kind in {"number", "percent"} and not self._in_range(field, kind)

    def _share_with(self, pattern: re.Pattern[str]) -> float:
        """The share of distinct values in which the pattern is found."""
        return sum(bool(pattern.search(word)) for word in self.words) / len(self.words)

    @property
    def _unsure(self) -> bool:
        """Whether the numbers are read only roughly: "350 (35.18%)", 1,234."""
        return self.decimal_unclear or any("%" in word for word in self.words)

    def _in_range(self, field: str, kind: Kind) -> bool:
        """Whether numbers are such as a field of that kind can have."""
        low, high = self.low or 0.0, self.high or 0.0
        if kind == "count":
            whole = self.whole or field in _ATTRIBUTED
            return whole and (low >= 0 or field in _GOING_DOWN)
        if kind == "rate" and self.kind == "number" and not self._unsure:
            return low >= 0 and (high <= _ALL_OF_IT or field in _ABOVE_ALL)
        return True


_SOME = 0.1
_SEVERAL = 3
_FEW = 10
_DIGIT = re.compile(r"\d")
_DIALLED = frozenset({"caller", "callee"})
_STATE_CODE = re.compile(r"^[a-z]{2}$")
_OPEN_OR_WON = (
    "open opened closed active inactive pending new won lost draft sent completed paid unpaid"
    " cancelled canceled resolved solved subscribed unsubscribed confirmed unconfirmed approved"
    " published archived snoozed rated reviewed responded viewed collected dropped"
    " waiting processing delivered bounced failed enabled paused"
)
_STATES_OF_A_ROW = frozenset(_OPEN_OR_WON.split())
_LONG_NUMBER = re.compile(r"\d{4}")
_ENUMERATED = frozenset({"channel", "platform", "direction", "priority", "status", "initiator"})
_PEOPLE = frozenset({"full_name", "first_name", "last_name", "contact_name"})
_ALL_OF_IT = 100
_ATTRIBUTED = frozenset({"conversions", "orders", "leads"})
"""Counts that models of attribution share out, so that they come in fractions."""
_GOING_DOWN = frozenset(
    {"likes", "comments", "shares", "followers_gained", "followers_lost", "quantity", "follows"}
)
"""Counts that networks and shops really give below zero: taken back, lost, returned."""
_ABOVE_ALL = frozenset({"engagement_rate", "conversion_rate"})
"""Shares of another base, that can be more than all of it."""
_SHORTEST_PHONE = 1_000_000
_MANY_PHONES = 0.6
_DIALLABLE = re.compile(r"^['+(\s]*(?:\d[\s().-]*){7,15}$")
"""A spreadsheet's mark of a text, which amoCRM writes, may stand before a number."""
_COUNTABLE: frozenset[Kind] = frozenset({"flag", "count", "money", "number"})
_LOOKS_OF_FIELD: dict[str, frozenset[str]] = {
    "email": frozenset({"email"}),
    "phone": frozenset({"phone"}),
    "owner": frozenset({"text", "flag", "email"}),
    "agent": frozenset({"text", "flag", "email"}),
    "author": frozenset({"text", "flag", "email", "phone"}),
    "caller": frozenset({"phone", "number", "text"}),
    "callee": frozenset({"phone", "number", "text"}),
    "line": frozenset({"phone", "number", "text"}),
    "time": frozenset({"time", "timestamp"}),
    "url": frozenset({"url", "text"}),
    "page": frozenset({"url", "text"}),
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
    texts = [" ".join(cell.split()).lower() for cell in cells]
    values = [text for text in texts if text not in _NO_VALUE]
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
        return _of_numbers(kind, texts, values, words)
    return Profile(kind, len(values), words)


def _kind(values: list[str]) -> str:
    """The first kind whose test enough values pass."""
    return next((kind for kind, share, passes in _TESTS if _share(values, passes) >= share), "text")


def _share(values: list[str], passes: Callable[[str], object]) -> float:
    return sum(len(value) <= _LONGEST and bool(passes(value)) for value in values) / len(values)


def _is_flag(value: str) -> bool:
    # 1 and 0 are counts too.
    return value[0] not in "01" and yes_or_no(value) is not None


def _number(value: str) -> NumberText | None:
    return read_number(one_number(value))


def _is_percent(value: str) -> bool:
    number = _number(value)
    return number is not None and number.percent


def _is_date(value: str) -> bool:
    if _MONTH_OR_NUMBER.fullmatch(value):
        return False
    return any(day_of(value, order) is not None for order in ("dmy", "mdy"))


def _is_moment(value: str) -> bool:
    return bool(_TIME_OF_DAY.search(value)) and _is_date(value)


def _date_order(values: list[str]) -> tuple[DateOrder | None, bool, bool]:
    """The order of day and month, whether the values leave it open, whether dots divide them."""
    found = date_order(values)
    if found.open_ is None:
        digits = any(_PACKED.fullmatch(v) or re.fullmatch(ISO, normal(v)) for v in values)
        return ("ymd" if digits else None), False, False
    dotted = found.open_ == "."
    if found.order is None or found.conflict:
        return None, True, dotted
    return cast("DateOrder", found.order), False, dotted


def _of_numbers(kind: str, texts: list[str], values: list[str], words: tuple[str, ...]) -> Profile:
    read = {value: _number(value) for value in dict.fromkeys(values)}
    found = [item for value in values if (item := read[value])]
    mark = decimal_mark(values)
    decimal = None if mark.conflict else cast("Decimal | None", mark.decimal)
    # Where nothing tells, 1,234 is taken for a thousand and more.
    used = mark.decimal or ("," if mark.ambiguous == "." else ".")
    numbers = [number for item in found if isfinite(number := item.value(used))] or [0.0]
    whole = all(item.value(used).is_integer() or _GROUPED.fullmatch(item.digits) for item in found)
    currencies = {item.currency for item in found if item.currency}
    return Profile(
        kind,
        len(values),
        words,
        low=min(numbers),
        high=max(numbers),
        whole=whole,
        binary=set(numbers) <= {0.0, 1.0},
        decimal=decimal,
        decimal_unclear=mark.conflict or (mark.decimal is None and mark.ambiguous is not None),
        currency=currencies.pop() if len(currencies) == 1 else None,
        numbers=tuple(item.value(used) if (item := read.get(text)) else None for text in texts),
    )


_TESTS: tuple[tuple[str, float, Callable[[str], object]], ...] = (
    ("flag", 1.0, _is_flag),
    ("email", _MOST, _EMAIL.fullmatch),
    ("url", 1.0, _URL.match),
    ("date", 1.0, _PACKED.fullmatch),
    ("phone", _MOST, _PHONE.fullmatch),
    ("timestamp", _MOST, _is_moment),
    ("date", _MOST, _is_date),
    ("time", _MOST, _CLOCK.fullmatch),
    ("percent", _MOST, _is_percent),
    ("number", _MOST, _number),
    ("duration", _MOST, is_spoken),
)
