"""Calls: answered and lost, three service levels by name, waiting, talking and calling back."""

from __future__ import annotations

import streamlit as st

from crm_metrics.findings.wording import metric_name
from crm_metrics.texts import duration_text, t
from crm_metrics.ui.metrics.data import Seen, together
from crm_metrics.ui.metrics.table import download_rows
from crm_metrics.ui.metrics.view import card
from crm_metrics.ui.response.call_course import calls_course
from crm_metrics.ui.response.topic import CALLS


def calls_section(seen: Seen, language: str) -> None:
    """Draw a card for each metric of calls, the formula of each said."""
    st.subheader(t("response.calls_title", language))
    found = {key: rows[0] for key, rows in together(seen, CALLS).items() if rows}
    if not found:
        st.caption(t("response.calls_needs", language))
        return
    limit = duration_text(seen.limits.call_answer, language)
    calls_course(seen, language)
    if "call_service_level" in found:
        st.caption(t("response.calls_lead", language, limit=limit))
    with st.grid(4, min_column_width=210, key="calls_cards"):
        for key, row in found.items():
            card(row, seen, language, metric_name(key, language), base=row.now.variant, key="calls")
    download_rows(tuple(found.values()), language, name="calls")
