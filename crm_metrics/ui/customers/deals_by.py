"""The win rate by owner, source, pipeline: with intervals, and a warning where it is noise."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from crm_metrics.charts import interval_chart
from crm_metrics.charts.palette import TONES
from crm_metrics.metrics import AgainstRest, metric_named
from crm_metrics.metrics.dimensions import segment_names
from crm_metrics.metrics.model import Value
from crm_metrics.texts import percent_text, t
from crm_metrics.ui import cached
from crm_metrics.ui.chart_words import texts_of, tip_titles
from crm_metrics.ui.charted import charted, spec_of, value_lines
from crm_metrics.ui.escape import esc
from crm_metrics.ui.filters import one_of
from crm_metrics.ui.metrics.apart import apart
from crm_metrics.ui.metrics.data import Seen
from crm_metrics.ui.metrics.path import segment_name
from crm_metrics.ui.state import engine
from crm_metrics.ui.theme import ground

_METRIC = "win_rate_closed"
_FIRST = ("owner", "source", "pipeline", "product", "deal_type")
_NEVER = frozenset({"stage", "status", "lost_reason", "is_closed"})
_DENSE = 12


def deals_by(seen: Seen, language: str) -> None:
    """Draw the win rate by what the user chooses, and say who clearly differs."""
    names = _names()
    if not names or "closed_at" not in engine().mapped("deals"):
        return
    st.subheader(t("deals.by_title", language))
    name = one_of(
        "deals_by",
        t("deals.by", language),
        names,
        lambda key: segment_name(key, language),
        language=language,
    )
    found = [
        value
        for value in cached.compute((_METRIC,), by=(name,), filters=seen.filters).values  # noqa: PD011 - no frame
        if value.value is not None
    ]
    if len(found) < 2:
        st.caption(t("channels.groups_alone", language))
        return
    compared = apart(found)
    least = metric_named(_METRIC).minimum_n
    large = [one for one in found if one.n >= least]
    st.markdown(esc(_said(compared, name, language), limit=600))
    if large:
        _chart(large, found, name, language)
    if len(large) < len(found):
        st.caption(t("deals.by_few", language, n=least))


def _names() -> list[str]:
    known = [one for one in segment_names(engine(), "deals") if one not in _NEVER]
    first = [one for one in _FIRST if one in known]
    return [*first, *(one for one in known if one not in first)]


def _said(compared: Sequence[AgainstRest], name: str, language: str) -> str:
    sides = {
        "above": [one for one in compared if one.clear and (one.difference or 0) > 0],
        "below": [one for one in compared if one.clear and (one.difference or 0) < 0],
    }
    said = [
        t(
            f"deals.by_{side}",
            language,
            names=", ".join(_label(c.value, name, language) for c in own),
        )
        for side, own in sides.items()
        if own
    ]
    return (
        " ".join([*said, t("deals.by_alike", language)]) if said else t("deals.by_noise", language)
    )


def _chart(large: list[Value], found: list[Value], name: str, language: str) -> None:
    frame = pd.DataFrame(
        [
            {
                "key": "deals",
                "label": _label(value, name, language),
                "value": 100 * (value.value or 0.0),
                "low": None if value.low is None else 100 * value.low,
                "high": None if value.high is None else 100 * value.high,
                **texts_of(value, "share", language),
            }
            for value in large
        ]
    )
    best = max(large, key=lambda one: one.value or 0.0)
    by = segment_name(name, language)
    chart = spec_of(
        interval_chart,
        frame,
        title=t("deals.by_chart", language),
        x_title=t("deals.by_axis", language),
        lang=language,
        colors={"deals": TONES[ground()]["accent"]},
        tips=tip_titles(language, "value_text", "interval_text", "n_text"),
        ground=ground(),
        dense=len(large) > _DENSE,
    )
    named = [((_label(value, name, language),), value) for value in found]
    charted(
        chart,
        lambda: value_lines(named, (by,), "share", language),
        language,
        alt=t(
            "deals.by_alt",
            language,
            by=by,
            group=_label(best, name, language),
            value=percent_text(best.value, language),
        ),
        key="deals_by_chart",
        name="deals_by",
    )


def _label(value: Value, name: str, language: str) -> str:
    return value.group[name] or t("channels.group_unknown", language)
