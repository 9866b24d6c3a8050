"""The time between purchases, and from it who has left: silent for longer than nine gaps of ten."""

from __future__ import annotations

import math
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np

from crm_metrics.metrics import intervals
from crm_metrics.metrics.cohorts.history import History
from crm_metrics.metrics.derived import numbers_of, worked_out
from crm_metrics.metrics.intervals import Floats
from crm_metrics.metrics.model import Value
from crm_metrics.metrics.values import ratio_parts

LEAST = 30
LEAST_CUSTOMERS = 6
_QUANTILES = {"time_between_median": 0.5, "time_between_p90": 0.9}
_DAY = "day"


@dataclass(frozen=True, slots=True)
class Returning:
    """How soon customers order again, and how many have not for too long.

    `between` is the median of the days between a customer's purchases and `long_gap` their 90th
    percentile; `limit` the days T after which a customer counts as gone (that percentile, or what
    was asked for), None where no gap tells; `churn` the share gone of those who could be: their
    first order is older than T. `within` is the share who ordered again within `window` days, of
    those whose first order is at least that old. `distribution`: (days, gaps of so many).
    """

    between: Value
    long_gap: Value
    churn: Value
    within: Value
    lately: Value
    earlier: Value
    limit: int | None
    window: int
    distribution: tuple[tuple[int, int], ...]


def returning(history: History, *, limit: int | None = None, window: int = 90) -> Returning:
    """The times between purchases and what follows from them; `limit` replaces T of the gaps."""
    gaps = history.orders.filter(history.orders.gap > 0)
    counts = gaps.group_by("gap").aggregate(times=gaps.count()).order_by("gap")
    lines = counts.to_pyarrow().to_pylist()
    days = np.array([line["gap"] for line in lines], dtype=float)
    times = np.array([line["times"] for line in lines], dtype=float)
    between, long_gap = _quantiles(gaps, days, times)
    usual = None if long_gap.value is None else math.ceil(long_gap.value)
    chosen = limit or usual
    return Returning(
        between=between,
        long_gap=long_gap,
        churn=_churn(history, chosen, is_usual=limit is None),
        within=_within(history, window),
        lately=_within(history, window, until=2 * window),
        earlier=_within(history, window, since=2 * window, until=3 * window),
        limit=chosen,
        window=window,
        distribution=tuple((int(gap), int(count)) for gap, count in zip(days, times, strict=True)),
    )


def _quantiles(gaps: ir.Table, days: Floats, times: Floats) -> tuple[Value, Value]:
    """The median and the long gap of all gaps; intervals mind that one customer's are alike.

    Woodruff (1952), JASA 47, 635-646: the interval of the share of gaps at or below the quantile,
    here the delta method's over customers, is read back on the distribution.
    """
    total = float(times.sum())
    if total == 0:
        none = (worked_out(key, {"n": 0.0}, flags=("no_repeats",)) for key in _QUANTILES)
        return next(none), next(none)
    shares = np.cumsum(times) / total
    values = {
        key: float(days[np.searchsorted(shares, share - 1e-12)])
        for key, share in _QUANTILES.items()
    }
    own = gaps.group_by("person").aggregate(
        x=gaps.count().cast("float64"),
        **{key: (gaps.gap <= value).sum().cast("float64") for key, value in values.items()},
    )
    sums = {"x": own.x.sum(), "xx": (own.x * own.x).sum(), "m": own.count()}
    for key in values:
        y = own[key]
        sums |= {f"{key}y": y.sum(), f"{key}yy": (y * y).sum(), f"{key}xy": (own.x * y).sum()}
    (line,) = own.aggregate(**sums).to_pyarrow().to_pylist()
    found = []
    for key, value in values.items():
        parts = {name: float(line[name]) for name in ("x", "xx", "m")}
        parts |= {name: float(line[f"{key}{name}"]) for name in ("y", "yy", "xy")}
        _, variance, _ = ratio_parts({name: np.array(number) for name, number in parts.items()})
        half = intervals.Z * float(np.sqrt(variance))
        told = {"n": total, "customers": parts["m"]}
        few = ("small_n",) if total < LEAST else ()
        if math.isnan(half) or parts["m"] < LEAST_CUSTOMERS:
            flags = (*few, "no_interval")
            found.append(worked_out(key, told, (value, None, None), flags=flags))
            continue
        ends = (_QUANTILES[key] - half, _QUANTILES[key] + half)
        low, high = days[np.minimum(np.searchsorted(shares, ends), len(days) - 1)]
        found.append(worked_out(key, told, (value, float(low), float(high)), flags=few))
    return found[0], found[1]


def _churn(history: History, limit: int | None, *, is_usual: bool) -> Value:
    variant = "of_usual_gap" if is_usual else "of_given_gap"
    if limit is None:
        return worked_out("churn_rate", {"n": 0.0}, variant=variant, flags=("no_repeats",))
    customers, end = history.customers, ibis.literal(history.end)
    old = customers.filter(end.delta(customers.arrived, unit=_DAY) > limit)
    gone = (end.delta(old["last"], unit=_DAY) > limit).sum()
    return _share(old, gone, "churn_rate", variant)


def _within(
    history: History, window: int, *, since: int | None = None, until: int | None = None
) -> Value:
    """Who ordered again in the window, of first orders at least `since` and under `until` old."""
    customers, end = history.customers, ibis.literal(history.end)
    age = end.delta(customers.arrived, unit=_DAY)
    asked = age >= (window if since is None else since)
    old = customers.filter(asked if until is None else asked & (age < until))
    again = (old.second.delta(old.arrived, unit=_DAY) <= window).sum()
    return _share(old, again, "repeat_within", "of_old_enough")


def _share(people: ir.Table, x: ir.Value, key: str, variant: str) -> Value:
    (line,) = people.aggregate(x=x, n=people.count()).to_pyarrow().to_pylist()
    sums = {"x": float(line["x"] or 0), "n": float(line["n"])}
    if not sums["n"]:
        return worked_out(key, sums, variant=variant, flags=("none_old_enough",))
    low, high = intervals.wilson(np.array(sums["x"]), np.array(sums["n"]))
    flags = ("small_n",) if sums["n"] < LEAST else ()
    numbers = numbers_of(sums["x"] / sums["n"], low, high)
    return worked_out(key, sums, numbers, variant=variant, flags=flags)
