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
from crm_metrics.ui.typed import number_or_none, text_kept

_MOST = 10**12


def typed(language: str) -> Asked | None:
    """Ask for the counts of two to ten versions; None until all are there."""
    metric = text_kept(
        "typed_metric",
        t("experiments.typed_metric", language),
        default=t("experiments.typed_metric_default", language),
        language=language,
        most=80,
    )
    count = int(number("typed_arms", language, (2, MOST_ARMS), 2, 1))
    grid = [st.columns(2, gap="large") for _ in range((count + 1) // 2)]
    columns = [column for row in grid for column in row]
    arms = []
    for place, column in zip(ascii_uppercase[:count], columns, strict=False):
        with column:
            arms.append(_version(place, language))
    if any(people is None or events is None for _, people, events in arms):
        st.caption(t("experiments.typed_open", language))
        return None
    made = tuple(Arm(name, int(people), int(events)) for name, people, events in arms)  # type: ignore[arg-type]
    return Asked(Inputs(Setup(made[0].name, metric, "proportion"), made))


def _version(place: str, language: str) -> tuple[str, float | None, float | None]:
    """Ask for a version's name, people and successes."""
    label = t(f"experiments.typed_{'a' if place == 'A' else 'b'}", language)
    name = text_kept(f"typed_name_{place}", label, default=place, most=40, width="stretch")
    people, events = (
        number_or_none(
            f"typed_{what}_{place}",
            t(f"experiments.typed_{what}", language),
            bounds=(0, _MOST),
            step=1,
            width="stretch",
        )
        for what in ("people", "events")
    )
    return name, people, events
