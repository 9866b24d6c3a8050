"""The audit's goal, what keeps it from being complete, and what was found in a few sentences."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from crm_metrics.audit import Audit
from crm_metrics.audit.questionnaire import read_questionnaire, write_questionnaire
from crm_metrics.findings.audit_words import check_name, count_text
from crm_metrics.texts import date_text, t
from crm_metrics.ui.address import kept
from crm_metrics.ui.audit.asked import known_gates
from crm_metrics.ui.escape import esc
from crm_metrics.ui.shell import boundary
from crm_metrics.ui.state import workspace

_LONGEST = 300
_FIRST = 3
_GOAL = "audit_goal"
_LISTED = "problems"
"""The section that lists the findings itself."""


def goal(language: str) -> None:
    """Ask for the audit's goal, in a person's words."""
    known = read_questionnaire(workspace().folder).goal
    key = f"{_GOAL}_{language}"
    st.text_input(
        t("audit.goal", language),
        value=known,
        max_chars=_LONGEST,
        placeholder=t("audit.goal_example", language),
        help=t("audit.goal_help", language),
        key=key,
        on_change=boundary()(_keep_goal),
        args=(key,),
    )


def _keep_goal(key: str) -> None:
    folder = workspace().folder
    kept = read_questionnaire(folder)
    write_questionnaire(folder, replace(kept, goal=st.session_state[key].strip()))


def gates_notice(found: Audit, language: str) -> None:
    """Say what keeps the audit incomplete, and what to do about each."""
    lacking = known_gates(found)
    if not lacking:
        st.success(t("audit.complete", language), icon=":material/check_circle:")
        return
    lines = "\n".join(f"- {esc(t(f'audit.gate.{gate}', language), limit=400)}" for gate in lacking)
    st.warning(lines, title=t("audit.incomplete", language), icon=":material/flag:")


def summary(found: Audit, language: str) -> None:
    """How many checks ran and what they say, and the weightiest findings."""
    violated, clean = len(found.violated), len(found.clean)
    ran = violated + clean
    if not ran:
        st.info(t("audit.nothing_ran", language), icon=":material/extension:")
        return
    counts = {"ran": ran, "found": violated, "passed": clean}
    st.markdown(esc(t("audit.summary", language, **counts), limit=600))
    skipped = len({(one.check, one.grain) for one in found.not_run})
    day = date_text(found.today, language)
    st.caption(t("audit.page_as_of", language, day=day, skipped=skipped))
    if kept("section") in ([], [_LISTED]):
        return
    first = [one for one in found.findings[:_FIRST] if one.severity == 1]
    lines = [
        f"{check_name(one.check, one.scope, language)}: {count_text(one, language)}"
        for one in first
    ]
    if lines:
        st.markdown("\n".join(f"- {esc(line, limit=600)}" for line in lines))
