"""SQL for numbers; one decimal mark holds for a whole column.

The mark is read from the cells that can mean only one thing (1,5 or 1.234,50); a column that has
only cells like 1,234 follows the mapping, then the rest of the table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from crm_metrics.facts.cells import matches, replaced, verbatim
from crm_metrics.facts.connection import literal
from crm_metrics.mapping.cells.blanks import SPACES
from crm_metrics.mapping.cells.currencies import currency_code
from crm_metrics.mapping.cells.number_text import (
    APOSTROPHES,
    INDIAN,
    MINUSES,
    PAIRS,
    SCALES,
    one_number,
    read_number,
)

_GROUPS = (" ", *APOSTROPHES)


def number_pattern(
    decimal: str, *, whole: bool = False, groups: Sequence[str] = _GROUPS, indian: bool = False
) -> str:
    """The pattern of one number with this decimal mark, in threes where one of `groups` is used.

    `whole` allows only zeros after the mark. An exponent has two digits at most: 1e999 would be
    infinite, and so would every sum with it.
    """
    mark, other = (r"\.", ",") if decimal == "." else (",", r"\.")
    signs = (*groups, other)
    grouped = "".join(rf"|[0-9]{{1,3}}(?:{sign}[0-9]{{3}})+" for sign in signs)
    grouped += f"|{INDIAN}" if indian and decimal == "." else ""
    if whole:
        return rf"[+-]?(?:[0-9]+{grouped})(?:{mark}0*)?"
    return rf"[+-]?(?:(?:[0-9]+{grouped})(?:{mark}[0-9]*)?|{mark}[0-9]+)(?:[eE][+-]?[0-9]{{1,2}})?"


def is_whole(values: Iterable[str], decimal: str) -> bool:
    """Whether every cell that is a number at all is an integer."""
    number = re.compile(number_pattern(decimal, indian=True))
    whole = re.compile(number_pattern(decimal, whole=True, indian=True))
    found = [item for value in values if (item := read_number(one_number(value)))]
    return all(
        item.value(decimal).is_integer() if item.scale else whole.fullmatch(item.digits)
        for item in found
        if number.fullmatch(item.digits)
    )


def number_sql(
    source: str,
    values: Sequence[str],
    decimal: str,
    *,
    whole: bool = False,
    share: bool = False,
    percent: bool = True,
) -> str:
    """SQL for the number in a text; null where it is none.

    `values` are distinct cells: what none of them needs is left out. The type is BIGINT for
    `whole`, else DOUBLE. `share` takes the percentage of "350 (35.18%)"; without `percent` a cell
    with a percent sign is no number.
    """
    kind = "BIGINT" if whole else "DOUBLE"
    single = [one_number(value, share=share) for value in values]
    numbers = [item for value in single if (item := read_number(value))]
    seen = "".join(single)
    text = replaced(source, [(minus, "-") for minus in MINUSES if minus in seen])
    if single != list(values):
        for pattern, kept in PAIRS[share]:
            text = f"regexp_replace({text}, {literal(pattern)}, {literal(kept)})"
    spaces = [space for space in f" {SPACES}" if space in seen]
    groups = [*spaces, *(sign for sign in APOSTROPHES if sign in seen)]
    indian = any(re.match(INDIAN, item.digits) for item in numbers)
    tokens = sorted({token for item in numbers for token in item.tokens}, key=_longest_first)
    tokens += ["%"] if percent and "%" in seen else []
    other = "," if decimal == "." else "."
    marks = [(group, "") for group in groups] + ([(other, "")] if other in seen else [])
    marks += [(",", ".")] if decimal == "," and "," in seen else []
    # No-break spaces are matched as they are: to rewrite all cells first would cost a pass more.
    pad = f"[{''.join(spaces)}]*" if spaces else ""
    token = f"(?:{'|'.join(map(verbatim, tokens))})" if tokens else ""
    lead = rf"{pad}[+-]?{pad}(?:{token}{pad})?" if any(item.leading for item in numbers) else pad
    lead += (
        f"(?:[+-]{pad})?"
        if any(f"{sign}{space}" in seen for sign in "+-−–" for space in spaces)
        else ""
    )
    tail = f"{pad}{token}?{pad}" if token else pad
    number = number_pattern(decimal, whole=whole, groups=groups, indian=indian)
    bare = replaced(text, [(token, "") for token in tokens])

    def cast(part: str) -> str:
        return f"try_cast({replaced(part, marks)} AS {kind})"

    parts = [f"WHEN {matches(text, lead + number + tail)} THEN {cast(bare)}"]
    if any(item.bracketed for item in numbers):
        inner = rf"{lead}\({lead}{number}{tail}\){tail}"
        unbracketed = replaced(bare, [("(", ""), (")", "")])
        parts.append(f"WHEN {matches(text, inner)} THEN -abs({cast(unbracketed)})")
    any_number = number_pattern(decimal, groups=groups, indian=indian)
    for words, factor in SCALES:
        if any(item.scale and item.factor == factor for item in numbers):
            scaled = f"{lead}{any_number}{pad}(?i:{words}){tail}"
            digits = f"regexp_extract({text}, {literal(_digits(groups))})"
            amount = f"try_cast({replaced(digits, marks)} AS DOUBLE) * {factor:g}"
            sign = f"CASE WHEN contains({text}, '-') THEN -1 ELSE 1 END"
            parts.append(
                f"WHEN {matches(text, scaled)} THEN CAST({sign} * round({amount}, 6) AS {kind})"
            )
    return f"CASE {' '.join(parts)} END"


def currency_conditions(source: str, values: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """A condition and an ISO code for each currency written in the cells, longest token first."""
    numbers = (read_number(value) for value in values)
    tokens = {token for item in numbers if item for token in item.tokens}
    return tuple(
        (f"contains({source}, {literal(token)})", code)
        for token in sorted(tokens, key=_longest_first)
        if (code := currency_code(token))
    )


def _digits(groups: Sequence[str]) -> str:
    return f"[.,]?[0-9][0-9.,{''.join(groups)}]*"


def _longest_first(token: str) -> tuple[int, str]:
    return -len(token), token
