"""The mapping that the user is editing: kept beside the saved one until it is applied."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Literal

import streamlit as st

from crm_metrics.mapping import completed, suggest
from crm_metrics.mapping.model import ColumnMapping, DateOrder, Decimal, Mapping
from crm_metrics.schema import fields_of
from crm_metrics.store import Dataset
from crm_metrics.ui.shell import boundary
from crm_metrics.ui.state import workspace

# An option of its own: a choice that is None reads as "nothing chosen" with English words.
NO_FIELD: Final = ""


def draft_of(dataset: Dataset) -> Mapping:
    """The mapping as edited so far, or as saved."""
    return st.session_state.get(_key(dataset.id), dataset.mapping)


def doubtful(dataset: Dataset) -> tuple[ColumnMapping, ...]:
    """The columns whose saved meaning is a guess, most doubtful first; all while none suffices.

    From the saved mapping, so that a column does not jump away while it is being answered.
    """
    if dataset.facts is None:
        return dataset.mapping.columns
    order = {"ask": 0, "likely": 1}
    asked = [item for item in dataset.mapping.columns if item.level in order]
    return tuple(sorted(asked, key=lambda item: order[item.level]))


def changed(dataset: Dataset) -> int:
    """How many of the draft's columns, constants and so on differ from the saved mapping."""
    draft, saved = draft_of(dataset), dataset.mapping
    columns = sum(
        _meaning(new) != _meaning(old)
        for new, old in zip(draft.columns, saved.columns, strict=True)
    )
    return columns + (draft.grain != saved.grain) + (draft.constants != saved.constants)


@boundary()
def choose_field(dataset_id: str, column: int, key: str) -> None:
    """Callback: the column means what widget `key` now says."""
    dataset = workspace().dataset(dataset_id)
    chosen = draft_of(dataset).with_field(column, st.session_state[key] or None)
    _store(dataset_id, completed(dataset.table, chosen))


@boundary()
def choose_grain(dataset_id: str, key: str) -> None:
    """Callback: a row stands for what widget `key` says; the columns are guessed for that.

    What the user settled by hand stays, where such a row has the field.
    """
    dataset = workspace().dataset(dataset_id)
    grain, draft = st.session_state[key], draft_of(dataset)
    if grain is None or grain == draft.grain:
        return
    if grain == dataset.mapping.grain:
        guessed = dataset.mapping
    else:
        guessed = suggest(dataset.table, grain=grain).with_grain(grain)
    known = set(fields_of(grain))
    for item in draft.columns:
        if item.why.code == "chosen" and (item.field is None or item.field in known):
            guessed = guessed.with_field(item.column, item.field)
    _store(dataset_id, completed(dataset.table, guessed))


@boundary()
def choose_format(
    dataset_id: str, column: int, key: str, part: Literal["date_order", "decimal", "unit"]
) -> None:
    """Callback: how the column's dates or numbers are written, or in what unit."""
    chosen: str | None = st.session_state[key]
    draft = _current(dataset_id)
    if chosen is None:
        return
    if part == "date_order":
        order: DateOrder = chosen  # type: ignore[assignment]  # the widget offers only these
        _store(dataset_id, draft.with_format(column, date_order=order))
    elif part == "unit":
        _store(dataset_id, draft.with_format(column, unit=chosen))
    else:
        mark: Decimal = chosen  # type: ignore[assignment]  # the widget offers only these
        _store(dataset_id, draft.with_format(column, decimal=mark))


@boundary()
def choose_words(dataset_id: str, column: int, key: str, end: str) -> None:
    """Callback: of the column's words, those in widget `key` mean `end`; those taken out, open."""
    chosen = set(st.session_state[key])
    draft = _current(dataset_id)
    columns = []
    for item in draft.columns:
        if item.column == column:
            values = {raw: "open" if word == end else word for raw, word in item.values.items()}
            values |= dict.fromkeys(chosen, end)
            item = replace(item, values=values)  # noqa: PLW2901 - the one that changes
        columns.append(item)
    _store(dataset_id, replace(draft, columns=tuple(columns)))


@boundary()
def choose_constant(dataset_id: str, field: str, key: str) -> None:
    """Callback: a field has one value for all rows; an empty answer takes it away."""
    draft = _current(dataset_id)
    constants = {name: value for name, value in draft.constants.items() if name != field}
    chosen = str(st.session_state[key] or "").strip()
    if chosen:
        constants[field] = chosen
    _store(dataset_id, replace(draft, constants=constants))


@boundary()
def apply(dataset_id: str) -> None:
    """Callback: save the draft, every doubtful column in it now answered, and count by it."""
    draft = _current(dataset_id)
    for item in draft.columns:
        if item.level in ("ask", "likely"):
            draft = draft.with_field(item.column, item.field)
    workspace().set_mapping(dataset_id, draft)
    forget(dataset_id)
    st.session_state["_applied"] = dataset_id


def forget(dataset_id: str) -> None:
    """Callback: drop the edits."""
    st.session_state.pop(_key(dataset_id), None)


@boundary()
def suggest_anew(dataset_id: str) -> None:
    """Callback: take the product's own suggestion as the draft, whatever was saved."""
    dataset = workspace().dataset(dataset_id)
    _store(dataset_id, suggest(dataset.table))


def _meaning(item: ColumnMapping) -> tuple[object, ...]:
    return item.field, item.date_order, item.decimal, item.unit, item.values


def _current(dataset_id: str) -> Mapping:
    return draft_of(workspace().dataset(dataset_id))


def _store(dataset_id: str, mapping: Mapping) -> None:
    st.session_state[_key(dataset_id)] = mapping


def _key(dataset_id: str) -> str:
    return f"_draft_{dataset_id}"
