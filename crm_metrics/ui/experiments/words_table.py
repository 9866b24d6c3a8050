"""A table of ready texts under a test's verdict or a plan."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from crm_metrics.texts import t


def words_table(
    name: str,
    rows: Sequence[Mapping[str, object]],
    language: str,
    *,
    left: Collection[str] = (),
    config: Mapping[str, Any] | None = None,
) -> None:
    """Draw the rows: the columns in `left` are words, the others numbers, on the right.

    Titles are the texts `experiments.<name>_column.<column>`; `config` has columns of another kind.
    """
    own = config or {}
    texts = {
        column: st.column_config.TextColumn(
            t(f"experiments.{name}_column.{column}", language),
            alignment="left" if column in left else "right",
        )
        for column in rows[0]
        if column not in own
    }
    st.dataframe(
        pd.DataFrame(rows),
        column_config={**texts, **own},
        hide_index=True,
        alt=t(f"experiments.{name}_alt", language),
        key=f"{name}_table",
    )
