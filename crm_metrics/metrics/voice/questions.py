"""The questions of surveys: how each was answered, on which scale, and how many left it blank."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from crm_metrics.metrics import intervals
from crm_metrics.metrics.compute import compute
from crm_metrics.metrics.derived import numbers_of
from crm_metrics.metrics.expressions import folded
from crm_metrics.metrics.filtering import kept
from crm_metrics.metrics.ground import Engine, ground, parts_of
from crm_metrics.metrics.model import Filters, Value
from crm_metrics.metrics.scales import (
    DETRACTOR,
    LOW_GOOD,
    PROMOTER,
    TOP_BOX,
    usual_bottom,
    usual_top,
)
from crm_metrics.metrics.values import mean_parts

GRAIN = "surveys"
HEADLINES = ("nps", "csat", "ces", "ces_2010")
"""The metric of a question: the first of these that has a value."""
BESIDE = ("csat_bottom2", "csat_mean", "ces_easy_share")
MOST_STEPS = 12
"""Different scores up to which they can be shown one by one."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question over the kept rows.

    `text` is None where files name none; `kind` ("nps", "csat", "ces", "other"), the ends of the
    scale and `polarity` ("high" or "low") are what is said of it, None where nothing is. `counts`
    are scores with the number of their answers, ascending; `blanks` rows of the question without an
    answer, `comments` those with words. `headline` is its metric's value, None where it has none:
    `refused` are then the flags that say why. `values` are all that it has.
    """

    text: str | None
    kind: str | None
    low: float | None
    high: float | None
    polarity: str | None
    counts: tuple[tuple[float, int], ...]
    blanks: int
    comments: int
    values: tuple[Value, ...] = ()
    refused: tuple[str, ...] = ()

    @property
    def n(self) -> int:
        """How many scores there are."""
        return sum(count for _, count in self.counts)

    @property
    def mean(self) -> float | None:
        """The mean score; None where there is no score, or good and bad alone, which are none."""
        if not self.n or self.is_of_two:
            return None
        return sum(score * count for score, count in self.counts) / self.n

    @property
    def mean_value(self) -> Value | None:
        """The mean score with Student's interval, as a value; None where there is no mean."""
        if self.mean is None:
            return None
        sums = {
            "sum": sum(score * count for score, count in self.counts),
            "squares": sum(score * score * count for score, count in self.counts),
            "n": float(self.n),
        }
        mean, variance, n = mean_parts({name: np.array(one) for name, one in sums.items()})
        numbers = numbers_of(mean, *intervals.student(mean, variance, n - 1))
        return Value("score", "mean_score", GRAIN, {}, *numbers, sums["n"], sums)

    @property
    def is_of_two(self) -> bool:
        """Whether the two ends of its scale were given and nothing between; see `two_ends`."""
        if len(self.counts) != 2:
            return False
        low, high = (score for score, _ in self.counts)
        bottom = usual_bottom(low) if self.low is None else self.low
        top = usual_top(high) if self.high is None else self.high
        return (low, high) in ((bottom, top), (0, 1))

    @property
    def headline(self) -> Value | None:
        """The value of the question's own metric."""
        found = {one.metric: one for one in self.values if one.value is not None}
        return next((found[key] for key in HEADLINES if key in found), None)


def questions(engine: Engine, filters: Filters | None = None) -> tuple[Question, ...]:
    """The questions with the most answers first; () where there are no surveys.

    Rows that a filter can't be asked of do not count.
    """
    filters = filters or Filters()
    lines = [line for part in parts_of(engine) for line in _lines(part, filters)]
    if not lines:
        return ()
    values = _values(engine, filters)
    texts = dict.fromkeys(line["question"] for line in lines)
    found = [
        _question(text, [line for line in lines if line["question"] == text], values)
        for text in texts
    ]
    return tuple(sorted(found, key=lambda one: (-one.n, one.text or "")))


def _lines(part: Engine, filters: Filters) -> list[dict[str, Any]]:
    """How often each score of each question was given, and what is said of the question."""
    if GRAIN not in part.grains:
        return []
    table, _ = ground(part, GRAIN)
    keep = kept(part, GRAIN, table, filters)
    if keep is None:
        return []
    rows = table.filter(keep).select(
        question=table.question,
        kind=folded(table.survey_type),
        low=table.scale_min.cast("float64"),
        high=table.scale_max.cast("float64"),
        polarity=folded(table.polarity),
        score=table.score.cast("float64"),
        words=table.comment.notnull(),
    )
    groups = rows.group_by(["question", "kind", "low", "high", "polarity", "score"])
    found = groups.aggregate(n=rows.count(), comments=rows.words.sum())
    lines: list[dict[str, Any]] = found.to_pyarrow().to_pylist()
    return lines


def _values(engine: Engine, filters: Filters) -> dict[object, list[Value]]:
    found = compute(engine, (*HEADLINES, *BESIDE), by=("question",), filters=filters)
    values: dict[object, list[Value]] = defaultdict(list)
    for value in found.values:
        if value.grain == GRAIN:
            values[value.group["question"]].append(value)
    return values


def _question(
    text: str | None, lines: Sequence[dict[str, Any]], values: dict[object, list[Value]]
) -> Question:
    counts: dict[float, int] = defaultdict(int)
    blanks = comments = 0
    for line in lines:
        comments += line["comments"] or 0
        if line["score"] is not None:
            counts[line["score"]] += line["n"]
        else:
            blanks += line["n"]
    if not counts:  # a question that is answered in words
        blanks -= comments

    def said(name: str) -> Any:
        known = {line[name] for line in lines if line[name] is not None}
        return known.pop() if len(known) == 1 else None

    own = tuple(values.get(text, ()))
    kind = said("kind")
    return Question(
        text=text,
        kind=kind,
        low=said("low"),
        high=said("high"),
        polarity=said("polarity"),
        counts=tuple(sorted(counts.items())),
        blanks=blanks,
        comments=comments,
        values=own,
        refused=_refused(own, kind),
    )


def _refused(values: Sequence[Value], kind: str | None) -> tuple[str, ...]:
    """Why the metric of the question's kind has no value."""
    of_kind = {"nps": ("nps",), "csat": ("csat",), "ces": ("ces", "ces_2010")}.get(kind or "", ())
    own = [one for one in values if one.metric in of_kind]
    if not own or any(one.value is not None for one in own):
        return ()
    flags = dict.fromkeys(flag for one in own for flag in one.flags)
    more = tuple(flag for flag in flags if flag not in ("not_nps", "not_csat", "not_ces"))
    return more or tuple(flags)


@dataclass(frozen=True, slots=True)
class Step:
    """A score of a question: how many gave it, and where it lies among all answers, 0 to 1.

    `tone` is "good", "bad" or "unclear" by the metric's own groups: promoters and detractors, top
    and bottom box; "unclear" throughout where it is not said which end of the scale is good.
    """

    score: float
    count: int
    start: float
    end: float
    tone: str


def spread(question: Question) -> tuple[Step, ...]:
    """The scores of a question from the worst to the best."""
    counts = list(question.counts)
    if question.polarity == LOW_GOOD:
        counts.reverse()
    steps, begun = [], 0.0
    for score, count in counts:
        end = begun + count / question.n
        steps.append(Step(score, count, begun, end, _tone(question, score)))
        begun = end
    return tuple(steps)


def _tone(question: Question, score: float) -> str:
    if question.kind == "nps":
        bad, good = score <= DETRACTOR, score >= PROMOTER
    elif question.kind == "csat" or question.polarity is not None:
        bad, good = _boxed(question, score)
    else:
        return "unclear"
    return "good" if good else "bad" if bad else "unclear"


def _boxed(question: Question, score: float) -> tuple[bool, bool]:
    """Whether a score is in the bottom and in the top box, by the rule of `scales`."""
    ends = (question.counts[0][0], question.counts[-1][0])
    top = question.high or usual_top(ends[1]) or ends[1]
    bottom = question.low if question.low is not None else usual_bottom(ends[0])
    size = next((count for limit, count in TOP_BOX if top <= limit), 0)
    low, high = score < bottom + size, score > top - size
    return (high, low) if question.polarity == LOW_GOOD else (low, high)
