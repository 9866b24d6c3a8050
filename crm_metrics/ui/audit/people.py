"""The use of the CRM per person, read with care: much recorded is not well done."""

from __future__ import annotations

import streamlit as st

from crm_metrics.audit import Audit
from crm_metrics.metrics.model import Filters
from crm_metrics.texts import t
from crm_metrics.ui.customers.crm_use import use_of_crm


def people_section(_: Audit, language: str) -> None:
    """Draw who uses the CRM over all dates, and how to read it."""
    st.header(t("audit.section.crm_people", language))
    st.info(t("audit.people_care", language), icon=":material/diversity_3:")
    use_of_crm(Filters(), language)
