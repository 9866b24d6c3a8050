"""How many recipients the planned change needs: never for the change just seen."""

from __future__ import annotations

import math

from crm_metrics.errors import InputError
from crm_metrics.experiments import planner
from crm_metrics.experiments.comparing import moments
from crm_metrics.experiments.model import Arm, Setup

POWER = 0.8


def needed_per_arm(setup: Setup, arms: tuple[Arm, ...], base: float | None) -> int | None:
    """Recipients an arm that show the smallest change that the setup names, or those planned.

    `base` is the control's value. None where no number of recipients can be said: there is no base
    yet, or it is so near zero that none would do.
    """
    if setup.planned_n is not None:
        return setup.planned_n
    if base is None or base <= 0:
        return None
    lift = setup.smallest_lift if setup.smallest is None else setup.smallest / base
    signed = lift if setup.direction == "up" else -lift
    try:
        if setup.shape == "proportion":
            return planner.plan(
                base,
                lift=signed,
                arms=len(arms),
                power=POWER,
                alpha=setup.alpha,
                looks=setup.looks,
            ).n
        return _of_means(setup, arms, base, signed)
    except InputError:
        return None


def _of_means(setup: Setup, arms: tuple[Arm, ...], base: float, lift: float) -> int | None:
    own = moments(setup.shape, arms[0])
    if own is None or own[1] <= 0:
        return None
    deviation = math.sqrt(own[1] * arms[0].n)
    return planner.plan_mean(
        base,
        deviation,
        lift=lift,
        arms=len(arms),
        power=POWER,
        alpha=setup.alpha,
        looks=setup.looks,
    ).n
