"""Currencies on the upload page: asked where a file does not say, converted at typed rates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import streamlit as st

from crm_metrics.mapping.cells.currencies import CURRENCIES
from crm_metrics.store import Amounts, Dataset, Money, Rate, left_out
from crm_metrics.texts import t
from crm_metrics.ui.escape import esc
from crm_metrics.ui.shell import boundary
from crm_metrics.ui.state import workspace
from crm_metrics.ui.together_view import wording
from crm_metrics.ui.words import dataset_name

_CODES: Final = tuple(dict.fromkeys(CURRENCIES.values()))
_MOST_ASKED: Final = 6


def currencies(language: str, datasets: Sequence[Dataset]) -> None:
    """What is to be settled about currencies; nothing where all amounts are in one known."""
    amounts = workspace().together.amounts()
    codes = _codes(amounts)
    out = left_out(workspace().together.overlaps())
    counted = [item for item in datasets if item.id not in out]
    asked = [item for item in counted if _is_unknown(item, amounts)][:_MOST_ASKED]
    if len(codes) < 2 and not asked:
        return
    title = t("money.title", language)
    with st.expander(title, icon=":material/payments:", expanded=len(codes) > 1):
        for dataset in asked:
            _ask(dataset, language)
        if len(codes) > 1:
            _show_in(codes, amounts, datasets, language)


def money_lines(language: str) -> list[str]:
    """How amounts in other currencies are counted; safe as markdown."""
    space = workspace()
    amounts, money = space.together.amounts(), space.together.choices.money
    return list(wording().money_texts(amounts, money, language, esc))


def _codes(amounts: Sequence[Amounts]) -> tuple[str, ...]:
    return tuple(sorted({code for one in amounts for code in one.currencies}))


def _is_unknown(dataset: Dataset, amounts: Sequence[Amounts]) -> bool:
    """Whether a constant would tell the currency: none is in cells, nor a column for it."""
    own = next((one for one in amounts if one.dataset == dataset.id), None)
    return own is not None and own.unknown and "currency" not in dataset.mapping.fields


def _ask(dataset: Dataset, language: str) -> None:
    widget = f"currency_{dataset.id}_{language}"
    st.selectbox(
        t("money.unknown", language, name=esc(dataset_name(dataset), limit=80)),
        _CODES,
        index=None,
        placeholder=t("money.choose", language),
        help=t("money.unknown_help", language),
        key=widget,
        on_change=boundary()(_settle_constant),
        args=(dataset.id, widget),
        width=380,
    )


def _settle_constant(dataset_id: str, widget: str) -> None:
    code = st.session_state[widget]
    mapping = workspace().dataset(dataset_id).mapping
    if code:
        constants = {**mapping.constants, "currency": code}
        workspace().set_mapping(dataset_id, replace(mapping, constants=constants))


def _show_in(
    codes: Sequence[str], amounts: Sequence[Amounts], datasets: Sequence[Dataset], language: str
) -> None:
    names = {item.id: esc(dataset_name(item), limit=80) for item in datasets}
    files = "; ".join(
        t("money.in_file", language, codes=esc(", ".join(one.currencies)), name=names[one.dataset])
        for one in amounts
        if one.currencies
    )
    st.markdown(t("money.several", language, files=files))
    money = workspace().together.choices.money
    options = ["", *codes]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            t("money.show_in", language),
            options,
            index=options.index(money.currency) if money.currency in options else 0,
            format_func=lambda code: code or t("money.each", language),
            key=f"show_in_{language}",
            on_change=boundary()(_settle_currency),
            args=(f"show_in_{language}",),
            width=280,
        )
        for code in codes if money.currency else ():
            if code != money.currency:
                _rate(code, money, language)
    for rate in money.rates:
        if rate.currency in money.worth and rate.currency in codes:
            st.caption(wording().rate_text("money.entered", rate, money, language, esc))


def _settle_currency(widget: str) -> None:
    # A rate is to one currency: another one asks for other rates.
    workspace().together.set_money(Money(st.session_state[widget] or None))


def _rate(code: str, money: Money, language: str) -> None:
    widget = f"rate_{code}_{money.currency}_{language}"
    label = t("money.rate", language, code=esc(code), shown=esc(money.currency or ""))
    typed = st.number_input(
        label,
        value=money.worth.get(code),
        format="%g",
        help=t("money.rate_help", language, code=esc(code)),
        key=widget,
        on_change=boundary()(_settle_rate),
        args=(code, widget),
        width=200,
    )
    if typed is not None and typed < 0:
        st.warning(t("money.rate_negative", language, label=label), icon=":material/warning:")


def _settle_rate(code: str, widget: str) -> None:
    worth = st.session_state[widget]
    rate = Rate(code, worth, datetime.now(UTC).date()) if worth and worth > 0 else None
    together = workspace().together
    together.set_money(together.choices.money.with_rate(rate, code))
