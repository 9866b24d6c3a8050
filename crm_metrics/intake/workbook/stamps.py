"""Columns of moments and numbers, from a reader's form brought to the text of a cell."""

from __future__ import annotations

import re
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from crm_metrics.intake.workbook.formats import elapsed_text

_MIDNIGHT = " 00:00:00"
_DATETIME = r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}"
_DAY_ZERO = r"^(?:1899-12-(?:29|3[01])|1900-01-\d\d) \d{2}:\d{2}:\d{2}"
_TOO_LONG = r"^-?\d{7,}\.\d{9}$"
_FIRST_DAY = datetime(1899, 12, 31)


def tidied(column: pa.Array) -> pa.Array:
    """Text of a column: a date without a clock stays a date, a clock without a date a clock."""
    column = _without_made_up_digits(pc.fill_null(column.cast(pa.string()), ""))
    if not pc.any(pc.match_substring(column, ":")).as_py():
        return column
    # Days repeat: what holds for the different texts holds for the column.
    different = column.dictionary_encode()
    return _tidied(different.dictionary).take(different.indices)


def _without_made_up_digits(column: pa.Array) -> pa.Array:
    """Numbers of more digits than a double holds, as it is written shortest: 123456789.12."""
    long = pc.match_substring_regex(column, _TOO_LONG)
    if not pc.any(long).as_py():
        return column
    shown = [repr(float(text)) for text in column.filter(long).to_pylist()]
    return pc.replace_with_mask(column, long, pa.array(shown, pa.string()))


def _tidied(column: pa.Array) -> pa.Array:
    stamps = column.filter(pc.match_substring_regex(column, _DATETIME))
    if not len(stamps):
        return column
    if pc.any(pc.match_substring_regex(stamps, _DAY_ZERO)).as_py():
        column = pa.array([_elapsed(text) for text in column.to_pylist()], pa.string())
        stamps = column.filter(pc.match_substring_regex(column, _DATETIME))
    if pc.all(pc.ends_with(stamps, _MIDNIGHT)).as_py():
        column = pc.replace_substring_regex(
            column, r"^(\d{4}-\d{2}-\d{2}) 00:00:00(?:\.0+)?$", r"\1"
        )
    return column


def _elapsed(text: str) -> str:
    """Excel counts clocks and durations in days from the end of 1899."""
    if re.match(_DAY_ZERO, text) is None:
        return text
    days = (datetime.fromisoformat(text) - _FIRST_DAY).total_seconds() / 86_400
    return elapsed_text(days)
