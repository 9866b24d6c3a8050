"""From sufficient statistics to a finding: gates, test, intervals, one code and one next step."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import cast

from crm_metrics.errors import InputError, NotFoundError, UsageError
from crm_metrics.experiments import means, planner, proportions, ratio
from crm_metrics.experiments.gates import gates
from crm_metrics.experiments.looks import looks_named
from crm_metrics.experiments.model import (
    MOST_ARMS,
    Arm,
    ArmResult,
    Code,
    Comparison,
    Finding,
    Gate,
    Setup,
)
from crm_metrics.experiments.overall import overall_test
from crm_metrics.metrics.comparing.several import holm

PROMISING_ONE_SIDED = 0.10
POWER = 0.8


def analyse(setup: Setup, arms: tuple[Arm, ...] | list[Arm]) -> Finding:
    """The verdict on an A/B test, and everything that it stands on.

    `arms` hold sums per arm (see `Arm`); the finding puts the control first. Values and
    differences are in the metric's own unit (fractions for a proportion), lifts are relative.
    What is undefined is None, and then the code is CANNOT_SAY with `params["reason"]`. Raises
    NotFoundError("unknown_arm") and UsageError: one_arm, too_many_arms, split_arms, arm_sums,
    same_arm, bad_looks, bad_level.
    """
    setup, ordered = _checked(setup, tuple(arms))
    checks = gates(setup, ordered)
    comparisons = _compared(setup, ordered)
    results = tuple(_own(setup, arm) for arm in ordered)
    code, params = _decided(setup, ordered, results, comparisons, checks)
    return Finding(
        code=code,
        setup=setup,
        arms=results,
        comparisons=comparisons,
        gates=checks,
        overall=overall_test(setup.shape, ordered) if len(ordered) > 2 else {},
        next_step=_step(code, params, checks),
        params=params,
    )


def _checked(setup: Setup, arms: tuple[Arm, ...]) -> tuple[Setup, tuple[Arm, ...]]:
    names = [arm.name for arm in arms]
    if len(arms) < 2:
        raise UsageError("one_arm", arm=names[0] if names else "")
    if len(arms) > MOST_ARMS:
        raise UsageError("too_many_arms", count=len(arms), most=MOST_ARMS)
    if len(set(names)) < len(names):
        raise UsageError("same_arm", arm=max(names, key=names.count))
    if setup.control not in names:
        raise NotFoundError("unknown_arm", arm=setup.control, arms=", ".join(names))
    if not 0 < setup.alpha < 1:
        raise UsageError("bad_level", alpha=setup.alpha)
    split = setup.split
    if split is not None and (len(split) != len(arms) or min(split) < 0 or sum(split) <= 0):
        raise UsageError("split_arms", weights=len(split), arms=len(arms))
    for arm in arms:
        if arm.n < 0 or not _complete(setup, arm):
            raise UsageError("arm_sums", arm=arm.name)
    place = names.index(setup.control)
    order = [place, *(other for other in range(len(arms)) if other != place)]
    if split is not None:
        setup = replace(setup, split=tuple(split[i] for i in order))
    return setup, tuple(arms[i] for i in order)


def _complete(setup: Setup, arm: Arm) -> bool:
    needed: dict[str, tuple[float | None, ...]] = {
        "proportion": (arm.successes,),
        "mean": (arm.total, arm.squares),
        "ratio": (arm.total, arm.squares, arm.base, arm.base_squares, arm.products),
    }
    return all(value is not None and math.isfinite(value) for value in needed[setup.shape])


def _own(setup: Setup, arm: Arm) -> ArmResult:
    value: float | None
    if setup.shape == "proportion":
        successes = arm.successes or 0
        sound = 0 <= successes <= arm.n
        interval = proportions.wilson(successes, arm.n, setup.alpha) if sound else None
        value = successes / arm.n if arm.n and sound else None
    elif setup.shape == "mean":
        interval = means.own_interval(arm, alpha=setup.alpha)
        value = arm.total / arm.n if arm.n and arm.total is not None else None
    else:
        interval = ratio.own_interval(arm, alpha=setup.alpha)
        value = arm.total / arm.base if arm.base and arm.total is not None else None
    low, high = interval or (None, None)
    return ArmResult(arm.name, arm.n, value, low, high, arm.successes)


def _compared(setup: Setup, arms: tuple[Arm, ...]) -> tuple[Comparison, ...]:
    """Each arm against the control, at the level at which Holm and the looks tested it."""
    control, others = arms[0], arms[1:]
    looks = looks_named(setup.looks, planned_n=setup.planned_n)
    tested = [_tested(setup, arm, control) for arm in others]
    sizes = [arm.n + control.n for arm in others]
    seen = [looks.adjusted(p, n) for (p, _), n in zip(tested, sizes, strict=True)]
    result = []
    for place, (adjusted, level) in enumerate(holm(seen, setup.alpha)):
        pvalue, method = tested[place]
        arm = others[place]
        ordinary = looks.level(level, sizes[place])
        difference, lift = _intervals(setup, arm, control, ordinary, pvalue)
        own, base = _own(setup, arm).value, _own(setup, control).value
        known = own is not None and base is not None
        result.append(
            Comparison(
                arm=arm.name,
                control=control.name,
                difference=cast(float, own) - cast(float, base) if known else None,
                difference_low=difference[0] if difference else None,
                difference_high=difference[1] if difference else None,
                lift=cast(float, own) / cast(float, base) - 1 if known and lift else None,
                lift_low=lift[0] if lift else None,
                lift_high=lift[1] if lift else None,
                pvalue=pvalue,
                pvalue_adjusted=adjusted,
                method=method,
            )
        )
    return tuple(result)


def _tested(setup: Setup, arm: Arm, control: Arm) -> tuple[float | None, str]:
    if setup.shape == "proportion":
        if not (_sound(arm) and _sound(control)):
            return None, "score"
        return proportions.test(arm, control)
    return means.test(arm, control) if setup.shape == "mean" else ratio.test(arm, control)


def _intervals(
    setup: Setup, arm: Arm, control: Arm, alpha: float, pvalue: float | None
) -> tuple[proportions.Interval | None, proportions.Interval | None]:
    if setup.shape == "proportion":
        if not (_sound(arm) and _sound(control)):
            return None, None
        return proportions.intervals(arm, control, alpha=alpha, pvalue=pvalue)
    if setup.shape == "mean":
        return means.intervals(arm, control, alpha=alpha)
    return ratio.intervals(arm, control, alpha=alpha)


def _sound(arm: Arm) -> bool:
    return 0 <= (arm.successes or 0) <= arm.n


def _decided(
    setup: Setup,
    arms: tuple[Arm, ...],
    results: tuple[ArmResult, ...],
    comparisons: tuple[Comparison, ...],
    checks: tuple[Gate, ...],
) -> tuple[Code, dict[str, object]]:
    leading = _leading(setup, comparisons)
    params: dict[str, object] = {"arm": leading.arm, "control": leading.control}
    stopped = next((gate for gate in checks if gate.status == "block"), None)
    if stopped is not None and stopped.gate != "size":
        return "DO_NOT_USE", params | {"gate": stopped.gate}
    try:
        needed = _needed(setup, arms, results)
    except InputError:  # the base is so near zero that no number of people would do
        needed = None
    smallest_arm = min(arm.n for arm in arms)
    params["needed_per_arm"] = needed
    params["more_per_arm"] = None if needed is None else max(needed - smallest_arm, 0)
    params["smallest_lift"] = setup.smallest_lift
    if stopped is not None:
        return "TOO_SMALL", params | {"gate": stopped.gate, "detail": stopped.detail}
    if leading.pvalue_adjusted is None:
        return "CANNOT_SAY", params | {"reason": _reason(setup, arms)}
    if leading.pvalue_adjusted < setup.alpha:
        better = _gain(setup, leading) > 0
        return ("WINNER" if better else "WORSE"), params
    reached = needed is not None and smallest_arm >= needed
    one_sided = leading.pvalue_adjusted / 2
    if _gain(setup, leading) > 0 and one_sided <= PROMISING_ONE_SIDED and not reached:
        return "PROMISING", params
    return "NO_CLEAR", params | {"reached": reached}


def _leading(setup: Setup, comparisons: tuple[Comparison, ...]) -> Comparison:
    """The comparison that the verdict speaks of.

    The greatest sure gain, else the greatest open one; a sure loss leads only where all lose.
    """

    def rank(item: Comparison) -> tuple[int, float]:
        adjusted = item.pvalue_adjusted
        if adjusted is None:
            return 0, 0.0
        gain = _gain(setup, item)
        sure = adjusted < setup.alpha
        return (3 if sure and gain > 0 else 1 if sure else 2), gain

    return max(comparisons, key=rank)


def _gain(setup: Setup, item: Comparison) -> float:
    difference = item.difference or 0.0
    return difference if setup.direction == "up" else -difference


def _needed(setup: Setup, arms: tuple[Arm, ...], results: tuple[ArmResult, ...]) -> int | None:
    """Recipients an arm for the planned smallest lift: never for the lift just seen."""
    if setup.planned_n is not None:
        return setup.planned_n
    base, count = results[0].value, len(arms)
    signed = setup.smallest_lift if setup.direction == "up" else -setup.smallest_lift
    if base is None or base <= 0:
        return None
    if setup.shape == "proportion":
        if base * (1 + signed) > 1 or base >= 1:
            return None
        return planner.plan(base, lift=signed, arms=count, power=POWER, alpha=setup.alpha).n
    moments = (means.mean_and_variance if setup.shape == "mean" else ratio.ratio_and_variance)(
        arms[0]
    )
    if moments is None or moments[1] <= 0:
        return None
    deviation = math.sqrt(moments[1] * arms[0].n)
    return planner.plan_mean(
        base, deviation, lift=signed, arms=count, power=POWER, alpha=setup.alpha
    ).n


def _reason(setup: Setup, arms: tuple[Arm, ...]) -> str:
    if any(arm.n < 2 for arm in arms):
        return "empty_arm"
    if setup.shape == "ratio" and any((arm.base or 0) <= 0 for arm in arms):
        return "no_base"
    return "no_variation"


def _step(code: Code, params: dict[str, object], checks: tuple[Gate, ...]) -> str:
    """The code of the next step, `verdict.step.<code>` in texts."""
    if code == "DO_NOT_USE":
        return f"check_{params['gate']}"
    if code == "CANNOT_SAY":
        return f"upload_{params['reason']}"
    if code == "TOO_SMALL" and not params["more_per_arm"]:
        return "collect_least"
    if code in ("TOO_SMALL", "PROMISING", "NO_CLEAR"):
        more = params["more_per_arm"]
        return "collect_unknown" if more is None else "collect" if more else "decide_otherwise"
    if code == "WINNER" and any(gate.detail == "opens_decide" for gate in checks):
        return "roll_out_after_clicks"
    return "roll_out" if code == "WINNER" else "keep_control"
