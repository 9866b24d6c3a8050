"""Every word a person reads: `t()`, the languages, and how they write numbers and dates."""

from __future__ import annotations

from crm_metrics.texts.catalog import (
    LANGUAGES,
    error_text,
    has,
    keys,
    language_of,
    on_command_line,
    t,
)
from crm_metrics.texts.formats import (
    date_text,
    day_count,
    decimal_text,
    duration_text,
    integer_text,
    money_text,
    percent_text,
    period_text,
    points_text,
    share_digits,
    signed_text,
    small_digits,
    value_text,
)
from crm_metrics.texts.reasons import drift_lines, reason_text

__all__ = [
    "LANGUAGES",
    "date_text",
    "day_count",
    "decimal_text",
    "drift_lines",
    "duration_text",
    "error_text",
    "has",
    "integer_text",
    "keys",
    "language_of",
    "money_text",
    "on_command_line",
    "percent_text",
    "period_text",
    "points_text",
    "reason_text",
    "share_digits",
    "signed_text",
    "small_digits",
    "t",
    "value_text",
]
