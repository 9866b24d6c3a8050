"""What a customer is worth, beside what a new one costs."""

from __future__ import annotations

import streamlit as st

from crm_metrics.findings.wording import estimate
from crm_metrics.metrics.lineage import Behind
from crm_metrics.metrics.value.lifetime import Lifetime
from crm_metrics.texts import decimal_text, integer_text, percent_text, period_text, t
from crm_metrics.ui.customers.about import about
from crm_metrics.ui.customers.asked import (
    HORIZONS,
    MARGIN,
    MARGINS,
    MONTHS,
    chosen_plan,
    known_cost,
    known_customers,
)
from crm_metrics.ui.escape import esc
from crm_metrics.ui.metrics.data import Seen
from crm_metrics.ui.metrics.derived import derived_cards
from crm_metrics.ui.typed import number_kept


def worth_section(seen: Seen, language: str) -> None:
    """Draw lifetime value in both ways, its checks, and the cost of a customer beside it."""
    found, plan = known_customers(seen), chosen_plan()
    model = found.model
    st.subheader(t("customers.worth_title", language))
    if model is None or found.simple is None:
        about(found, language)
        return
    won = known_cost(seen)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        number_kept(
            MARGIN,
            t("customers.margin", language),
            default=100.0,
            bounds=MARGINS,
            step=5.0,
            meaning=t("customers.margin_help", language),
        )
        number_kept(
            MONTHS,
            t("customers.horizon", language),
            default=12.0,
            bounds=HORIZONS,
            step=1.0,
            meaning=t(
                "customers.horizon_help", language, rate=percent_text(plan.discount, language)
            ),
        )
    values = (model.value, found.simple, *(won.values if won else ()))
    moved = won.moved if won else ()
    derived_cards(values, language, key="worth", behind=Behind(seen.filters), moved=moved)
    if won:
        days = period_text((won.acquisition.start, won.acquisition.end), language)
        notes = [t("customers.cac_note", language, days=days)]
        if late := won.acquisition.lagged:
            value = estimate(late, "money", language)
            notes.append(t("customers.cac_late", language, value=value))
        st.caption(esc(" ".join(notes), limit=900))
    else:
        st.caption(t("customers.no_spend", language))
    _model_notes(model, language)


def _model_notes(model: Lifetime, language: str) -> None:
    lines = []
    if model.holdout:
        held = model.holdout
        lines.append(
            t(
                "customers.holdout",
                language,
                weeks=decimal_text(held.weeks, language, 0),
                foreseen=integer_text(held.foreseen, language),
                came=integer_text(held.came, language),
            )
        )
    if model.correlation is not None:
        shown = decimal_text(model.correlation, language, 2)
        lines.append(t("customers.correlation", language, value=shown))
    if model.customers < model.of:
        lines.append(
            t(
                "customers.drawn",
                language,
                n=integer_text(model.customers, language),
                of=integer_text(model.of, language),
            )
        )
    if model.ahead is not None:
        shown = decimal_text(model.ahead, language, 2)
        months = integer_text(model.plan.months, language)
        lines.append(t("customers.ahead", language, value=shown, months=months))
    if model.parameters:
        shown = "; ".join(
            f"{name} = {decimal_text(value, language, 3)} ± {decimal_text(error, language, 3)}"
            for name, (value, error) in model.parameters.items()
        )
        lines.append(t("customers.parameters", language, values=shown))
    if lines:
        with st.expander(t("customers.model_title", language), icon=":material/info:"):
            st.markdown("\n".join(f"- {esc(line, limit=600)}" for line in lines))
