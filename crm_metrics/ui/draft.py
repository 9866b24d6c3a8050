"""The mapping that the user is editing: kept beside the saved one until it is applied."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from crm_metrics.facts import read_cells
from crm_metrics.mapping.model import Mapping
from crm_metrics.store import Dataset
from crm_metrics.ui.history import History
from crm_metrics.ui.open_formats import with_readings_taken
from crm_metrics.ui.shell import boundary
from crm_metrics.ui.state import workspace


@dataclass(frozen=True, slots=True)
class Applied:
    """What applying a draft changed: columns (or other answers), and cells read more or fewer."""

    changes: int
    read: int
    lost: int


def draft_of(dataset: Dataset) -> Mapping:
    """The mapping as edited so far, or as saved."""
    return history_of(dataset).now


def history_of(dataset: Dataset) -> History:
    """The edits of a data set; none where its columns are others than when they were made."""
    kept: History | None = st.session_state.get(_key(dataset.id))
    saved = dataset.mapping
    if kept is None or kept.saved.fingerprint != saved.fingerprint:
        return History(saved, saved)
    return kept


def changes(before: Mapping, after: Mapping) -> int:
    """How many columns, constants and so on differ between two mappings of one table."""
    columns = sum(
        new.meaning != old.meaning for new, old in zip(after.columns, before.columns, strict=True)
    )
    names = before.constants.keys() | after.constants.keys()
    constants = sum(before.constants.get(name) != after.constants.get(name) for name in names)
    return columns + constants + (after.grain != before.grain)


def changed(dataset: Dataset) -> int:
    """How many of the draft's answers differ from the saved mapping."""
    return changes(dataset.mapping, draft_of(dataset))


def current(dataset_id: str) -> Mapping:
    """The draft of the data set with this id; raises NotFoundError("unknown_dataset")."""
    return draft_of(workspace().dataset(dataset_id))


def store(dataset_id: str, mapping: Mapping, *, whole: bool = False) -> None:
    """Make a mapping the draft, as one more step that can be undone.

    `whole`: more changes than the part that the person edits.
    """
    history = history_of(workspace().dataset(dataset_id))
    st.session_state[_key(dataset_id)] = history.then(mapping)
    if whole:
        _turned(dataset_id)


def turn(dataset_id: str) -> int:
    """A number that changes when steps are undone or the draft is replaced as a whole.

    A table that is edited in place holds its edits in the browser; under a new key it begins anew.
    """
    return st.session_state.get(f"_turn_{dataset_id}", 0)


@boundary()
def undo(dataset_id: str) -> None:
    """Callback: one step back."""
    _replace(dataset_id, history_of(workspace().dataset(dataset_id)).undone())


@boundary()
def redo(dataset_id: str) -> None:
    """Callback: the step last taken back, again."""
    _replace(dataset_id, history_of(workspace().dataset(dataset_id)).redone())


@boundary()
def revert(dataset_id: str) -> None:
    """Callback: the saved mapping again; this too can be undone."""
    dataset = workspace().dataset(dataset_id)
    _replace(dataset_id, history_of(dataset).then(dataset.mapping))


@boundary()
def replace_all(dataset_id: str, mapping: Mapping) -> None:
    """Callback: another mapping as a whole, such as a suggestion; this too can be undone."""
    st.session_state.pop(questions_key(dataset_id), None)
    store(dataset_id, mapping)
    _replace(dataset_id, history_of(workspace().dataset(dataset_id)))


@boundary()
def apply(dataset_id: str) -> None:
    """Callback: save the draft, every doubtful column in it now answered, and count by it."""
    before = workspace().dataset(dataset_id)
    edits = changed(before)
    settled = with_readings_taken(before, answered(draft_of(before)))
    after = workspace().set_mapping(dataset_id, settled)
    forget(dataset_id)
    was, now = read_cells(before.facts), read_cells(after.facts)
    differences = [now.get(column, 0) - was.get(column, 0) for column in was.keys() | now.keys()]
    st.session_state["_applied"] = (
        dataset_id,
        Applied(
            edits,
            sum(part for part in differences if part > 0),
            -sum(part for part in differences if part < 0),
        ),
    )


def applied(dataset_id: str) -> Applied | None:
    """What was applied to the data set by the click before this run; told once."""
    told = st.session_state.get("_applied")
    if told is None or told[0] != dataset_id:
        return None
    del st.session_state["_applied"]
    return told[1]


def answered(mapping: Mapping) -> Mapping:
    """The mapping with every column that was not sure confirmed as it stands."""
    for item in mapping.columns:
        if item.level != "sure":
            mapping = mapping.with_field(item.column, item.field)
    return mapping


def forget(dataset_id: str) -> None:
    """Drop the edits and their history."""
    st.session_state.pop(_key(dataset_id), None)
    _turned(dataset_id)


def questions_key(dataset_id: str) -> str:
    """Where the session keeps what the columns of a data set ask."""
    return f"_questions_{dataset_id}"


def _replace(dataset_id: str, history: History) -> None:
    st.session_state[_key(dataset_id)] = history
    _turned(dataset_id)


def _turned(dataset_id: str) -> None:
    st.session_state[f"_turn_{dataset_id}"] = turn(dataset_id) + 1


def _key(dataset_id: str) -> str:
    return f"_draft_{dataset_id}"
