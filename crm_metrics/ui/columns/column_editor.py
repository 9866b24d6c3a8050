"""One column under the eye: its samples, what it means and why, how its cells are written."""

from __future__ import annotations

from typing import Final

import streamlit as st

from crm_metrics.mapping.model import ColumnMapping, Mapping
from crm_metrics.schema import fields_of, kind_of
from crm_metrics.store import Dataset
from crm_metrics.texts import has, t
from crm_metrics.ui import draft
from crm_metrics.ui.columns.column_edits import choose_field
from crm_metrics.ui.columns.field_choice import NO_FIELD, field_label, field_options
from crm_metrics.ui.columns.format_choice import draw_format, format_choices, is_open
from crm_metrics.ui.columns.question_choice import draw_question
from crm_metrics.ui.columns.seen import samples_of
from crm_metrics.ui.columns.value_meanings import meaning_word
from crm_metrics.ui.escape import esc
from crm_metrics.ui.open_formats import PARTS
from crm_metrics.ui.words import column_word, field_meaning, why_words

_MOST_WORDS: Final = 6
_LONGEST_SAMPLE: Final = 40


def column_editor(
    dataset: Dataset, column: int, language: str, *, place: str, doubt: str | None = None
) -> None:
    """The column's samples and reason beside the choice of its field and format.

    `place` tells apart the widgets of a column that is shown twice on the page; in the place "all"
    every part of the format is offered, else what is open or in `doubt`.
    """
    mapping = draft.draft_of(dataset)
    item = mapping.columns[column]
    left, right = st.columns(2, gap="small")
    with left.container(gap=None):
        asks = item.level == "ask" or doubt
        badge = f" :orange-badge[{t('level.ask', language)}]" if asks else ""
        name = column_word(dataset.table, column, language)
        st.markdown(f"**{esc(name, limit=120)}**{badge}")
        st.caption(_shown(dataset, mapping, column, language))
        _reason(item, doubt, language)
        _values(item, language)
    with right.container(gap="xsmall"):
        _field_choice(dataset.id, mapping, item, language, place)
        draw_question(dataset.id, mapping, item, language, place)
        for choice in format_choices(dataset, mapping, item):
            if (
                place == "all"
                or choice.part == PARTS.get(doubt or "")
                or is_open(dataset, mapping, item, choice.part)
            ):
                draw_format(dataset, item, choice, language, place=place)


def unit_words(field: str | None, grain: str | None, language: str) -> str:
    """What the field's values are measured in; "" where that goes without saying."""
    if field is None or grain is None or field not in fields_of(grain):
        return ""
    key = f"columns.kind.{kind_of(field, grain)}"
    return t(key, language) if has(key, language) else ""


def _reason(item: ColumnMapping, doubt: str | None, language: str) -> None:
    if doubt:
        st.caption(t(f"columns.open.{doubt}", language))
        return
    reason = why_words(item.why, language)
    if not reason or item.why.code == "no_guess" or item.level == "sure":
        return
    level = f"{t('level.likely', language)}. " if item.level == "likely" else ""
    st.caption(f"{level}{reason}")


def _shown(dataset: Dataset, mapping: Mapping, column: int, language: str) -> str:
    cells = samples_of(dataset, mapping, column)
    if not cells:
        return t("columns.empty", language)
    shown = " · ".join(esc(text, limit=_LONGEST_SAMPLE) for text in cells)
    return t("columns.examples", language, values=shown)


def _field_choice(
    dataset_id: str, mapping: Mapping, item: ColumnMapping, language: str, place: str
) -> None:
    key = f"{place}_field_{dataset_id}_{item.column}"
    # The draft is the truth: another choice may have taken this column's field away.
    st.session_state[key] = item.field or NO_FIELD
    st.selectbox(
        t("columns.field_of", language, name=esc(item.name, limit=60)),
        field_options(mapping, item, language),
        format_func=field_label(mapping, item, language),
        key=key,
        on_change=choose_field,
        args=(dataset_id, item.column, key),
        label_visibility="collapsed",
        # By likeness of letters "delivered" would bring "undelivered" first.
        filter_mode="contains",
    )
    if item.field:
        meaning = field_meaning(item.field, language)
        unit = unit_words(item.field, mapping.grain, language)
        st.caption(f"{meaning} {unit}".strip())


def _values(item: ColumnMapping, language: str) -> None:
    """What the column's own words were taken for, as with the names of channels."""
    meanings: dict[str, list[str]] = {}
    for raw, word in item.values.items():
        meanings.setdefault(word, []).append(esc(raw, limit=_LONGEST_SAMPLE))
    for word, raws in list(meanings.items())[:_MOST_WORDS]:
        if raws == [word]:
            continue
        words = ", ".join(raws[:_MOST_WORDS])
        meaning = esc(meaning_word(str(item.field), word, language))
        st.caption(t("columns.value", language, meaning=meaning, words=words))
