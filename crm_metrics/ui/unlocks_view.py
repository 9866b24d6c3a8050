"""What a mapping makes computable, and what one more column would add."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import streamlit as st

from crm_metrics.metrics import Metric, unlocks
from crm_metrics.store import Dataset
from crm_metrics.texts import has, t
from crm_metrics.ui.draft import changed, draft_of
from crm_metrics.ui.words import field_word

_MOST: Final = 6


def unlocked(dataset: Dataset, language: str) -> None:
    """Two lists: metrics that the draft gives, and fields that would give more."""
    mapping = draft_of(dataset)
    if mapping.grain is None:
        return
    ready, added = unlocks({*mapping.fields, *mapping.constants}, mapping.grain)
    now, more = st.columns(2, gap="medium")
    with now:
        st.header(t("columns.ready", language, count=len(ready)), anchor=False)
        if ready:
            st.markdown(_names(ready, language))
        else:
            st.caption(t("columns.none_ready", language))
        if dataset.facts and not changed(dataset):
            st.page_link(
                "pages/channels.py",
                label=t("upload.to_channels", language),
                icon=":material/arrow_forward:",
            )
    with more:
        if added:
            st.header(t("columns.more", language), anchor=False)
            for field, metrics in list(added.items())[:_MOST]:
                st.markdown(
                    t(
                        "columns.would_add",
                        language,
                        field=field_word(field, language),
                        metrics=_names(metrics, language),
                    )
                )


def _names(metrics: Iterable[Metric], language: str) -> str:
    names = dict.fromkeys(
        t(f"metric.{metric.key}.name", language)
        for metric in metrics
        if has(f"metric.{metric.key}.name", language)
    )
    return ", ".join(names)
