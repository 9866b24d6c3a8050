"""A change told apart: what the groups' own rates did, and what their shares did."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from crm_metrics.errors import UsageError
from crm_metrics.metrics import intervals
from crm_metrics.metrics.comparing.change import (
    compare,
    compare_each,
    declared,
    excludes_zero,
    refuse_other_metrics,
)
from crm_metrics.metrics.comparing.model import GroupPart, Part, Split
from crm_metrics.metrics.comparing.pooled import adds_up, may_overlap, pooled
from crm_metrics.metrics.intervals import Floats
from crm_metrics.metrics.model import Change, Value
from crm_metrics.metrics.values import known

_Pair = tuple[Value | None, Value | None]

_WEIGHT = {"proportion": "n", "ratio": "x", "mean": "n", "nps": "n"}
_NONE = Part(None, None, None, clear=False)


def split(now: Sequence[Value], before: Sequence[Value]) -> Split:
    """The change of all groups together, split exactly into within and mix effect.

    `now` and `before` are one metric's values by the same groups (`compute(..., by=)`). With w a
    group's share of the denominator and r its rate: total = sum(mean w * change of r) + sum(mean r
    * change of w), within and mix. Kitagawa (1955), JASA 50, 1168-1194. A group on one side only
    has the same rate on both, so that all it adds is mix. Intervals take the shares as they are
    (what was sent was decided, not drawn) and the rates as independent, each with its own interval
    (`intervals.weighted_sum`). Raises UsageError: no_values, other_metric.
    """
    if not now and not before:
        raise UsageError("no_values")
    first = (*now, *before)[0]
    refuse_other_metrics((*now, *before))
    refused = _refused(now, before)
    if refused is not None:
        return _no_split(first, refused)
    total = compare(pooled(now), pooled(before))
    return _split(_paired(now, before), total)


def _no_split(value: Value, why: str) -> Split:
    total = Change(
        metric=value.metric,
        grain=value.grain,
        difference=None,
        low=None,
        high=None,
        relative=None,
        clear=False,
        good=None,
        flags=(why,),
    )
    return Split(value.metric, value.grain, total, _NONE, _NONE, (), (why,))


def _refused(now: Sequence[Value], before: Sequence[Value]) -> str | None:
    values = (*now, *before)
    metric = declared(values[0])
    if metric is not None and (metric.kind not in _WEIGHT or not adds_up(metric)):
        return "not_additive"
    if len({value.variant for value in values}) > 1:
        return "other_base"
    if len({value.currency for value in values} - {None}) > 1 or any(
        "mixed_currency" in value.flags for value in values
    ):
        return "mixed_currency"
    scales = {value.scale for value in values} - {None}
    doubts = {flag for value in values for flag in value.flags}
    doubts |= {"mixed_scales"} if len(scales) > 1 else set()
    if why := next((flag for flag in ("mixed_scales", "impossible") if flag in doubts), None):
        return why
    if not all(any(_weight(value) > 0 for value in side) for side in (now, before)):
        return "no_difference"
    return None


def _paired(now: Sequence[Value], before: Sequence[Value]) -> list[_Pair]:
    """Each group's value now and before, None where it has none; in the order of `now`."""
    sides = [
        {tuple(sorted(one.group.items())): one for one in side if _weight(one) > 0}
        for side in (now, before)
    ]
    names = dict.fromkeys((*sides[0], *sides[1]))
    return [(sides[0].get(name), sides[1].get(name)) for name in names]


def _split(pairs: list[_Pair], total: Change) -> Split:
    weights = np.array([[_weight(one) for one in pair] for pair in pairs], dtype=float)
    weights /= weights.sum(axis=0)
    rates, low, high = (
        np.array([[_part(one, name) for one in pair] for pair in pairs])
        for name in ("value", "low", "high")
    )
    # A rate that is not there is the other side's: then nothing of it is "within".
    filled = np.where(np.isnan(rates), rates[:, ::-1], rates)
    moved = weights[:, 0] - weights[:, 1]
    within = weights.mean(axis=1) * (filled[:, 0] - filled[:, 1])
    mix = (filled.mean(axis=1) - (weights * filled).sum() / 2) * moved
    both = ~np.isnan(rates).any(axis=1)
    own = np.where(both, weights.mean(axis=1), 0.0)
    shift = np.where(both, moved / 2, moved)[:, None] * ~np.isnan(rates)
    estimates = rates, low, high
    return Split(
        metric=total.metric,
        grain=total.grain,
        total=total,
        within=_summed(np.stack([own, -own], axis=1), estimates, float(within.sum())),
        mix=_summed(shift, estimates, float(mix.sum())),
        groups=_groups(pairs, weights, within, mix),
        flags=(*total.flags, *_overlap(pairs)),
    )


def _groups(
    pairs: list[_Pair], weights: Floats, within: Floats, mix: Floats
) -> tuple[GroupPart, ...]:
    matched = [(one, other) for one, other in pairs if one is not None and other is not None]
    changes = iter(compare_each(matched))
    return tuple(
        GroupPart(
            group=dict((now or before).group),  # type: ignore[union-attr]
            now=now.value if now is not None else None,
            before=before.value if before is not None else None,
            weight_now=float(weights[place, 0]),
            weight_before=float(weights[place, 1]),
            within=float(within[place]),
            mix=float(mix[place]),
            appeared=before is None,
            vanished=now is None,
            change=next(changes) if now is not None and before is not None else None,
        )
        for place, (now, before) in enumerate(pairs)
    )


def _overlap(pairs: list[_Pair]) -> tuple[str, ...]:
    values = (value for pair in pairs for value in pair if value is not None)
    metric = declared(next(values))
    return ("may_overlap",) if metric is not None and may_overlap(metric) else ()


def _summed(weights: Floats, estimates: tuple[Floats, Floats, Floats], value: float) -> Part:
    flat = tuple(part.ravel() for part in estimates)
    middle, low, high = intervals.weighted_sum(weights.ravel(), flat)  # type: ignore[arg-type]
    ends = known(value - float(middle - low)), known(value + float(high - middle))
    return Part(value, *ends, clear=excludes_zero(*ends))


def _weight(value: Value | None) -> float:
    if value is None:
        return 0.0
    metric = declared(value)
    return max(value.components[_WEIGHT[metric.kind] if metric is not None else "n"], 0.0)


def _part(value: Value | None, name: str) -> float:
    number = None if value is None else getattr(value, name)
    return np.nan if number is None else number
