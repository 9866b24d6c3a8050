"""The effect by segment: whether it differs between them, and in each of them."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from crm_metrics.charts import difference_chart
from crm_metrics.experiments.model import Comparison, Finding
from crm_metrics.experiments.segments import SegmentFinding
from crm_metrics.findings.trial_numbers import between_text
from crm_metrics.findings.verdicts import difference_texts, segment_text
from crm_metrics.texts import integer_text, t
from crm_metrics.ui.chart_words import tip_titles
from crm_metrics.ui.charted import spec_of
from crm_metrics.ui.escape import esc
from crm_metrics.ui.experiments.axes import axis_title, scale_of
from crm_metrics.ui.theme import ground


def segments_section(finding: Finding, language: str) -> None:
    """A sentence and a chart for each column that the effect is held apart by."""
    for segment in finding.segments:
        st.markdown(f"**{esc(segment_text(segment, language))}**")
        _chart(finding, segment, language)
    st.caption(t("experiments.segments_note", language))


def _chart(finding: Finding, segment: SegmentFinding, language: str) -> None:
    scale = scale_of(finding)
    rows = []
    for row in segment.rows:
        texts = _texts(finding, row.comparison, language)
        item = row.comparison
        if texts is None or item.difference is None:
            continue
        rows.append(
            {
                "label": row.value or t("experiments.segments_rest", language),
                "value": scale * item.difference,
                "low": None if item.difference_low is None else scale * item.difference_low,
                "high": None if item.difference_high is None else scale * item.difference_high,
                "tone": "unclear",
                "value_text": texts[0],
                "interval_text": between_text(texts[1], texts[2], language),
                "n_text": integer_text(row.n, language),
            }
        )
    if not rows:
        st.caption(t("experiments.no_difference", language))
        return
    chart = spec_of(
        difference_chart,
        pd.DataFrame(rows),
        title=t("experiments.segments_title", language, column=segment.column),
        x_title=axis_title(finding, language, gap=True),
        lang=language,
        ground=ground(),
        tips=tip_titles(language, "label", "value_text", "interval_text", "n_text"),
    )
    alt = "; ".join(f"{row['label']}: {row['value_text']}" for row in rows)
    st.vega_lite_chart(chart, alt=alt, key=f"experiment_segment_{segment.column}")


def _texts(finding: Finding, item: Comparison, language: str) -> tuple[str, str, str] | None:
    own = replace(finding, comparisons=(item,), params={"arm": item.arm})
    return difference_texts(own, item, language)
