"""Scores beside themes: of those who mention one against those who do not; an association."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crm_metrics.metrics import intervals
from crm_metrics.metrics.comparing.differences import Differences, Sums, differences
from crm_metrics.metrics.comparing.several import holm
from crm_metrics.metrics.model import MetricKind, Value
from crm_metrics.metrics.themes.corpus import Ints
from crm_metrics.metrics.themes.model import Beside
from crm_metrics.metrics.values import known, nps_estimate

_LEAST = 30  # answers on either side; with fewer nothing is said of a difference
_KINDS: dict[str, MetricKind] = {"nps": "nps", "csat": "proportion"}


@dataclass(frozen=True, eq=False, slots=True)
class Scored:
    """Answers by lines: what each gave for a score (1 best, -1 worst, other numbers: none)."""

    scores: Mapping[str, Ints]
    answers: Ints


def beside_all(
    own: Scored, mentioned: Mapping[str, NDArray[np.bool_]], grain: str
) -> dict[str, tuple[Beside, ...]]:
    """Each theme's scores; Holm's method goes over all themes of a score.

    Themes with fewer than 30 scored answers on either side are left out, as too small to tell.
    """
    found: dict[str, tuple[Beside, ...]] = {}
    for metric, score in own.scores.items():
        sums = {
            key: (_sums(metric, score, own.answers, one), _sums(metric, score, own.answers, ~one))
            for key, one in mentioned.items()
        }
        family = [key for key, pair in sums.items() if min(one["n"] for one in pair) >= _LEAST]
        for key, one in _compared(metric, family, sums, grain).items():
            found[key] = (*found.get(key, ()), one)
    return found


def _compared(
    metric: str,
    family: list[str],
    sums: Mapping[str, tuple[dict[str, float], dict[str, float]]],
    grain: str,
) -> dict[str, Beside]:
    if not family:
        return {}
    mention, rest = (_stacked([sums[key][side] for key in family]) for side in (0, 1))
    kind = _KINDS[metric]
    usual = np.full(len(family), intervals.ALPHA)
    pvalues = [known(float(one)) for one in differences(kind, mention, rest, usual).pvalue]
    adjusted = holm(pvalues, intervals.ALPHA)
    ends: Differences = differences(kind, mention, rest, np.array([level for _, level in adjusted]))
    found = {}
    for place, key in enumerate(family):
        among, others = (_value(metric, sums[key][side], key, grain) for side in (0, 1))
        low, high = known(float(ends.low[place])), known(float(ends.high[place]))
        found[key] = Beside(
            metric=metric,
            mention=among,
            rest=others,
            difference=None
            if among.value is None or others.value is None
            else among.value - others.value,
            low=low,
            high=high,
            pvalue=pvalues[place],
            pvalue_adjusted=adjusted[place][0],
            level=adjusted[place][1],
            clear=low is not None and high is not None and (low > 0 or high < 0),
        )
    return found


def _sums(metric: str, score: Ints, answers: Ints, kept: NDArray[np.bool_]) -> dict[str, float]:
    """The components of a score over the kept answers."""
    best, middle, worst = (float(answers[kept & (score == one)].sum()) for one in (1, 0, -1))
    n = best + middle + worst
    if metric == "nps":
        return {"promoters": best, "passives": middle, "detractors": worst, "n": n}
    return {"x": best, "n": n}


def _stacked(lines: list[dict[str, float]]) -> Sums:
    return {name: np.array([one[name] for one in lines]) for name in lines[0]}


def _value(metric: str, sums: dict[str, float], theme: str, grain: str) -> Value:
    own = _stacked([sums])
    if metric == "nps":
        estimate = nps_estimate(own["promoters"], own["detractors"], own["n"])
    else:
        estimate = own["x"] / own["n"], *intervals.wilson(own["x"], own["n"])
    value, low, high = (known(float(one[0])) for one in estimate)
    return Value(
        metric=metric,
        variant="scale_0_10" if metric == "nps" else "top_box",
        grain=grain,
        group={"theme": theme},
        value=value,
        low=low,
        high=high,
        n=sums["n"],
        components=sums,
    )
