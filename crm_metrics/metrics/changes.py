"""The change of a metric between two periods or groups, with an interval."""

from __future__ import annotations

import numpy as np

from crm_metrics.errors import NotFoundError, UsageError
from crm_metrics.metrics import intervals
from crm_metrics.metrics.combining.adding import comparable
from crm_metrics.metrics.compute import metric_named
from crm_metrics.metrics.intervals import Floats
from crm_metrics.metrics.model import Change, Metric, Value
from crm_metrics.metrics.values import ratio_parts

_DOUBTS = ("small_n", "few_units")


def compare(now: Value, before: Value) -> Change:
    """How far `now` is from `before`, two independent values of one metric.

    The interval is Newcombe's for proportions, Welch's for means and ratios (with the delta
    method's variances), adjusted Wald for NPS, and square-and-add of the order statistics for
    quantiles. A total has none, so its change is never clear. Raises UsageError("other_metric")
    for values of two metrics, or of grains that never make one value.
    """
    if now.metric != before.metric or not comparable(now.grain, before.grain):
        raise UsageError("other_metric", metric=now.metric, other=before.metric)
    difference = _less(now.value, before.value)
    flags = [flag for flag in _DOUBTS if flag in (*now.flags, *before.flags)]
    if difference is not None and _other_currency(now, before):
        difference, flags = None, [*flags, "mixed_currency"]
    if now.variant != before.variant:
        difference, flags = None, [*flags, "other_base"]
    low, high = _interval(now, before) if difference is not None else (None, None)
    if difference is None:
        flags = flags or ["no_difference"]
    elif low is None or high is None:
        flags.append("no_interval")
    clear = low is not None and high is not None and (low > 0 or high < 0)
    return Change(
        metric=now.metric,
        grain=now.grain,
        difference=difference,
        low=low,
        high=high,
        relative=difference / abs(before.value)
        if difference is not None and before.value
        else None,
        clear=clear,
        good=_good(now, difference) if clear else None,
        flags=tuple(flags),
    )


def _less(now: float | None, before: float | None) -> float | None:
    return None if now is None or before is None else now - before


def _other_currency(now: Value, before: Value) -> bool:
    return None not in (now.currency, before.currency) and now.currency != before.currency


def _good(now: Value, difference: float | None) -> bool | None:
    metric = _declared(now)
    if metric is None or metric.direction == "neutral" or difference is None:
        return None
    return (difference > 0) == (metric.direction == "up")


def _declared(value: Value) -> Metric | None:
    try:
        return metric_named(value.metric, value.grain)
    except NotFoundError:
        return None


def _interval(now: Value, before: Value) -> tuple[float | None, float | None]:
    metric = _declared(now)
    kind = metric.kind if metric is not None else "proportion"
    if kind == "total" or (metric is not None and not metric.interval):
        return None, None
    if kind in ("ratio", "mean"):
        low, high = _welch(kind, now, before)
    elif kind == "nps":
        low, high = _net(now, before)
    else:
        low, high = _square_and_add(now, before)
    ends = float(low), float(high)
    return None if np.isnan(ends[0]) else ends[0], None if np.isnan(ends[1]) else ends[1]


def _square_and_add(now: Value, before: Value) -> tuple[Floats, Floats]:
    first, second = (
        tuple(np.array(np.nan if part is None else part) for part in (one.value, one.low, one.high))
        for one in (now, before)
    )
    return intervals.square_and_add(first, second)  # type: ignore[arg-type]


def _welch(kind: str, now: Value, before: Value) -> tuple[Floats, Floats]:
    (value, variance, n), (other, other_variance, other_n) = (
        _spread(kind, one) for one in (now, before)
    )
    freedom = intervals.welch_freedom(variance, n, other_variance, other_n)
    return intervals.student(value - other, variance + other_variance, freedom)


def _spread(kind: str, value: Value) -> tuple[Floats, Floats, Floats]:
    parts = {name: np.array(number) for name, number in value.components.items()}
    if kind == "ratio":
        return ratio_parts(parts)
    mean = parts["sum"] / parts["n"]
    return mean, intervals.mean_variance(parts["sum"], parts["squares"], parts["n"]), parts["n"]


def _net(now: Value, before: Value) -> tuple[Floats, Floats]:
    (centre, error), (other, other_error) = (
        intervals.nps_adjusted(
            *(np.array(one.components[name]) for name in ("promoters", "detractors", "n"))
        )
        for one in (now, before)
    )
    half = intervals.Z * np.hypot(error, other_error)
    seen = np.array(_less(now.value, before.value))
    return np.minimum(centre - other - half, seen), np.maximum(centre - other + half, seen)
