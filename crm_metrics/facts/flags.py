"""Yes and no as SQL; a date in a flag's column says yes, and its absence no."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crm_metrics.facts.cells import is_one_of, matches
from crm_metrics.mapping.cells.blanks import fold
from crm_metrics.mapping.cells.date_text import looks_dated
from crm_metrics.mapping.cells.yes_no import NO, YES, said_patterns

_COUNTED = r"[0-9]{1,6}(?:[.,]0+)?"
_DATED = r"(?i).*[0-9]{4}.*|[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{2}.*"


def flag_sql(source: str, values: Sequence[str], *, field: str | None = None) -> tuple[str, bool]:
    """SQL for a BOOLEAN in a prepared text, and whether an empty cell means no.

    A positive count says yes (times opened); a date says when, hence yes, and in a column whose
    filled cells are all dates an empty one says that it did not happen. The field's own words
    ("opened", "not opened") say what they say.
    """
    folded = {fold(value) for value in values}
    parts = [
        f"WHEN {is_one_of(source, YES)} THEN true",
        f"WHEN {is_one_of(source, NO)} THEN false",
    ]
    others = folded - set(YES) - set(NO)
    for pattern, answer in zip(said_patterns(field), ("true", "false"), strict=True):
        if pattern and any(re.fullmatch(pattern, value) for value in others):
            parts.append(f"WHEN {matches(source, f'(?i)(?:{pattern})')} THEN {answer}")
    if any(re.fullmatch(_COUNTED, value) for value in others):
        number = f"try_cast(replace({source}, ',', '.') AS DOUBLE)"
        parts.append(f"WHEN {matches(source, _COUNTED)} THEN {number} > 0")
    dated = [value for value in others if looks_dated(value)]
    if dated:
        parts.append(f"WHEN {matches(source, _DATED)} THEN true")
    crossed = "+" in folded
    if crossed:
        parts.insert(0, f"WHEN {source} IN ('-', '–', '—') THEN false")
    return f"CASE {' '.join(parts)} END", bool(dated) and len(dated) == len(folded)
