"""What counts as in time: the limits that a person sets for replies, resolutions and calls."""

from __future__ import annotations

import streamlit as st

from crm_metrics.metrics.ground import mapped_of
from crm_metrics.texts import t
from crm_metrics.ui import cached
from crm_metrics.ui.choices import Choices
from crm_metrics.ui.metrics.delays import reply_limit
from crm_metrics.ui.metrics.limits import (
    PICK_UP,
    PICK_UP_BOUNDS,
    PICK_UP_SECONDS,
    REPLY_BOUNDS,
    SOLVED,
    SOLVED_HOURS,
)
from crm_metrics.ui.typed import number_kept


def limits_bar(known: Choices, grains: frozenset[str], language: str) -> None:
    """Ask for the limits of what the data hold; each lives in the address."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="limits_bar"):
        if "conversations" in grains:
            reply_limit(language)
            number_kept(
                SOLVED,
                t("response.solved_limit", language),
                default=SOLVED_HOURS,
                bounds=REPLY_BOUNDS,
                step=0.5,
                meaning=t("response.solved_limit_help", language),
            )
        # Without seconds of waiting no number would follow the limit.
        if "calls" in known.grains and "wait_time" in cached.asked(mapped_of, "calls"):
            number_kept(
                PICK_UP,
                t("response.pick_up_limit", language),
                default=PICK_UP_SECONDS,
                bounds=PICK_UP_BOUNDS,
                step=5.0,
                meaning=t("response.pick_up_limit_help", language),
            )
