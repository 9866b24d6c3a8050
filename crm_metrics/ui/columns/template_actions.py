"""What a click does to the mapping templates: save, apply, import, rename, remove."""

from __future__ import annotations

import streamlit as st

from crm_metrics.errors import InputError
from crm_metrics.mapping import by_template
from crm_metrics.mapping.templates.applying import lost_needs
from crm_metrics.mapping.templates.file import LARGEST
from crm_metrics.mapping.templates.template import plain_name
from crm_metrics.ui import draft
from crm_metrics.ui.adding import free_upload
from crm_metrics.ui.shell import boundary
from crm_metrics.ui.state import workspace


@boundary()
def save(dataset_id: str, key: str) -> None:
    """Callback: keep the mapping under the name in widget `key`; a taken name is asked first."""
    name = plain_name(str(st.session_state[key] or ""))
    if workspace().templates.called(name):
        st.session_state[_taken(dataset_id)] = name
    else:
        _save(dataset_id, name)


@boundary()
def replace_taken(dataset_id: str) -> None:
    """Callback: keep the mapping in place of the template that has the name."""
    if name := st.session_state.pop(_taken(dataset_id), None):
        _save(dataset_id, name)


def leave_taken(dataset_id: str) -> None:
    """Callback: leave the template that has the name as it is."""
    st.session_state.pop(_taken(dataset_id), None)


def taken_name(dataset_id: str) -> str | None:
    """The name that is to be replaced, if the user says so."""
    return st.session_state.get(_taken(dataset_id))


@boundary()
def apply(dataset_id: str, template_id: str) -> None:
    """Callback: the mapping by this template becomes the draft; that can be undone.

    Says so where the table lacks what the template's rows need.
    """
    template = workspace().templates.get(template_id).template
    table = workspace().dataset(dataset_id).table
    mapping = by_template(table, template)
    if gone := lost_needs(mapping):
        raise InputError(
            "template_lacks", name=template.name, table=table.name, columns=", ".join(gone)
        )
    draft.replace_all(dataset_id, mapping)


@boundary()
def bring_in(key: str) -> None:
    """Callback: keep the templates in the files of uploader `key`, and empty it."""
    for upload in st.session_state[key] or ():
        with boundary():
            try:
                kept = workspace().templates.add(upload.read(LARGEST + 1), upload.name)
            finally:
                free_upload(upload)
            st.session_state["_template_told"] = ("imported", kept.template.name)
            st.session_state["template_chosen"] = kept.id
    st.session_state["_template_turn"] = turn() + 1


@boundary()
def rename(template_id: str, key: str) -> None:
    """Callback: give a template the name in widget `key`."""
    kept = workspace().templates.rename(template_id, str(st.session_state[key] or ""))
    st.session_state["_template_told"] = ("renamed", kept.template.name)


@boundary()
def remove(template_id: str) -> None:
    """Callback: delete a template."""
    name = workspace().templates.get(template_id).template.name
    workspace().templates.remove(template_id)
    st.session_state["_template_told"] = ("removed", name)


def told() -> tuple[str, str] | None:
    """What the click before this run did, and the name of the template; told once."""
    return st.session_state.pop("_template_told", None)


def turn() -> int:
    """A number that changes when the uploader is to be empty again."""
    return st.session_state.get("_template_turn", 0)


def _save(dataset_id: str, name: str) -> None:
    if draft.changed(workspace().dataset(dataset_id)):
        draft.apply(dataset_id)
    dataset = workspace().dataset(dataset_id)
    kept = workspace().templates.save(name, dataset.table, dataset.mapping)
    st.session_state["_template_told"] = ("saved", kept.template.name)
    st.session_state["template_chosen"] = kept.id


def _taken(dataset_id: str) -> str:
    return f"_template_taken_{dataset_id}"
