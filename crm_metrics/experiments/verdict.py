"""From sufficient statistics to a finding: gates, test, intervals, one code and one next step."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from crm_metrics.errors import NotFoundError, UsageError
from crm_metrics.experiments import cuped, guardrails
from crm_metrics.experiments.beside import NOTHING, Beside
from crm_metrics.experiments.comparing import compared, complete, own
from crm_metrics.experiments.gates import gates
from crm_metrics.experiments.looks import looks_named
from crm_metrics.experiments.model import (
    MOST_ARMS,
    Arm,
    Code,
    Comparison,
    Finding,
    Gate,
    Judged,
    Measured,
    Setup,
)
from crm_metrics.experiments.needed import needed_per_arm
from crm_metrics.experiments.next_step import next_step
from crm_metrics.experiments.overall import overall_test
from crm_metrics.experiments.second_lines import best_of, second_lines
from crm_metrics.experiments.segments import by_segment
from crm_metrics.experiments.waits import answered_by

PROMISING_ONE_SIDED = 0.10
# What a version can't move: how many messages each recipient was sent.
FIXED_BASES = frozenset(("sent", "delivered", "impressions", "attempted", "recipients"))


def analyse(
    setup: Setup,
    arms: Sequence[Arm],
    others: Sequence[Measured] = (),
    beside: Beside = NOTHING,
) -> Finding:
    """The verdict on an A/B test, and everything that it stands on.

    `arms` hold the decision metric's sums per arm (see `Arm`), `others` those of the metrics around
    it, `beside` what rows say besides, arms in the same order; the finding puts the control first.
    Values and differences are in the metric's own unit (fractions for a proportion), lifts are
    relative. What is undefined is None, and then the code is CANNOT_SAY with `params["reason"]`.
    Raises NotFoundError("unknown_arm") and UsageError: one_arm, too_many_arms, split_arms,
    arm_sums, same_arm, bad_looks, bad_level, bad_value_each.
    """
    setup, order = _checked(setup, tuple(arms), tuple(others))
    ordered, beside = tuple(arms[i] for i in order), beside.turned(order)
    measured = [replace(item, arms=tuple(item.arms[i] for i in order)) for item in others]
    looks = looks_named(setup.looks, planned_n=setup.planned_n)
    tested = cuped.adjusted(ordered) if setup.shape == "mean" else None
    used = tested or ordered
    comparisons = compared(setup.shape, used, alpha=setup.alpha, looks=looks)
    leading = _leading(setup, comparisons)
    place = comparisons.index(leading) + 1
    segments = by_segment(
        setup.shape, beside.segments, place, difference=leading.difference, alpha=setup.alpha
    )
    checks = gates(setup, ordered, beside, segments, leading=leading.arm)
    results = tuple(own(setup.shape, arm, alpha=setup.alpha) for arm in used)
    around = tuple(guardrails.judged(item, alpha=setup.alpha, looks=looks) for item in measured)
    code, params = _decided(
        setup, used, comparisons, base=results[0].value, checks=checks, others=around
    )
    lines = second_lines(setup.shape, ordered, beside, place, alpha=setup.alpha)
    best = best_of(setup.shape, used, leading.arm, _winners(setup, comparisons), alpha=setup.alpha)
    return Finding(
        code=code,
        setup=setup,
        arms=results,
        comparisons=comparisons,
        gates=checks,
        overall=overall_test(setup.shape, used) if len(ordered) > 2 else {},
        next_step=next_step(code, params, checks),
        params=params,
        others=around,
        lines=(best, *lines) if best else lines,
        segments=segments,
        curves=tuple((item.arm, answered_by(item)) for item in beside.waits),
    )


def _checked(
    setup: Setup, arms: tuple[Arm, ...], others: tuple[Measured, ...]
) -> tuple[Setup, list[int]]:
    """The setup with the control's part of the split first, and the arms' order."""
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
    if setup.value_each is not None and not 0 < setup.value_each < math.inf:
        raise UsageError("bad_value_each", value=setup.value_each)
    split = setup.split
    if split is not None and (len(split) != len(arms) or min(split) < 0 or sum(split) <= 0):
        raise UsageError("split_arms", weights=len(split), arms=len(arms))
    shapes = [(setup.shape, arms), *((item.metric.shape, item.arms) for item in others)]
    for shape, sums in shapes:
        for arm in sums:
            if not complete(shape, arm):
                raise UsageError("arm_sums", arm=arm.name)
    place = names.index(setup.control)
    order = [place, *(other for other in range(len(arms)) if other != place)]
    if split is not None:
        setup = replace(setup, split=tuple(split[i] for i in order))
    return setup, order


def _decided(
    setup: Setup,
    arms: tuple[Arm, ...],
    comparisons: tuple[Comparison, ...],
    *,
    base: float | None,
    checks: tuple[Gate, ...],
    others: tuple[Judged, ...],
) -> tuple[Code, dict[str, object]]:
    leading = _leading(setup, comparisons)
    params: dict[str, object] = {"arm": leading.arm, "control": leading.control}
    stopped = next((gate for gate in checks if gate.status == "block"), None)
    if stopped is not None and stopped.gate != "size":
        return "DO_NOT_USE", params | {"gate": stopped.gate, "detail": stopped.detail}
    needed = needed_per_arm(setup, arms, base)
    smallest_arm = min(arm.n for arm in arms)
    params["needed_per_arm"] = needed
    params["more_per_arm"] = None if needed is None else max(needed - smallest_arm, 0)
    params["smallest_lift"] = setup.smallest_lift
    reason = _reason(setup, arms, leading)
    if reason == "ratio_decides":
        return "CANNOT_SAY", params | {"reason": reason}
    if stopped is not None:
        return "TOO_SMALL", params | {"gate": stopped.gate, "detail": stopped.detail}
    if reason:
        return "CANNOT_SAY", params | {"reason": reason}
    reached = needed is not None and smallest_arm >= needed
    params |= {"reached": reached} | _for_the_rest(setup, leading)
    params |= _in_the_way(others, comparisons.index(leading))
    return _called(setup, leading, params, reached=reached), params


def _called(setup: Setup, leading: Comparison, params: dict[str, object], *, reached: bool) -> Code:
    low, high = _gains(setup, leading)
    adjusted = leading.pvalue_adjusted or 0.0
    smallest = setup.smallest
    if adjusted < setup.alpha:
        if high <= 0:
            return "WORSE"
        if params["worse"] or params["open"]:
            return "WINNER_BUT"
        return "REAL_BUT_SMALL" if smallest is not None and low < smallest else "WINNER"
    if smallest is not None and -smallest < low and high < smallest:
        return "SAME_ENOUGH"
    if not reached and _gain(setup, leading) > 0 and adjusted / 2 <= PROMISING_ONE_SIDED:
        return "PROMISING"
    return "NO_CLEAR"


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


def _winners(setup: Setup, comparisons: tuple[Comparison, ...]) -> list[str]:
    return [
        item.arm
        for item in comparisons
        if item.pvalue_adjusted is not None
        and item.pvalue_adjusted < setup.alpha
        and _gain(setup, item) > 0
    ]


def _gain(setup: Setup, item: Comparison) -> float:
    difference = item.difference or 0.0
    return difference if setup.direction == "up" else -difference


def _gains(setup: Setup, item: Comparison) -> tuple[float, float]:
    low, high = item.difference_low or 0.0, item.difference_high or 0.0
    return (low, high) if setup.direction == "up" else (-high, -low)


def _for_the_rest(setup: Setup, item: Comparison) -> dict[str, object]:
    """What the change means for the rest of the list, by the same interval."""
    if setup.rest is None or setup.shape == "ratio":
        return {}
    low, high = _gains(setup, item)
    gains = dict(zip(("gain", "low", "high"), (_gain(setup, item), low, high), strict=True))
    found: dict[str, object] = {f"rest_{name}": setup.rest * value for name, value in gains.items()}
    each = 1.0 if setup.shape == "mean" else setup.value_each
    if each is not None:
        found |= {f"money_{name}": setup.rest * value * each for name, value in gains.items()}
    return found


def _in_the_way(others: tuple[Judged, ...], place: int) -> dict[str, object]:
    """Metrics on which the leading arm is worse, and guardrails that can't be said to hold."""
    worse = [item.metric.name for item in others if item.standings[place] == "worse"]
    unsure = [
        item.metric.name
        for item in others
        if item.metric.role == "guardrail" and item.standings[place] in ("open", "undefined")
    ]
    return {"worse": tuple(worse), "open": tuple(unsure)}


def _reason(setup: Setup, arms: tuple[Arm, ...], leading: Comparison) -> str:
    """Why no verdict is possible, a code of `verdict.reason`; empty where one is."""
    if setup.shape == "ratio" and setup.base_field not in FIXED_BASES:
        return "ratio_decides"
    if setup.shape == "mean" and any(arm.squares is None for arm in arms):
        return "totals_only"
    if leading.pvalue_adjusted is not None:
        return ""
    if any(arm.n < 2 for arm in arms):
        return "empty_arm"
    if setup.shape == "ratio" and any((arm.base or 0) <= 0 for arm in arms):
        return "no_base"
    return "no_variation"
