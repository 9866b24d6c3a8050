"""The finding as files to send and to check."""

from __future__ import annotations

import streamlit as st

from crm_metrics.experiments.model import Finding
from crm_metrics.experiments.rerun import Inputs
from crm_metrics.texts import t
from crm_metrics.ui.experiments.saved import save_button


def finding_files(inputs: Inputs, finding: Finding, source: str, language: str) -> None:
    """Keep the finding for the report; have it as a page or as JSON, made when it is pressed."""

    def page() -> bytes:
        from crm_metrics.findings.verdict_file import finding_document  # noqa: PLC0415 - on demand
        from crm_metrics.findings.verdict_page import finding_page  # noqa: PLC0415

        document = finding_document(inputs, finding, language, source=source)
        return finding_page(inputs, finding, document, language).encode()

    def numbers() -> bytes:
        from crm_metrics.findings.verdict_file import (  # noqa: PLC0415
            finding_document,
            finding_json,
        )

        return finding_json(finding_document(inputs, finding, language, source=source)).encode()

    with st.container(horizontal=True, vertical_alignment="center"):
        save_button(inputs, finding, source, language)
        st.download_button(
            t("experiments.finding_page", language),
            data=page,
            file_name="test-finding.html",
            mime="text/html",
            key="finding_page",
            icon=":material/download:",
            on_click="ignore",
        )
        st.download_button(
            t("experiments.finding_json", language),
            data=numbers,
            file_name="test-finding.json",
            mime="application/json",
            key="finding_json",
            icon=":material/data_object:",
            on_click="ignore",
            help=t("experiments.finding_json_help", language),
        )
