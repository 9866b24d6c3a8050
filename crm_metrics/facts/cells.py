"""SQL that is common to every kind of cell: missing marks, and text brought to one spelling.

A pattern in this package is written once and runs both in Python's `re`, over the distinct values
that decide a recipe, and in DuckDB's RE2, over all rows; so it keeps to what the two share.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from crm_metrics.facts.connection import literal
from crm_metrics.mapping.cells.blanks import MISSING, SPACES

_SINGLE = re.compile(f"[{SPACES}]")


def plain_sql(source: str, values: Iterable[str], *, always_trim: bool = False) -> str:
    """SQL for `plain` that does only what these values need."""
    cells = list(values)
    seen = "".join(cells)
    sql = replaced(source, [(space, " ") for space in SPACES if space in seen])
    if any("  " in _SINGLE.sub(" ", cell).strip() for cell in cells):
        sql = f"regexp_replace({sql}, ' +', ' ', 'g')"
    edged = any(cell != cell.strip() or cell[-1:] in SPACES for cell in cells if cell)
    return f"trim({sql})" if edged or always_trim else sql


def missing_sql(source: str, marks: tuple[str, ...] = MISSING) -> str:
    """SQL that is true where the cell (a prepared text) says that there is no value."""
    return is_one_of(source, marks)


def is_one_of(source: str, words: Iterable[str]) -> str:
    """SQL that is true where the text is one of these words in any case.

    A pattern, because DuckDB turns IN with many words into a join, each with its own memory.
    """
    return matches(source, f"(?i)(?:{'|'.join(map(verbatim, words))})")


def matches(source: str, pattern: str) -> str:
    """SQL that is true where the whole text fits the pattern."""
    return f"regexp_full_match({source}, {literal(pattern)})"


def replaced(source: str, pairs: Iterable[tuple[str, str]]) -> str:
    """SQL that replaces plain texts, in this order."""
    for old, new in pairs:
        source = f"replace({source}, {literal(old)}, {literal(new)})"
    return source


def verbatim(word: str) -> str:
    """The word as a pattern."""
    # RE2 takes a backslash before ASCII punctuation only.
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", word)
