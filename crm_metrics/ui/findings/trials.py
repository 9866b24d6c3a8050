"""The tests that are kept for the report, each with its verdict and a way out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from crm_metrics.findings.trial_numbers import trial_metric
from crm_metrics.findings.trials_kept import drop_trial, kept_keys
from crm_metrics.findings.verdict_file import Recheck
from crm_metrics.findings.verdicts import next_step, sentence
from crm_metrics.texts import date_text, t
from crm_metrics.ui.escape import esc
from crm_metrics.ui.state import workspace


def any_trials() -> bool:
    """Whether a test is kept: then there is a report without any channel as well."""
    return bool(kept_keys(workspace().folder))


def kept_trials(trials: Sequence[Recheck], language: str) -> None:
    """What each test says and what to do, in the page's language."""
    if not trials:
        return
    st.header(
        t("findings.trials", language), anchor=False, help=t("findings.trials_help", language)
    )
    for one in trials:
        with st.container(key=f"trial_{one.key}", gap=None):
            st.markdown(esc(sentence(one.finding, language), limit=600))
            st.markdown(esc(next_step(one.finding, language), limit=600))
            with st.container(horizontal=True, vertical_alignment="center"):
                st.caption(_about(one, language), width="content")
                st.button(
                    t("findings.trial_drop", language),
                    key=f"trial_drop_{one.key}",
                    icon=":material/close:",
                    type="tertiary",
                    on_click=drop_trial,
                    args=(workspace().folder, one.key),
                )


def _about(one: Recheck, language: str) -> str:
    """The metric, the file and the day of a test."""
    parts = [
        trial_metric(one.finding.setup.metric, language),
        one.source or t("findings.trial_typed", language),
        *([date_text(date.fromisoformat(one.day), language)] if one.day else []),
    ]
    return esc(" · ".join(parts), limit=300)
