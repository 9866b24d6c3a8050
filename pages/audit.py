"""Audit: what is broken in our CRM, what it is costing, and what we do about it."""

from __future__ import annotations

import streamlit as st

from crm_metrics.audit import Check
from crm_metrics.findings.audit_words import check_name
from crm_metrics.texts import t
from crm_metrics.ui.audit.asked import known_audit, telling
from crm_metrics.ui.audit.headline import gates_notice, goal, summary
from crm_metrics.ui.audit.sections import sections
from crm_metrics.ui.choices import choices
from crm_metrics.ui.escape import esc
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
    place = st.empty()

    def _told(check: Check, done: int, whole: int) -> None:
        name = check_name(check.key, check.grain, language)
        words = t("audit.checking_one", language, name=name, number=done + 1, whole=whole)
        place.progress(done / whole, text=esc(words))

    with st.spinner(t("audit.checking", language)), telling(_told):
        found = known_audit()
    place.empty()
    gates_notice(found, language)
    summary(found, language)
    sections(found, language)
