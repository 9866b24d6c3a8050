"""How a test was planned: by the plan's file, or by what is asked here."""

from __future__ import annotations

import math
from dataclasses import replace

import streamlit as st

from crm_metrics.experiments import Setup
from crm_metrics.experiments.model import LEAST_EVENTS, LEAST_RECIPIENTS
from crm_metrics.experiments.rerun import Inputs
from crm_metrics.texts import t
from crm_metrics.ui.experiments.level import direction_asked, level_asked
from crm_metrics.ui.experiments.looks import look_asked, looks_asked
from crm_metrics.ui.experiments.numbers import number, of_table, split_typed
from crm_metrics.ui.experiments.plan_loaded import plan_loaded
from crm_metrics.ui.experiments.ways import way_asked


def planned(inputs: Inputs, language: str, *, table: str = "") -> Inputs:
    """Ask how the test was planned, and what a change is worth for the rest of the list.

    The split, the size and the looks belong to the test in one `table`, and to no other.
    """
    with st.expander(t("experiments.planned", language), icon=":material/tune:"):
        plan = plan_loaded(language, table=table)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            setup = inputs.setup
            if plan is None:
                setup = _asked(setup, len(inputs.arms), language, table)
            elif plan.looks.isdigit():
                setup = replace(setup, looks=look_asked(int(plan.looks), language, table=table))
            setup = replace(setup, smallest=_smallest(setup, language))
            setup = _with_least(setup, language)
            rest = number("rest", language, (0, 10**9), None, 1000)
            each = math.nan
            if setup.shape == "proportion":
                each = number("value_each", language, (0.0, 1e9), None, 1.0)
        setup = replace(
            setup,
            rest=None if math.isnan(rest) or rest == 0 else int(rest),
            value_each=None if math.isnan(each) or each == 0 else each,
        )
    return replace(inputs, setup=setup, plan=plan)


def _asked(setup: Setup, arms: int, language: str, table: str) -> Setup:
    """What a plan's file would say."""
    split = _split(arms, language, table)
    sizes = number(
        "planned_n",
        language,
        (2, 10**9),
        None,
        1000,
        meaning=t("experiments.planned_n_help", language),
        key=of_table("planned_n", table),
    )
    return replace(
        setup,
        split=split,
        planned_n=None if math.isnan(sizes) else int(sizes),
        looks=looks_asked("looks", language, which=True, table=table),
        smallest_lift=number(
            "smallest_lift",
            language,
            (1, 500),
            20,
            5,
            meaning=t("experiments.smallest_lift_help", language),
        )
        / 100,
        direction=direction_asked("better", setup.direction, language),
        alpha=level_asked("level", language),
    )


def _smallest(setup: Setup, language: str) -> float | None:
    """The smallest change in the metric's own unit, points of a share; None where none is said."""
    share = setup.shape == "proportion"
    name, most = ("smallest_points", 100.0) if share else ("smallest_amount", 1e9)
    meaning = t("experiments.smallest_help", language)
    typed = number(name, language, (0.0, most), None, 0.1, meaning=meaning)
    if math.isnan(typed) or typed == 0:
        return None
    return round(typed / 100, 12) if share else typed


def _with_least(setup: Setup, language: str) -> Setup:
    """The setup with how many recipients and successes a verdict needs at least."""
    meaning = t("experiments.least_help", language)

    def least(name: str, lowest: int, default: int) -> int:
        return int(number(name, language, (lowest, 10**9), default, 5, meaning=meaning))

    people = least("least_recipients", 1, LEAST_RECIPIENTS)
    return replace(
        setup, least_recipients=people, least_events=least("least_events", 0, LEAST_EVENTS)
    )


def _split(arms: int, language: str, table: str) -> tuple[float, ...] | None:
    way = way_asked("split", "split", ("unknown", "equal", "other"), language, table)
    if way == "unknown":
        return None
    if way == "equal":
        return (1.0,) * arms
    return split_typed("split_typed", arms, language, table=table)
