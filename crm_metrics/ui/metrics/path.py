"""Where the page stands: all channels, a channel, a campaign, a segment; each a way back."""

from __future__ import annotations

import streamlit as st

from crm_metrics.findings.wording import channel_name, field_name
from crm_metrics.metrics.model import Filters
from crm_metrics.schema import FIELDS
from crm_metrics.texts import t
from crm_metrics.ui.address import SEGMENT, choose, kept, segments_named
from crm_metrics.ui.escape import esc

_LONGEST = 60


def path(filters: Filters, language: str) -> None:
    """Draw the way back from a level below all channels; nothing at the top."""
    levels = _levels(filters, language)
    if not levels:
        return
    with st.container(
        horizontal=True, vertical_alignment="center", gap="xsmall", key="path", wrap=True
    ):
        _step(t("channels.all_channels", language), "top")
        for place, (level, words) in enumerate(levels):
            st.markdown(":gray[›]", width="content")
            if place == len(levels) - 1:
                st.markdown(f"**{esc(words, limit=_LONGEST)}**", width="content")
            else:
                _step(esc(words, limit=_LONGEST), level)


def back(level: str) -> None:
    """Leave what is below a level; for a callback."""
    below = ("channel", "campaign", SEGMENT)
    first = 0 if level == "top" else below.index(level) + 1
    for name in below[first:]:
        # A segment of people is no level of the page.
        rest = segments_named() if name == SEGMENT else []
        if kept(name) != rest:
            choose(name, rest)


def enter(level: str, value: str) -> None:
    """Go one level down: to a channel, a campaign, or a segment as "name=value"; for a callback."""
    choose(level, [*kept(level), value] if level == SEGMENT else [value])


def segment_name(name: str, language: str) -> str:
    """A field's name as on the pages, a header as it stands in its file."""
    return field_name(name, language) if name in FIELDS else name


def _levels(filters: Filters, language: str) -> list[tuple[str, str]]:
    levels = []
    if filters.channels:
        names = ", ".join(channel_name(channel, language) for channel in filters.channels)
        levels.append(("channel", names))
    if filters.campaigns:
        levels.append(("campaign", ", ".join(filters.campaigns)))
    if filters.equal:
        parts = (f"{segment_name(name, language)}: {', '.join(own)}" for name, own in filters.equal)
        levels.append((SEGMENT, "; ".join(parts)))
    return levels


def _step(words: str, level: str) -> None:
    st.button(words, type="tertiary", key=f"path_{level}", on_click=back, args=(level,))
