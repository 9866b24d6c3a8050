"""How much comes in: conversations, per customer and per agent, and what is still open."""

from __future__ import annotations

import streamlit as st

from crm_metrics.findings.goals import card_text
from crm_metrics.findings.wording import field_name, inside, metric_name
from crm_metrics.metrics import changes_from
from crm_metrics.metrics.contact_rate import contact_rate
from crm_metrics.metrics.goals import judge_first, read_goals
from crm_metrics.metrics.lineage import Behind
from crm_metrics.metrics.model import Missing, Value
from crm_metrics.metrics.people import PEOPLE
from crm_metrics.metrics.value.moved import Moved
from crm_metrics.texts import t
from crm_metrics.ui import cached
from crm_metrics.ui.escape import esc
from crm_metrics.ui.metrics.data import Seen, together
from crm_metrics.ui.metrics.derived import change_lines, derived_cards
from crm_metrics.ui.metrics.table import download_rows
from crm_metrics.ui.metrics.view import card
from crm_metrics.ui.response.load_course import load_course
from crm_metrics.ui.state import workspace

LOAD = ("conversations", "backlog", "load_per_agent", "reopen_rate", "fcr")


def load_section(seen: Seen, language: str) -> None:
    """Draw the contacts per customer, then a card for each metric of load."""
    st.subheader(t("response.load_title", language))
    load_course(seen, language)
    _per_customer(seen, language)
    found = {key: rows[0] for key, rows in together(seen, LOAD).items() if rows}
    with st.grid(4, min_column_width=210, key="load_cards"):
        for key, row in found.items():
            card(row, seen, language, metric_name(key, language), key="load")
    if found:
        download_rows(tuple(found.values()), language, name="load")


def _per_customer(seen: Seen, language: str) -> None:
    found = cached.asked(contact_rate, seen.filters)
    if isinstance(found, Missing):
        fields = found.needs or PEOPLE[:1]
        needs = ", ".join(inside(field_name(one, language)) for one in fields)
        st.caption(t("response.contact_rate_needs", language, needs=needs))
        return
    derived_cards((found,), language, key="contact_rate", behind=Behind(seen.filters))
    before = cached.asked(contact_rate, seen.earlier) if seen.earlier else None
    earlier = before if isinstance(before, Value) else None
    compared = changes_from((found,), (earlier,))[0] if earlier else None
    lines = change_lines(Moved(found, *compared), language) if compared else []
    if judged := judge_first(read_goals(workspace().folder), found, earlier):
        lines.append(card_text(judged, language))
    if lines:
        st.caption("  \n".join(esc(line) for line in lines))
