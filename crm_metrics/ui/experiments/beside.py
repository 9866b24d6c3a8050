"""Metrics beside the one that decides: how each version stands on them."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from crm_metrics.experiments.model import Finding, Judged
from crm_metrics.findings.trial_numbers import between_text, trial_metric
from crm_metrics.findings.verdicts import arm_texts, difference_texts, standing_text
from crm_metrics.texts import t
from crm_metrics.ui.escape import esc
from crm_metrics.ui.experiments.words_table import words_table


def beside_section(finding: Finding, language: str) -> None:
    """How the version that the verdict speaks of stands on each metric; a row for every version."""
    arm = str(finding.params["arm"])
    said = (standing_text(judged, arm, language) for judged in finding.others)
    st.markdown("\n".join(f"- {esc(line)}" for line in said))
    rows = [row for judged in finding.others for row in _rows(finding, judged, language)]
    words_table("beside", rows, language, left=("metric", "role", "arm", "standing"))
    st.caption(t("experiments.beside_note", language))


def _rows(finding: Finding, judged: Judged, language: str) -> list[dict[str, str]]:
    """Words of a judged metric as those of a finding of its own."""
    metric = judged.metric
    setup = replace(finding.setup, metric=metric.name, shape=metric.shape)
    base, *arms = judged.arms
    rows = []
    for arm, item, standing in zip(arms, judged.comparisons, judged.standings, strict=True):
        own = replace(
            finding,
            setup=setup,
            arms=judged.arms,
            comparisons=judged.comparisons,
            params={"arm": item.arm},
        )
        gap = difference_texts(own, item, language)
        between = "—"
        if gap:
            between = between_text(gap[1], gap[2], language)
        rows.append(
            {
                "metric": trial_metric(metric.name, language),
                "role": t(f"experiments.role_{metric.role}", language),
                "arm": arm.name,
                "value": arm_texts(own, arm, language)[0],
                "base": arm_texts(own, base, language)[0],
                "difference": gap[0] if gap else "—",
                "between": between,
                "standing": t(f"experiments.standing_{metric.role}_{standing}", language),
            }
        )
    return rows
