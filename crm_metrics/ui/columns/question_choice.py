"""What a column of scores was asked for: the kind of survey, its scale, the end that is good."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final, get_args

import streamlit as st

from crm_metrics.mapping.model import (
    ColumnMapping,
    Mapping,
    Polarity,
    Question,
    SurveyType,
)
from crm_metrics.texts import decimal_text, t
from crm_metrics.ui.columns.column_edits import edit_question
from crm_metrics.ui.draft import current
from crm_metrics.ui.shell import boundary

SURVEYS: Final = get_args(SurveyType)
POLARITIES: Final = get_args(Polarity)
SCALES: Final[tuple[tuple[float, float], ...]] = (
    *((0, 10), (1, 10), (1, 7), (1, 5), (0, 5), (1, 6), (1, 4), (1, 3), (0, 1), (0, 100)),
)
_WIDTHS: Final = {"survey_type": 180, "scale": 100, "polarity": 205}
NPS_SCALE: Final = (0.0, 10.0)


def scale_of(question: Question) -> tuple[float, float] | None:
    """The ends of the scale; None where one is not told."""
    if question.scale_min is None or question.scale_max is None:
        return None
    return question.scale_min, question.scale_max


def scale_word(scale: tuple[float, float] | None, language: str) -> str:
    """A scale as it is spoken of: 0–10."""
    if scale is None:
        return t("columns.scale_unknown", language)
    return "–".join(f"{end:g}" if end == int(end) else decimal_text(end, language) for end in scale)


def scales_offered(question: Question) -> list[tuple[float, float]]:
    """The usual scales, and the question's own."""
    own = scale_of(question)
    usual = [(float(low), float(high)) for low, high in SCALES]
    return usual if own is None or own in usual else [own, *usual]


def draw_question(
    dataset_id: str, mapping: Mapping, item: ColumnMapping, language: str, place: str
) -> None:
    """The choices that a column of scores needs, side by side; nothing for any other column."""
    if item.field != "score" or item not in mapping.questions:
        return
    question = mapping.asked(item.column)
    kinds = {key: t(f"columns.survey_type.{key}", language) for key in SURVEYS}
    ends = {key: t(f"columns.polarity.{key}", language) for key in POLARITIES}
    scales = {one: scale_word(one, language) for one in scales_offered(question)}
    parts: list[tuple[str, Any, dict[Any, str]]] = [
        ("survey_type", question.survey_type, kinds),
        ("scale", scale_of(question), scales),
        ("polarity", question.polarity, ends),
    ]
    with st.container(horizontal=True, gap="xsmall"):
        for part, now, options in parts if question.survey_type != "nps" else parts[:2]:
            key = f"{place}_{part}_{dataset_id}_{item.column}"
            # The draft is the truth: the list of questions edits the same.
            st.session_state[key] = now
            st.selectbox(
                t(f"columns.asked_{part}", language),
                list(options),
                format_func=options.__getitem__,
                key=key,
                placeholder=t("columns.asked_choose", language),
                on_change=_chosen,
                args=(dataset_id, item.column, part, key),
                width=_WIDTHS[part],
            )


@boundary()
def _chosen(dataset_id: str, column: int, part: str, key: str) -> None:
    """Callback: a part of the question is what widget `key` now says."""
    chosen = st.session_state[key]
    if chosen is None:
        return
    question = current(dataset_id).asked(column)
    if part == "scale":
        question = replace(question, scale_min=chosen[0], scale_max=chosen[1])
    elif part == "survey_type":
        question = of_type(question, chosen)
    else:
        question = replace(question, polarity=chosen)
    edit_question(dataset_id, column, question)


def of_type(question: Question, kind: str) -> Question:
    """The question as one of another kind of survey; NPS has one way up."""
    polarity = None if kind == "nps" else question.polarity
    return replace(question, survey_type=kind, polarity=polarity)  # type: ignore[arg-type]
