"""Customers: who stays, and what one is worth."""

from __future__ import annotations

import streamlit as st

from crm_metrics.texts import t
from crm_metrics.ui.choices import choices
from crm_metrics.ui.customers.deals import deals_headline
from crm_metrics.ui.customers.first import GRAINS, TOPIC
from crm_metrics.ui.customers.headline import headline
from crm_metrics.ui.customers.sections import PARTS, SECTIONS
from crm_metrics.ui.filters import bar, compared_with, filter_bar
from crm_metrics.ui.link_notes import link_notes
from crm_metrics.ui.metrics.data import see
from crm_metrics.ui.metrics.details import details
from crm_metrics.ui.metrics.limits import chosen_limits
from crm_metrics.ui.metrics.path import path
from crm_metrics.ui.metrics.view import cards, period_line
from crm_metrics.ui.shell import boundary, lang, require_shell
from crm_metrics.ui.widgets import empty_state

require_shell()
language = lang()
st.title(t("customers.title", language))
known = choices()
if GRAINS.isdisjoint(known.grains):
    needs = ("need_orders", "need_deals", "need_activities")
    empty_state(language, "customers.question", [f"customers.{one}" for one in needs])
    st.stop()

with bar():
    filters = filter_bar(known, language)
    previous = compared_with(known, filters, language)
link_notes(filters, known, language)
path(filters, language)
seen = see(TOPIC, known, filters, chosen_limits(), previous)
if "orders" in known.grains:
    with boundary():
        headline(seen, language)
elif "deals" in known.grains:
    with boundary():
        deals_headline(seen, language)
if seen.metrics:
    with boundary():
        st.header(t("customers.period_title", language))
        period_line(seen, known.of_kinds(GRAINS), language)
        cards(seen, language)
with boundary():
    span = (seen.period if filters.start else None) or known.period
    details(seen, known, span, language, own=SECTIONS, parts=PARTS, own_first=True)
