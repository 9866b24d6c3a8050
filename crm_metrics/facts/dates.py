"""Dates and timestamps as SQL, in every form that exports use.

One order of day and month holds for a whole column; which forms occur is read from its cells. A
stamp with an offset is kept as UTC; without one it stays as written, in the vendor's own zone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from crm_metrics.facts.cells import matches
from crm_metrics.facts.connection import literal
from crm_metrics.mapping.cells.blanks import plain
from crm_metrics.mapping.cells.date_text import ISO, REWRITES, ZONED, form_of, normal

EPOCH_DAY = "1970-01-01"
_EARLIEST, _LATEST = "1900-01-01", "2200-01-01"
# Days since 1899-12-30 (Excel); seconds, milliseconds and microseconds since 1970.
_COUNTED: tuple[tuple[str, str], ...] = (
    (
        r"[2-7][0-9]{4}(?:[.,][0-9]+)?",
        "TIMESTAMP '1899-12-30' + to_seconds(round(86400 * replace({x}, ',', '.')::DOUBLE))",
    ),
    (
        r"1[0-9]{9}(?:\.[0-9]+)?",
        "make_timestamp(CAST(CAST({x} AS DOUBLE) * 1000000 AS BIGINT))",
    ),
    (r"1[0-9]{12}(?:\.0+)?", "make_timestamp(CAST(CAST({x} AS DOUBLE) AS BIGINT) * 1000)"),
    (r"1[0-9]{15}", "make_timestamp(CAST({x} AS BIGINT))"),
)


def timestamp_sql(source: str, values: Sequence[str], order: str) -> str:
    """SQL for a TIMESTAMP in a prepared text; null where it is no date in a form of these cells."""
    cells = [plain(value).lower() for value in values]
    text = _normal_sql(source, cells)
    normals = [normal(value, keep_zone=True) for value in values]
    zoned = any(re.search(ZONED, value) for value in normals)
    base = f"regexp_replace({text}, {literal(ZONED)}, '\\1')" if zoned else text
    normals = [re.sub(ZONED, r"\1", value) for value in normals]
    parts: list[str] = []
    if any(re.fullmatch(ISO, value) for value in normals):
        spaced = f"replace({base}, 't', ' ')" if "t" in "".join(normals) else base
        iso = f"try_cast({spaced} AS TIMESTAMP)"
        parts.append(f"CASE WHEN {matches(base, ISO)} THEN {iso} END")
    dated = (value for value in normals if not re.fullmatch(ISO, value))
    formats = Counter(form for value in dated if (form := form_of(value, order)))
    if formats:
        # Two-digit years first: %Y would take 24 for the year 24.
        listed = sorted(formats, key=lambda form: ("%y" not in form, -formats[form], form))
        parts.append(f"try_strptime({base}, [{', '.join(map(literal, listed))}])")
    parts.extend(
        f"CASE WHEN {matches(base, pattern)} THEN {instant.format(x=base)} END"
        for pattern, instant in _COUNTED
        if any(re.fullmatch(pattern, value) for value in normals)
    )
    if not parts:
        return "CAST(NULL AS TIMESTAMP)"
    stamp = f"coalesce({', '.join(parts)})" if len(parts) > 1 else parts[0]
    if zoned:
        stamp = f"({stamp} - to_minutes({_offset(text)}))"
    return _bounded(stamp)


def has_clock(value: str) -> bool:
    """Whether a cell has a time of day, or counts seconds."""
    return ":" in value or _is_counted(value)


def has_zone(value: str) -> bool:
    """Whether a cell says how far its time is from UTC: by an offset, or by counting from 1970."""
    return re.search(ZONED, normal(value, keep_zone=True)) is not None or _is_counted(value)


def _is_counted(value: str) -> bool:
    text = plain(value)
    return any(re.fullmatch(pattern, text) for pattern, _ in _COUNTED[1:])


def clock_sql(source: str) -> str:
    """SQL for a time of day on 1970-01-01 (TIMESTAMP) in a prepared text: 09:30, 9:30 pm."""
    forms = ["%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p", "%I:%M%p"]
    stamp = f"try_strptime({source}, [{', '.join(map(literal, forms))}])"
    return f"(TIMESTAMP '{EPOCH_DAY}' + ({stamp} - date_trunc('day', {stamp})))"


def _normal_sql(source: str, cells: Sequence[str]) -> str:
    """SQL for `normal` that keeps to the rewrites that these cells need."""
    text = f"lower({source})"
    current = list(cells)
    for pattern, new in REWRITES:
        changed = [re.sub(pattern, new, cell) for cell in current]
        if changed != current:
            text = f"regexp_replace({text}, {literal(pattern)}, {literal(new)}, 'g')"
            current = changed
    return text


def _offset(text: str) -> str:
    """SQL for the minutes by which the zone is ahead of UTC."""
    hours = f"regexp_extract({text}, {literal(ZONED)}, 2)"
    minutes = f"regexp_extract({text}, {literal(ZONED)}, 3)"
    total = (
        f"coalesce(abs(try_cast({hours} AS INTEGER)), 0) * 60"
        f" + coalesce(try_cast({minutes} AS INTEGER), 0)"
    )
    return f"CASE WHEN {hours} LIKE '-%' THEN -1 ELSE 1 END * ({total})"


def _bounded(stamp: str) -> str:
    """A year such as 24 or 9999 is a slip or a stand-in for "never", not a day."""
    between = f"TIMESTAMP '{_EARLIEST}' AND TIMESTAMP '{_LATEST}'"
    return f"CASE WHEN {stamp} BETWEEN {between} THEN {stamp} END"
