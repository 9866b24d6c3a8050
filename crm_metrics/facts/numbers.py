"""Numbers as people write them: grouped, with either decimal mark, a currency, or a second number.

One decimal mark holds for a whole column. The mark is read from the cells that can mean only one
thing (1,5 or 1.234,50); a column that has only cells like 1,234 follows the mapping, then the rest
of the table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from crm_metrics.facts.cells import SPACES, matches, plain, replaced

# A dollar without a country is the US one.
_CODES: dict[str, str] = {
    "рублей": "RUB",
    "рубля": "RUB",
    "рубль": "RUB",
    "руб.": "RUB",
    "Руб.": "RUB",
    "руб": "RUB",
    "Руб": "RUB",
    "р.": "RUB",
    "р": "RUB",
    "RUB": "RUB",
    "RUR": "RUB",
    "₽": "RUB",
    "CA$": "CAD",
    "C$": "CAD",
    "AU$": "AUD",
    "A$": "AUD",
    "US$": "USD",
    "USD": "USD",
    "$": "USD",
    "EUR": "EUR",
    "€": "EUR",
    "GBP": "GBP",
    "£": "GBP",
    "KZT": "KZT",
    "тенге": "KZT",
    "₸": "KZT",
    "BYN": "BYN",
    "Br": "BYN",
    "UAH": "UAH",
    "грн.": "UAH",
    "грн": "UAH",
    "₴": "UAH",
    "₺": "TRY",
    "TRY": "TRY",
    "¥": "JPY",
    "₹": "INR",
    "INR": "INR",
    "CAD": "CAD",
    "AUD": "AUD",
    "CHF": "CHF",
    "PLN": "PLN",
    "zł": "PLN",
}
# Longest first, so that CA$ goes before $.
CURRENCIES = {token: _CODES[token] for token in sorted(_CODES, key=len, reverse=True)}
_MINUSES = "−–—"
_APOSTROPHES = "'’"
_GROUPS = (" ", *_APOSTROPHES)
_SCALES: tuple[tuple[str, str], ...] = (
    (r"тыс\.?|[kKкК]", "1e3"),
    (r"млн\.?|[mMмМ]|mln", "1e6"),
    (r"млрд\.?|bn|[bB]", "1e9"),
)
_SCALED = re.compile(f" ?(?:{'|'.join(words for words, _ in _SCALES)})$")
_AMBIGUOUS = re.compile(r"[+-]?[1-9][0-9]{0,2}([.,])[0-9]{3}")
_GROUPED = re.compile(r"[+-]?[1-9][0-9]{0,2}([.,])[0-9]{3}(?:\1[0-9]{3})+")
_ONE_MARK = re.compile(r"[+-]?[0-9 ']*([.,])[0-9]*(?:[eE][+-]?[0-9]+)?")
# Cells that settle the mark, for a search over all rows.
DECISIVE = r".*([.,][0-9]{1,2}|[.,][0-9]{4,}|[.,].*[.,].*|^[+-]?0[.,][0-9]+)[^0-9]*"


@dataclass(frozen=True, slots=True)
class Mark:
    """The decimal mark of a column, None where no cell shows it; `ambiguous` is that of 1,234."""

    decimal: str | None
    ambiguous: str | None = None
    conflict: bool = False


def bare(value: str, *, percent: bool = True) -> str:
    """The number's own characters: without currency, percent sign, and typographic minus."""
    text = plain(value)
    for minus in _MINUSES:
        text = text.replace(minus, "-")
    for token in CURRENCIES:
        if token in text:
            text = text.replace(token, "")
    return (text.replace("%", "") if percent else text).strip()


def decimal_mark(values: Iterable[str]) -> Mark:
    """Which mark the cells that can mean only one thing use."""
    votes = {".": 0, ",": 0}
    ambiguous: str | None = None
    for value in values:
        text = _SCALED.sub("", bare(first_number(value)).strip("()"))
        if _AMBIGUOUS.fullmatch(text):
            ambiguous = "." if "." in text else ","
        elif grouped := _GROUPED.fullmatch(text):
            votes["," if grouped[1] == "." else "."] += 1
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


def number_pattern(decimal: str, *, whole: bool = False, groups: Sequence[str] = _GROUPS) -> str:
    """The pattern of one number with this decimal mark, in threes where one of `groups` is used.

    `whole` allows only zeros after the mark. An exponent has two digits at most: 1e999 would be
    infinite, and so would every sum with it.
    """
    mark, other = (r"\.", ",") if decimal == "." else (",", r"\.")
    signs = (*groups, other)
    grouped = "".join(rf"|[0-9]{{1,3}}(?:{sign}[0-9]{{3}})+" for sign in signs)
    if whole:
        return rf"[+-]?(?:[0-9]+{grouped})(?:{mark}0*)?"
    return rf"[+-]?(?:(?:[0-9]+{grouped})(?:{mark}[0-9]*)?|{mark}[0-9]+)(?:[eE][+-]?[0-9]{{1,2}})?"


def is_whole(values: Iterable[str], decimal: str) -> bool:
    """Whether every cell that is a number at all is an integer."""
    number = re.compile(number_pattern(decimal))
    whole = re.compile(number_pattern(decimal, whole=True))
    return all(
        whole.fullmatch(text)
        for text in (bare(first_number(value)) for value in values)
        if number.fullmatch(text)
    )


def first_number(value: str) -> str:
    """`350 (35.18%)` holds two numbers; a count is the first."""
    paired = re.fullmatch(r"([^(]*[0-9]) ?\([^()]*\)", plain(value))
    return paired[1] if paired else value


def number_sql(source: str, values: Sequence[str], decimal: str, *, whole: bool = False) -> str:
    """SQL for the number in a text; null where it is none.

    `values` are distinct cells: what none of them needs is left out. The type is BIGINT for
    `whole`, else DOUBLE.
    """
    kind = "BIGINT" if whole else "DOUBLE"
    seen = "".join(values)
    spaces = [space for space in f" {SPACES}" if space in seen]
    stripped = [(minus, "-") for minus in _MINUSES if minus in seen]
    stripped += [(token, "") for token in CURRENCIES if token in seen]
    stripped += [("%", "")] if "%" in seen else []
    text = replaced(source, stripped)
    if any(first_number(value) != value for value in values):
        text = f"regexp_replace({text}, '[ \u00a0\u202f]?\\([^()]*\\)$', '')"
    signs = [*spaces, *(sign for sign in _APOSTROPHES if sign in seen)]
    # No-break spaces are matched as they are: to rewrite all cells first would cost a pass more.
    pad = f"[{''.join(spaces)}]*" if spaces else ""
    pattern = number_pattern(decimal, whole=whole, groups=signs)
    drop = [*signs, *([_other(decimal)] if _other(decimal) in seen else [])]

    def cast(part: str, to: str = kind) -> str:
        pairs = [(sign, "") for sign in drop]
        pairs += [(",", ".")] if decimal == "," and "," in seen else []
        return f"try_cast({replaced(part, pairs)} AS {to})"

    parts = [f"WHEN {matches(text, f'{pad}{pattern}{pad}')} THEN {cast(text)}"]
    bared = [bare(value) for value in values]
    if any(value.startswith("(") for value in bared):
        bracketed = rf"{pad}\({pattern}\){pad}"
        inner = f"regexp_extract({text}, '\\((.*)\\)', 1)"
        parts.append(f"WHEN {matches(text, bracketed)} THEN -{cast(inner)}")
    for suffix, scale in _SCALES:
        if any(re.search(rf"[0-9] ?(?:{suffix})$", value) for value in bared):
            scaled = rf"{pad}{number_pattern(decimal, groups=signs)}{pad}(?:{suffix}){pad}"
            head = f"regexp_replace({text}, '(?:{suffix}){pad}$', '')"
            amount = f"round({cast(head, 'DOUBLE')} * {scale}, 6)"
            parts.append(f"WHEN {matches(text, scaled)} THEN CAST({amount} AS {kind})")
    return f"CASE {' '.join(parts)} END"


def currency_conditions(source: str, values: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """A condition and an ISO code for each currency written in the cells, longest token first."""
    found: dict[str, str] = {}
    for value in values:
        for token, code in CURRENCIES.items():
            if token in value:
                found[token] = code
                break
    return tuple(
        (f"contains({source}, {_token(token)})", found[token])
        for token in CURRENCIES
        if token in found
    )


def _token(token: str) -> str:
    # Tokens are the closed set above; none holds a quote.
    return f"'{token}'"


def _other(decimal: str) -> str:
    return "," if decimal == "." else "."
