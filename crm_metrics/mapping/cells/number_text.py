"""Numbers as people write them: grouped, with either decimal mark, a sign of money, a scale.

A cell is taken apart here once, for guessing what a column is and for turning it into numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from crm_metrics.mapping.cells.blanks import SPACES, plain
from crm_metrics.mapping.cells.currencies import currency_code

MINUSES = "−–—"
APOSTROPHES = "'’"
SCALES: tuple[tuple[str, float], ...] = (
    (r"тысяч[аи]?|тыс\.?|thousand|[kк]", 1e3),
    (r"миллион(?:а|ов)?|млн\.?|million|mln|mio|[mм]", 1e6),
    (r"миллиард(?:а|ов)?|млрд\.?|billion|bn|b", 1e9),
)
"""Words that stand for thousands, millions and so on, and what they multiply by."""

_SCALED = re.compile(
    rf"({'|'.join(words for words, _ in SCALES)})(?![^\W\d_]) ?(.*)", re.IGNORECASE
)
_MINUS = re.compile(f"[{MINUSES}]")
_PLAIN = re.compile(r"[+-]?[0-9][0-9.,]*")
_NUMBER = re.compile(
    rf"(?P<head>[^0-9()]*?)(?P<open>\((?P<inner>[^0-9()]*?))?"
    rf"(?P<digits>[.,]?[0-9](?:[0-9 {APOSTROPHES}.,]*[0-9.,])?(?:[eE][+-]?[0-9]+)?)"
    r"(?P<tail>[^0-9()]*)(?(open)\)(?P<last>[^0-9()]*))"
)
_SP = f"[{SPACES} ]?"
# Of "350 (35.18%)" a share is the part with the sign, and anything else the part without.
PAIRS: dict[bool, tuple[tuple[str, str], ...]] = {
    False: (
        (rf"{_SP}\([0-9.,{SPACES} ]+%{_SP}\){_SP}$", ""),
        (rf"^[^()%]*%{_SP}\(([^()%]*)\){_SP}$", r"\1"),
    ),
    True: (
        (rf"^[^()%]*\(([^()%]*%){_SP}\){_SP}$", r"\1"),
        (rf"^([^()%]*%){_SP}\([^()%]*\){_SP}$", r"\1"),
    ),
}
_AMBIGUOUS = re.compile(r"[1-9][0-9]{0,2}([.,])[0-9]{3}")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}([.,])[0-9]{3}(?:\1[0-9]{3})+")
INDIAN = r"[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}"
_INDIAN = re.compile(rf"{INDIAN}(?:\.[0-9]*)?")
_ONE_MARK = re.compile(rf"[0-9 {APOSTROPHES}]*([.,])[0-9]*(?:[eE][+-]?[0-9]+)?")
DECISIVE = r".*([.,][0-9]{1,2}|[.,][0-9]{4,}|[.,].*[.,].*|^[+-]?0[.,][0-9]+)[^0-9]*"
"""Pattern of cells that settle the decimal mark, for a search over all rows."""


@dataclass(frozen=True, slots=True)
class NumberText:
    """The parts of one cell: `digits` with their groups and mark, and what stands around them.

    `tokens` are currencies as written, `leading` tells that one (or a percent sign) stands before
    the digits; `scale` is a word such as "тыс." or "".
    """

    digits: str
    negative: bool = False
    bracketed: bool = False
    percent: bool = False
    tokens: tuple[str, ...] = ()
    leading: bool = False
    scale: str = ""

    @property
    def currency(self) -> str | None:
        """The ISO code; of "$5 CAD" that of the longer token."""
        return currency_code(max(self.tokens, key=len)) if self.tokens else None

    @property
    def factor(self) -> float:
        """What the scale multiplies by."""
        for words, factor in SCALES:
            if self.scale and re.fullmatch(words, self.scale, re.IGNORECASE):
                return factor
        return 1.0

    def value(self, decimal: str) -> float:
        """The number itself under a decimal mark; nan where the digits do not fit it."""
        group = "," if decimal == "." else "."
        bare = re.sub(f"[ {APOSTROPHES}{re.escape(group)}]", "", self.digits)
        try:
            number = float(bare.replace(decimal, ".")) * self.factor
        except ValueError:
            return float("nan")
        return -number if self.negative else number


def read_number(value: str) -> NumberText | None:
    """The parts of a cell that is one number; None where it is none."""
    if len(value) > _LONGEST:
        return None
    if _PLAIN.fullmatch(value):
        return NumberText(value.lstrip("+-"), negative=value[0] == "-")
    return _taken_apart(value)


@lru_cache(maxsize=8192)
def _taken_apart(value: str) -> NumberText | None:
    found = _NUMBER.fullmatch(_MINUS.sub("-", plain(value)))
    if found is None:
        return None
    head, inner, digits = found["head"], found["inner"] or "", found["digits"]
    if digits[0] == "." and (inner or head)[-1:].isalpha():
        # The point of "р.5" ends the word.
        head, inner = (head, f"{inner}.") if inner else (f"{head}.", inner)
        digits = digits[1:]
    scaled = _SCALED.fullmatch(tail) if not _token(tail := found["tail"].strip()) else None
    scale, tail = (scaled[1], scaled[2]) if scaled else ("", tail)
    signs = [sign for part in (head, inner) for sign in part if sign in "+-"]
    around = [
        *(part.replace("-", "").replace("+", "").strip() for part in (head, inner)),
        tail,
        (found["last"] or "").strip(),
    ]
    tokens = tuple(part for part in around if part and part != "%")
    if len(signs) > 1 or not all(map(_token, tokens)):
        return None
    return NumberText(
        digits=digits,
        negative="-" in signs or bool(found["open"]),
        bracketed=bool(found["open"]),
        percent="%" in around,
        tokens=tokens,
        leading=bool(around[0] or around[1]),
        scale=scale,
    )


def _token(text: str) -> str | None:
    return currency_code(text) if text else None


_LONGEST = 80


def one_number(value: str, *, share: bool = False) -> str:
    """The number meant in "350 (35.18%)": a share is the one with the sign, a count the other."""
    if "%" not in value or "(" not in value:
        return value
    for pattern, kept in PAIRS[share]:
        value = re.sub(pattern, kept, value)
    return value


def any_scaled(values: Iterable[str]) -> bool:
    """Whether a cell says thousands or millions itself."""
    return any(number.scale for value in values if (number := read_number(value)))


@dataclass(frozen=True, slots=True)
class Mark:
    """The decimal mark of a column, None where no cell shows it; `ambiguous` is that of 1,234."""

    decimal: str | None
    ambiguous: str | None = None
    conflict: bool = False


def decimal_mark(values: Iterable[str]) -> Mark:
    """Which mark the cells that can mean only one thing use: 1,5 or 1.234,50, but not 1,234."""
    votes = {".": 0, ",": 0}
    ambiguous: str | None = None
    # Of "350 (35,18%)" both numbers show the mark.
    each = (part for v in values for part in {one_number(v), one_number(v, share=True)})
    for value in each:
        number = read_number(value)
        text = number.digits if number else ""
        if _AMBIGUOUS.fullmatch(text):
            ambiguous = "." if "." in text else ","
        elif grouped := _GROUPED.fullmatch(text):
            votes["," if grouped[1] == "." else "."] += 1
        elif _INDIAN.fullmatch(text):
            votes["."] += 1
        elif "." in text and "," in text:
            last = max(text.rfind("."), text.rfind(","))
            if text.count(text[last]) == 1:
                votes[text[last]] += 1
        elif single := _ONE_MARK.fullmatch(text):
            votes[single[1]] += 1
    if not any(votes.values()):
        return Mark(None, ambiguous)
    decimal = max(votes, key=lambda mark: votes[mark])
    return Mark(decimal, ambiguous, conflict=all(votes.values()))
