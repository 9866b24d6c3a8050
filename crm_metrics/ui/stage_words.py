"""Which of a column's words mean that a deal is won, and which that it is lost."""

from __future__ import annotations

from typing import Final

import streamlit as st

from crm_metrics.intake.table import Table
from crm_metrics.mapping.model import ColumnMapping
from crm_metrics.mapping.words import words_of
from crm_metrics.store import Dataset
from crm_metrics.texts import t
from crm_metrics.ui import draft

_ENDS: Final = ("won", "lost")


def stage_choice(dataset: Dataset, item: ColumnMapping, language: str, *, place: str) -> None:
    """Two lists of the column's own words; what is in neither is a deal still open."""
    words = _words(dataset.id, item.column, dataset.table)
    for end in _ENDS:
        key = f"{place}_{end}_{dataset.id}_{item.column}"
        st.session_state[key] = [word for word in words if item.values.get(word) == end]
        st.multiselect(
            t(f"columns.stages_{end}", language),
            words,
            key=key,
            placeholder=t("columns.stages_choose", language),
            on_change=draft.choose_words,
            args=(dataset.id, item.column, key, end),
        )


@st.cache_data(show_spinner=False, max_entries=32)
def _words(dataset_id: str, column: int, _table: Table) -> list[str]:  # noqa: ARG001 - the key
    return list(words_of(_table, column))
