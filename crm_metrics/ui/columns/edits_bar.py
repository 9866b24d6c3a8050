"""Apply, undo and redo, at the foot of the window while there is something to apply."""

from __future__ import annotations

import streamlit as st

from crm_metrics.store import Dataset
from crm_metrics.texts import integer_text, t
from crm_metrics.ui import draft
from crm_metrics.ui.columns.questions import questions
from crm_metrics.ui.widgets import main_label


def edits_bar(dataset: Dataset, language: str) -> None:
    """What was just applied, said once; and the buttons for what is not applied yet."""
    _told(dataset, language)
    history = draft.history_of(dataset)
    edits, asked = draft.changed(dataset), questions(dataset)
    open_ = bool(asked.asked or asked.likely)
    if not (edits or open_ or history.past or history.future):
        return
    with st.bottom, st.container(horizontal=True, vertical_alignment="center"):
        # The same buttons whatever there is to do, so that none moves away from under the focus.
        _apply(dataset, edits, language, asked=open_)
        steps = (
            ("undo", history.past, draft.undo, ":material/undo:"),
            ("redo", history.future, draft.redo, ":material/redo:"),
            ("revert", edits, draft.revert, ":material/delete_sweep:"),
        )
        for key, possible, step, icon in steps if history.past or history.future else ():
            st.button(
                t(f"columns.{key}", language),
                key=key,
                icon=icon,
                disabled=not possible,
                on_click=step,
                args=(dataset.id,),
            )
        if edits:
            st.caption(t("columns.not_applied", language), width="content")


def _apply(dataset: Dataset, edits: int, language: str, *, asked: bool) -> None:
    now = draft.draft_of(dataset)
    words = t("columns.apply", language, count=edits) if edits else t("columns.confirm", language)
    unready = now.grain is None or bool(now.unmet) or not (edits or asked)
    st.button(
        main_label(words, ":material/check:", plain=unready),
        key="apply",
        type="primary",
        shortcut="Mod+Enter",
        disabled=unready,
        on_click=draft.apply,
        args=(dataset.id,),
    )


def _told(dataset: Dataset, language: str) -> None:
    done = draft.applied(dataset.id)
    if done is None:
        return
    parts = [t("columns.applied_changes", language, count=done.changes)] if done.changes else []
    for key, count in (("columns.applied_read", done.read), ("columns.applied_lost", done.lost)):
        if count:
            parts.append(t(key, language, count=count, number=integer_text(count, language)))
    # A toast shows three lines and hides the rest behind words in English.
    st.toast("; ".join((t("columns.applied", language), *parts)), icon=":material/check:")
