"""What is compared on the Experiments page where a person types it: the counts of each version."""

from __future__ import annotations

from string import ascii_uppercase

import streamlit as st

from crm_metrics.experiments import Arm, Setup
from crm_metrics.experiments.model import MOST_ARMS
from crm_metrics.experiments.rerun import Inputs
from crm_metrics.texts import t
from crm_metrics.ui.experiments.asked import Asked
from crm_metrics.ui.experiments.numbers import number


def typed(language: str) -> Asked | None:
    """Ask for the counts of two to ten versions; None until all are there."""
    metric = st.text_input(
        t("experiments.typed_metric", language),
        value=t("experiments.typed_metric_default", language),
        key=f"typed_metric_{language}",
        persist_state="session",
        max_chars=80,
        width=380,
    )
    count = int(number("typed_arms", language, (2, MOST_ARMS), 2, 1))
    arms = []
    grid = [st.columns(2, gap="large") for _ in range((count + 1) // 2)]
    columns = [column for row in grid for column in row]
    for place, column in zip(ascii_uppercase[:count], columns, strict=False):
        with column:
            name = st.text_input(
                t(f"experiments.typed_{'a' if place == 'A' else 'b'}", language),
                value=place,
                key=f"typed_name_{place}",
                persist_state="session",
                max_chars=40,
            )
            people, events = (
                st.number_input(
                    t(f"experiments.typed_{what}", language),
                    min_value=0,
                    max_value=10**12,
                    value=None,
                    step=1,
                    key=f"typed_{what}_{place}",
                    persist_state="session",
                )
                for what in ("people", "events")
            )
        arms.append((name.strip() or place, people, events))
    if any(people is None or events is None for _, people, events in arms):
        st.caption(t("experiments.typed_open", language))
        return None
    made = tuple(Arm(name, int(people), int(events)) for name, people, events in arms)  # type: ignore[arg-type]
    name = metric.strip() or t("experiments.typed_metric_default", language)
    return Asked(Inputs(Setup(made[0].name, name, "proportion"), made))
