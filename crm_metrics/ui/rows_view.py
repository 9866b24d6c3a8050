"""The first rows of a table as they stand in the file, personal data masked."""

from __future__ import annotations

from typing import Final

import pandas as pd
import pyarrow.parquet as pq
import streamlit as st

from crm_metrics.facts import mask
from crm_metrics.intake.table import LINE, Table
from crm_metrics.mapping.model import Mapping
from crm_metrics.store import Dataset
from crm_metrics.texts import t
from crm_metrics.ui.decisions_view import point_at

FIRST: Final = 20


def masked_rows(table: Table, mapping: Mapping, limit: int, line: str) -> pd.DataFrame:
    """The first rows as text under their headers; the index, called `line`, has source lines."""
    frame = table.frame(limit)
    for column in mapping.columns:
        cells = frame.iloc[:, column.column]
        frame.isetitem(column.column, [mask(value, column.field) for value in cells])
    batch = next(pq.ParquetFile(table.path).iter_batches(max(limit, 1), columns=[LINE]), None)
    numbers = batch.column(0).to_pylist()[:limit] if batch is not None else []
    frame.index = pd.Index(numbers, name=line)
    return frame


def first_rows(dataset: Dataset, language: str) -> None:
    """The first rows of a data set; a row picked is the one to decide about."""
    frame = masked_rows(dataset.table, dataset.mapping, FIRST, t("upload.line", language))
    key = f"preview_{dataset.id}"

    def pick() -> None:
        for place in st.session_state[key].selection.rows:
            point_at(dataset.id, int(frame.index[place]))
            st.session_state[f"details_{dataset.id}"] = True

    st.caption(t("upload.preview", language, count=len(frame)))
    st.dataframe(
        frame,
        hide_index=False,
        key=key,
        alt=t("upload.preview_alt", language, name=dataset.table.file_name),
        selection_mode="single-row",
        on_select=pick,
    )
