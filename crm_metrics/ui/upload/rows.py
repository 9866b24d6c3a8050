"""The first rows of a table as they stand in the file, personal data masked."""

from __future__ import annotations

from typing import Final

import streamlit as st

from crm_metrics.store import Dataset
from crm_metrics.texts import t
from crm_metrics.ui.glimpse import masked_rows
from crm_metrics.ui.upload.decisions import point_at

FIRST: Final = 20


def first_rows(dataset: Dataset, language: str) -> None:
    """The first rows of a data set; a row picked is the one to decide about."""
    frame = masked_rows(dataset.table, dataset.mapping, FIRST)
    key = f"preview_{dataset.id}"

    def pick() -> None:
        for place in st.session_state[key].selection.rows:
            point_at(dataset.id, int(frame.index[place]))
            st.session_state[f"details_{dataset.id}"] = True

    st.caption(t("upload.preview", language, count=len(frame)))
    st.dataframe(
        frame.rename_axis(t("upload.line", language)),
        hide_index=False,
        key=key,
        alt=t("upload.preview_alt", language, name=dataset.table.file_name),
        selection_mode="single-row",
        on_select=pick,
    )
