"""Which table the columns page shows: the files, the tables of each, and how far these are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Literal

import streamlit as st

from crm_metrics.store import Dataset
from crm_metrics.texts import t
from crm_metrics.ui import draft
from crm_metrics.ui.columns.questions import questions
from crm_metrics.ui.escape import esc
from crm_metrics.ui.shell import boundary
from crm_metrics.ui.state import workspace
from crm_metrics.ui.words import left_out_word

State = Literal["ready", "asks", "left_out"]
_ICONS: Final[dict[State, str]] = {
    "ready": ":material/check:",
    "asks": ":material/help:",
    "left_out": ":material/block:",
}
_SHOWN: Final = "dataset"


def choose_dataset(datasets: Sequence[Dataset], language: str) -> Dataset:
    """The data set whose columns are shown; the choice outlives a change of page.

    Other pages say under "dataset" in the session's state which one to open.
    """
    by_id = {item.id: item for item in datasets}
    if st.session_state.get(_SHOWN) not in by_id:
        asking = (item.id for item in datasets if state_of(item) == "asks")
        st.session_state[_SHOWN] = next(asking, datasets[0].id)
    shown = by_id[st.session_state[_SHOWN]]
    files = _files(datasets)
    if len(files) > 1:
        _choose_file(files, shown, language)
    else:
        st.markdown(f":material/description: {esc(shown.table.file_name, limit=120)}")
    tables = files[_file_of(shown)]
    if len(tables) > 1:
        _choose_table(tables, shown, language)
    with st.container(horizontal=True, vertical_alignment="center"):
        if len(tables) > 1:
            _states(tables, shown, language)
        _confirm_certain(datasets, language)
    return shown


def left_out(dataset: Dataset, language: str) -> None:
    """What a table that the user does not want says, and the way back."""
    st.info(left_out_word(dataset, language), icon=":material/block:")
    st.button(
        t("columns.take_back", language),
        key="take_back",
        icon=":material/undo:",
        on_click=_leave_out,
        args=(dataset.id, False),
    )


def state_of(dataset: Dataset) -> State:
    """Whether a table is counted, waits for an answer, or is left out."""
    if dataset.mapping.left_out:
        return "left_out"
    if dataset.facts is None or dataset.mapping.rivals or questions(dataset).asked:
        return "asks"
    return "ready"


def _choose_file(files: dict[str, list[Dataset]], shown: Dataset, language: str) -> None:
    st.session_state["file_choice"] = _file_of(shown)
    # The names must not change with the state of a file: the browser keeps what it shows.
    names = _distinct_names(files)
    st.selectbox(
        t("columns.file", language),
        list(files),
        format_func=lambda key: names[key],
        key="file_choice",
        on_change=_take_file,
        args=({key: tables[0].id for key, tables in files.items()},),
    )


def _choose_table(tables: Sequence[Dataset], shown: Dataset, language: str) -> None:
    labels = {
        item.id: f"{_ICONS[state_of(item)]} {esc(item.table.name or str(place), limit=60)}"
        for place, item in enumerate(tables, start=1)
    }
    st.session_state["table_choice"] = shown.id
    st.pills(
        t("columns.tables", language, count=len(tables)),
        list(labels),
        format_func=lambda key: labels[key],
        key="table_choice",
        required=True,
        on_change=_take_table,
    )


def _states(tables: Sequence[Dataset], shown: Dataset, language: str) -> None:
    states = Counter(map(state_of, tables))
    parts = [
        t(f"columns.tables_{state}", language, count=states[state])
        for state in _ICONS
        if states[state]
    ]
    st.caption(" · ".join(parts), width="content")
    if not shown.mapping.left_out:
        st.button(
            t("columns.leave_out", language),
            key="leave_out",
            icon=":material/block:",
            type="tertiary",
            on_click=_leave_out,
            args=(shown.id, True),
        )


def _confirm_certain(datasets: Sequence[Dataset], language: str) -> None:
    certain = [
        item.id
        for item in datasets
        if state_of(item) == "ready" and questions(item).likely and not draft.changed(item)
    ]
    if len(certain) > 1:
        st.button(
            t("columns.confirm_certain", language, count=len(certain)),
            key="confirm_certain",
            icon=":material/done_all:",
            type="tertiary",
            on_click=_confirm,
            args=(certain,),
            help=t("columns.confirm_certain_help", language),
        )


@boundary()
def _confirm(dataset_ids: Sequence[str]) -> None:
    """Callback: what these tables were taken for is right."""
    for dataset_id in dataset_ids:
        draft.apply(dataset_id)


@boundary()
def _leave_out(dataset_id: str, out: bool) -> None:  # noqa: FBT001 - a callback's argument
    """Callback: count a table no more, or again."""
    mapping = workspace().dataset(dataset_id).mapping
    workspace().set_mapping(dataset_id, replace(mapping, left_out=out))


def _take_file(first: dict[str, str]) -> None:
    st.session_state[_SHOWN] = first[st.session_state["file_choice"]]


def _take_table() -> None:
    chosen = st.session_state["table_choice"]
    # The label that was shown comes where the state of a table changed meanwhile.
    if any(item.id == chosen for item in workspace().datasets()):
        st.session_state[_SHOWN] = chosen


def _file_of(dataset: Dataset) -> str:
    return dataset.table.sha256 or dataset.id


def _files(datasets: Sequence[Dataset]) -> dict[str, list[Dataset]]:
    found: dict[str, list[Dataset]] = {}
    for item in datasets:
        found.setdefault(_file_of(item), []).append(item)
    return found


def _distinct_names(files: dict[str, list[Dataset]]) -> dict[str, str]:
    """Each file's name by its key; the second of one name has a number after it."""
    names: dict[str, str] = {}
    seen: Counter[str] = Counter()
    for key, tables in files.items():
        name = tables[0].table.file_name
        seen[name] += 1
        names[key] = f"{name} ({seen[name]})" if seen[name] > 1 else name
    return names
