"""The change of a metric between two periods or groups, with an interval."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from crm_metrics.errors import NotFoundError, UsageError
from crm_metrics.metrics import intervals
from crm_metrics.metrics.combining.adding import MESSAGE_GRAINS, comparable
from crm_metrics.metrics.comparing.differences import Differences, Sums, differences
from crm_metrics.metrics.declared import declaration
from crm_metrics.metrics.derived import Derived
from crm_metrics.metrics.intervals import Floats
from crm_metrics.metrics.model import Change, Metric, MetricKind, Value
from crm_metrics.metrics.respondents import are_by_person, of_single_answers
from crm_metrics.metrics.values import known

Pair = tuple[Value, Value]

_DOUBTS = ("small_n", "few_units", "heavy_tail")
BASE_SENT = "base_sent"
_IMMATURE = "immature"


def compare(now: Value, before: Value) -> Change:
    """How far `now` is from `before`, two independent values of one metric; see `compare_each`."""
    return compare_each([(now, before)])[0]


def compare_each(pairs: Sequence[Pair]) -> tuple[Change, ...]:
    """How far the first of each pair is from the second, two independent values of one metric.

    All pairs of a kind are computed together: ask for many at once. The interval is Mee's score
    interval for proportions (with few events an exact test must agree), Welch's for means and
    ratios (with the delta method's variances), adjusted Wald for NPS, and square-and-add of the
    order statistics for quantiles. A total has none, so its change is never clear. Raises
    UsageError("other_metric") for values of two metrics, or of grains that never make one value.
    """
    for pair in pairs:
        refuse_other_metrics(pair)
    ends: dict[int, Differences] = {}
    kinds = [_kind(now) if _refused(now, before) is None else None for now, before in pairs]
    for kind in dict.fromkeys(kinds):
        if kind is None:
            continue
        places = [place for place, own in enumerate(kinds) if own == kind]
        found = differences_of(kind, [pairs[place] for place in places])
        ends |= {place: _at(found, own) for own, place in enumerate(places)}
    return tuple(_change(*pair, ends.get(place)) for place, pair in enumerate(pairs))


def partners(now: Sequence[Value], before: Sequence[Value]) -> list[Value | None]:
    """For each of `now` the value of `before` that it is compared with, None where there is none.

    It is of the same metric, formula variant, group and currency. Grains of messages count as one:
    a campaign may be known by its sums in one period and by its people in the other.
    """
    earlier = {(base_of(one), *sorted(one.group.items())): one for one in before}
    return [earlier.get((base_of(one), *sorted(one.group.items()))) for one in now]


def changes_from(
    now: Sequence[Value], before: Sequence[Value]
) -> list[tuple[Value, Change] | None]:
    """For each of `now` its partner in `before` and the change from it, None without a partner."""
    earlier = partners(now, before)
    pairs = [(one, other) for one, other in zip(now, earlier, strict=True) if other is not None]
    changes = iter(compare_each(pairs))
    return [None if other is None else (other, next(changes)) for other in earlier]


def base_of(value: Value) -> tuple[object, ...]:
    """What values that can be compared share: metric, formula, kind of rows, currency, scale."""
    grain = "messages" if value.grain in MESSAGE_GRAINS else value.grain
    return value.metric, value.variant, grain, value.currency, value.scale


def differences_of(
    kind: MetricKind, pairs: Sequence[Pair], alpha: Floats | float = intervals.ALPHA
) -> Differences:
    """Interval and p of each pair's difference; quantiles have an interval at 95 % alone."""
    levels = np.broadcast_to(np.asarray(alpha, dtype=float), (len(pairs),))
    first, second = ([pair[side] for pair in pairs] for side in (0, 1))
    if kind == "quantile":
        low, high = intervals.square_and_add(_estimates(first), _estimates(second))
        none = np.full(len(pairs), np.nan)
        return Differences(low, high, none, none, none)
    return differences(kind, sums_of(first), sums_of(second), levels)


def refuse_other_metrics(values: Sequence[Value]) -> None:
    """Raise UsageError("other_metric") unless all values are of one metric."""
    for value in values:
        first = values[0]
        if value.metric != first.metric or not comparable(value.grain, first.grain):
            raise UsageError("other_metric", metric=first.metric, other=value.metric)


def sums_of(values: Sequence[Value]) -> Sums:
    """The components of values of one kind, an array by name; by person where any value has it."""
    parts = [one.components for one in values]
    if any(map(are_by_person, parts)):
        parts = [one if are_by_person(one) else of_single_answers(one) for one in parts]
    names = parts[0] if parts else {}
    return {name: np.array([float(one[name]) for one in parts]) for name in names}


def bases_differ(values: Sequence[Value]) -> bool:
    """Whether some of the values are of the sent and others of the delivered messages.

    A part of what sets them apart is then how many did not arrive.
    """
    return len({BASE_SENT in value.flags for value in values}) > 1


def declared(value: Value) -> Metric | None:
    """The metric of a value; None for a metric that the catalogue does not have."""
    found = _declaration(value)
    return found if isinstance(found, Metric) else None


def _declaration(value: Value) -> Metric | Derived | None:
    try:
        return declaration(value.metric, value.grain)
    except NotFoundError:
        return None


def goes_its_way(metric: Metric | Derived | None, difference: float | None) -> bool | None:
    """Whether a clear difference is good by the metric's direction; None where it has none."""
    if metric is None or metric.direction == "neutral" or difference is None:
        return None
    return (difference > 0) == (metric.direction == "up")


def excludes_zero(low: float | None, high: float | None) -> bool:
    """Whether an interval is known and has 0 outside, so that a difference is clear."""
    return low is not None and high is not None and (low > 0 or high < 0)


def _refused(now: Value, before: Value) -> str | None:
    """Why there is no difference at all."""
    if now.variant != before.variant:
        return "other_base"
    if None not in (now.currency, before.currency) and now.currency != before.currency:
        return "mixed_currency"
    if None not in (now.scale, before.scale) and now.scale != before.scale:
        return "mixed_scales"
    if now.is_stated or before.is_stated:
        return "rate_only"
    return "no_difference" if now.value is None or before.value is None else None


def _kind(value: Value) -> MetricKind | None:
    """The kind to compare by; None where the data carry no interval."""
    metric = declared(value)
    if metric is None:
        if {"x", "n"} == value.components.keys():
            return "proportion"
        return "mean" if {"sum", "squares", "n"} <= value.components.keys() else None
    return metric.kind if metric.interval and metric.kind != "total" else None


def _change(now: Value, before: Value, ends: Differences | None) -> Change:
    refused = _refused(now, before)
    flags = [flag for flag in _DOUBTS if flag in (*now.flags, *before.flags)]
    difference = None
    if refused is None and now.value is not None and before.value is not None:
        difference = now.value - before.value
    low, high = (known(float(ends.low)), known(float(ends.high))) if ends else (None, None)
    if refused is not None:
        flags = flags if refused == "no_difference" and flags else [*flags, refused]
    elif (low is None or high is None) and not _is_total(now):
        flags.append("no_interval")
    clear = excludes_zero(low, high)
    open_ = [BASE_SENT] if bases_differ((now, before)) else []
    open_ += [_IMMATURE] if _may_turn(now, before, difference) else []
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
        good=goes_its_way(_declaration(now), difference) if clear and not open_ else None,
        flags=(*flags, *open_),
        relative_low=known(float(ends.relative_low)) if ends else None,
        relative_high=known(float(ends.relative_high)) if ends else None,
        pvalue=known(float(ends.pvalue)) if ends else None,
    )


def _is_total(value: Value) -> bool:
    """Whether it counts all there is, so that no interval is missed."""
    metric = declared(value)
    return metric is not None and metric.kind == "total"


def _may_turn(now: Value, before: Value, difference: float | None) -> bool:
    """Whether what still comes in may undo the difference: the lower value is not mature."""
    young, young_before = (_IMMATURE in value.flags for value in (now, before))
    if difference is None or difference == 0:
        return False
    return young if difference < 0 else young_before and not young


def _at(found: Differences, place: int) -> Differences:
    return Differences(
        found.low[place],
        found.high[place],
        found.relative_low[place],
        found.relative_high[place],
        found.pvalue[place],
    )


def _estimates(values: Sequence[Value]) -> tuple[Floats, Floats, Floats]:
    value, low, high = (
        np.array([np.nan if part is None else part for part in parts])
        for parts in zip(*((one.value, one.low, one.high) for one in values), strict=True)
    )
    return value, low, high
