"""The answer first: who stays and what one is worth, in sentences, cards and the curve."""

from __future__ import annotations

import streamlit as st

from crm_metrics.findings.customers import customer_sentences
from crm_metrics.metrics.lineage import Behind
from crm_metrics.metrics.model import Value
from crm_metrics.metrics.value.overview import Customers, Winning
from crm_metrics.texts import t
from crm_metrics.ui.customers.about import about
from crm_metrics.ui.customers.asked import known_cost, known_customers
from crm_metrics.ui.customers.retention import curve
from crm_metrics.ui.escape import esc
from crm_metrics.ui.metrics.data import Seen
from crm_metrics.ui.metrics.derived import derived_cards

_SENTENCES = 5


def headline(seen: Seen, language: str) -> None:
    """Draw what the orders answer of customers, or which columns they lack for it."""
    found = known_customers(seen)
    about(found, language)
    if found.retention is None:
        return
    won = known_cost(seen)
    said = customer_sentences(found, won, language)[:_SENTENCES]
    st.markdown("\n".join(f"- {esc(one, limit=900)}" for one in said))
    st.caption(t("report.caveat.observational", language))
    behind = Behind(seen.filters)
    derived_cards(_main(found, won), language, key="headline", behind=behind, moved=found.moved)
    curve(found.retention, seen, language)


def _main(found: Customers, won: Winning | None) -> list[Value]:
    """A card each: who stays, who leaves, what one is worth and what it costs to win one."""
    assert found.returning is not None
    assert found.simple is not None
    assert found.model is not None
    first = found.retention.curve[:1] if found.retention else ()
    worth = found.model.value if found.model.value.value is not None else found.simple
    last = won.over_cac if won else found.pareto
    return [*first, found.returning.churn, worth, *([last] if last else [])]
