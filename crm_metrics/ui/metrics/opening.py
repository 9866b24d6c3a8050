"""A cell of the table of channels and metrics, chosen to be opened: the table itself is static."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from crm_metrics.findings.report import ChannelRow
from crm_metrics.findings.wording import channel_name
from crm_metrics.texts import t
from crm_metrics.ui.metrics.data import Seen
from crm_metrics.ui.number_view import Number, number_button


def open_one_of(
    rows: Mapping[str | None, Mapping[str, ChannelRow]], seen: Seen, language: str
) -> None:
    """Draw a choice of channel and metric, and the button that opens the number of both.

    `rows` are those that have a value, by channel and the metric's heading.
    """
    if not rows:
        return
    channel = st.selectbox(
        t("channels.channel", language),
        list(rows),
        format_func=lambda one: channel_name(one, language),
        key=f"open_channel_{language}",
        width=220,
    )
    metric = st.selectbox(
        t("number.metric", language),
        list(rows[channel]),
        key=f"open_metric_{channel}_{language}",
        width=320,
    )
    row = rows[channel][metric]
    number_button(Number(row.now, row.unit, seen.filters, seen.limits), language, key="table")
