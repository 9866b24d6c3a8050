"""Experiments: did B beat A, and may one act on it."""

from __future__ import annotations

import streamlit as st

from crm_metrics.experiments.rerun import concluded
from crm_metrics.texts import t
from crm_metrics.ui.experiments.inputs import from_data
from crm_metrics.ui.experiments.kept import finding_files
from crm_metrics.ui.experiments.planned import planned
from crm_metrics.ui.experiments.planner import planner
from crm_metrics.ui.experiments.sections import sections
from crm_metrics.ui.experiments.typed import typed
from crm_metrics.ui.experiments.view import method, verdict
from crm_metrics.ui.filters import one_of
from crm_metrics.ui.segments.line import segment_not_here
from crm_metrics.ui.shell import boundary, lang, require_shell
from crm_metrics.ui.state import workspace
from crm_metrics.ui.widgets import start_buttons

require_shell()
language = lang()
st.title(t("experiments.title", language))
st.caption(t("experiments.question", language))
segment_not_here(language)
datasets = [dataset for dataset in workspace().datasets() if dataset.table.headers]
view = one_of(
    "experiment",
    t("experiments.view", language),
    ("data", "typed", "plan") if datasets else ("typed", "plan"),
    lambda key: t(f"experiments.view_{key}", language),
    language=language,
    flat=True,
)
if view == "plan":
    with boundary():
        planner(language)
    st.stop()

answer, asked = st.container(), st.container()
finding = None
with asked, boundary():
    found = from_data(datasets, language) if view == "data" else typed(language)
    if found is not None:
        inputs = planned(found.inputs, language, table=found.table)
        finding = concluded(inputs)
if finding is not None:
    with answer, boundary():
        verdict(finding, language)
    with boundary():
        sections(finding, inputs.beside, language)
    with boundary():
        method(finding, language)
        finding_files(inputs, finding, found.source, language)
elif not datasets:
    st.markdown(t("experiments.no_data", language))
    start_buttons(language)
