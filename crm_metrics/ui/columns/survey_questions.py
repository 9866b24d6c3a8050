"""The questions of a survey in one list: what each was asked for, changed in place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import pandas as pd
import streamlit as st

from crm_metrics.facts import read_cells
from crm_metrics.mapping.completing import complete
from crm_metrics.mapping.model import Mapping, Question
from crm_metrics.mapping.questions import needs_polarity
from crm_metrics.store import Dataset
from crm_metrics.texts import t
from crm_metrics.ui import draft
from crm_metrics.ui.columns.question_choice import (
    NPS_SCALE,
    POLARITIES,
    SURVEYS,
    of_type,
    scale_of,
    scale_word,
    scales_offered,
)
from crm_metrics.ui.columns.seen import samples_of, seen
from crm_metrics.ui.shell import boundary
from crm_metrics.ui.state import workspace
from crm_metrics.ui.words import column_word, quoted

_COMMENT: Final = "comment"
_NONE: Final = "none"
_UNKNOWN: Final = "unknown"
_HEIGHT: Final = 460
_SHOWN: Final = 3


def survey_questions(dataset: Dataset, language: str) -> None:
    """How many questions of which kind were found, what is left to say, and the list itself."""
    mapping = draft.draft_of(dataset)
    if not mapping.asks_by_column:
        return
    st.header(t("columns.asked", language, count=len(mapping.questions)), anchor=False)
    if not mapping.questions:
        st.caption(t("columns.asked_none", language))
    else:
        st.caption(_summary(mapping, language))
        _list(dataset, mapping, language)
        # Under the list: what goes as it is answered would else move the cell away that is clicked.
        _open_points(mapping, language)
    _adding(dataset, mapping, language)


def _summary(mapping: Mapping, language: str) -> str:
    kinds = Counter(_kind(mapping, column) for column in _columns(mapping))
    parts = [
        t(f"columns.asked_of.{kind}", language, count=kinds[kind])
        for kind in (*SURVEYS, _COMMENT, _UNKNOWN)
        if kinds[kind]
    ]
    return t("columns.asked_help", language, kinds=", ".join(parts))


def _open_points(mapping: Mapping, language: str) -> None:
    """What keeps a number from being shown, by question."""
    asked = {column: mapping.asked(column) for column in _columns(mapping)}
    without = [one.text for one in asked.values() if needs_polarity(one)]
    unfit = [
        one.text
        for one in asked.values()
        if one.survey_type == "nps" and scale_of(one) not in (None, NPS_SCALE)
    ]
    for key, names in (("asked_polarity_left", without), ("asked_not_nps", unfit)):
        if names:
            listed = quoted(names[:_SHOWN], language) + ("…" if names[_SHOWN:] else "")
            text = t(f"columns.{key}", language, count=len(names), names=listed)
            st.warning(text, icon=":material/help:")


def _list(dataset: Dataset, mapping: Mapping, language: str) -> None:
    columns = _columns(mapping)
    places = "-".join(map(str, columns))
    key = f"asked_{dataset.id}_{draft.turn(dataset.id)}_{language}_{places}"
    words = _words(mapping, language)
    names = {
        part: t(f"columns.asked_{part}", language)
        for part in ("text", "survey_type", "scale", "polarity", "answers", "example")
    }
    if key not in st.session_state:
        # The browser lays the edits over what the table began with.
        st.session_state[f"_begun_{key}"] = _rows(dataset, mapping, words, names)
    st.data_editor(
        st.session_state[f"_begun_{key}"],
        key=key,
        hide_index=True,
        disabled=[names["answers"], names["example"]],
        height=min(_HEIGHT, 38 + 35 * len(columns)),
        column_config={
            names["text"]: st.column_config.TextColumn(width=260, required=True, max_chars=300),
            names["survey_type"]: _options(words["kinds"], 200),
            names["scale"]: _options(words["scales"], 80),
            names["polarity"]: _options(words["ends"], 150),
            names["answers"]: st.column_config.NumberColumn(width=70, format="localized"),
            names["example"]: st.column_config.TextColumn(width=220),
        },
        on_change=_edited,
        args=(dataset.id, columns, key, words, names),
        alt=t("columns.asked_alt", language),
    )
    st.caption(t("columns.asked_note", language))


def _options(words: dict[Any, str], width: int) -> Any:
    return st.column_config.SelectboxColumn(width=width, options=[*words.values()], required=True)


def _rows(
    dataset: Dataset,
    mapping: Mapping,
    words: dict[str, dict[Any, str]],
    names: dict[str, str],
) -> pd.DataFrame:
    counts = read_cells(dataset.facts)
    rows = []
    for column in _columns(mapping):
        question = mapping.asked(column)
        scored = mapping.columns[column].field == "score"
        # More is better unless it is said otherwise, but for effort.
        usual = "high" if question.survey_type in ("nps", "csat") else None
        end = question.polarity or usual
        rows.append({
            names["text"]: question.text,
            names["survey_type"]: words["kinds"][_kind(mapping, column)],
            names["scale"]: words["scales"][scale_of(question) if scored else _COMMENT],
            names["polarity"]: words["ends"][end if scored else _COMMENT],
            names["answers"]: counts.get(column),
            names["example"]: " · ".join(samples_of(dataset, mapping, column)),
        })  # fmt: skip
    return pd.DataFrame(rows)


def _words(mapping: Mapping, language: str) -> dict[str, dict[Any, str]]:
    """The words of each choice, by what is chosen; a comment has no scale."""
    scales: dict[Any, str] = {None: scale_word(None, language)}
    for column in _columns(mapping):
        scales |= {one: scale_word(one, language) for one in scales_offered(mapping.asked(column))}
    ends: dict[Any, str] = {None: t("columns.polarity.unknown", language)}
    ends |= {end: t(f"columns.polarity.{end}", language) for end in POLARITIES}
    kinds: dict[Any, str] = {
        kind: t(f"columns.survey_type.{kind}", language)
        for kind in (*SURVEYS, _COMMENT, _NONE, _UNKNOWN)
    }
    return {"kinds": kinds, "scales": {**scales, _COMMENT: "—"}, "ends": {**ends, _COMMENT: "—"}}


def _columns(mapping: Mapping) -> tuple[int, ...]:
    return tuple(item.column for item in mapping.questions)


def _kind(mapping: Mapping, column: int) -> str:
    if mapping.columns[column].field == _COMMENT:
        return _COMMENT
    return mapping.asked(column).survey_type or _UNKNOWN


@boundary()
def _edited(
    dataset_id: str,
    columns: Sequence[int],
    key: str,
    words: dict[str, dict[Any, str]],
    names: dict[str, str],
) -> None:
    """Callback: the questions of the edited rows are what was chosen there."""
    mapping = draft.current(dataset_id)
    chosen: dict[str, dict[str | None, Any]] = {
        part: {word: one for one, word in known.items()} for part, known in words.items()
    }
    for row, cells in st.session_state[key]["edited_rows"].items():
        said = {part: cells[name] for part, name in names.items() if name in cells}
        mapping = with_answer(
            mapping,
            columns[int(row)],
            text=said.get("text"),
            kind=chosen["kinds"].get(said.get("survey_type")),
            scale=chosen["scales"].get(said.get("scale")),
            polarity=chosen["ends"].get(said.get("polarity")),
        )
    draft.store(dataset_id, complete(seen(workspace().dataset(dataset_id)), mapping))


def with_answer(
    mapping: Mapping,
    column: int,
    *,
    text: str | None = None,
    kind: Any = None,
    scale: Any = None,
    polarity: Any = None,
) -> Mapping:
    """The mapping with what a person said of a question; None: nothing said of that."""
    field = mapping.columns[column].field
    wanted = {_COMMENT: "comment", _NONE: None, None: field, _UNKNOWN: field}.get(kind, "score")
    question = mapping.asked(column)
    if wanted != field:
        mapping = mapping.with_field(column, wanted)
        question = Question(question.text)
    if wanted is None:
        return mapping
    if wanted == "score":
        if kind in SURVEYS:
            question = of_type(question, str(kind))
        if isinstance(scale, tuple):
            question = replace(question, scale_min=scale[0], scale_max=scale[1])
        if polarity in POLARITIES and question.survey_type != "nps":
            question = replace(question, polarity=polarity)
    words = " ".join((text or question.text).split()) or question.text
    header = mapping.columns[column].name
    return mapping.with_question(column, replace(question, text="" if words == header else words))


def _adding(dataset: Dataset, mapping: Mapping, language: str) -> None:
    """A choice of another column that holds answers."""
    left = [item.column for item in mapping.columns if item.field is None]
    if not left:
        return
    key = f"asked_more_{dataset.id}"
    st.selectbox(
        t("columns.asked_more", language),
        left,
        index=None,
        format_func=lambda place: f"{place + 1}. {column_word(dataset.table, place, language)}",
        placeholder=t("columns.change_choose", language),
        key=key,
        on_change=_added,
        args=(dataset.id, key),
        width=480,
    )


@boundary()
def _added(dataset_id: str, key: str) -> None:
    """Callback: the chosen column holds answers: scores, or comments where it has other words."""
    column = st.session_state[key]
    if column is None:
        return
    st.session_state[key] = None
    dataset = workspace().dataset(dataset_id)
    values = seen(dataset).profiles[column]
    field = "score" if values.kind in {"number", "empty"} or values.graded else _COMMENT
    edited = draft.draft_of(dataset).with_field(column, field)
    draft.store(dataset_id, complete(seen(dataset), edited))
