"""One column under the eye: its samples, what it means and why, how its cells are written."""

from __future__ import annotations

from typing import Final

import streamlit as st

from crm_metrics.facts import mask
from crm_metrics.mapping.model import ColumnMapping, Mapping
from crm_metrics.schema import fields_of, kind_of
from crm_metrics.store import Dataset
from crm_metrics.texts import has, t
from crm_metrics.ui import draft
from crm_metrics.ui.escape import esc
from crm_metrics.ui.words import field_meaning, field_word, why_words

_LOOK_AT: Final = 200
_SAMPLES: Final = 3
_NUMBERS: Final = frozenset({"count", "money", "rate", "duration", "number"})
_DATES: Final = frozenset({"date", "timestamp"})


def column_editor(dataset: Dataset, column: int, language: str, *, place: str) -> None:
    """The column's samples and reason beside the choice of its field and format.

    `place` tells apart the widgets of a column that is shown twice on the page.
    """
    mapping = draft.draft_of(dataset)
    item = next(found for found in mapping.columns if found.column == column)
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown(f"**{esc(item.name, limit=120)}**")
        shown = samples_of(dataset, column)
        values = " · ".join(esc(text, limit=40) for text in shown)
        st.caption(
            t("columns.examples", language, values=values)
            if shown
            else t("columns.empty", language)
        )
        reason = why_words(item.why, language)
        level = t(f"level.{item.level}", language)
        st.caption(f"{level}: {reason}" if reason else level)
        _values(item, language)
    with right:
        _field_choice(dataset.id, mapping, item, language, place)
        _format_choice(dataset, mapping, item, language, place)


def samples_of(dataset: Dataset, column: int) -> list[str]:
    """The first distinct cells of a column that are not empty, personal data masked."""
    field = next((i.field for i in dataset.mapping.columns if i.column == column), None)
    found: dict[str, None] = {}
    for value in dataset.table.frame(_LOOK_AT).iloc[:, column]:
        if value.strip():
            found[mask(value, field)] = None
        if len(found) == _SAMPLES:
            break
    return list(found)


def _field_choice(
    dataset_id: str, mapping: Mapping, item: ColumnMapping, language: str, place: str
) -> None:
    key = f"{place}_field_{dataset_id}_{item.column}"
    # The draft is the truth: another choice may have taken this column's field away.
    st.session_state[key] = item.field
    options: list[str | None] = [None, *fields_of(str(mapping.grain))]
    if item.field not in options:
        options.append(item.field)
    st.selectbox(
        t("columns.field_of", language, name=esc(item.name, limit=60)),
        options,
        format_func=lambda field: field_word(field, language),
        key=key,
        on_change=draft.choose_field,
        args=(dataset_id, item.column, key),
        help=t("columns.field_help", language),
    )
    st.caption(field_meaning(item.field, language))


def _format_choice(
    dataset: Dataset, mapping: Mapping, item: ColumnMapping, language: str, place: str
) -> None:
    grain = str(mapping.grain)
    if item.field is None or item.field not in fields_of(grain):
        return
    kind = kind_of(item.field, grain)
    recipes = dataset.facts.recipes if dataset.facts else ()
    recipe = next((found for found in recipes if found.column == item.column), None)
    key = f"{place}_format_{dataset.id}_{item.column}"
    if kind in _DATES:
        st.session_state[key] = item.date_order or (recipe.date_order if recipe else None)
        st.selectbox(
            t("columns.date_order", language),
            ("dmy", "mdy", "ymd"),
            format_func=lambda order: t(f"columns.order.{order}", language),
            key=key,
            placeholder=t("columns.from_cells", language),
            on_change=draft.choose_format,
            args=(dataset.id, item.column, key, "date_order"),
        )
    elif kind in _NUMBERS:
        st.session_state[key] = item.decimal or (recipe.decimal if recipe else None)
        st.selectbox(
            t("columns.decimal", language),
            (".", ","),
            format_func=lambda mark: t(
                "columns.mark.point" if mark == "." else "columns.mark.comma", language
            ),
            key=key,
            placeholder=t("columns.from_cells", language),
            on_change=draft.choose_format,
            args=(dataset.id, item.column, key, "decimal"),
        )


def _values(item: ColumnMapping, language: str) -> None:
    """What the column's own words were taken for, as with stages that mean won or lost."""
    meanings: dict[str, list[str]] = {}
    for raw, word in item.values.items():
        meanings.setdefault(word, []).append(esc(raw, limit=40))
    for word, raws in list(meanings.items())[:6]:
        words = ", ".join(raws[:5])
        st.caption(t("columns.value", language, meaning=_value_word(word, language), words=words))


def _value_word(word: str, language: str) -> str:
    for prefix in ("value", "channel"):
        if has(f"{prefix}.{word}", language):
            return t(f"{prefix}.{word}", language)
    return esc(word)
