"""Which segment of people a page is filtered by, and the ways to make and change one."""

from __future__ import annotations

import streamlit as st

from crm_metrics.metrics.segments.keeping import read_segments
from crm_metrics.metrics.segments.segment import Segment
from crm_metrics.texts import t
from crm_metrics.ui.address import SEGMENT, groups_entered, keep, kept, segments_named, widget_key
from crm_metrics.ui.choices import Choices
from crm_metrics.ui.link_notes import MADE_SEGMENT, missed
from crm_metrics.ui.segments.draft import begin
from crm_metrics.ui.segments.editor import editor
from crm_metrics.ui.state import workspace

_EVERYBODY = ""
_NOW = "_segment_now"


def segment_filter(choices: Choices, language: str) -> Segment | None:
    """Draw the choice of a segment where rows name people; None where all people count.

    In the address a segment stands as `segment=<its name>`, beside groups as `segment=name=value`.
    """
    known = {one.name: one for one in read_segments(workspace().folder)} if choices.people else {}
    asked = segments_named()
    chosen = next((name for name in asked if name in known), None)
    if choices.people:
        chosen = _widgets(known, chosen, language)
    segment = known.get(chosen or _EVERYBODY)
    if unknown := [name for name in segments_named() if name not in known]:
        missed(MADE_SEGMENT, unknown, segment)
    st.session_state[_NOW] = segment
    editor(language)
    return segment


def chosen_segment() -> Segment | None:
    """The segment that the filters of this run have taken."""
    found: Segment | None = st.session_state.get(_NOW)
    return found


def _widgets(known: dict[str, Segment], chosen: str | None, language: str) -> str | None:
    before = chosen
    if known:
        options = [_EVERYBODY, *known]
        picked = st.selectbox(
            t("segments.title", language),
            options,
            index=options.index(chosen or _EVERYBODY),
            format_func=lambda name: name or t("segments.everybody", language),
            key=widget_key("made_segment", language),
            help=t("segments.help", language),
            width=220,
        )
        chosen = picked or None
        if chosen != before:
            keep(SEGMENT, [*groups_entered(), *([chosen] if chosen else [])])
        elif chosen:  # a link of the navigation brings a page without its address
            keep(SEGMENT, kept(SEGMENT))
    st.button(
        t("segments.new", language),
        icon=":material/group_add:",
        type="tertiary",
        key="segment_new",
        help=t("segments.help", language),
        on_click=begin,
    )
    return chosen
