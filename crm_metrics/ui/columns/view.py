"""The parts of the columns page: what was understood, what is doubtful, all columns, the way on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd
import streamlit as st

from crm_metrics.mapping.model import Mapping
from crm_metrics.mapping.recognition.telling import telling_columns
from crm_metrics.schema import GRAINS
from crm_metrics.store import Dataset
from crm_metrics.texts import t
from crm_metrics.ui import draft
from crm_metrics.ui.columns import column_edits
from crm_metrics.ui.columns.column_editor import column_editor
from crm_metrics.ui.columns.questions import questions
from crm_metrics.ui.columns.questions import understood as understood_columns
from crm_metrics.ui.columns.seen import samples_of
from crm_metrics.ui.upload.remote import where_it_stays
from crm_metrics.ui.words import (
    column_word,
    field_word,
    grain_word,
    quoted,
    source_words,
    why_words,
)

_FIRST: Final = 30
_TELLING: Final = 3


def understood(dataset: Dataset, language: str) -> None:
    """One sentence on what the table was taken for and why, and what a row of it stands for."""
    mapping = draft.draft_of(dataset)
    with st.container(gap="xsmall"):
        st.markdown(_sentence(mapping, language))
        reason = _because(mapping, language)
        if reason:
            st.caption(reason)
        where_it_stays(dataset, language)
    key = f"grain_{dataset.id}"
    st.session_state[key] = mapping.grain
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            t("columns.grain", language),
            list(GRAINS),
            format_func=lambda grain: grain_word(grain, language),
            key=key,
            placeholder=t("columns.grain_choose", language),
            on_change=column_edits.choose_grain,
            args=(dataset.id, key),
            width=480,
        )
        st.button(
            t("columns.reset", language),
            key="reset",
            icon=":material/restart_alt:",
            on_click=column_edits.suggest_anew,
            args=(dataset.id,),
            help=t("columns.reset_help", language),
        )
    # A place of its own: where a line above comes or goes, the browser makes what follows anew,
    # and the focus is lost.
    with st.container():
        _needs(mapping, language)


def _needs(mapping: Mapping, language: str) -> None:
    if mapping.grain is None:
        st.warning(t("columns.grain_needed", language), icon=":material/help:")
    for group in mapping.unmet:
        fields = ", ".join(field_word(field, language) for field in group)
        st.warning(t("columns.required", language, fields=fields), icon=":material/help:")


def doubts(dataset: Dataset, language: str) -> None:
    """The columns that need an answer, each with its samples, its reason and its choice."""
    if draft.draft_of(dataset).grain is None:
        return
    found = questions(dataset)
    # A ready table can do without its other columns; one that is not may lack just these.
    needed = found.unnamed if dataset.facts is None else ()
    if found.asked:
        title = t("columns.doubts", language, count=len(found.asked))
        _open_list(dataset, title, "columns.doubts_help", found.asked, language)
    if needed:
        title = t("columns.unnamed", language, count=len(needed))
        _open_list(dataset, title, "columns.unnamed_help", needed, language)
    if not found.asked and not needed:
        st.success(t("columns.no_doubts", language), icon=":material/check:")
    # Names that usually mean one thing wait folded, so that real questions stand out.
    _folded_list(dataset, "likely", found.likely, language)
    if not needed:
        _folded_list(dataset, "unnamed", found.unnamed, language)


def _open_list(
    dataset: Dataset, title: str, note: str, columns: Sequence[int], language: str
) -> None:
    st.header(title, anchor=False)
    st.caption(t(note, language))
    with st.container(border=True):
        _editors(dataset, columns, language)


def _folded_list(dataset: Dataset, name: str, columns: Sequence[int], language: str) -> None:
    if not columns:
        return
    part = st.expander(
        t(f"columns.{name}", language, count=len(columns)),
        icon=":material/checklist:" if name == "likely" else ":material/label_off:",
        on_change="rerun",
        key=f"{name}_{dataset.id}",
    )
    if part.open:
        with part:
            if name == "unnamed":
                st.caption(t("columns.unnamed_help", language))
            _editors(dataset, columns, language)


def _editors(dataset: Dataset, columns: Sequence[int], language: str) -> None:
    doubts_left = questions(dataset).formats
    key = f"more_{columns[0]}_{dataset.id}"
    shown = columns if st.session_state.get(key) else columns[:_FIRST]
    for column in shown:
        column_editor(dataset, column, language, place="doubt", doubt=doubts_left.get(column))
    if len(columns) > _FIRST:
        st.toggle(
            t("columns.more_columns", language, count=len(columns) - _FIRST),
            key=key,
            persist_state="session",
        )


def all_columns(dataset: Dataset, language: str) -> None:
    """Every column in a table, and an editor for the one chosen."""
    mapping = draft.draft_of(dataset)
    st.header(t("columns.all", language, count=len(mapping.columns)), anchor=False)
    st.dataframe(
        _table(dataset, mapping, language),
        hide_index=True,
        key=f"table_{dataset.id}",
        column_config={t("columns.number", language): st.column_config.NumberColumn(width=50)},
        alt=t("columns.all_alt", language),
    )
    if mapping.grain is None:
        return
    chosen = st.selectbox(
        t("columns.change", language),
        range(len(mapping.columns)),
        index=None,
        format_func=lambda place: f"{place + 1}. {column_word(dataset.table, place, language)}",
        placeholder=t("columns.change_choose", language),
        key=f"column_{dataset.id}",
    )
    if chosen is not None:
        with st.container(border=True):
            column_editor(dataset, chosen, language, place="all")


def _sentence(mapping: Mapping, language: str) -> str:
    known, count = understood_columns(mapping), len(mapping.columns)
    if mapping.grain is None:
        return t("columns.not_understood", language, count=count)
    rows = grain_word(mapping.grain, language)
    if mapping.system is None:
        return t("columns.understood_unknown", language, rows=rows, known=known, count=count)
    source = source_words(mapping, language)
    return t("columns.understood", language, source=source, rows=rows, known=known, count=count)


def _because(mapping: Mapping, language: str) -> str:
    """The columns that gave the table away, or else the reason in general words."""
    telling = telling_columns(mapping)
    # That nothing tells what the rows are is asked below.
    general = "" if mapping.why.code == "no_grain" else why_words(mapping.why, language)
    said = mapping.why.code.startswith("known_") or mapping.rivals
    if not telling or said or mapping.why.code in ("grain_tie", "chosen"):
        return general
    if mapping.why.code.startswith(("template", "remembered")):
        return general
    names = quoted(telling[:_TELLING], language)
    more = len(telling) - _TELLING
    key = "columns.because_more" if more > 0 else "columns.because"
    return t(key, language, names=names, count=max(more, 1))


def _table(dataset: Dataset, mapping: Mapping, language: str) -> pd.DataFrame:
    recipes = dataset.facts.recipes if dataset.facts else ()
    failed = {recipe.column: recipe.failed for recipe in recipes}
    table = pd.DataFrame(
        {
            t("columns.number", language): [item.column + 1 for item in mapping.columns],
            t("columns.name", language): [
                column_word(dataset.table, item.column, language) for item in mapping.columns
            ],
            t("columns.field", language): [
                field_word(item.field, language)
                if item.field
                else t("columns.extra_short", language)
                for item in mapping.columns
            ],
            t("columns.samples", language): [
                " · ".join(samples_of(dataset, mapping, item.column)) for item in mapping.columns
            ],
            t("columns.level", language): [
                t(f"level.{item.level}", language) for item in mapping.columns
            ],
            t("columns.why", language): [
                why_words(item.why, language, markdown=False) for item in mapping.columns
            ],
        }
    )
    if any(failed.values()):
        table[t("columns.failed", language)] = [
            failed.get(item.column, 0) for item in mapping.columns
        ]
    return table
