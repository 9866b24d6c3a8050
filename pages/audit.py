"""Audit: what is broken in our CRM, what it is costing, and what we do about it."""

from __future__ import annotations

import streamlit as st

from crm_metrics.texts import t
from crm_metrics.ui.audit.asked import known_audit
from crm_metrics.ui.audit.headline import gates_notice, goal, summary
from crm_metrics.ui.audit.sections import sections
from crm_metrics.ui.choices import choices
from crm_metrics.ui.shell import boundary, lang, require_shell
from crm_metrics.ui.widgets import empty_state

require_shell()
language = lang()
st.title(t("audit.title", language))
if not choices().grains:
    needs = ("need_contacts", "need_deals", "need_activities", "need_voice")
    empty_state(language, "audit.question_of_page", [f"audit.{one}" for one in needs])
    st.stop()

with boundary():
    goal(language)
with boundary():
    with st.spinner(t("audit.checking", language)):
        found = known_audit()
    gates_notice(found, language)
    summary(found, language)
    sections(found, language)
