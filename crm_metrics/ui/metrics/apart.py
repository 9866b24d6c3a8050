"""Which channels or groups surely differ from the rest, however many are compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from crm_metrics.findings.report import ChannelRow, Shift
from crm_metrics.findings.wording import channel_name, flag_text, shift_texts
from crm_metrics.metrics import AgainstRest, against_the_rest, metric_named
from crm_metrics.metrics.comparing import spreads
from crm_metrics.metrics.comparing.rest import REST_NOT_ALL
from crm_metrics.metrics.comparing.spreads import is_spread
from crm_metrics.metrics.model import Filters, Limits, Unit, Value
from crm_metrics.texts import t
from crm_metrics.ui import cached
from crm_metrics.ui.escape import esc

# Why a group is not compared, where its own value does not say it.
_REASONS = {
    "impossible": "impossible_rows",
    **{flag: flag for flag in ("impossible_rows", "small_n", "few_units")},
}


def apart(
    values: Sequence[Value], filters: Filters | None = None, limits: Limits | None = None
) -> tuple[AgainstRest, ...]:
    """Each value against all others together; values of one metric and formula.

    Quantiles are compared where `filters` and `limits` are those that they were asked with.
    """
    first = values[0]
    behind = None
    if filters is not None and is_spread(metric_named(first.metric, first.grain)):
        by = tuple(first.group)
        behind = cached.asked(
            spreads, first.metric, by=by, filters=filters, limits=limits, grain=first.grain
        )
    # One formula over the messages of two kinds of files is still one formula.
    same = [replace(value, grain=first.grain) for value in values]
    return against_the_rest(same, spreads=behind)


def apart_line(rows: Sequence[ChannelRow], filters: Filters, limits: Limits, language: str) -> None:
    """Say in one line which channels are clearly above and below the rest."""
    if len(rows) < 2:
        return
    found = apart([row.now for row in rows], filters, limits)
    compared = sum(one.pvalue_adjusted is not None for one in found)
    if not compared:
        return
    above = [one for one in found if one.clear and (one.difference or 0) > 0]
    below = [one for one in found if one.clear and (one.difference or 0) < 0]
    lines = [
        t(f"channels.{side}_rest", language, channels=esc(_names(ones, language)))
        for side, ones in (("above", above), ("below", below))
        if ones
    ]
    lines = lines or [t("channels.none_apart", language)]
    if compared > 1:
        lines.append(t("channels.apart_note", language, count=compared))
    if any(REST_NOT_ALL in one.flags for one in found):
        lines.append(flag_text(REST_NOT_ALL, language))
    st.caption(" ".join(lines))


def apart_words(found: AgainstRest, unit: Unit, language: str) -> str:
    """How a group stands to the rest, in a table's cell; a dash has its reason beside it."""
    if not found.clear or found.low is None or found.high is None:
        if found.pvalue_adjusted is not None:
            return t("channels.like_rest", language)
        reason = next((_REASONS[flag] for flag in found.flags if flag in _REASONS), None)
        return f"— ({t(f'goals.reason.{reason}', language)})" if reason else "—"
    said = shift_texts(
        Shift(found.difference, found.low, found.high), unit, language, found.value.currency
    )
    side = "over" if (found.difference or 0) > 0 else "under"
    return t(f"channels.{side}_by", language, change=said["change"])


def _names(found: Sequence[AgainstRest], language: str) -> str:
    return ", ".join(channel_name(one.value.group["channel"], language) for one in found)
