"""The verdict kept with the workspace, for the report."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from crm_metrics.experiments.model import Finding
from crm_metrics.experiments.rerun import Inputs
from crm_metrics.findings.trials_kept import drop_trial, keep_trial, kept_keys
from crm_metrics.findings.verdict_file import finding_document, key_of
from crm_metrics.texts import t
from crm_metrics.ui.state import workspace


def save_button(inputs: Inputs, finding: Finding, source: str, language: str) -> None:
    """A button that keeps the verdict, or where it is kept, the way to it and out of it."""
    folder = workspace().folder
    document = finding_document(inputs, finding, language, source=source)
    key = key_of(document)
    if key in kept_keys(folder):
        st.page_link(
            "pages/findings.py",
            label=t("experiments.trial_open", language),
            icon=":material/summarize:",
        )
        st.button(
            t("findings.trial_drop", language),
            key="trial_drop",
            icon=":material/close:",
            type="tertiary",
            on_click=drop_trial,
            args=(folder, key),
        )
        return
    if st.button(
        t("experiments.trial_keep", language),
        key="trial_keep",
        icon=":material/bookmark_add:",
        help=t("experiments.trial_keep_help", language),
    ):
        if document["date"] is None:
            document["date"] = datetime.now(UTC).date().isoformat()
        keep_trial(folder, document)
        st.rerun()
