"""Which of several exports a table is, where they fit equally well: the user says."""

from __future__ import annotations

import streamlit as st

from crm_metrics.mapping import suggest
from crm_metrics.mapping.completing import complete
from crm_metrics.store import Dataset
from crm_metrics.texts import t
from crm_metrics.ui import draft
from crm_metrics.ui.columns.column_edits import with_choices_of
from crm_metrics.ui.columns.seen import seen
from crm_metrics.ui.escape import esc
from crm_metrics.ui.shell import boundary
from crm_metrics.ui.state import workspace
from crm_metrics.ui.words import export_word

Pair = tuple[str, str]


def export_choice(dataset: Dataset, language: str) -> None:
    """The exports that fit equally well, to choose from; nothing where one is known."""
    rivals = dataset.mapping.rivals
    if not rivals:
        return
    now = draft.draft_of(dataset)
    key = f"export_{dataset.id}"
    chosen = (now.system or "", now.export or "")
    st.session_state[key] = chosen if chosen in rivals else None
    st.radio(
        t("columns.export", language),
        rivals,
        format_func=lambda pair: esc(export_word(pair[0], pair[1], language)),
        key=key,
        help=t("columns.export_help", language),
        on_change=choose_export,
        args=(dataset.id, key),
    )


@boundary()
def choose_export(dataset_id: str, key: str) -> None:
    """Callback: the table is the export that widget `key` names; what was settled by hand stays."""
    dataset = workspace().dataset(dataset_id)
    chosen: Pair | None = st.session_state[key]
    if chosen is None:
        return
    found = suggest(dataset.table, export=chosen, seen=seen(dataset))
    kept = with_choices_of(draft.draft_of(dataset), found)
    draft.replace_all(dataset_id, complete(seen(dataset), kept))
