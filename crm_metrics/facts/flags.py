"""Yes and no, in Russian and English; a date in a flag's column says yes, and its absence no."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crm_metrics.facts.cells import fold, is_one_of, matches
from crm_metrics.facts.dates import looks_dated

YES: tuple[str, ...] = (
    "yes", "y", "true", "t", "1", "1.0", "on", "+", "x", "✓", "✔", "v", "да", "д", "истина", "есть",
)  # fmt: skip
NO: tuple[str, ...] = (
    "no", "n", "false", "f", "0", "0.0", "off", "нет", "н", "ложь", "not", "never", "никогда",
)  # fmt: skip
_COUNTED = r"[0-9]{1,6}(?:[.,]0+)?"
_DATED = r"(?i).*[0-9]{4}.*|[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{2}.*"


def flag_sql(source: str, values: Sequence[str]) -> tuple[str, bool]:
    """SQL for a BOOLEAN in a prepared text, and whether an empty cell means no.

    A positive count says yes (times opened); a date says when, hence yes, and in a column whose
    filled cells are all dates an empty one says that it did not happen.
    """
    folded = {fold(value) for value in values}
    parts = [
        f"WHEN {is_one_of(source, YES)} THEN true",
        f"WHEN {is_one_of(source, NO)} THEN false",
    ]
    others = folded - set(YES) - set(NO)
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
