"""Quantiles of groups against all others together: how often each value occurs tells both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from crm_metrics.metrics import intervals
from crm_metrics.metrics.components import Group, group_of
from crm_metrics.metrics.compute import metric_named
from crm_metrics.metrics.counting import Question, asked_rows
from crm_metrics.metrics.ground import Engine, grains_of, parts_of
from crm_metrics.metrics.intervals import Floats
from crm_metrics.metrics.model import Filters, Limits, Metric, Value
from crm_metrics.metrics.rows import Asked, selected
from crm_metrics.metrics.values import known
from crm_metrics.metrics.waiting import needs_rows

_MOST_LINES = 2_000_000
_HALVINGS = 30
_LEAST_P = 1e-12


@dataclass(frozen=True, slots=True)
class Spread:
    """The different values of a group in ascending order, and how many rows have each."""

    values: Floats
    times: Floats


Spreads = Mapping[Group, Spread]


def spreads(
    engine: Engine,
    metric: str,
    *,
    by: Sequence[str],
    filters: Filters | None = None,
    limits: Limits | None = None,
    grain: str | None = None,
) -> Spreads:
    """The values behind a quantile metric by group, as `compute` has them; a count by value.

    Empty where the metric is no plain quantile, stands in several places, or has too many values.
    """
    declared = metric_named(metric, grain)
    parts = [part for part in parts_of(engine) if declared.grain in grains_of(part)]
    if not is_spread(declared) or len(parts) != 1:
        return {}
    question = Question(tuple(by), (filters or Filters(),), limits or Limits())
    asked = asked_rows(parts[0], [declared], question)
    if not isinstance(asked, Asked):
        return {}
    rows, (slots,) = selected(asked, [declared])
    rows = rows.select(*asked.names, value=rows[slots.y].cast("float64"))
    rows = rows.filter(rows["value"].notnull())
    counts = rows.group_by([*asked.names, "value"]).aggregate(times=rows.count())
    table = counts.order_by("value").limit(_MOST_LINES + 1).to_pyarrow()
    if table.num_rows > _MOST_LINES:
        return {}
    found: dict[Group, tuple[list[float], list[float]]] = {}
    for line in table.to_pylist():
        each, times = found.setdefault(group_of(line, asked.names), ([], []))
        each.append(line["value"])
        times.append(line["times"])
    return {
        group: Spread(np.array(each, dtype=float), np.array(times, dtype=float))
        for group, (each, times) in found.items()
    }


def is_spread(metric: Metric) -> bool:
    """Whether the metric is a quantile of rows that are independent and have ended."""
    return metric.kind == "quantile" and not needs_rows(metric) and metric.denominator is None


class Pairs:
    """Groups of one quantile metric, each beside the spread of all others together."""

    def __init__(self, values: Sequence[Value], own: Sequence[Spread], p: float) -> None:
        self._p = p
        every = np.unique(np.concatenate([one.values for one in own]))
        counts = np.zeros((len(own), len(every)))
        for place, one in enumerate(own):
            counts[place, np.searchsorted(every, one.values)] = one.times
        self._every = every
        self._own = counts.cumsum(axis=1)
        self._rest = (counts.sum(axis=0) - counts).cumsum(axis=1)
        least = metric_named(values[0].metric, values[0].grain).minimum_n
        self.others = [self._value(values[0], place, least) for place in range(len(own))]

    def ends(self, levels: Floats) -> tuple[Floats, Floats]:
        """The interval of each difference at its own level, by the order statistics of both.

        Their own intervals (Conover 1999, section 3.2) are joined by Zou and Donner (2008).
        """
        first, second = (self._estimates(counts, levels) for counts in (self._own, self._rest))
        return intervals.square_and_add(first, second)

    def pvalues(self) -> list[float | None]:
        """The least level at which each interval excludes 0, so that test and interval agree."""
        size = len(self.others)
        low, high = np.full(size, np.log(_LEAST_P)), np.zeros(size)
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            below, above = self.ends(np.exp(middle))
            clear = (below > 0) | (above < 0)
            low, high = np.where(clear, low, middle), np.where(clear, middle, high)
        return [float(one) for one in np.exp(high)]

    def _estimates(self, counts: Floats, levels: Floats) -> tuple[Floats, Floats, Floats]:
        n = counts[:, -1]
        low, high = intervals.quantile_ranks(n, self._p, levels)
        place = (n - 1) * self._p + 1
        below = np.floor(place)
        first, second = self._at(counts, below), self._at(counts, np.minimum(below + 1, n))
        value = first + (second - first) * (place - below)
        return value, self._at(counts, low), self._at(counts, high)

    def _at(self, counts: Floats, ranks: Floats) -> Floats:
        """The value at a rank of each group, NaN where there is no such rank."""
        size = counts.shape[1]
        # One ascending row for all groups: each one's counts begin above those before it.
        begins = np.arange(len(counts)) * (counts[:, -1].max() + 1)
        known = (ranks >= 1) & (ranks <= counts[:, -1])
        wanted = np.where(known, ranks, 1) + begins
        places = np.searchsorted((counts + begins[:, None]).ravel(), wanted)
        own = np.minimum(places - np.arange(len(counts)) * size, size - 1)
        return np.where(known, self._every[own], np.nan)

    def _value(self, like: Value, place: int, least: int) -> Value:
        n = float(self._rest[place, -1])
        levels = np.full(len(self._rest), intervals.ALPHA)
        value, low, high = (part[place] for part in self._estimates(self._rest, levels))
        return replace(
            like,
            group={},
            value=known(float(value)),
            low=known(float(low)),
            high=known(float(high)),
            n=n,
            units={like.grain: n},
            components={"n": n},
            flags=("small_n",) if n < least else (),
        )
