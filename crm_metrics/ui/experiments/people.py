"""People in every version against the plan: its split and, where one was planned, its size."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from crm_metrics.experiments.model import Finding
from crm_metrics.findings.verdicts import gate_text
from crm_metrics.texts import integer_text, percent_text, t


def people_section(finding: Finding, language: str) -> None:
    """How many people each version has and should have, with bars, and what the gate says."""
    for gate in finding.gates:
        if gate.gate in ("sample_ratio", "plan") or gate.detail in ("in_several_arms",):
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
                "reached": 100 * arm.n / wanted if wanted else None,
            }
        )
    hidden = ({"planned_share"} if split is None else set()) | (
        {"planned_n", "reached"} if sizes is None else set()
    )
    shown = [name for name in rows[0] if name not in hidden]
    config: dict[str, Any] = {
        name: st.column_config.TextColumn(
            t(f"experiments.people_column.{name}", language),
            alignment="left" if name == "arm" else "right",
        )
        for name in shown
        if name != "reached"
    }
    config["reached"] = st.column_config.ProgressColumn(
        t("experiments.people_column.reached", language),
        format="%d%%" if language == "en" else "%d\u00a0%%",
        min_value=0,
        max_value=100,
    )
    frame = pd.DataFrame(rows)[shown]
    if "reached" in shown:
        frame["reached"] = frame["reached"].clip(upper=100)
    st.dataframe(
        frame,
        column_config=config,
        hide_index=True,
        alt=t("experiments.people_alt", language),
        key="people_table",
    )
