"""The planner: what is known of a test to come, and one of three answers."""

from __future__ import annotations

import streamlit as st

from crm_metrics.errors import UsageError
from crm_metrics.experiments import Plan
from crm_metrics.texts import t
from crm_metrics.ui.experiments.numbers import number, weights_typed
from crm_metrics.ui.experiments.plan_answers import for_change, for_list, for_volume
from crm_metrics.ui.experiments.plan_kept import keep_plan
from crm_metrics.ui.experiments.plan_question import Question
from crm_metrics.ui.filters import one_of


def planner(language: str) -> None:
    """Ask what is known; answer in a sentence, a small table, and a file of the plan."""
    way = one_of(
        "plan_way",
        t("experiments.plan_way", language),
        ("lift", "list", "days"),
        lambda key: t(f"experiments.plan_{key}", language),
        language=language,
        flat=True,
    )
    kind = one_of(
        "plan_kind",
        t("experiments.plan_kind", language),
        ("rate", "mean"),
        lambda key: t(f"experiments.plan_kind_{key}", language),
        language=language,
        flat=True,
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        question = _question(kind, language)
        lift, people, volume = 0.0, 0, 0
        if way != "list":
            lift = number("plan_change", language, (1, 500), 20, 5) / 100
        else:
            people = int(number("plan_people", language, (10, 10**9), 20_000, 1000))
        if way == "days":
            volume = int(number("plan_volume", language, (1, 10**9), 1000, 100))
    found: Plan | None
    if way == "list":
        found = for_list(question, people, language)
    elif way == "days":
        found = for_volume(question, lift, volume, language)
    else:
        found = for_change(question, lift, language)
    st.caption(t("experiments.plan_method", language))
    if found is not None:
        keep_plan(found, question.weights, language)


def _question(kind: str, language: str) -> Question:
    deviation = None
    if kind == "rate":
        baseline = number("plan_baseline", language, (0.01, 99.0), 2.0, 0.1) / 100
    else:
        baseline = number("plan_mean", language, (0.01, 1e9), 100.0, 10.0)
        deviation = number(
            "plan_deviation",
            language,
            (0.01, 1e9),
            300.0,
            10.0,
            meaning=t("experiments.plan_deviation_help", language),
        )
    arms = int(number("plan_arms", language, (2, 10), 2, 1))
    typed = st.text_input(
        t("experiments.split_typed", language),
        value="50:50" if arms == 2 else ":".join(["1"] * arms),
        key=f"plan_split_{arms}",
        persist_state="session",
        max_chars=60,
        width=200,
    )
    weights = weights_typed(typed)
    if len(weights) != arms:
        raise UsageError("plan_split", arms=arms)
    return Question(baseline, deviation, weights)
