"""What a widget's change does to the draft: a field, a format, a grain, words, a constant."""

from __future__ import annotations

from collections.abc import Mapping as Lookup
from dataclasses import replace
from typing import Literal

import streamlit as st

from crm_metrics.mapping import suggest
from crm_metrics.mapping.completing import complete
from crm_metrics.mapping.model import DateOrder, Decimal, Mapping, Question
from crm_metrics.schema import fields_of
from crm_metrics.store import Dataset
from crm_metrics.ui import draft
from crm_metrics.ui.columns.field_choice import field_chosen
from crm_metrics.ui.columns.seen import seen
from crm_metrics.ui.shell import boundary
from crm_metrics.ui.state import workspace


@boundary()
def choose_field(dataset_id: str, column: int, key: str) -> None:
    """Callback: the column means what widget `key` now says."""
    chosen = field_chosen(st.session_state[key])
    dataset = workspace().dataset(dataset_id)
    edited = draft.draft_of(dataset).with_field(column, chosen)
    draft.store(dataset_id, complete(seen(dataset), edited))


@boundary()
def choose_grain(dataset_id: str, key: str) -> None:
    """Callback: a row stands for what widget `key` says; the columns are guessed for that.

    What the user settled by hand stays, where such a row has the field.
    """
    dataset = workspace().dataset(dataset_id)
    grain, now = st.session_state[key], draft.draft_of(dataset)
    if grain is None or grain == now.grain:
        return
    if grain == dataset.mapping.grain:
        guessed = dataset.mapping
    else:
        guessed = _suggested(dataset, grain).with_grain(grain)
    kept = with_choices_of(now, guessed)
    draft.store(dataset_id, complete(seen(dataset), kept), whole=True)


def with_choices_of(now: Mapping, other: Mapping) -> Mapping:
    """Another mapping of the table with the fields that a person gave in `now`, if it has them."""
    known = set(fields_of(other.grain)) if other.grain else set()
    for item in now.columns:
        if item.why.code == "chosen" and (item.field is None or item.field in known):
            other = other.with_field(item.column, item.field)
            if item.question:
                other = other.with_question(item.column, item.question)
    return other


def edit_question(dataset_id: str, column: int, question: Question) -> None:
    """Make this what the answers in a column were asked for."""
    draft.store(dataset_id, draft.current(dataset_id).with_question(column, question))


@boundary()
def choose_format(
    dataset_id: str, column: int, key: str, part: Literal["date_order", "decimal", "unit"]
) -> None:
    """Callback: how the column's dates or numbers are written, or in what unit."""
    chosen: str | None = st.session_state[key]
    now = draft.current(dataset_id)
    if chosen is None:
        return
    if part == "date_order":
        order: DateOrder = chosen  # type: ignore[assignment]  # the widget offers only these
        draft.store(dataset_id, now.with_format(column, date_order=order))
    elif part == "unit":
        draft.store(dataset_id, now.with_format(column, unit=chosen))
    else:
        mark: Decimal = chosen  # type: ignore[assignment]  # the widget offers only these
        draft.store(dataset_id, now.with_format(column, decimal=mark))


def with_meanings(mapping: Mapping, column: int, meanings: Lookup[str, str | None]) -> Mapping:
    """A copy in which the column's folded words mean these; None: nothing of their own."""
    columns = list(mapping.columns)
    values = {**columns[column].values, **meanings}
    kept = {word: meaning for word, meaning in values.items() if meaning is not None}
    columns[column] = replace(columns[column], values=kept)
    return replace(mapping, columns=tuple(columns))


@boundary()
def choose_constant(dataset_id: str, field: str, key: str) -> None:
    """Callback: a field has one value for all rows; an empty answer takes it away."""
    now = draft.current(dataset_id)
    constants = {name: value for name, value in now.constants.items() if name != field}
    chosen = str(st.session_state[key] or "").strip()
    if chosen:
        constants[field] = chosen
    draft.store(dataset_id, replace(now, constants=constants))


@boundary()
def suggest_anew(dataset_id: str) -> None:
    """Callback: take the product's own suggestion as the draft, whatever was saved."""
    draft.replace_all(dataset_id, suggestion(dataset_id))


def suggestion(dataset_id: str) -> Mapping:
    """What the product suggests for the table, whatever was saved for its header."""
    return _suggested(workspace().dataset(dataset_id))


def _suggested(dataset: Dataset, grain: str | None = None) -> Mapping:
    beside = workspace().beside(dataset.id)
    return suggest(dataset.table, grain=grain, beside=beside, seen=seen(dataset))
