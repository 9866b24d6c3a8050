"""Answers that hang together: of one person who gave several of those behind a number.

Five answers of one person are not five people: what they share counts once. Sums by person tell how
much of the spread is between people, and so how many independent answers the answers are worth.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import ibis.expr.types as ir
import numpy as np

from crm_metrics.metrics.intervals import Floats, effective_size
from crm_metrics.metrics.model import Metric
from crm_metrics.metrics.rows import Asked

RESPONDENT = "respondent"
"""Who gave an answer, a column of the ground: the person where that is known, else the response."""

_SCORE = {"proportion": ("x", None), "mean": ("sum", None), "nps": ("promoters", "detractors")}
_BY_PERSON = ("m", "yy", "xx", "xy")
_Number = TypeVar("_Number", float, Floats)


def hangs_together(asked: Asked, metric: Metric) -> bool:
    """Whether rows of the metric are to be summed by `Metric.clusters` first.

    The ground names the column among its fields where somebody has several rows at all.
    """
    return metric.kind in _SCORE and metric.clusters in asked.mapped


def sums_by_person(metric: Metric, place: int, people: ir.Table) -> dict[str, ir.Value]:
    """How many people there are, and squares and products of their sums; a row is a person's."""
    plus, minus = _SCORE[metric.kind]
    y, n = people[f"p{place}_{plus}"], people[f"p{place}_n"]
    y = y if minus is None else y - people[f"p{place}_{minus}"]
    y, n = y.cast("float64"), n.cast("float64")
    own = {"m": (n > 0).sum(), "yy": (y * y).sum(), "xx": (n * n).sum(), "xy": (y * n).sum()}
    return {f"p{place}_{name}": value for name, value in own.items()}


def of_single_answers(sums: Mapping[str, float]) -> dict[str, float]:
    """The components with those by person, where each answer is one of another person."""
    n = sums["n"]
    y, squares = _moments(sums)
    return dict(sums) | dict(zip(_BY_PERSON, (n, squares, n, y), strict=True))


def are_by_person(sums: Mapping[str, object]) -> bool:
    """Whether the components of a proportion, a mean or an NPS tell of people besides answers."""
    return "m" in sums and "n" in sums


def people_of(sums: Mapping[str, float]) -> float:
    """How many units the components are of: people, where these are told apart, else answers."""
    return sums["m"] if are_by_person(sums) else sums["n"]


def as_ratio(sums: Mapping[str, _Number]) -> dict[str, _Number]:
    """The components of a mean or a proportion as those of a ratio over people, to answers."""
    return {"y": _moments(sums)[0], "x": sums["n"]} | {name: sums[name] for name in _BY_PERSON}


def independent(sums: Mapping[str, Floats]) -> dict[str, Floats]:
    """The counts of a proportion or an NPS, made as small as if all answers were independent.

    Each count is divided by the design effect, so that what holds for independent answers holds
    for these: Rao and Scott (1992), Biometrics 48, 577-585. Unchanged where nobody gave two.
    """
    if not are_by_person(sums):
        return dict(sums)
    counts = [name for name in sums if name not in _BY_PERSON]
    n = sums["n"]
    y, squares = _moments(sums)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = squares / n - (y / n) ** 2
        size = effective_size(y, n, spread, **{name: sums[name] for name in _BY_PERSON})
        part = np.where(n > 0, size / n, 1.0)
    return {name: sums[name] * part for name in counts}


def _moments(sums: Mapping[str, _Number]) -> tuple[_Number, _Number]:
    """What the answers add up to, and their squares: a promoter is 1, a detractor -1."""
    if "promoters" in sums:
        good, bad = sums["promoters"], sums["detractors"]
        return good - bad, good + bad
    return (sums["sum"], sums["squares"]) if "sum" in sums else (sums["x"], sums["x"])
