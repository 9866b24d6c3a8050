"""Findings: what to send, as a workbook or as data."""

from __future__ import annotations

import streamlit as st

from crm_metrics.metrics.model import Filters
from crm_metrics.texts import t
from crm_metrics.ui.choices import choices
from crm_metrics.ui.filters import bar, filter_bar, settled_only
from crm_metrics.ui.findings.trials import any_trials, kept_trials
from crm_metrics.ui.findings.view import (
    choose_language,
    covers,
    downloads,
    left_out,
    report_of,
    summary,
)
from crm_metrics.ui.link_notes import link_notes
from crm_metrics.ui.metrics.limits import chosen_limits
from crm_metrics.ui.shell import boundary, lang, require_shell
from crm_metrics.ui.widgets import empty_state

require_shell()
language = lang()
st.title(t("findings.title", language))
known = choices()
if not known.grains and not any_trials():
    empty_state(language, "findings.empty", ("findings.need",))
    st.stop()

st.markdown(t("findings.lead", language))
with boundary():
    filters, whole = Filters(), True
    if known.grains:
        with bar():
            filters = filter_bar(known, language)
            settled_only(known, language)
        link_notes(filters, known, language)
        whole = known.everything(filters)
    chosen = choose_language(language)
    report = report_of(filters, chosen_limits(), chosen, everything=whole)
    bare = not report.channels and not report.whole
    if bare:
        said = "findings.nothing" if known.grains else "findings.only_trials"
        st.info(t(said, language), icon=":material/filter_alt_off:")
    if bare and not report.trials:
        st.stop()
    edited = report
    if not bare:
        covers(report, language)
        edited = summary(report, language)
    kept_trials(report.trials, language)
    downloads(edited, left_out(language), language)
