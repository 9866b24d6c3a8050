"""Whether a goal is met: told by the value's interval, not by the value alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from crm_metrics.errors import NotFoundError
from crm_metrics.metrics import intervals
from crm_metrics.metrics.combining.adding import comparable
from crm_metrics.metrics.declared import declaration
from crm_metrics.metrics.derived import Derived
from crm_metrics.metrics.goals.goal import Goal
from crm_metrics.metrics.model import Direction, Metric, Missing, Value

Status = Literal["met", "missed", "unclear", "na"]
# Flags of a value that no verdict may stand on: it contradicts itself, or is too small.
_DOUBTS = ("impossible_rows", "small_n", "few_units")
_MAY_RISE = "immature"


@dataclass(frozen=True, slots=True)
class Judged:
    """A goal beside what the metric is.

    `target` is in the metric's unit: a relative goal's is made from the previous value. `distance`
    is the value less the target, `low` and `high` its 95 % interval (None for a plain total, which
    is counted, not estimated). `reason` is a code (`goals.reason.<code>` or `flag.<code>` in texts)
    for a status of unclear or n/a; `needs` are the fields that would make the metric computable.
    """

    goal: Goal
    status: Status
    value: Value | None = None
    target: float | None = None
    distance: float | None = None
    low: float | None = None
    high: float | None = None
    reason: str | None = None
    needs: tuple[str, ...] = ()


def judge(goal: Goal, now: Value | None, before: Value | None = None) -> Judged:
    """Whether `now` meets the goal; `before` is the same metric in the previous period.

    Met where the whole 95 % interval of the distance is on the good side (its end may be the
    target itself), missed where it is wholly beyond, unclear where it holds the target, or where an
    immature value may still rise to it. A total is
    met by its number. A relative goal's distance is now - (1 + target) * before; its interval adds
    the two values' by squares (Zou and Donner 2008, `intervals.square_and_add`).
    """
    metric = metric_of(goal, now)
    if metric is None:
        return Judged(goal, "na", reason="unknown_metric")
    if now is None:
        return Judged(goal, "na", reason="no_value")
    if now.value is None:
        return Judged(goal, "na", now, reason=(now.flags or ("no_value",))[0])
    if now.is_stated:
        return Judged(goal, "na", now, reason="rate_only")
    lacking = _unready(goal, now, before)
    if lacking:
        return Judged(goal, "na", now, reason=lacking)
    found = _measured(goal, now, before)
    earlier = before.flags if goal.relative and before else ()
    status, reason = _verdict(found, _way(goal, metric), metric, (*now.flags, *earlier))
    return replace(found, status=status, reason=reason)


def judge_all(
    goals: Sequence[Goal],
    now: Sequence[Value],
    before: Sequence[Value] = (),
    missing: Sequence[Missing] = (),
) -> tuple[Judged, ...]:
    """Every goal judged, in its order.

    Values with "channel" in their group serve goals of that channel, values without any group
    those of all channels together. Of several that a goal would fit, that on the most units counts.
    """
    return tuple(_of_values(goal, now, before, missing) for goal in goals)


def _of_values(
    goal: Goal, now: Sequence[Value], before: Sequence[Value], missing: Sequence[Missing]
) -> Judged:
    fitting = [value for value in now if is_for(goal, value)]
    if not fitting:
        needs = next((one.needs for one in missing if one.metric == goal.metric), ())
        found = judge(goal, None)
        return replace(found, reason="needs", needs=needs) if needs else found
    chosen = max(fitting, key=lambda value: (value.value is not None, value.n))
    earlier = (one for one in before if _are_one(one, chosen))
    return judge(goal, chosen, next(earlier, None))


def judge_first(goals: Sequence[Goal], now: Value, before: Value | None = None) -> Judged | None:
    """The first goal that speaks of this value, judged; None where none does."""
    goal = next((one for one in goals if is_for(one, now)), None)
    return judge(goal, now, before) if goal else None


def metric_of(goal: Goal, value: Value | None) -> Metric | Derived | None:
    """The declaration that a goal is judged by; None where the catalogue has no such metric."""
    try:
        return declaration(goal.metric, value.grain if value else goal.grain)
    except NotFoundError:
        return None


def is_for(goal: Goal, value: Value) -> bool:
    """Whether the goal speaks of this value: its metric, formula and channel."""
    return (
        value.metric == goal.metric
        and goal.grain in (None, value.grain)
        and goal.variant in (None, value.variant)
        and value.group == ({"channel": goal.channel} if goal.channel else {})
    )


def _unready(goal: Goal, now: Value, before: Value | None) -> str | None:
    """Why a relative goal has no target."""
    if not goal.relative:
        return None
    if before is None or before.value is None or before.is_stated:
        return "no_previous"
    if before.value <= 0:
        return "previous_not_positive"
    if None not in (now.currency, before.currency) and now.currency != before.currency:
        return "mixed_currency"
    return None


def _measured(goal: Goal, now: Value, before: Value | None) -> Judged:
    """The distance from the target and its interval, without a verdict yet."""
    assert now.value is not None
    distance = now.value - goal.target
    if not goal.relative:
        low, high = (None if end is None else end - goal.target for end in (now.low, now.high))
        return Judged(goal, "unclear", now, goal.target, distance, low, high)
    assert before is not None
    assert before.value is not None
    scale = 1 + goal.target
    target = scale * before.value
    found = Judged(goal, "unclear", now, target, now.value - target)
    if None in (now.low, now.high, before.low, before.high):
        return found
    first = np.array((now.value, now.low, now.high), dtype=float)
    second = scale * np.array((before.value, before.low, before.high), dtype=float)
    ends = intervals.square_and_add(tuple(first), tuple(second))
    return replace(found, low=float(ends[0]), high=float(ends[1]))


def _verdict(
    found: Judged, way: Direction, metric: Metric | Derived, flags: Sequence[str]
) -> tuple[Status, str | None]:
    assert found.distance is not None
    sign = 1 if way == "up" else -1
    if metric.kind == "total":
        return "met" if sign * found.distance >= 0 else "missed", None
    doubts = [flag for flag in _DOUBTS if flag in flags]
    if doubts:
        return "unclear", doubts[0]
    if found.low is None or found.high is None:
        return "unclear", "no_interval"
    # What is still to come can only raise the value: that it is above the target stands.
    if _MAY_RISE in flags and found.low < 0:
        return "unclear", _MAY_RISE
    worst, best = sorted((sign * found.low, sign * found.high))
    if worst >= 0:
        return "met", None
    return ("missed", None) if best < 0 else ("unclear", "holds_target")


def _way(goal: Goal, metric: Metric | Derived) -> Direction:
    return metric.direction if metric.direction != "neutral" else goal.aim or "up"


def _are_one(value: Value, other: Value) -> bool:
    """Whether two values are of one metric, formula and group, so that one may follow the other."""
    first, second = ((one.metric, one.variant, one.group) for one in (value, other))
    return first == second and comparable(value.grain, other.grain)
