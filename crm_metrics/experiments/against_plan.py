"""A test held to its plan: the plan's level, looks, split and size, and what differs from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from crm_metrics.experiments.beside import NOTHING, Beside
from crm_metrics.experiments.model import Arm, Finding, Gate, Measured, Setup
from crm_metrics.experiments.plan_file import TrialPlan
from crm_metrics.experiments.verdict import analyse
from crm_metrics.mapping.cells.blanks import fold

NAME = "plan"


def analyse_planned(
    setup: Setup,
    arms: Sequence[Arm],
    plan: TrialPlan,
    others: Sequence[Measured] = (),
    beside: Beside = NOTHING,
    *,
    asked: Sequence[str] = (),
) -> Finding:
    """The verdict under the plan, its gates with a line for each difference from the plan.

    Of the `others` those that the plan names are guardrails with its margins. `asked` names those
    of the setup's parts (split, looks, alpha) that a person has chosen now: where they differ from
    the plan, the plan stands and it is said. Raises as `analyse` does.
    """
    held, ordered = held_to(plan, setup, arms)
    places = {arm.name: place for place, arm in enumerate(arms)}
    order = [places[arm.name] for arm in ordered if arm.name in places]
    # A planned arm without a row has nothing beside it: the gates block there anyway.
    turned = beside.turned(order) if len(order) == len(ordered) else NOTHING
    found = analyse(held, ordered, [_railed(plan, item, ordered) for item in others], turned)
    lines = (
        *differences(plan, setup, arms),
        *_unguarded(plan, others),
        *_overruled(plan, setup, asked),
    )
    made: dict[str, object] = {"made": plan.made.isoformat() if plan.made else ""}
    if not lines:
        lines = (Gate(NAME, "pass", "as_the_plan" if plan.made else "as_the_plan_undated", made),)
    return replace(found, gates=(*found.gates, *lines))


def held_to(plan: TrialPlan, setup: Setup, arms: Sequence[Arm]) -> tuple[Setup, tuple[Arm, ...]]:
    """The setup as the plan has it, and the arms in the plan's order, the control first.

    A planned arm without a row is there with nobody in it, one that was not planned has weight 0:
    the gates speak of both. Where no name is the plan's but the number of arms is, an equal split
    holds all the same.
    """
    names = {fold(arm.name): arm for arm in arms}
    known = [fold(name) for name in plan.arms if fold(name) in names]
    setup = replace(
        setup,
        alpha=plan.alpha,
        looks=_looks(plan, setup),
        planned_n=min(plan.per_arm),
        smallest_lift=setup.smallest_lift if plan.lift is None else abs(plan.lift),
        direction=plan.direction if _same_metric(plan, setup) else setup.direction,
    )
    if not known:
        first = next(arm for arm in arms if arm.name == setup.control)
        ordered = (first, *(arm for arm in arms if arm is not first))
        equal = len(set(plan.split)) == 1 and len(arms) == len(plan.arms)
        return replace(setup, split=plan.split if equal else None), ordered
    planned = [names.get(fold(name), _nobody(name, arms[0])) for name in plan.arms]
    others = [arm for key, arm in names.items() if key not in map(fold, plan.arms)]
    split = (*plan.split, *(0.0 for _ in others))
    return replace(setup, control=planned[0].name, split=split), (*planned, *others)


def differences(plan: TrialPlan, setup: Setup, arms: Sequence[Arm]) -> tuple[Gate, ...]:
    """What is not as planned: the metric, the versions, their control, how many people came."""
    names = {fold(arm.name): arm for arm in arms}
    planned = [fold(name) for name in plan.arms]
    lines = []
    if plan.metric and not _same_metric(plan, setup):
        lines.append(_line("plan_metric", planned=plan.metric, metric=setup.metric))
    missing = [name for name in plan.arms if fold(name) not in names]
    if missing:
        here = ", ".join(arm.name for arm in arms)
        lines.append(_line("plan_arm_missing", arms=", ".join(missing), here=here))
    if not missing and fold(setup.control) != planned[0]:
        lines.append(_line("plan_control", planned=plan.arms[0], control=setup.control))
    sizes = [
        (names[key].n, n) for key, n in zip(planned, plan.per_arm, strict=True) if key in names
    ]
    if not sizes:
        sizes = [(min(arm.n for arm in arms), min(plan.per_arm))]
    n, wanted = min(sizes, key=lambda pair: pair[0] / pair[1])
    if n < wanted:
        early = "plan_n_early" if plan.looks == "once" else "plan_n"
        lines.append(_line(early, n=n, planned=wanted))
    return tuple(lines)


def _railed(plan: TrialPlan, item: Measured, ordered: Sequence[Arm]) -> Measured:
    """A metric beside the decision's, its arms in the test's order, a guardrail where planned."""
    known = {arm.name: arm for arm in item.arms}
    arms = tuple(known.get(arm.name, _nobody(arm.name, item.arms[0])) for arm in ordered)
    metric = item.metric
    for rail in plan.guardrails:
        if fold(rail.metric) in (fold(metric.name), fold(metric.field)):
            margin = rail.margin or metric.margin
            metric = replace(metric, role="guardrail", margin=margin)
    return replace(item, metric=metric, arms=arms)


def _unguarded(plan: TrialPlan, others: Sequence[Measured]) -> list[Gate]:
    here = {fold(name) for item in others for name in (item.metric.name, item.metric.field)}
    missing = [rail.metric for rail in plan.guardrails if fold(rail.metric) not in here]
    return [_line("plan_guardrail", metric=metric) for metric in missing]


def _overruled(plan: TrialPlan, setup: Setup, asked: Sequence[str]) -> tuple[Gate, ...]:
    lines = []
    if "split" in asked and setup.split and _shares(setup.split) != _shares(plan.split):
        own = _colons(setup.split)
        lines.append(_line("plan_split", planned=_colons(plan.split), split=own))
    if "looks" in asked and _looks(plan, setup) != setup.looks:
        lines.append(_line("plan_looks"))
    if "alpha" in asked and setup.alpha != plan.alpha:
        lines.append(_line("plan_level"))
    return tuple(lines)


def _looks(plan: TrialPlan, setup: Setup) -> str:
    """The plan's looks; which of the planned ones this is, the setup may say ("2/5")."""
    which = setup.looks.rpartition("/")[2] == plan.looks and "/" in setup.looks
    return setup.looks if which else plan.looks


def _line(detail: str, **params: object) -> Gate:
    return Gate(NAME, "warn", detail, params)


def _same_metric(plan: TrialPlan, setup: Setup) -> bool:
    here = (fold(setup.metric), fold(setup.field))
    return bool(plan.metric) and fold(plan.metric) in here


def _nobody(name: str, like: Arm) -> Arm:
    """An arm without people, with the sums that arms of its kind have."""
    sums: dict[str, Any] = {
        part: 0
        for part in ("successes", "total", "squares", "base", "base_squares", "products")
        if getattr(like, part) is not None
    }
    return Arm(name, 0, **sums)


def _shares(weights: Sequence[float]) -> tuple[float, ...]:
    return tuple(round(weight / sum(weights), 9) for weight in weights)


def _colons(weights: Sequence[float]) -> str:
    return " : ".join(f"{weight:g}" for weight in weights)
