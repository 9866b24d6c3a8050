"""What proves the verdict, a section at a time, in the address as `section`."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from crm_metrics.experiments import Beside
from crm_metrics.experiments.model import Finding
from crm_metrics.findings.verdicts import line_text
from crm_metrics.texts import t
from crm_metrics.ui.escape import esc
from crm_metrics.ui.experiments.beside import beside_section
from crm_metrics.ui.experiments.chances import chances_section
from crm_metrics.ui.experiments.days import days_section
from crm_metrics.ui.experiments.people import people_section
from crm_metrics.ui.experiments.segments import segments_section
from crm_metrics.ui.experiments.speed import speed_section
from crm_metrics.ui.experiments.view import charts, numbers
from crm_metrics.ui.filters import one_of

Draw = Callable[[Finding, str], None]


def sections(finding: Finding, beside: Beside, language: str) -> None:
    """Draw the choice of a section and the one chosen; those without data are left out."""
    own: dict[str, Draw] = {"versions": _versions}
    if beside.waits:
        own["speed"] = lambda found, lang: speed_section(found, beside.waits, lang)
    if finding.others:
        own["beside"] = beside_section
    if len(beside.days) > 1:
        own["days"] = lambda found, lang: days_section(found, beside.days, lang)
    if finding.segments:
        own["segments"] = segments_section
    own |= {"people": people_section, "chances": chances_section}
    section = one_of(
        "section",
        t("channels.section", language),
        tuple(own),
        lambda key: t(f"experiments.section_{key}", language),
        language=language,
        flat=True,
        named=False,
    )
    own[section](finding, language)


def _versions(finding: Finding, language: str) -> None:
    charts(finding, language)
    if finding.lines:
        st.subheader(t("experiments.lines_title", language))
        lines = (esc(line_text(line, finding, language)) for line in finding.lines)
        st.markdown("\n".join(f"- {line}" for line in lines))
    numbers(finding, language)
