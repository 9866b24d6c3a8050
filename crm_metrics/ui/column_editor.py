"""One column under the eye: its samples, what it means and why, how its cells are written."""

from __future__ import annotations

from itertools import islice
from typing import Final

import streamlit as st

from crm_metrics.facts import mask
from crm_metrics.intake.table import Table
from crm_metrics.mapping.model import ColumnMapping, Mapping
from crm_metrics.schema import fields_of, kind_of
from crm_metrics.store import Dataset
from crm_metrics.texts import has, t
from crm_metrics.ui import draft
from crm_metrics.ui.escape import esc
from crm_metrics.ui.stage_words import stage_choice
from crm_metrics.ui.words import field_meaning, field_word, why_words

_LOOK_AT: Final = 200
_SAMPLES: Final = 3
_NUMBERS: Final = frozenset({"count", "money", "rate", "duration", "number"})
_DATES: Final = frozenset({"date", "timestamp"})
_MOST_WORDS: Final = 6
_OFFERED: Final = {"date_order": ("dmy", "mdy", "ymd"), "decimal": (".", ",")}
_UNITS: Final = {"rate": ("fraction", "points"), "duration": ("s", "min", "h", "d")}
# A key of the texts can't be a mark.
_FORMS: Final = {"dmy": "dmy", "mdy": "mdy", "ymd": "ymd", ".": "point", ",": "comma"}


def column_editor(dataset: Dataset, column: int, language: str, *, place: str) -> None:
    """The column's samples and reason beside the choice of its field and format.

    `place` tells apart the widgets of a column that is shown twice on the page.
    """
    mapping = draft.draft_of(dataset)
    item = next(found for found in mapping.columns if found.column == column)
    left, right = st.columns(2, gap="medium")
    with left.container(gap=None):
        badge = f" :orange-badge[{t('level.ask', language)}]" if item.level == "ask" else ""
        st.markdown(f"**{esc(item.name, limit=120)}**{badge}")
        st.caption(_shown(dataset, column, language))
        reason = why_words(item.why, language)
        if reason and item.level != "sure":
            level = f"{t('level.likely', language)}. " if item.level == "likely" else ""
            st.caption(f"{level}{reason}")
        if item.field != "stage":
            _values(item, language)
    with right:
        _field_choice(dataset.id, mapping, item, language, place)
        _format_choice(dataset, mapping, item, language, place)
        if item.field == "stage":
            stage_choice(dataset, item, language, place=place)


def samples_of(dataset: Dataset, column: int) -> tuple[str, ...]:
    """The first distinct cells of a column that are not empty, personal data masked."""
    fields = tuple(item.field for item in dataset.mapping.columns)
    read_at = dataset.table.path.stat().st_mtime_ns
    return _samples(dataset.id, read_at, fields, dataset.table)[column]


@st.cache_data(show_spinner=False, max_entries=32)
def _samples(
    dataset_id: str,  # noqa: ARG001 - the key: with the time of reading it follows from the content
    read_at: int,  # noqa: ARG001
    fields: tuple[str | None, ...],
    _table: Table,
) -> list[tuple[str, ...]]:
    frame = _table.frame(_LOOK_AT)
    found = []
    for place, field in enumerate(fields):
        filled = (value for value in frame.iloc[:, place] if value.strip())
        masked = dict.fromkeys(mask(value, field) for value in filled)
        found.append(tuple(islice(masked, _SAMPLES)))
    return found


def _shown(dataset: Dataset, column: int, language: str) -> str:
    shown = [esc(text, limit=40) for text in samples_of(dataset, column)]
    if not shown:
        return t("columns.empty", language)
    return t("columns.examples", language, values=" · ".join(shown))


def _field_choice(
    dataset_id: str, mapping: Mapping, item: ColumnMapping, language: str, place: str
) -> None:
    key = f"{place}_field_{dataset_id}_{item.column}"
    # The draft is the truth: another choice may have taken this column's field away.
    st.session_state[key] = item.field or draft.NO_FIELD
    options = [draft.NO_FIELD, *fields_of(str(mapping.grain))]
    if item.field and item.field not in options:
        options.append(item.field)
    st.selectbox(
        t("columns.field_of", language, name=esc(item.name, limit=60)),
        options,
        format_func=lambda field: field_word(field or None, language),
        key=key,
        on_change=draft.choose_field,
        args=(dataset_id, item.column, key),
        label_visibility="collapsed",
    )
    meaning = field_meaning(item.field, language)
    if meaning:
        st.caption(meaning)


def _format_choice(
    dataset: Dataset, mapping: Mapping, item: ColumnMapping, language: str, place: str
) -> None:
    grain = str(mapping.grain)
    if item.field is None or item.field not in fields_of(grain):
        return
    kind = kind_of(item.field, grain)
    if kind not in _DATES | _NUMBERS:
        return
    recipes = dataset.facts.recipes if dataset.facts else ()
    recipe = next((found for found in recipes if found.column == item.column), None)
    if kind in _UNITS:
        unit = item.unit or (recipe.unit if recipe else None)
        unit_key = f"{place}_unit_{dataset.id}_{item.column}"
        _unit_choice(dataset.id, item.column, unit, _UNITS[kind], language, key=unit_key)
    key = f"{place}_format_{dataset.id}_{item.column}"
    part = "date_order" if kind in _DATES else "decimal"
    offered = _OFFERED[part]
    now = getattr(item, part) or getattr(recipe, part, None)
    if now is None and part == "decimal" and place == "doubt" and item.level != "ask":
        return
    st.session_state[key] = now if now in offered else None
    st.selectbox(
        t(f"columns.{part}", language),
        offered,
        format_func=lambda form: t(f"columns.form.{_FORMS[form]}", language),
        key=key,
        placeholder=t("columns.from_cells", language),
        on_change=draft.choose_format,
        args=(dataset.id, item.column, key, part),
    )


def _unit_choice(
    dataset_id: str,
    column: int,
    now: str | None,
    offered: tuple[str, ...],
    language: str,
    *,
    key: str,
) -> None:
    st.session_state[key] = now if now in offered else None
    st.selectbox(
        t("columns.unit", language),
        offered,
        format_func=lambda unit: t(f"columns.form.{unit}", language),
        key=key,
        placeholder=t("columns.from_cells", language),
        on_change=draft.choose_format,
        args=(dataset_id, column, key, "unit"),
    )


def _values(item: ColumnMapping, language: str) -> None:
    """What the column's own words were taken for, as with the names of channels."""
    meanings: dict[str, list[str]] = {}
    for raw, word in item.values.items():
        meanings.setdefault(word, []).append(esc(raw, limit=40))
    for word, raws in list(meanings.items())[:_MOST_WORDS]:
        if raws == [word]:
            continue
        words = ", ".join(raws[:_MOST_WORDS])
        meaning = _value_word(str(item.field), word, language)
        st.caption(t("columns.value", language, meaning=meaning, words=words))


def _value_word(field: str, word: str, language: str) -> str:
    for key in (f"columns.{field}.{word}", f"{field}.{word}"):
        if has(key, language):
            return t(key, language)
    return esc(word)
