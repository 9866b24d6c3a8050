"""The planner: what is known of a test to come, and one of three answers."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from crm_metrics.errors import UsageError
from crm_metrics.experiments import Plan
from crm_metrics.findings.trial_method import looks_text
from crm_metrics.findings.trial_numbers import exact_digits
from crm_metrics.texts import decimal_text, percent_text, t
from crm_metrics.ui.experiments.level import direction_asked, level_asked
from crm_metrics.ui.experiments.looks import looks_asked
from crm_metrics.ui.experiments.numbers import number, split_typed
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
    row = st.container(horizontal=True, vertical_alignment="bottom")
    with (
        st.expander(t("experiments.plan_more", language), icon=":material/tune:"),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        direction = direction_asked("plan_better", "up", language)
        alpha = level_asked("plan_level", language)
        power = round(number("plan_power", language, (50.0, 99.0), 80.0, 5.0) / 100, 12)
        looks = looks_asked("plan_looks", language)
    with row:
        known = _question(kind, language)
        question = replace(known, direction=direction, alpha=alpha, power=power, looks=looks)
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
    said = {
        "alpha": decimal_text(alpha, language, max(2, exact_digits(alpha))),
        "power": decimal_text(power, language, max(1, exact_digits(power))),
        "share": percent_text(power, language, 0),
    }
    lines = [t("experiments.plan_method", language, **said)]
    if found is not None and found.longer > 1:
        lines.append(looks_text(found, language))
    st.caption(" ".join(lines))
    if found is not None:
        keep_plan(found, question, language)


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
    weights = split_typed("plan_split", arms, language)
    if len(weights) != arms:
        raise UsageError("plan_split", arms=arms)
    return Question(baseline, deviation, weights)
