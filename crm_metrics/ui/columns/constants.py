"""Fields that are the same for every row and stand in no column: channel, currency, period."""

from __future__ import annotations

from datetime import date
from typing import Final

import streamlit as st

from crm_metrics.mapping.model import PERIOD, Mapping
from crm_metrics.schema import CHANNELS, fields_of, kind_of
from crm_metrics.store import Dataset
from crm_metrics.texts import has, t
from crm_metrics.ui import draft
from crm_metrics.ui.columns.column_edits import choose_constant
from crm_metrics.ui.widgets import DATE_FORMAT
from crm_metrics.ui.words import field_word

_OPTIONS: Final = {
    "channel": tuple(CHANNELS),
    "survey_type": ("nps", "csat", "ces"),
    "polarity": ("high", "low"),
}


def constants(dataset: Dataset, language: str) -> None:
    """A choice for each such field that the table lacks."""
    mapping = draft.draft_of(dataset)
    if mapping.grain is None:
        return
    offered = [name for name in ("channel", "currency") if name not in mapping.fields]
    graded = any(item.field == "score" for item in mapping.questions)
    if mapping.grain == "surveys" and "survey_type" not in mapping.fields and not graded:
        offered.append("survey_type")
    if mapping.grain == "surveys" and "polarity" not in mapping.fields and not graded:
        offered.append("polarity")
    if "currency" in offered and not _has_money(mapping):
        offered.remove("currency")
    if not (offered or mapping.is_undated_report):
        return
    st.header(t("columns.constants", language), anchor=False)
    for place, name in zip(st.columns(max(3, len(offered))), offered, strict=False):
        with place:
            _constant(dataset.id, mapping, name, language)
    if mapping.is_undated_report:
        _period(dataset.id, mapping, language)


def _period(dataset_id: str, mapping: Mapping, language: str) -> None:
    """The first and the last day of a report whose rows have none."""
    days = [_day(mapping.constants.get(name)) for name in PERIOD]
    least = (None, days[0])  # it ends when it begins at the earliest
    for place, name, day, low in zip(st.columns(3), PERIOD, days, least, strict=False):
        key = f"constant_{name}_{dataset_id}"
        st.session_state[key] = day and max(day, low or day)
        with place:
            st.date_input(
                t(f"columns.{name}", language),
                value=None,
                min_value=low or date(2000, 1, 1),
                format=DATE_FORMAT[language],
                help=t("columns.period_help", language),
                key=key,
                on_change=choose_constant,
                args=(dataset_id, name, key),
            )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _constant(dataset_id: str, mapping: Mapping, name: str, language: str) -> None:
    key = f"constant_{name}_{dataset_id}"
    st.session_state[key] = mapping.constants.get(name) or (None if name != "currency" else "")
    label = field_word(name, language)
    if name == "currency":
        st.text_input(
            label,
            key=key,
            max_chars=3,
            placeholder=t("columns.currency_example", language),
            on_change=choose_constant,
            args=(dataset_id, name, key),
        )
        return
    options = [*_OPTIONS[name]]
    current = mapping.constants.get(name)
    if current and current not in options:
        options.append(current)
    st.selectbox(
        label,
        options,
        key=key,
        format_func=lambda value: _constant_word(name, value, language),
        placeholder=t("columns.from_data", language),
        on_change=choose_constant,
        args=(dataset_id, name, key),
    )


def _constant_word(name: str, value: str, language: str) -> str:
    key = f"channel.{value}" if name == "channel" else f"columns.{name}.{value}"
    return t(key, language) if has(key, language) else value


def _has_money(mapping: Mapping) -> bool:
    grain = str(mapping.grain)
    known = set(fields_of(grain))
    return any(kind_of(key, grain) == "money" for key in mapping.fields if key in known)
