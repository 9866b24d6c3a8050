"""Columns that a file lacks although its template had them, and what that costs."""

from __future__ import annotations

from functools import partial

import streamlit as st

from crm_metrics.mapping.model import Mapping
from crm_metrics.texts import drift_lines
from crm_metrics.ui.escape import esc


def missed(mapping: Mapping, language: str) -> None:
    """The missing columns, as a warning where metrics are lost with them; nothing where none is."""
    about = mapping.applied
    if about is None or not about.missing:
        return
    # The catalogue of metrics brings the engine of queries, which a first visit need not wait for.
    from crm_metrics.metrics import lost_metrics  # noqa: PLC0415

    lost = [metric.key for metric in lost_metrics(mapping)]
    shown = partial(esc, limit=60)
    lines = drift_lines((), about.missing, (), lost, language, shown=shown)
    if lost:
        st.warning(" ".join(lines), icon=":material/help:")
    else:
        st.caption(" ".join(lines))
