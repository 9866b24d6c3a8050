"""The questions of a survey: which columns hold answers, and what each was asked for.

Most columns of a survey are choices (a country, a plan) and stay dimensions. What is a question to
metrics is a grade (numbers of a short scale under words that ask for one, or words on a known
scale) and an opinion in the respondent's own words. What only might be one is asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from typing import Final

import pandas as pd

from crm_metrics.mapping.cells.profile import Profile
from crm_metrics.mapping.cells.score_words import ScoreScale, score_scale
from crm_metrics.mapping.cells.words import words_of
from crm_metrics.mapping.headers.header import HeaderName
from crm_metrics.mapping.look import Seen
from crm_metrics.mapping.matching.cues import recommends, speaks_of_effort, survey_scale
from crm_metrics.mapping.model import (
    SURVEY,
    ColumnMapping,
    Mapping,
    Polarity,
    Question,
    SurveyType,
    Why,
)

_GRADED: Final = (
    *("rate", "rating", "score", "scale", "grade", "satisf", "happy", "quality", "likely", "well"),
    *("оцен", "балл", "шкал", "удовлетвор", "довол", "качеств", "насколько", "рейтинг", "csat"),
)
"""Beginnings of words that ask for a grade, beside those of recommending and of effort."""
_COUNTED: Final = (
    *("many", "much", "often", "age", "old", "year", "number", "month", "day", "employee"),
    *("сколько", "часто", "возраст", "лет", "год", "числ", "количеств", "месяц", "день", "дня"),
)
_EFFORT: Final = ("effort", "усили")
"""“How much effort” asks for a grade, however it begins."""
_TOLD: Final = (
    *("why", "comment", "improve", "tell", "describe", "explain", "suggest", "feedback", "reason"),
    *("share", "opinion", "add", "better", "else", "wish"),
    *("почему", "коммент", "улучш", "расскаж", "опиш", "поясн", "предлож", "пожелан", "причин"),
    *("поделит", "отзыв", "мнени", "добав", "напиш", "нрав", "хватает"),
)
_PLACES: Final = ("address", "адрес", "link", "ссылк", "browser", "браузер", "agent", "device")
_ENDS: Final = re.compile(r"(?<!\d)([01])\s*(?:[-–—…]|\.\.+|до|to|and|и)\s*(3|4|5|6|7|9|10)(?!\d)")
_LABELS: Final = re.compile(r"(?<!\d)(\d{1,2})\s*[-–—=:]\s*([^\d,;()/]+)")
_ANSWERED: Final = frozenset({"no_guess", "values_unfit"})
"""Reasons of columns without a field that nobody has judged."""
_HIGHEST: Final = 10
_WORDS_OF_A_QUESTION: Final = 3
_SMALL_SAMPLE: Final = 30
_FEW: Final = 5
_SAMPLE: Final = 400
_SENTENCE, _PHRASE = 5.0, 2.0
_OWN_WORDS, _LIKE_WORDS = 0.6, 0.4
_CHOICES: Final = 0.3
_EFFORT_SCALES: Final = ((1.0, 5.0), (1.0, 7.0), (1.0, 10.0))


def with_questions(seen: Seen, mapping: Mapping) -> Mapping:
    """The mapping of a survey with every column that holds answers to a question."""
    if not mapping.asks_by_column:
        return mapping
    frame = cache(lambda: seen.table.frame(limit=_SAMPLE))
    return replace(mapping, columns=tuple(_found(item, seen, frame) for item in mapping.columns))


def with_what_was_asked(seen: Seen, mapping: Mapping) -> Mapping:
    """The mapping with a `Question` for each column of scores; of what was told nothing changes.

    What holds for one column of scores no longer holds for several: the constants go.
    """
    scores = [item for item in mapping.questions if item.field == "score"]
    if "survey_type" in mapping.fields or not scores:
        return mapping
    if len(scores) == 1 and any(key in mapping.constants for key in SURVEY):
        (only,) = scores
        doubted = _doubted(only, mapping.asked(only.column), seen)
        columns = tuple(doubted if item is only else item for item in mapping.columns)
        return replace(mapping, columns=columns)
    columns = tuple(
        _with_question(item, seen) if item in scores and item.question is None else item
        for item in mapping.columns
    )
    constants = {key: text for key, text in mapping.constants.items() if key not in SURVEY}
    return replace(mapping, columns=columns, constants=constants)


def needs_polarity(question: Question) -> bool:
    """Whether a number waits for the end of the scale that is good."""
    return question.survey_type == "ces" and question.polarity is None


def _found(item: ColumnMapping, seen: Seen, frame: Callable[[], pd.DataFrame]) -> ColumnMapping:
    if item.field is not None or item.why.code not in _ANSWERED:
        return item
    name, values = seen.names[item.column], seen.profiles[item.column]
    if scale := _known_scale(seen, item.column):
        told = {word: str(score) for word, score in scale.scores.items()}
        return replace(_scored(item), values=told)
    if values.kind == "number" and _is_short(values):
        if _asks_for_a_grade(name):
            return _scored(item)
        if _is_a_question(name) and not _begins(name, _COUNTED):
            return replace(item, level="ask", why=Why("question_or_number"))
    if values.kind == "text" and _is_in_own_words(name, frame().iloc[:, item.column]):
        return replace(item, field="comment", level="likely", why=Why("question_open"))
    return item


def _scored(item: ColumnMapping) -> ColumnMapping:
    return replace(item, field="score", level="likely", why=Why("question_scale"))


def _with_question(item: ColumnMapping, seen: Seen) -> ColumnMapping:
    name, values = seen.names[item.column], seen.profiles[item.column]
    question = question_of(name, values, score_scale(words_of(seen.table, item.column)))
    return _doubted(replace(item, question=question), question, seen)


def _doubted(item: ColumnMapping, question: Question, seen: Seen) -> ColumnMapping:
    """The column, asked where a number waits for an answer or may be none."""
    if item.why.code.startswith(("confirmed", "template_")):
        return item
    name, values = seen.names[item.column], seen.profiles[item.column]
    if needs_polarity(question):
        return replace(item, level="ask", why=Why("question_polarity"))
    if question.survey_type == "nps" and begins_at_one(name, values):
        return replace(item, level="ask", why=Why("question_from_one"))
    return item


def question_of(name: HeaderName, values: Profile, scale: ScoreScale | None) -> Question:
    """What a column of scores was asked for, as its header and its values show.

    Only a question of recommending on 0-10 is NPS. Of effort, no end of the scale is taken for the
    good one, unless the answers or the header say in words which is easy.
    """
    found = _in_words(name, scale) if scale else _in_numbers(name, values)
    return replace(found, polarity=found.polarity or _labelled_polarity(name))


def states_a_scale(name: HeaderName) -> bool:
    """Whether a header names the ends of its scale: "NPS (1-10)"."""
    return _ENDS.search(name.text) is not None


def _labelled_polarity(name: HeaderName) -> Polarity | None:
    """The good end where a header names both: "(1 - very easy, 5 - very difficult)"."""
    labels = {text.strip(" .?"): int(number) for number, text in _LABELS.findall(name.text)}
    scale = score_scale(labels) if len(labels) == 2 else None
    if scale is None or len(set(scale.scores.values())) < 2:
        return None
    best = max(labels, key=lambda label: scale.scores[label])
    return "high" if labels[best] == max(labels.values()) else "low"


def _in_numbers(name: HeaderName, values: Profile) -> Question:
    stated = _ENDS.search(name.text)
    ends = (float(stated[1]), float(stated[2])) if stated else None
    if ends and (values.high or 0) <= ends[1]:
        return Question("", _kind(name, ends), *ends)
    shown = survey_scale(name, values)
    if not shown:
        return Question()
    low, high = float(shown["scale_min"]), float(shown["scale_max"])
    if speaks_of_effort(name):
        usual = (ends for ends in _EFFORT_SCALES if (values.high or 0) <= ends[1])
        return Question("", "ces", *next(usual, (low, high)))
    if shown["survey_type"] == "nps":
        return Question("", "nps", None if begins_at_one(name, values) else low, high)
    return Question("", _kind(name, (low, high)), low, high)


def _in_words(name: HeaderName, scale: ScoreScale) -> Question:
    low = float(min(scale.scores.values()) if scale.low is None else scale.low)
    high = float(max(scale.scores.values()) if scale.high is None else scale.high)
    if scale.kind == "ces":
        return Question("", "ces", low, high, "high")
    if scale.kind == "other":
        return Question("", "ces" if speaks_of_effort(name) else "other", low, high)
    kind = "csat" if scale.kind == "csat" and not recommends(name) else _kind(name, (low, high))
    return Question("", kind, low, high)


def _kind(name: HeaderName, ends: tuple[float, float]) -> SurveyType:
    if recommends(name):
        # What calls itself NPS stays one, so that metrics say why its scale gives none.
        return "nps" if ends == (0, _HIGHEST) or "nps" in name.words else "other"
    if speaks_of_effort(name):
        return "ces"
    return "csat" if ends[1] <= _FEW or _begins(name, _GRADED) else "other"


def _known_scale(seen: Seen, column: int) -> ScoreScale | None:
    """The scale of a column whose every cell is a word on it; a number beside a word is no word."""
    values = seen.profiles[column]
    if values.kind in {"empty", "number"} or not values.graded:
        return None
    scale = score_scale(words_of(seen.table, column))
    if scale is None or len(set(scale.scores.values())) < 2:
        return None
    sure = scale.kind or scale.high or _asks_for_a_grade(seen.names[column])
    return scale if sure else None


def _is_short(values: Profile) -> bool:
    """Whether numbers are grades by their looks: whole ones from 0 to 10."""
    return values.whole and values.low is not None and 0 <= values.low <= (values.high or 0) <= 10


def _asks_for_a_grade(name: HeaderName) -> bool:
    if _begins(name, _COUNTED) and not (recommends(name) or _begins(name, _EFFORT)):
        return False
    return recommends(name) or speaks_of_effort(name) or _begins(name, _GRADED)


def _is_a_question(name: HeaderName) -> bool:
    return name.text.endswith("?") and len(name.words) >= _WORDS_OF_A_QUESTION


def begins_at_one(name: HeaderName, values: Profile) -> bool:
    """Whether nobody chose 0 and some chose 1: rather a scale of 1 to 10, which is not NPS."""
    return values.low == 1 and values.filled >= _SMALL_SAMPLE and not states_a_scale(name)


def _is_in_own_words(name: HeaderName, column: pd.Series) -> bool:
    """Whether most cells are sentences of their own, not choices from a list."""
    cells = [cell for cell in column.str.strip() if cell]
    if not cells or _begins(name, _PLACES):
        return False
    length = sum(len(cell.split()) for cell in cells) / len(cells)
    apart = len(set(cells)) / len(cells)
    if _begins(name, _TOLD) and len(cells) < _FEW:
        return length >= _PHRASE
    if len(cells) < _FEW or _are_choices(cells):
        return False
    if _begins(name, _TOLD) or _is_a_question(name):
        return length >= _PHRASE and apart >= _LIKE_WORDS
    return length >= _SENTENCE and apart >= _OWN_WORDS


def _are_choices(cells: Iterable[str]) -> bool:
    """Whether cells are made of the same few pieces, as where several boxes were ticked."""
    pieces = [piece.strip() for cell in cells for piece in re.split(r"[,;]", cell)]
    return len(set(pieces)) < _CHOICES * len(pieces)


def _begins(name: HeaderName, beginnings: tuple[str, ...]) -> bool:
    return any(word.startswith(beginnings) for word in name.words)
