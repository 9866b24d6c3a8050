"""Customers: who stays, and what one is worth."""

from __future__ import annotations

import streamlit as st

from crm_metrics.metrics.value.overview import acquired, customers, whole_history
from crm_metrics.texts import t
from crm_metrics.ui import cached
from crm_metrics.ui.choices import choices
from crm_metrics.ui.customers.about import about, account
from crm_metrics.ui.customers.first import GRAINS, TOPIC
from crm_metrics.ui.customers.retention import retention_section
from crm_metrics.ui.customers.scores import scores_section
from crm_metrics.ui.customers.worth import chosen_plan, worth_section
from crm_metrics.ui.filters import bar, compared_with, filter_bar
from crm_metrics.ui.metrics.data import see
from crm_metrics.ui.metrics.details import details
from crm_metrics.ui.metrics.limits import chosen_limits
from crm_metrics.ui.metrics.notes import notes
from crm_metrics.ui.metrics.table import channels_table
from crm_metrics.ui.metrics.view import cards, period_line
from crm_metrics.ui.shell import boundary, lang, require_shell
from crm_metrics.ui.widgets import empty_state

require_shell()
language = lang()
st.title(t("customers.title", language))
known = choices()
if GRAINS.isdisjoint(known.grains):
    empty_state(language, "customers.question", ("customers.need_orders", "customers.need_deals"))
    st.stop()

with bar():
    filters = filter_bar(known, language)
    previous = compared_with(known, filters, language)
if "orders" in known.grains:
    with boundary():
        plan = chosen_plan()
        found = cached.asked(customers, whole_history(filters), plan=plan)
        about(found, language)
        if found.retention:
            retention_section(found, language)
            worth_section(found, cached.asked(acquired, filters), plan, language)
            scores_section(found, language)
            account(found, language)
seen = see(TOPIC, known, filters, chosen_limits(), previous)
if seen.metrics:
    with boundary():
        st.header(t("customers.period_title", language))
        period_line(seen, known, language)
        cards(seen, language)
        channels_table(seen, language)
        notes(seen, language)
    with boundary():
        details(
            seen, known, (seen.period if filters.start else None) or known.period, language, own={}
        )
