"""Does what we measure match what clients feel: times of response against scores.

Per conversation where both stand of the same one, else per week, agent or channel. An association
only: who waits longer may also have asked something harder, and who answers a survey is no sample.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from crm_metrics.metrics import intervals
from crm_metrics.metrics.comparing.change import differences_of
from crm_metrics.metrics.compute import compute
from crm_metrics.metrics.derived import NOTHING, numbers_of, worked_out
from crm_metrics.metrics.ground import Engine, grains_of, mapped_of, parts_of
from crm_metrics.metrics.model import Filters, MetricKind, Value
from crm_metrics.metrics.values import nps_estimate
from crm_metrics.metrics.voice.pairs import CONVERSATIONS, SURVEYS, Measure, Pairs, Wait, pairs

Level = Literal["conversation", "week", "agent", "channel"]
KEY: Final = "kpi_voice_link"
LEAST: Final = {"conversation": 30, "week": 10, "agent": 10, "channel": 10}
"""Conversations, or other points, under which nothing is said of a link."""
LEAST_OF_BUCKET = 30
LEAST_OF_POINT = 5
# Seconds at which waits are told apart, as people speak of them; small neighbours are joined.
_EDGES = (60.0, 300.0, 900.0, 3600.0, 14400.0, 86400.0, 259200.0, 604800.0)
_LEVELS: Final[tuple[Level, ...]] = ("week", "agent", "channel")
_MEASURES: Final[tuple[Measure, ...]] = ("csat", "nps")
_TIMES: Final = {"first_reply": ("frt_median", "frt_mean"), "resolution": ("resolution_median",)}


@dataclass(frozen=True, slots=True)
class Bucket:
    """Conversations that waited from `start` seconds up to, but not, `end` (None: and longer)."""

    start: float
    end: float | None
    value: Value


@dataclass(frozen=True, slots=True)
class Point:
    """A week, an agent or a channel: its time of response and its score, of n and m records."""

    name: str
    time: Value
    score: Value


@dataclass(frozen=True, slots=True)
class Gap:
    """How much better the slowest bucket is than the fastest, as a fraction or in NPS points."""

    difference: float
    low: float
    high: float

    @property
    def is_clear(self) -> bool:
        """Whether the interval excludes no difference."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class Link:
    """The correlation with its base; `correlation` has flags in place of a value where refused.

    `buckets` are of conversations, `points` of the other levels. `counted` says how many
    conversations there were and how many had a score, None on other levels.
    """

    wait: Wait
    level: Level
    measure: Measure
    correlation: Value
    buckets: tuple[Bucket, ...] = ()
    points: tuple[Point, ...] = ()
    gap: Gap | None = None
    counted: Pairs | None = None


def link(engine: Engine, filters: Filters | None = None, wait: Wait = "first_reply") -> Link | None:
    """The link of a time of response with scores; None where either is nowhere in the data."""
    filters = filters or Filters()
    found = pairs(engine, filters, wait)
    if found is not None and found.scored:
        return _of_conversations(found, wait)
    return _of_periods(engine, filters, wait)


def _of_conversations(found: Pairs, wait: Wait) -> Link:
    buckets = _buckets(found)
    why = _refusal(found.score, found.times, found.n, "conversation")
    sums = {"n": float(found.n)}
    if why:
        correlation = worked_out(KEY, sums, flags=why)
    else:
        correlation = _correlated(found.wait, found.score, found.times)
    return Link(
        wait,
        "conversation",
        found.measure,
        correlation,
        buckets=buckets,
        gap=_gap(buckets) if len(buckets) > 1 and not why else None,
        counted=found,
    )


def _refusal(
    score: NDArray[np.float64], times: NDArray[np.float64], n: int, level: Level
) -> tuple[str, ...]:
    if n < LEAST[level]:
        return ("few_scored",) if level == "conversation" else ("few_points",)
    return ("one_score",) if len(np.unique(score[times > 0])) < 2 else ()


def _correlated(
    x: NDArray[np.float64], y: NDArray[np.float64], times: NDArray[np.float64]
) -> Value:
    n = float(times.sum())
    value = intervals.spearman(x, y, times)
    if np.isnan(value):
        return worked_out(KEY, {"n": n}, NOTHING, flags=("one_score",))
    ends = intervals.spearman_interval(value, n)
    return worked_out(KEY, {"n": n}, numbers_of(value, *ends))


def _buckets(found: Pairs) -> tuple[Bucket, ...]:
    """Buckets of at least LEAST_OF_BUCKET conversations each, if there are as many at all."""
    place = np.searchsorted(np.array(_EDGES), found.wait, side="right")
    sizes = np.bincount(place, found.times, minlength=len(_EDGES) + 1)
    edges = [0.0, *_EDGES, None]
    runs = _joined(sizes)
    return tuple(
        Bucket(edges[first] or 0.0, edges[last + 1], _bucket(found, place, first, last))
        for first, last in runs
    )


def _joined(sizes: NDArray[Any]) -> list[tuple[int, int]]:
    """The first and the last place of each bucket; the choice looks at sizes alone."""
    runs: list[tuple[int, int]] = []
    first, size = 0, 0.0
    for place, own in enumerate(sizes):
        size += own
        if size >= LEAST_OF_BUCKET:
            runs.append((first, place))
            first, size = place + 1, 0.0
    if not runs:
        return [(0, len(sizes) - 1)] if sizes.sum() else []
    # What is left over is too small to stand alone.
    runs[-1] = (runs[-1][0], len(sizes) - 1)
    return runs


def _bucket(found: Pairs, place: NDArray[np.int64], first: int, last: int) -> Value:
    inside = (place >= first) & (place <= last)
    times = found.times[inside]
    n, good, bad = (
        float(part.sum()) for part in (times, found.good[inside] * times, found.bad[inside] * times)
    )
    if found.measure == "csat":
        sums = {"x": good, "n": n}
        low, high = intervals.wilson(np.array(good), np.array(n))
        numbers = numbers_of(good / n, float(low), float(high))
    else:
        sums = {"promoters": good, "passives": n - good - bad, "detractors": bad, "n": n}
        score, *ends = nps_estimate(np.array(good), np.array(bad), np.array(n))
        numbers = numbers_of(score, *ends)
    variant = "top_box" if found.measure == "csat" else "scale_0_10"
    flags = ("small_n",) if n < LEAST_OF_BUCKET else ()
    return Value(found.measure, variant, CONVERSATIONS, {}, *numbers, n, sums, flags)


def _gap(buckets: Sequence[Bucket]) -> Gap:
    """The slowest bucket less the fastest, as any two groups are compared."""
    fast, slow = buckets[0].value, buckets[-1].value
    kind: MetricKind = "proportion" if fast.metric == "csat" else "nps"
    found = differences_of(kind, [(slow, fast)])
    difference = (slow.value or 0.0) - (fast.value or 0.0)
    return Gap(difference, float(found.low[0]), float(found.high[0]))


def _of_periods(engine: Engine, filters: Filters, wait: Wait) -> Link | None:
    """The first level of which there are enough points; else the weeks, refused."""
    grains = grains_of(engine)
    timed = grains & {CONVERSATIONS, "support_stats"}
    if not timed or SURVEYS not in grains:
        return None
    tried: list[tuple[Level, Measure, tuple[Point, ...]]] = []
    for level in _LEVELS:
        if level == "agent" and not _both_have(engine, level, timed):
            continue
        keys = (*_TIMES[wait], *_MEASURES)
        values = compute(engine, keys, by=(level,), filters=filters).values
        known = [one for one in values if one.value is not None and one.group[level] is not None]
        for measure in _MEASURES:
            points = _points(known, wait, level, measure)
            if len(points) >= LEAST[level]:
                return _of_points(points, wait, level, measure)
            tried.append((level, measure, points))
    level, measure, points = max(tried, key=lambda one: len(one[2]))
    return _of_points(points, wait, level, measure) if points else None


def _both_have(engine: Engine, field: str, timed: frozenset[str]) -> bool:
    fields = [
        {grain: mapped_of(part, grain) for grain in grains_of(part)} for part in parts_of(engine)
    ]
    of_times = any(field in own.get(grain, ()) for own in fields for grain in timed)
    return of_times and any(field in own.get(SURVEYS, ()) for own in fields)


def _points(
    known: Sequence[Value], wait: Wait, level: Level, measure: Measure
) -> tuple[Point, ...]:
    scores = {
        one.group[level]: one
        for one in known
        if one.metric == measure and one.grain == SURVEYS and one.n >= LEAST_OF_POINT
    }
    times: dict[str | None, Value] = {}
    for metric in _TIMES[wait]:
        for one in known:
            if one.metric == metric and one.n >= LEAST_OF_POINT:
                times.setdefault(one.group[level], one)
    return tuple(Point(str(name), times[name], scores[name]) for name in times if name in scores)


def _of_points(points: Sequence[Point], wait: Wait, level: Level, measure: Measure) -> Link:
    x, y = (
        np.array([getattr(one, part).value for one in points], dtype=float)
        for part in ("time", "score")
    )
    once = np.ones(len(points))
    why = _refusal(y, once, len(points), level)
    if why:
        sums = {"n": float(len(points))}
        correlation = worked_out(KEY, sums, flags=why)
    else:
        correlation = _correlated(x, y, once)
    return Link(wait, level, measure, correlation, points=tuple(points))
