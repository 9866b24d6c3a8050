"""Voice: what clients feel, and whether our numbers know it."""

from __future__ import annotations

import streamlit as st

from crm_metrics.metrics.themes import sources_of
from crm_metrics.metrics.voice.scored import scored_grains
from crm_metrics.texts import t
from crm_metrics.ui import cached
from crm_metrics.ui.choices import choices
from crm_metrics.ui.filters import bar, compared_with, filter_bar
from crm_metrics.ui.link_notes import link_notes
from crm_metrics.ui.metrics.data import see
from crm_metrics.ui.metrics.details import details
from crm_metrics.ui.metrics.limits import chosen_limits
from crm_metrics.ui.metrics.notes import notes
from crm_metrics.ui.metrics.path import path
from crm_metrics.ui.metrics.table import channels_table
from crm_metrics.ui.metrics.view import cards, period_line, sentences
from crm_metrics.ui.shell import boundary, lang, require_shell
from crm_metrics.ui.voice.asked import question_filter
from crm_metrics.ui.voice.headline import headline
from crm_metrics.ui.voice.sections import PARTS, SECTIONS
from crm_metrics.ui.voice.topic import VOICE
from crm_metrics.ui.widgets import empty_state

require_shell()
language = lang()
st.title(t("voice.title", language))
known = choices()
spoken = {*cached.asked(scored_grains), *(one.grain for one in cached.asked(sources_of))}
if not (known.grains and spoken):
    needs = ("voice.need_surveys", "voice.need_scores", "voice.need_invited")
    empty_state(language, "voice.question", needs)
    st.stop()

with bar():
    filters = filter_bar(known, language)
    previous = compared_with(known, filters, language)
    filters = question_filter(known, filters, language)
link_notes(filters, known, language)
path(filters, language)
seen = see(VOICE, known, filters, chosen_limits(), previous)
if seen.metrics:
    with boundary():
        period_line(seen, known.of_kinds(spoken), language)
        headline(seen, language)
        cards(seen, language)
        sentences(seen, language)
    with boundary():
        channels_table(seen, language)
else:
    st.info(t("voice.nothing", language), icon=":material/filter_alt_off:")
with boundary():
    notes(seen, language)
with boundary():
    span = (seen.period if filters.start else None) or known.period
    details(seen, known, span, language, own=SECTIONS, parts=PARTS, own_first=True)
