"""Orders and deals of the period by channel: what stands out, and every number in a table."""

from __future__ import annotations

import streamlit as st

from crm_metrics.texts import t
from crm_metrics.ui.metrics.data import Seen
from crm_metrics.ui.metrics.notes import notes
from crm_metrics.ui.metrics.table import channels_table
from crm_metrics.ui.metrics.view import sentences


def channels_section(seen: Seen, language: str) -> None:
    """Draw the sentences on channels, their table, and what to keep in mind about it."""
    if not seen.metrics:
        st.caption(t("customers.nothing_in_period", language))
        return
    sentences(seen, language)
    channels_table(seen, language)
    notes(seen, language)
