"""What the page's history stands on, and what of the orders is not in it."""

from __future__ import annotations

import streamlit as st

from crm_metrics.findings.customers import left_out_sentences
from crm_metrics.findings.wording import field_name, inside
from crm_metrics.metrics.value.overview import Customers
from crm_metrics.texts import integer_text, period_text, t
from crm_metrics.ui.escape import esc


def about(found: Customers, language: str) -> None:
    """How many customers, of which days; or why there is no history of them."""
    if found.needs:
        names = ", ".join(inside(field_name(name, language)) for name in found.needs)
        st.info(t("customers.needs", language, names=esc(names)), icon=":material/extension:")
    elif not found.people:
        st.info(t("customers.nobody", language), icon=":material/filter_alt_off:")
    elif found.start and found.end:
        people = integer_text(found.people, language)
        days = period_text((found.start, found.end), language)
        st.caption(t("customers.about", language, people=people, days=days))


def account(found: Customers, language: str) -> None:
    """What does not count and why, and what counts though it is odd; nothing is lost in silence."""
    lines = left_out_sentences(found, language)
    with st.expander(t("customers.account_title", language), icon=":material/info:"):
        st.markdown("\n".join(f"- {esc(line)}" for line in lines))
