"""What was asked for, most often by a link, and is not in the data: never dropped in silence."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from crm_metrics.findings.wording import field_name
from crm_metrics.metrics.model import Filters
from crm_metrics.schema import FIELDS
from crm_metrics.texts import date_text, period_text, t
from crm_metrics.ui.address import IS, SEGMENT, day_of
from crm_metrics.ui.choices import Choices
from crm_metrics.ui.escape import esc

MADE_SEGMENT = "made_segment"
_NOTES = "_link_notes"
_LONGEST = 300


def missed(name: str, asked: Sequence[str], instead: object) -> None:
    """Remember that the choice `name` was `asked`, and that `instead` stands in its place."""
    st.session_state.setdefault(_NOTES, {})[name] = (tuple(asked), instead)


def link_notes(filters: Filters, choices: Choices, language: str) -> None:
    """Say what was asked for in vain, until another choice is made."""
    lines = []
    if filters.start and filters.end and (asked := _missed("period", (filters.start, filters.end))):
        days = (date_text(day, language) if (day := day_of(text)) else text for text in asked)
        lines.append(
            t(
                "filter.days_missed",
                language,
                asked=" – ".join(days),
                data=period_text(choices.period, language),
                shown=period_text((filters.start, filters.end), language),
            )
        )
    for name, chosen in (("channel", filters.channels), ("campaign", filters.campaigns)):
        if asked := _missed(name, chosen):
            lines.append(t(f"filter.{name}_missed", language, names=", ".join(asked)))
    if asked := _missed(SEGMENT, filters.equal):
        names = ", ".join(_segment(one, language) for one in asked)
        lines.append(t("filter.segment_missed", language, names=names))
    if asked := _missed(MADE_SEGMENT, filters.segment):
        lines.append(t("filter.made_missed", language, names=", ".join(asked)))
    if lines:
        words = "  \n".join(esc(line, limit=_LONGEST) for line in lines)
        st.info(words, icon=":material/link_off:")


def _missed(name: str, chosen: object) -> tuple[str, ...]:
    asked, instead = st.session_state.get(_NOTES, {}).get(name, ((), None))
    return asked if instead == chosen else ()


def _segment(asked: str, language: str) -> str:
    name, is_, value = asked.partition(IS)
    words = field_name(name, language) if name in FIELDS else name
    return f"{words}: {value}" if is_ else words
