"""Each arm against the control on one metric: its test, and intervals that fit the test."""

from __future__ import annotations

import math
from collections.abc import Sequence

from crm_metrics.experiments import means, proportions, ratio
from crm_metrics.experiments.looks import Looks
from crm_metrics.experiments.model import Arm, ArmResult, Comparison, MetricShape
from crm_metrics.metrics.comparing.several import holm

Interval = tuple[float, float]


def complete(shape: MetricShape, arm: Arm) -> bool:
    """Whether the arm holds the sums that the shape needs (a mean at least its total)."""
    needed: dict[str, tuple[float | None, ...]] = {
        "proportion": (arm.successes,),
        "mean": (arm.total,),
        "ratio": (arm.total, arm.squares, arm.base, arm.base_squares, arm.products),
    }
    known = all(value is not None and math.isfinite(value) for value in needed[shape])
    return known and arm.n >= 0 and (arm.squares is None or math.isfinite(arm.squares))


def own(shape: MetricShape, arm: Arm, *, alpha: float) -> ArmResult:
    """An arm's value with its interval at the level."""
    value: float | None
    if shape == "proportion":
        interval = proportions.wilson(arm.successes or 0, arm.n, alpha) if _sound(arm) else None
        value = (arm.successes or 0) / arm.n if arm.n and _sound(arm) else None
    elif shape == "mean":
        interval = means.own_interval(arm, alpha=alpha)
        value = arm.total / arm.n if arm.n and arm.total is not None else None
    else:
        interval = ratio.own_interval(arm, alpha=alpha)
        value = arm.total / arm.base if arm.base and arm.total is not None else None
    low, high = interval or (None, None)
    return ArmResult(arm.name, arm.n, value, low, high, arm.successes)


def moments(shape: MetricShape, arm: Arm) -> tuple[float, float] | None:
    """An arm's value and the variance of it; None where the sums are too few for that."""
    if shape == "proportion":
        if not arm.n:
            return None
        rate = (arm.successes or 0) / arm.n
        return rate, rate * (1 - rate) / arm.n
    return means.mean_and_variance(arm) if shape == "mean" else ratio.ratio_and_variance(arm)


def compared(
    shape: MetricShape,
    arms: Sequence[Arm],
    *,
    alpha: float,
    looks: Looks,
    corrected: bool = True,
    quickly: bool = False,
) -> tuple[Comparison, ...]:
    """Each arm against the first, at the level at which Holm and the looks tested it.

    Without `corrected` each stands alone at `alpha`: for guardrails and metrics that call nothing.
    `quickly` is for many that describe: no exact test of a second stands among them.
    Arms with a covariate have to be adjusted before (`cuped.adjusted`).
    """
    control, others = arms[0], arms[1:]
    tested = [_tested(shape, arm, control, quickly=quickly) for arm in others]
    sizes = [arm.n + control.n for arm in others]
    seen = [looks.adjusted(p, n) for (p, _), n in zip(tested, sizes, strict=True)]
    levels = holm(seen, alpha) if corrected else [(p, alpha) for p in seen]
    return tuple(
        _comparison(
            shape,
            arm,
            control,
            tested=found,
            adjusted=adjusted,
            level=looks.level(level, arm.n + control.n),
        )
        for arm, found, (adjusted, level) in zip(others, tested, levels, strict=True)
    )


def _comparison(
    shape: MetricShape,
    arm: Arm,
    control: Arm,
    *,
    tested: tuple[float | None, str],
    adjusted: float | None,
    level: float,
) -> Comparison:
    pvalue, method = tested
    difference, lift = _intervals(shape, arm, control, level, pvalue)
    value, base = own(shape, arm, alpha=level).value, own(shape, control, alpha=level).value
    gap = None if value is None or base is None else value - base
    relative = value / base - 1 if value is not None and base and lift else None
    reason = ""
    if gap is not None and lift is None:
        reason = "unbounded" if base is not None and base > 0 else "control_none"
    return Comparison(
        arm=arm.name,
        control=control.name,
        difference=gap,
        difference_low=difference[0] if difference else None,
        difference_high=difference[1] if difference else None,
        lift=relative,
        lift_low=lift[0] if lift else None,
        lift_high=lift[1] if lift else None,
        pvalue=pvalue,
        pvalue_adjusted=adjusted,
        method="welch_cuped" if method == "welch" and control.adjusted else method,
        lift_reason=reason,
        level=level,
    )


def _tested(
    shape: MetricShape, arm: Arm, control: Arm, *, quickly: bool
) -> tuple[float | None, str]:
    if shape == "proportion":
        if not (_sound(arm) and _sound(control)):
            return None, "score"
        return proportions.test(arm, control, quickly=quickly)
    return means.test(arm, control) if shape == "mean" else ratio.test(arm, control)


def _intervals(
    shape: MetricShape, arm: Arm, control: Arm, alpha: float, pvalue: float | None
) -> tuple[Interval | None, Interval | None]:
    if shape == "proportion":
        if not (_sound(arm) and _sound(control)):
            return None, None
        return proportions.intervals(arm, control, alpha=alpha, pvalue=pvalue)
    if shape == "mean":
        return means.intervals(arm, control, alpha=alpha)
    return ratio.intervals(arm, control, alpha=alpha)


def _sound(arm: Arm) -> bool:
    return 0 <= (arm.successes or 0) <= arm.n
