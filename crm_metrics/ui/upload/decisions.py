"""How a table was read, corrected by hand: what a line is, the encoding, the delimiter."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import streamlit as st

from crm_metrics.facts import mask
from crm_metrics.intake.decisions import ROLES, Decisions, PartDecisions, Role
from crm_metrics.store import Dataset
from crm_metrics.texts import t
from crm_metrics.ui.adding import read_again
from crm_metrics.ui.escape import esc
from crm_metrics.ui.shell import boundary
from crm_metrics.ui.state import workspace

_NEXT_HEADER: Final = "header_too"
_CHOICES: Final = ("record", "header", _NEXT_HEADER, "preamble", "total", "footer", "other")
_ENCODINGS: Final = ("utf-8", "cp1251", "koi8-r", "cp866", "cp1252", "utf-16-le", "utf-16-be")
_DELIMITERS: Final = (",", ";", "\t", "|")
_MOST_TEXT: Final = 300


def decisions_view(dataset: Dataset, language: str) -> None:
    """The ways to correct how a table was read, and what was corrected so far."""
    st.markdown(f"**{t('decide.title', language)}**")
    if not workspace().can_decide(dataset.id):
        st.caption(t("decide.no_file", language))
        return
    st.caption(t("decide.help", language))
    _line_role(dataset, language)
    if dataset.table.how.encoding:
        _dialect(dataset, language)
    _made(dataset, language)


def point_at(dataset_id: str, line: int) -> None:
    """Callback: the line that the user picked elsewhere is the one to decide about."""
    st.session_state[_line_key(dataset_id)] = line


def line_text(dataset: Dataset, line: int, language: str) -> str | None:
    """What a line is now and what it says, personal data masked; safe as markdown.

    None where no record begins on it and it is not among the lines set aside that are shown.
    """
    table = dataset.table
    aside = next((item for item in table.account.examples if item.line == line), None)
    if aside is not None:
        kind = t(f"upload.reason_name.{aside.reason}", language)
        text = dataset.masked_line(aside.text, aside.reason)
    else:
        cells = table.cells_at(line)
        if cells is None:
            return None
        fields = {item.column: item.field for item in dataset.mapping.columns}
        known = (mask(cell, fields.get(place)) for place, cell in enumerate(cells) if cell)
        kind, text = t("decide.now_record", language), " | ".join(known)
    shown = esc(text, limit=_MOST_TEXT) or t("decide.blank", language)
    return t("decide.now", language, line=line, kind=kind, text=shown)


def _line_role(dataset: Dataset, language: str) -> None:
    table, key = dataset.table, _line_key(dataset.id)
    # Where not all lines set aside are shown, it may be one of the others.
    all_shown = len(table.account.examples) == sum(table.account.set_aside.values())
    st.session_state.setdefault(key, min((item.line for item in table.account.examples), default=1))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        label = t("decide.line", language)
        # Without a least number of its own: that complaint would be English in every language.
        line = max(int(st.number_input(label, step=1, key=key, width=140)), 1)
        said = line_text(dataset, line, language)
        chosen = st.selectbox(
            t("decide.is", language),
            _CHOICES,
            format_func=lambda role: t(f"decide.role.{role}", language),
            key=f"role_{dataset.id}",
            width=320,
        )
        st.button(
            t("decide.read_so", language),
            icon=":material/replay:",
            key=f"decide_{dataset.id}",
            disabled=said is None and all_shown,
            on_click=_decide_line,
            args=(dataset.id, line, chosen),
        )
    st.caption(said or t("decide.no_record", language, line=line))


def _dialect(dataset: Dataset, language: str) -> None:
    how, key = dataset.table.how, dataset.id
    _follow_the_reading(dataset)
    encodings = dict.fromkeys([how.encoding or "utf-8", *_ENCODINGS])
    delimiters = dict.fromkeys([*([how.delimiter] if how.delimiter else []), *_DELIMITERS])
    with st.container(horizontal=True, vertical_alignment="bottom"):
        encoding = st.selectbox(
            t("decide.encoding", language), list(encodings), key=f"encoding_{key}", width=140
        )
        delimiter = st.selectbox(
            t("decide.delimiter", language),
            list(delimiters),
            format_func=lambda mark: _mark(mark, language),
            index=0 if how.delimiter else None,
            placeholder=t("decide.no_delimiter", language),
            key=f"delimiter_{key}",
            width=180,
        )
        st.button(
            t("decide.read_so", language),
            icon=":material/replay:",
            key=f"dialect_{key}",
            disabled=(encoding, delimiter) == (how.encoding, how.delimiter),
            on_click=_decide_dialect,
            args=(key, encoding, delimiter),
        )


def _follow_the_reading(dataset: Dataset) -> None:
    """Set both boxes anew once the file is read otherwise: an undone choice must not stay there."""
    how, key = dataset.table.how, dataset.id
    state, read_as = st.session_state, (how.encoding, how.delimiter)
    if state.get(f"read_as_{key}", read_as) != read_as:
        state[f"encoding_{key}"], state[f"delimiter_{key}"] = read_as
    state[f"read_as_{key}"] = read_as


def _made(dataset: Dataset, language: str) -> None:
    own = workspace().decisions(dataset.id).of(dataset.table.part)
    if own.empty:
        return
    st.caption(t("decide.made", language))
    with st.container(horizontal=True):
        for line, role in own.lines:
            known_as = t(f"decide.role.{role}", language)
            words = t("decide.undo_line", language, line=line, role=known_as)
            _undo_button(dataset.id, replace(own, lines=_without(own, line)), words, f"line_{line}")
        if own.encoding or own.delimiter:
            words = t("decide.undo_dialect", language)
            _undo_button(dataset.id, replace(own, encoding=None, delimiter=None), words, "dialect")
        if len(own.lines) + bool(own.encoding or own.delimiter) > 1:
            _undo_button(dataset.id, PartDecisions(own.part), t("decide.undo_all", language), "all")


def _undo_button(dataset_id: str, rest: PartDecisions, words: str, name: str) -> None:
    st.button(
        words,
        icon=":material/undo:",
        key=f"undo_{name}_{dataset_id}",
        on_click=_decide_part,
        args=(dataset_id, rest),
    )


def _without(own: PartDecisions, line: int) -> tuple[tuple[int, Role], ...]:
    return tuple((number, role) for number, role in own.lines if number != line)


@boundary()
def _decide_line(dataset_id: str, line: int, chosen: str) -> None:
    dataset = workspace().dataset(dataset_id)
    part = dataset.table.part
    decided: Decisions = workspace().decisions(dataset_id)
    heads = dataset.table.how.header_lines
    if chosen == "header":
        # The header moves: what named the columns of this table so far does so no longer.
        for number in heads:
            settled = decided.of(part).roles.get(number) == "header"
            decided = decided.with_role(part, number, None) if settled else decided
    if chosen == _NEXT_HEADER:
        for number in heads:
            decided = decided.with_role(part, number, "header")
    role: Role = next((known for known in ROLES if known == chosen), "header")
    read_again(dataset, decided.with_role(part, line, role))


@boundary()
def _decide_dialect(dataset_id: str, encoding: str, delimiter: str | None) -> None:
    own = workspace().decisions(dataset_id).of(workspace().dataset(dataset_id).table.part)
    _decide_part(dataset_id, replace(own, encoding=encoding, delimiter=delimiter))


@boundary()
def _decide_part(dataset_id: str, decided: PartDecisions) -> None:
    read_again(
        workspace().dataset(dataset_id), workspace().decisions(dataset_id).with_part(decided)
    )


def _mark(mark: str, language: str) -> str:
    named = {"\t": "upload.how.tab", " ": "upload.how.space"}
    return t(named[mark], language) if mark in named else mark


def _line_key(dataset_id: str) -> str:
    return f"settled_line_{dataset_id}"
