"""`--question`: what the answers in a column of a survey were asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, get_args

from crm_metrics.errors import UsageError
from crm_metrics.mapping.model import SURVEY, Mapping, Polarity, Question, SurveyType

if TYPE_CHECKING:
    from crm_metrics.metrics import Value

KINDS: Final = (*get_args(SurveyType), "comment")
_FOREIGN: Final = frozenset({"not_nps", "not_csat", "not_ces", "no_data"})
"""Why a question has no value of a metric where it is of another kind."""
_SCALE: Final = re.compile(r"(-?\d+(?:\.\d+)?)(?:-|–|\.\.)(\d+(?:\.\d+)?)")


def with_question_told(mapping: Mapping, column: int, told: str) -> Mapping:
    """The mapping in which the column answers a question: "ces, 1-7, low" or "comment".

    The kind of survey, the ends of its scale and the end that is good, in any order; what is not
    named stays as it is. Raises UsageError("question_format").
    """
    words = told.replace(",", " ").split()
    kind = next((word for word in words if word in KINDS), None)
    ends = next((found for word in words if (found := _SCALE.fullmatch(word))), None)
    polarity = next((word for word in words if word in get_args(Polarity)), None)
    understood = sum(part is not None for part in (kind, ends, polarity))
    if not words or understood != len(words) or (ends and float(ends[1]) >= float(ends[2])):
        raise UsageError("question_format", option=told, kinds=", ".join(KINDS))
    field = "comment" if kind == "comment" else "score"
    if mapping.columns[column].field != field:
        mapping = mapping.with_field(column, field)
    if kind == "comment":
        return mapping
    said: dict[str, Any] = {"survey_type": kind, "polarity": polarity}
    if ends:
        said |= {"scale_min": float(ends[1]), "scale_max": float(ends[2])}
    known = {key: part for key, part in said.items() if part is not None}
    question = replace(mapping.asked(column), text=_own_words(mapping, column), **known)
    return mapping.with_question(column, question)


def told_places(values: Sequence[Value]) -> list[int]:
    """Which values to print, by place: that no question of comments is an NPS goes without saying.

    Where no question is of a metric's kind, its first value says so.
    """
    foreign = {
        place
        for place, value in enumerate(values)
        if "question" in value.group and not value.n and set(value.flags) <= _FOREIGN
    }
    firsts: dict[tuple[str, str], int] = {}
    for place, value in enumerate(values):
        firsts.setdefault((value.metric, value.grain), place)
    counted = {(v.metric, v.grain) for place, v in enumerate(values) if place not in foreign}
    kept = {place for name, place in firsts.items() if name not in counted}
    return [place for place in range(len(values)) if place not in foreign or place in kept]


def question_entry(mapping: Mapping, column: int) -> dict[str, Any]:
    """A column's question as `inspect` tells it; nothing where it has none."""
    if mapping.columns[column] not in mapping.questions:
        return {}
    asked = mapping.asked(column)
    return {"question": {part: getattr(asked, part) for part in ("text", *SURVEY)}}


def _own_words(mapping: Mapping, column: int) -> str:
    return (mapping.columns[column].question or Question()).text
