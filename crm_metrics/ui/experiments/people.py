"""People in every version against the plan: its split and, where one was planned, its size."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from crm_metrics.charts import difference_chart
from crm_metrics.experiments.gates import MISMATCH_BLOCK
from crm_metrics.experiments.model import Finding
from crm_metrics.experiments.proportions import wilson
from crm_metrics.findings.trial_numbers import between_text
from crm_metrics.findings.verdicts import gate_text
from crm_metrics.texts import integer_text, percent_text, points_text, t
from crm_metrics.ui.chart_words import tip_titles
from crm_metrics.ui.charted import spec_of
from crm_metrics.ui.experiments.words_table import words_table
from crm_metrics.ui.theme import ground

_ENDS = ("value", "low", "high")


def people_section(finding: Finding, language: str) -> None:
    """How many people each version has and should have, with bars, and what the gate says."""
    for gate in finding.gates:
        if gate.gate in ("sample_ratio", "plan") or gate.detail == "in_several_arms":
            st.markdown(gate_text(gate, language).replace("$", "\\$"))
    _chart(finding, language)
    split, total = finding.setup.split, sum(arm.n for arm in finding.arms)
    sizes = finding.setup.planned_n
    rows = []
    for place, arm in enumerate(finding.arms):
        share = split[place] / sum(split) if split else None
        least = min(weight for weight in split if weight > 0) if split else 1.0
        wanted = None
        if sizes is not None:
            wanted = round(sizes * split[place] / least) if split else sizes
        rows.append(
            {
                "arm": arm.name,
                "n": integer_text(arm.n, language),
                "share": percent_text(arm.n / total if total else None, language, 1),
                "planned_share": percent_text(share, language, 1),
                "planned_n": integer_text(wanted, language),
                "reached": min(100 * arm.n / wanted, 100) if wanted else None,
            }
        )
    hidden = ({"planned_share"} if split is None else set()) | (
        {"planned_n", "reached"} if sizes is None else set()
    )
    rows = [{name: cell for name, cell in row.items() if name not in hidden} for row in rows]
    reached = st.column_config.ProgressColumn(
        t("experiments.people_column.reached", language),
        format="%d%%" if language == "en" else "%d\u00a0%%",
        min_value=0,
        max_value=100,
    )
    words_table("people", rows, language, left=("arm",), config={"reached": reached})


def _chart(finding: Finding, language: str) -> None:
    """How far each version's share of the people is from the planned one; none without a split."""
    split, total = finding.setup.split, sum(arm.n for arm in finding.arms)
    if split is None or total == 0:
        return
    blocked = any(one.gate == "sample_ratio" and one.status == "block" for one in finding.gates)
    rows = []
    for arm, weight in zip(finding.arms, split, strict=True):
        # As sure as the check: what blocks is outside of its range.
        low, high = wilson(arm.n, total, MISMATCH_BLOCK) or (0.0, 0.0)
        planned = weight / sum(split)
        gap = [share - planned for share in (arm.n / total, low, high)]
        texts = [points_text(value, language, 2) for value in gap]
        rows.append(
            {
                "label": arm.name,
                **{key: 100 * value for key, value in zip(_ENDS, gap, strict=True)},
                "tone": "bad" if blocked else "unclear",
                "value_text": texts[0],
                "interval_text": between_text(texts[1], texts[2], language),
                "n_text": integer_text(arm.n, language),
            }
        )
    chart = spec_of(
        difference_chart,
        pd.DataFrame(rows),
        title=t("experiments.people_title", language),
        x_title=t("experiments.people_axis", language),
        lang=language,
        ground=ground(),
        tips=tip_titles(language, "label", "value_text", "interval_text", "n_text"),
    )
    said = "; ".join(f"{row['label']}: {row['value_text']}" for row in rows)
    alt = t("experiments.people_chart_alt", language, values=said)
    st.vega_lite_chart(chart, alt=alt, key="experiment_people")
    st.caption(t("experiments.people_note", language))
