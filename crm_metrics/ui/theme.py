"""Which ground the page has now, so that charts take the colours made for it."""

from __future__ import annotations

import streamlit as st

from crm_metrics.charts.palette import Ground


def ground() -> Ground:
    """The ground as the browser shows the page; light until it has said so."""
    return "dark" if st.context.theme.type == "dark" else "light"
