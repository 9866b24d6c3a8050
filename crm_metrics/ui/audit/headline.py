"""The audit's goal, what keeps it from being complete, and what was found in a few sentences."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import streamlit as st

from crm_metrics.audit import Audit
from crm_metrics.audit.questionnaire import read_questionnaire, write_questionnaire
from crm_metrics.findings.audit_words import aged_texts, check_name, count_text
from crm_metrics.texts import date_text, t
from crm_metrics.ui.address import kept
from crm_metrics.ui.audit.asked import known_gates
from crm_metrics.ui.escape import esc
from crm_metrics.ui.shell import boundary
from crm_metrics.ui.state import workspace
from crm_metrics.ui.widgets import start_buttons

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
    """How many findings there are, of how many checks, and the weightiest of them."""
    violated, clean = len(found.violated), len(found.clean)
    if violated or clean:
        counts = {"findings": len(found.findings), "ran": violated + clean}
        words = t("audit.summary", language, **counts, found=violated, passed=clean)
        st.markdown(esc(words, limit=600))
    else:
        able = "off" in found.skipped.values()
        key = "audit.all_off" if able else "audit.nothing_ran"
        st.info(t(key, language), icon=":material/extension:")
        if not able:
            start_buttons(language)
    said = t("audit.page_as_of", language, day=date_text(found.today, language))
    st.caption(" ".join(filter(None, (said, _skipped(found, language)))))
    for line in aged_texts(found, language):
        st.info(esc(line, limit=600), icon=":material/history:")
    if kept("section") in ([], [_LISTED]):
        return
    first = [one for one in found.findings[:_FIRST] if one.severity == 1]
    lines = [
        f"{check_name(one.check, one.scope, language)}: {count_text(one, language)}"
        for one in first
    ]
    if lines:
        st.markdown("\n".join(f"- {esc(line, limit=600)}" for line in lines))


def _skipped(found: Audit, language: str) -> str:
    """How many checks did not run, and why; "" where all did."""
    counts = Counter(found.skipped.values())
    if not counts:
        return ""
    reasons = "; ".join(
        t(f"audit.skipped_{reason}", language, count=count)
        for reason, count in counts.most_common()
    )
    return t("audit.skipped", language, count=counts.total(), reasons=reasons)
