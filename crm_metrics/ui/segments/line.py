"""What a chosen segment leaves: how many people of how many, what is outside, and its list."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from crm_metrics.findings.segments import (
    chosen_by_text,
    counted_back,
    doubt_texts,
    outside_texts,
    rule_text,
    size_text,
)
from crm_metrics.metrics.segments.membership import size_of
from crm_metrics.metrics.segments.segment import Segment
from crm_metrics.texts import integer_text, t
from crm_metrics.ui import cached
from crm_metrics.ui.address import segments_named
from crm_metrics.ui.escape import esc
from crm_metrics.ui.segments.choosing import chosen_segment
from crm_metrics.ui.segments.draft import begin
from crm_metrics.ui.state import engine

_LONGEST = 900


def segment_line(language: str) -> None:
    """Draw the line of the chosen segment; nothing where all people count."""
    segment = chosen_segment()
    if segment is None:
        return
    size = cached.asked(size_of, segment)
    lines = [size_text(size, language), *outside_texts(size, language)]
    lines += [counted_back(segment, size, language), chosen_by_text(segment, language)]
    st.caption(esc(" ".join(filter(None, lines)), limit=_LONGEST))
    for doubt in doubt_texts(segment, size, language):
        st.warning(esc(doubt, limit=_LONGEST), icon=":material/filter_alt_off:")
    with st.container(horizontal=True):
        with st.popover(t("segments.show_rules", language), type="tertiary"):
            st.caption(t(f"segments.who_{segment.match}", language))
            rules = (f"- {esc(rule_text(rule, language))}" for rule in segment.rules)
            st.markdown("\n".join(rules))
        if size.people:
            _list(segment, size.people, language)
        st.button(
            t("segments.edit", language),
            icon=":material/edit:",
            type="tertiary",
            key="segment_edit",
            on_click=begin,
            args=(segment,),
        )


def segment_not_here(language: str) -> None:
    """Say that the segment chosen on other pages is not a filter of this one."""
    if segments_named() and (segment := chosen_segment()):
        st.caption(esc(t("segments.not_here", language, name=segment.name), limit=_LONGEST))


def _list(segment: Segment, people: int, language: str) -> None:
    with st.popover(t("segments.list", language), icon=":material/download:", type="tertiary"):
        st.caption(t("segments.list_help", language))
        shown = st.checkbox(
            t("segments.list_open", language),
            key="segment_list_open",
            help=t("segments.list_open_help", language),
        )
        st.download_button(
            t("segments.list_download", language, count=integer_text(people, language)),
            data=_made(segment, language, masked=not shown),
            file_name="segment.csv",
            mime="text/csv",
            key="segment_list",
            icon=":material/download:",
            on_click="ignore",
        )


def _made(segment: Segment, language: str, *, masked: bool) -> Callable[[], bytes]:
    """The list as a file; it is made when the button is pressed, by another thread."""
    known = engine()

    def built() -> bytes:
        from crm_metrics.findings.people_list import people_csv  # noqa: PLC0415

        with known.again() as own:
            return b"".join(people_csv(own, segment, language, masked=masked))

    return built
