"""People in every version against the plan: its split and, where one was planned, its size."""

from __future__ import annotations

import streamlit as st

from crm_metrics.experiments.model import Finding
from crm_metrics.findings.verdicts import gate_text
from crm_metrics.texts import integer_text, percent_text, t
from crm_metrics.ui.experiments.words_table import words_table


def people_section(finding: Finding, language: str) -> None:
    """How many people each version has and should have, with bars, and what the gate says."""
    for gate in finding.gates:
        if gate.gate in ("sample_ratio", "plan") or gate.detail == "in_several_arms":
            st.markdown(gate_text(gate, language).replace("$", "\\$"))
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
