"""The plan as a file: what else belongs to it, and its download."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from crm_metrics.experiments import Plan, plan_text, trial_plan
from crm_metrics.experiments.plan_file import PlannedGuardrail
from crm_metrics.texts import t
from crm_metrics.ui.experiments.plan_question import Question
from crm_metrics.ui.typed import text_kept


def keep_plan(planned: Plan, question: Question, language: str) -> None:
    """Ask for the names that make a plan one of a test, and offer its file."""
    with st.expander(t("experiments.plan_keep", language), icon=":material/save:"):
        st.caption(t("experiments.plan_keep_help", language))
        with st.container(horizontal=True, vertical_alignment="bottom"):
            metric = _text("plan_metric", language)
            names = _text("plan_versions", language)
            rails = _text("plan_guardrails", language)
        made = trial_plan(
            planned,
            metric=metric,
            arms=_names(names),
            split=question.weights,
            direction=question.direction,
            guardrails=tuple(PlannedGuardrail(name) for name in _names(rails)),
            made=datetime.now(UTC).date(),
        )
        st.download_button(
            t("experiments.plan_download", language),
            data=plan_text(made),
            file_name="test-plan.json",
            mime="application/json",
            key="plan_download",
            icon=":material/download:",
            on_click="ignore",
        )


def _text(name: str, language: str) -> str:
    return text_kept(
        name,
        t(f"experiments.{name}", language),
        most=200,
        meaning=t(f"experiments.{name}_help", language),
        width=260,
    )


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())
