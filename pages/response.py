"""Response: how fast clients are answered, and when not."""

from __future__ import annotations

import streamlit as st

from crm_metrics.metrics.ground import grains_of
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
from crm_metrics.ui.response.authors import asks_authors, authors_section, group_chats_said
from crm_metrics.ui.response.headline import headline
from crm_metrics.ui.response.limits import limits_bar
from crm_metrics.ui.response.sections import SECTIONS
from crm_metrics.ui.response.topic import GRAINS, RESPONSE
from crm_metrics.ui.shell import boundary, lang, require_shell
from crm_metrics.ui.widgets import empty_state

require_shell()
language = lang()
st.title(t("response.title", language))
known = choices()
grains = cached.asked(grains_of) if known.grains else frozenset[str]()
if not grains & GRAINS and asks_authors():
    with boundary():
        authors_section(None, language)
    st.stop()
if not grains & GRAINS:
    needs = ("response.need_conversations", "response.need_messages", "response.need_calls")
    empty_state(language, "response.question", needs)
    st.stop()

with bar():
    filters = filter_bar(known, language)
    previous = compared_with(known, filters, language)
limits_bar(known, grains, language)
link_notes(filters, known, language)
path(filters, language)
seen = see(RESPONSE, known, filters, chosen_limits(), previous)
if not seen.metrics:
    st.info(t("response.nothing", language), icon=":material/filter_alt_off:")
    notes(seen, language)
    st.stop()

if asks_authors():
    st.info(t("response.authors_waiting", language), icon=":material/person_search:")
with boundary():
    group_chats_said(language)
with boundary():
    # Conversations may be told by logs of messages alone.
    logs = {"events"} if "conversations" in grains - set(known.grains) else set()
    period_line(seen, known.of_kinds(GRAINS | logs), language)
    headline(seen, language)
    cards(seen, language)
    sentences(seen, language)
with boundary():
    channels_table(seen, language)
    notes(seen, language)
with boundary():
    st.caption(t("response.ranking", language))
    span = (seen.period if filters.start else None) or known.period
    details(seen, known, span, language, own=SECTIONS)
