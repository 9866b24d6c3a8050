"""A data set as a card: what it is, where its lines went, what is doubtful, what can be done."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from crm_metrics.intake.table import Table
from crm_metrics.store import Dataset, left_out
from crm_metrics.texts import integer_text, period_text, t
from crm_metrics.ui import draft
from crm_metrics.ui.adding import add_uploads
from crm_metrics.ui.escape import esc
from crm_metrics.ui.shell import boundary, error_text, open_page
from crm_metrics.ui.state import workspace
from crm_metrics.ui.upload.decisions import decisions_view
from crm_metrics.ui.upload.failed_cells import TOLD, failed_cells
from crm_metrics.ui.upload.lines import account_bar, lines_set_aside
from crm_metrics.ui.upload.missed_columns import missed
from crm_metrics.ui.upload.rejects import rejects_download
from crm_metrics.ui.upload.remote import stays_badge, update_button
from crm_metrics.ui.upload.rows import first_rows
from crm_metrics.ui.widgets import labelled, main_label
from crm_metrics.ui.words import (
    dataset_name,
    grain_word,
    issue_words,
    left_out_word,
    source_words,
    why_words,
)
from crm_metrics.ui.zones_view import zone_words


def dataset_card(dataset: Dataset, language: str) -> None:
    """One data set in a box; the preview and the lines are drawn only when it is opened."""
    with st.container(border=True, key=f"card_{dataset.id}"):
        _heading(dataset, language)
        _what_it_is(dataset, language)
        if not dataset.remote:
            account_bar(dataset.table.account, language)
        _doubts(dataset, language)
        rows = st.expander(t("upload.rows", language), on_change="rerun", key=f"rows_{dataset.id}")
        if rows.open:
            with rows:
                first_rows(dataset, language)
        if dataset.remote:
            return
        aside = st.expander(
            t("upload.details", language), on_change="rerun", key=f"details_{dataset.id}"
        )
        if aside.open:
            with aside:
                _details(dataset, language)


def _details(dataset: Dataset, language: str) -> None:
    """What was not taken as it stands, and how the file was read."""
    lines_set_aside(dataset, language)
    rejects_download(dataset, language)
    _how_read(dataset.table, language)
    decisions_view(dataset, language)


def _heading(dataset: Dataset, language: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(esc(dataset_name(dataset), limit=120), anchor=False, width="content")
        if dataset.mapping.left_out:
            st.badge(t("upload.state_left_out", language), color="gray", icon=":material/block:")
        elif dataset.facts is None or dataset.mapping.rivals:
            st.badge(t("upload.state_waiting", language), color="orange", icon=":material/help:")
        elif dataset.id in left_out(workspace().together.overlaps()):
            st.badge(t("together.not_counted", language), color="gray", icon=":material/layers:")
        else:
            st.badge(t("upload.state_ready", language), color="green", icon=":material/check:")
        stays_badge(dataset, language)
        if draft.changed(dataset):
            st.badge(t("columns.edits_wait", language), color="orange", icon=":material/edit:")
        st.space("stretch")
        # A row of their own where the name leaves no room.
        with st.container(horizontal=True, width="content"):
            _actions(dataset, language)


def _what_it_is(dataset: Dataset, language: str) -> None:
    mapping = dataset.mapping
    grain = grain_word(mapping.grain, language) if mapping.grain else t("upload.no_grain", language)
    period = dataset.facts.period if dataset.facts else None
    labelled(
        ("upload.source", source_words(mapping, language)),
        ("upload.grain", grain),
        ("upload.period", esc(period_text(period, language))),
        ("upload.records", integer_text(dataset.table.records, language)),
        language=language,
    )
    if said := zone_words(dataset, language):
        st.caption(said)
    reason = why_words(mapping.why, language)
    if reason:
        plain = mapping.level == "ask" or mapping.applied or mapping.why.code == "chosen"
        level = "" if plain else f"{t(f'level.{mapping.level}', language)}. "
        st.caption(f"{level}{reason}")
    missed(mapping, language)


def _doubts(dataset: Dataset, language: str) -> None:
    if dataset.mapping.left_out:
        st.caption(left_out_word(dataset, language))
    elif dataset.error is not None:
        sentence = error_text(dataset.error, language) or t("upload.needs_answers", language)
        st.warning(sentence, icon=":material/help:")
    facts = dataset.facts
    with st.container(gap=None):
        for issue in (*dataset.table.issues, *(facts.issues if facts else ())):
            if issue.code not in TOLD:
                st.caption(f":material/info: {issue_words(dataset, issue, language)}")
    if facts:
        failed_cells(facts, language)


def _how_read(table: Table, language: str) -> None:
    how = table.how
    parts = [
        t("upload.how.container", language, value=_container(how.container, language)),
        t("upload.how.encoding", language, value=esc(how.encoding)) if how.encoding else "",
        t("upload.how.delimiter", language, value=_delimiter(how.delimiter, language))
        if how.delimiter
        else "",
        _header(how.header_lines, language),
        t("upload.how.sha256", language, value=table.sha256[:12]),
    ]
    st.caption(" · ".join(part for part in parts if part))


def _header(lines: Sequence[int], language: str) -> str:
    if not lines:
        return t("upload.how.no_header", language)
    named = ", ".join(map(str, lines))
    return t("upload.how.header", language, count=len(lines), value=named)


def _container(container: str, language: str) -> str:
    named = t("upload.how.text", language) if container == "text" else container.upper()
    return esc(named)


def _delimiter(delimiter: str, language: str) -> str:
    named = {"\t": "upload.how.tab", " ": "upload.how.space"}
    if delimiter in named:
        return t(named[delimiter], language)
    return f"«{esc(delimiter)}»" if language == "ru" else f"“{esc(delimiter)}”"


def _actions(dataset: Dataset, language: str) -> None:
    if st.button(
        t("upload.columns", language),
        icon=":material/view_column:",
        key=f"columns_{dataset.id}",
    ):
        st.session_state["dataset"] = dataset.id
        open_page("columns")
    if dataset.remote:
        update_button(dataset, language)
    else:
        with st.popover(t("upload.replace", language), icon=":material/sync:"):
            _replace(dataset, language)
    with st.popover(t("upload.remove", language), icon=":material/delete:"):
        st.markdown(t("upload.remove_sure", language, name=esc(dataset.table.file_name)))
        st.button(
            main_label(t("upload.remove_yes", language)),
            key=f"remove_{dataset.id}",
            type="primary",
            on_click=boundary()(workspace().remove),
            args=(dataset.id,),
        )


def _replace(dataset: Dataset, language: str) -> None:
    turn = st.session_state.setdefault("_upload_turn", 0)
    upload = st.file_uploader(t("upload.replace_with", language), key=f"swap_{dataset.id}_{turn}")
    if upload is not None:
        st.session_state["_upload_turn"] = turn + 1
        add_uploads([upload], replaces=dataset.id)
        st.rerun()
