"""One rule of a segment as a row of choices: what, how, and with which value."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import streamlit as st

from crm_metrics.findings.segments import operator_name, property_name
from crm_metrics.metrics.segments.offering import Property, values_seen
from crm_metrics.metrics.segments.segment import (
    NO,
    OPERATORS,
    YES,
    Operator,
    Rule,
    Shape,
    number_of,
)
from crm_metrics.texts import t
from crm_metrics.ui import cached
from crm_metrics.ui.typed import nearest_of
from crm_metrics.ui.widgets import DATE_FORMAT

_DAYS = 30
_DAYS_ALLOWED = (1, 36_500)
_FIRST_NUMBER = 1.0


def rule_row(
    begun: Rule | None,
    properties: tuple[Property, ...],
    language: str,
    *,
    key: str,
    place: int,
    of: int,
    remove: Callable[[int], None],
    row: int,
) -> Rule | None:
    """Draw a row; the rule that it says, None while its value is open.

    `begun` is the rule that the row starts with, also where the data no longer offer it.
    """
    with st.container(
        horizontal=True, vertical_alignment="bottom", key=f"segment_rule_{key}", border=True
    ):
        own = Property(begun.grain, begun.field, begun.measure) if begun else None
        every = {one.key: one for one in (*properties, *([own] if own else []))}
        options = list(every)
        asked = st.selectbox(
            t("segments.property_label", language),
            options,
            index=options.index(own.key) if own else 0,
            format_func=lambda one: _name(every[one], language) if one in every else "",
            key=f"segment_what_{key}_{language}",
            width=400,
        )
        chosen = every[asked]
        begun = begun if own is not None and own.key == asked else None
        operators = list(OPERATORS[chosen.shape])
        operator = st.selectbox(
            t("segments.operator_label", language),
            operators,
            index=operators.index(begun.operator) if begun else 0,
            format_func=lambda one: operator_name(chosen.shape, one, language),
            key=f"segment_how_{key}_{asked}_{language}",
            width=220,
        )
        held = begun.values if begun and begun.operator == operator else ()
        values = _values(chosen, operator, held, f"{key}_{asked}", language)
        if of > 1:
            st.button(
                t("segments.remove", language, number=place),
                icon=":material/close:",
                type="tertiary",
                key=f"segment_remove_{key}",
                on_click=remove,
                args=(row,),
            )
    if values is None:
        return None
    return Rule(chosen.grain, chosen.field, chosen.measure, operator, values)


def _name(one: Property, language: str) -> str:
    return property_name(one.grain, one.field, one.measure, language)


def _values(
    one: Property, operator: Operator, held: tuple[str, ...], key: str, language: str
) -> tuple[str, ...] | None:
    """Ask for what the operator compares with; None while nothing is given."""
    if operator == "is_empty":
        return ()
    if operator in ("in_last", "not_in_last"):
        return _days(held, key, language)
    if operator == "contains":
        return _part(held, key, language)
    if one.shape == "text":
        return _words(one, held, f"{key}_{language}", language)
    return _ASKS[one.shape](held, key, language)


def _days(held: tuple[str, ...], key: str, language: str) -> tuple[str, ...]:
    label = t("segments.days", language)
    days = st.number_input(
        label,
        value=int(held[0]) if held else _DAYS,
        step=1,
        key=f"segment_days_{key}",
        width=120,
    )
    return (str(int(nearest_of(days, label, _DAYS_ALLOWED))),)


def _part(held: tuple[str, ...], key: str, language: str) -> tuple[str, ...] | None:
    typed = st.text_input(
        t("segments.value", language),
        value=held[0] if held else "",
        key=f"segment_part_{key}",
        width=220,
    )
    return (typed.strip(),) if typed and typed.strip() else None


def _words(one: Property, held: tuple[str, ...], key: str, language: str) -> tuple[str, ...] | None:
    seen = cached.asked(values_seen, one.grain, one.field)
    options = list(dict.fromkeys((*seen, *held)))
    picked = st.multiselect(
        t("segments.values", language),
        options,
        default=list(held),
        placeholder=t("segments.choose_value", language),
        accept_new_options=True,
        key=f"segment_words_{key}",
        width=300,
    )
    words = tuple(word.strip() for word in picked if word.strip())
    return words or None


def _number(held: tuple[str, ...], key: str, language: str) -> tuple[str, ...] | None:
    number = st.number_input(
        t("segments.value", language),
        value=number_of(held[0]) if held else _FIRST_NUMBER,
        step=1.0,
        format="%g",
        key=f"segment_number_{key}",
        width=140,
    )
    return None if number is None else (f"{number:.15g}",)


def _day(held: tuple[str, ...], key: str, language: str) -> tuple[str, ...] | None:
    day = st.date_input(
        t("segments.value", language),
        value=date.fromisoformat(held[0]) if held else None,
        min_value=date(1970, 1, 1),
        max_value=date(2100, 12, 31),
        format=DATE_FORMAT[language],
        key=f"segment_day_{key}_{language}",
        width=160,
    )
    return (day.isoformat(),) if isinstance(day, date) else None


def _flag(held: tuple[str, ...], key: str, language: str) -> tuple[str, ...]:
    options = (YES, NO)
    chosen = st.segmented_control(
        t("segments.value", language),
        options,
        default=held[0] if held else YES,
        format_func=lambda one: t(f"segments.words.{one}", language),
        key=f"segment_flag_{key}_{language}",
        required=True,
    )
    return (chosen or YES,)


_ASKS: dict[Shape, Callable[[tuple[str, ...], str, str], tuple[str, ...] | None]] = {
    "number": _number,
    "date": _day,
    "flag": _flag,
}
