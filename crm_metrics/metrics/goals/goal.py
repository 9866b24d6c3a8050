"""A goal of a metric, and a list of them that holds one goal a metric and channel."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from crm_metrics.errors import InputError
from crm_metrics.metrics.declared import declaration

Aim = Literal["up", "down"]
_LONGEST_LABEL = 120


@dataclass(frozen=True, slots=True)
class Goal:
    """What a metric should reach.

    `target` is in the metric's own unit (a share as a fraction, a duration in seconds), or, with
    `relative`, the change over the previous period as a fraction (0.15 = 15 % more). `channel` is
    None for all channels together. `grain` and `variant` are named where the metric has several
    and the goal means one. `aim` says which way is good where the metric itself does not. `guide`
    is the code of the guide that the goal was taken from, None for a person's own.
    """

    metric: str
    target: float
    relative: bool = False
    channel: str | None = None
    grain: str | None = None
    variant: str | None = None
    aim: Aim | None = None
    label: str = ""
    guide: str | None = None

    @property
    def place(self) -> tuple[str | None, ...]:
        """What the goal is for; of two goals for the same, the later holds."""
        return self.metric, self.channel, self.grain, self.variant


def checked(goal: Goal) -> Goal:
    """The goal where it can be judged at all.

    Raises NotFoundError for an unknown metric (that of `declaration`), InputError("goal_number")
    for a target that is no finite number, InputError("goal_share") for a share outside 0 to 1,
    InputError("goal_fall") for a fall by all or more, InputError("goal_aim") where the metric
    has no better side and `aim` gives none, InputError("goal_label") for a long label.
    """
    metric = declaration(goal.metric, goal.grain)
    if not math.isfinite(goal.target):
        raise InputError("goal_number", metric=goal.metric)
    if goal.relative and goal.target <= -1:
        raise InputError("goal_fall", metric=goal.metric)
    if not goal.relative and metric.kind == "proportion" and not 0 <= goal.target <= 1:
        raise InputError("goal_share", metric=goal.metric)
    if metric.direction == "neutral" and goal.aim is None:
        raise InputError("goal_aim", metric=goal.metric)
    if len(goal.label) > _LONGEST_LABEL:
        raise InputError("goal_label", limit=_LONGEST_LABEL)
    return goal


def with_goal(goals: tuple[Goal, ...], goal: Goal) -> tuple[Goal, ...]:
    """The goals with this one, in the place of an earlier one for the same; raises as `checked`."""
    checked(goal)
    places = [one.place for one in goals]
    if goal.place not in places:
        return (*goals, goal)
    return tuple(goal if one.place == goal.place else one for one in goals)


def without(goals: tuple[Goal, ...], goal: Goal) -> tuple[Goal, ...]:
    """The goals without the one for the same metric and channel."""
    return tuple(one for one in goals if one.place != goal.place)
