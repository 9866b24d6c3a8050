"""A box that finds a metric by the name that a person uses, and says what else it may mean."""

from __future__ import annotations

from collections.abc import Collection

import streamlit as st

from crm_metrics.findings.metric_search import Found, search
from crm_metrics.findings.wording import field_name, metric_name
from crm_metrics.metrics import metric_named
from crm_metrics.texts import t
from crm_metrics.ui.escape import esc

_MOST_TYPED = 80


def metric_search(here: Collection[str], language: str) -> tuple[str, ...]:
    """Draw the box and what it found; return the found metrics' keys.

    `here` are the metrics that the data have values of; for others the needed fields are named.
    """
    typed = st.text_input(
        t("metric_search.label", language),
        key="metric_search",
        placeholder=t("metric_search.hint", language),
        icon=":material/search:",
        max_chars=_MOST_TYPED,
    )
    if not typed or not typed.strip():
        return ()
    found = search(typed, language)
    if not found:
        st.caption(t("metric_search.nothing", language))
    told: list[str] = []
    for one in found:
        _tell(one, [key for key in one.metrics if key not in told], here, language)
        told += one.metrics
    return tuple(dict.fromkeys(told))


def _tell(found: Found, metrics: list[str], here: Collection[str], language: str) -> None:
    """One name: how its meanings differ, its metrics, and what of it is not computed."""
    lines = [f"- {_line(key, here, language)}" for key in metrics]
    if not found.metrics:
        lines = [f"- **{esc(found.name)}**. {t('metric_search.not_yet', language)}"]
    if found.said:
        st.markdown(esc(found.said))
    elif len(found.metrics) > 1:
        st.markdown(t("metric_search.several", language))
    st.markdown("\n".join(lines))
    if found.metrics and found.not_yet:
        st.caption(t("metric_search.not_yet_too", language))


def _line(key: str, here: Collection[str], language: str) -> str:
    name = esc(metric_name(key, language))
    meaning = t(f"metric.{key}.help", language)
    if key in here:
        return t("metric_search.line", language, name=name, help=meaning)
    fields = dict.fromkeys(need.split("|", maxsplit=1)[0] for need in metric_named(key).needs)
    needs = esc(", ".join(field_name(field, language) for field in fields), limit=300)
    return t("metric_search.elsewhere", language, name=name, help=meaning, needs=needs)
