"""What a customer is worth, beside what a new one costs."""

from __future__ import annotations

import streamlit as st

from crm_metrics.findings.wording import estimate, flag_text
from crm_metrics.metrics.derived import derived_named
from crm_metrics.metrics.value.acquisition import Acquisition
from crm_metrics.metrics.value.lifetime import Lifetime, Plan
from crm_metrics.metrics.value.overview import Customers, Winning, winning
from crm_metrics.texts import decimal_text, integer_text, percent_text, period_text, t
from crm_metrics.ui.customers.cards import derived_cards
from crm_metrics.ui.escape import esc
from crm_metrics.ui.filters import number_in_address, number_kept

_MARGIN, _MONTHS = "margin", "horizon"
_MARGINS, _HORIZONS = (1.0, 100.0), (1.0, 60.0)


def chosen_plan() -> Plan:
    """The margin and the horizon that the whole page counts by, known before they are drawn."""
    usual = Plan()
    return Plan(
        months=round(number_in_address(_MONTHS, usual.months, *_HORIZONS)),
        discount=usual.discount,
        margin=number_in_address(_MARGIN, 100 * usual.margin, *_MARGINS) / 100,
    )


def worth_section(
    found: Customers, costs: tuple[Acquisition, ...], plan: Plan, language: str
) -> None:
    """Draw lifetime value in both ways, its checks, and the cost of a customer beside it."""
    model = found.model
    if model is None or found.simple is None:
        return
    won = winning(found, costs[0], plan.margin) if costs else None
    st.header(t("customers.worth_title", language))
    _sentence(model, won, language)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        number_kept(
            _MARGIN,
            t("customers.margin", language),
            default=100.0,
            bounds=_MARGINS,
            step=5.0,
            meaning=t("customers.margin_help", language),
        )
        number_kept(
            _MONTHS,
            t("customers.horizon", language),
            default=12.0,
            bounds=_HORIZONS,
            step=1.0,
            meaning=t(
                "customers.horizon_help", language, rate=percent_text(plan.discount, language)
            ),
        )
    values = (model.value, found.simple, *(won.values if won else ()))
    derived_cards(values, language, key="worth")
    if won:
        days = period_text((won.acquisition.start, won.acquisition.end), language)
        st.caption(t("customers.cac_note", language, days=days))
    else:
        st.caption(t("customers.no_spend", language))
    _model_notes(model, language)


def _sentence(model: Lifetime, won: Winning | None, language: str) -> None:
    if model.value.value is None:
        reasons = " ".join(flag_text(code, language) for code in model.refused)
        st.markdown(esc(t("customers.model_refused", language, reasons=reasons), limit=900))
        return
    unit = derived_named("ltv_model").unit
    key = "worth_said" if model.plan.margin == 1 else "worth_margin_said"
    months = integer_text(model.plan.months, language)
    said = t(
        f"customers.{key}", language, value=estimate(model.value, unit, language), months=months
    )
    if won and won.over_cac.value is not None:
        ratio = estimate(won.over_cac, "times", language)
        said += " " + t("customers.ratio_said", language, ratio=ratio)
    st.markdown(esc(said, limit=900))


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
