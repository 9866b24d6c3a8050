"""Which table the columns page shows."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from crm_metrics.store import Dataset
from crm_metrics.texts import t
from crm_metrics.ui.words import dataset_name


def choose_dataset(datasets: Sequence[Dataset], language: str) -> Dataset:
    """The data set whose columns are shown; the choice outlives a change of page."""
    by_id = {item.id: item for item in datasets}
    if st.session_state.get("dataset") not in by_id:
        waiting = (item.id for item in datasets if item.facts is None)
        st.session_state["dataset"] = next(waiting, datasets[0].id)
    # The names must not change with the state of a data set: the browser keeps what it shows.
    names = _distinct_names(datasets)
    chosen = st.selectbox(
        t("columns.dataset", language),
        list(by_id),
        format_func=lambda key: names[key],
        key="dataset",
        persist_state="session",
    )
    return by_id[chosen]


def _distinct_names(datasets: Sequence[Dataset]) -> dict[str, str]:
    """Each data set's name by its id; the second of one name has a number after it."""
    names: dict[str, str] = {}
    for item in datasets:
        name = dataset_name(item)
        same = sum(dataset_name(other) == name for other in datasets[: len(names)])
        names[item.id] = f"{name} ({same + 1})" if same else name
    return names
