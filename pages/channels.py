"""Channels: which channel works and what changed."""

from __future__ import annotations

import streamlit as st

from crm_metrics.texts import t
from crm_metrics.ui.channels.first import CHANNELS
from crm_metrics.ui.channels.sections import SECTIONS
from crm_metrics.ui.choices import choices
from crm_metrics.ui.filters import bar, compared_with, filter_bar, settled_only
from crm_metrics.ui.link_notes import link_notes
from crm_metrics.ui.metrics.data import see
from crm_metrics.ui.metrics.details import details
from crm_metrics.ui.metrics.limits import chosen_limits
from crm_metrics.ui.metrics.notes import notes
from crm_metrics.ui.metrics.path import path
from crm_metrics.ui.metrics.table import channels_table
from crm_metrics.ui.metrics.view import cards, period_line, sentences
from crm_metrics.ui.shell import boundary, lang, require_shell
from crm_metrics.ui.widgets import empty_state

require_shell()
language = lang()
st.title(t("channels.title", language))
known = choices()
if not known.grains:
    needs = ("channels.need_campaigns", "channels.need_posts", "channels.need_support")
    empty_state(language, "channels.question", needs)
    st.stop()

with bar():
    filters = filter_bar(known, language)
    previous = compared_with(known, filters, language)
    settled_only(known, language)
link_notes(filters, known, language)
path(filters, language)
seen = see(CHANNELS, known, filters, chosen_limits(), previous)
if not seen.metrics:
    if known.surely_has(seen.filters):
        st.info(t("channels.nothing_computable", language), icon=":material/extension:")
        details(seen, known, known.period, language, own=SECTIONS)
        notes(seen, language)
    else:
        st.info(t("channels.nothing_matches", language), icon=":material/filter_alt_off:")
    st.stop()

with boundary():
    period_line(seen, known, language)
    sentences(seen, language)
    cards(seen, language)
with boundary():
    channels_table(seen, language)
    notes(seen, language)
with boundary():
    span = (seen.period if filters.start else None) or known.period
    details(seen, known, span, language, own=SECTIONS)
