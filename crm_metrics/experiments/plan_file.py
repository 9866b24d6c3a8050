"""The plan of a test as a JSON file, made before the test and read when it is judged."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from datetime import date
from typing import Any, cast, get_args

from crm_metrics.errors import CrmMetricsError, InputError, UsageError
from crm_metrics.experiments.looks import looks_named
from crm_metrics.experiments.model import MOST_ARMS, Direction, Margin, MetricShape
from crm_metrics.experiments.planner import MOST_RECIPIENTS, Plan
from crm_metrics.sent_json import sent_json

SCHEMA = "crm-metrics.test-plan"
VERSION = 1
MOST_LETTERS = 100_000
"""A longer file is no plan."""


@dataclass(frozen=True, slots=True)
class PlannedGuardrail:
    """A metric that must not get worse by more than a margin (None: the default of its kind)."""

    metric: str
    margin: Margin | None = None


@dataclass(frozen=True, slots=True)
class TrialPlan:
    """What was agreed before the test; `made` is the day of it, None where nobody said.

    `arms` name the versions, the control first, and `split` and `per_arm` stand in their order.
    `metric` may be empty: then any may decide. `lift` is the smallest relative change worth acting
    on, which `per_arm` was made for; None where no list of that size shows any.
    """

    metric: str
    arms: tuple[str, ...]
    split: tuple[float, ...]
    per_arm: tuple[int, ...]
    baseline: float
    lift: float | None
    shape: MetricShape = "proportion"
    direction: Direction = "up"
    deviation: float | None = None
    alpha: float = 0.05
    power: float = 0.8
    looks: str = "once"
    guardrails: tuple[PlannedGuardrail, ...] = ()
    made: date | None = None


def trial_plan(
    planned: Plan,
    *,
    metric: str = "",
    arms: tuple[str, ...] = (),
    split: tuple[float, ...] | None = None,
    direction: Direction = "up",
    guardrails: tuple[PlannedGuardrail, ...] = (),
    made: date | None = None,
) -> TrialPlan:
    """A plan with its names; arms without names are A, B, C.

    Raises UsageError("plan_versions"); InputError("plan_file_field") for a name that is
    empty or there twice.
    """
    count = len(planned.per_arm)
    if arms and len(arms) != count:
        raise UsageError("plan_versions", count=count, names=len(arms))
    made_of = TrialPlan(
        metric=metric,
        arms=arms or tuple("ABCDEFGHIJ"[:count]),
        split=split or (1.0,) * count,
        per_arm=planned.per_arm,
        baseline=planned.baseline,
        lift=planned.lift,
        shape="proportion" if planned.deviation is None else "mean",
        direction=direction,
        deviation=planned.deviation,
        alpha=planned.alpha,
        power=planned.power,
        looks=planned.looks,
        guardrails=guardrails,
        made=made,
    )
    return read_plan(plan_text(made_of))


def plan_text(plan: TrialPlan) -> str:
    """The plan as the text of its file; equal plans give equal texts."""
    document = {
        "schema": SCHEMA,
        "version": VERSION,
        "made": plan.made.isoformat() if plan.made else None,
        "metric": plan.metric,
        "shape": plan.shape,
        "direction": plan.direction,
        "arms": [
            {"name": name, "weight": weight, "planned": n}
            for name, weight, n in zip(plan.arms, plan.split, plan.per_arm, strict=False)
        ],
        "baseline": plan.baseline,
        "deviation": plan.deviation,
        "smallest_lift": plan.lift,
        "alpha": plan.alpha,
        "power": plan.power,
        "looks": plan.looks,
        "guardrails": [
            {
                "metric": rail.metric,
                "margin": rail.margin.amount if rail.margin else None,
                "relative": bool(rail.margin and rail.margin.relative),
            }
            for rail in plan.guardrails
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def read_plan(content: str | bytes) -> TrialPlan:
    """The plan in a file's content.

    Raises InputError: plan_file (it is none), plan_file_version (a newer product made it),
    plan_file_field (a part is missing or can't be).
    """
    try:
        text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
        document = sent_json(text) if len(text) <= MOST_LETTERS else None
    except ValueError:
        raise InputError("plan_file") from None
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        raise InputError("plan_file")
    if document.get("version") != VERSION:
        raise InputError("plan_file_version", version=document.get("version"), known=VERSION)
    parts = _Parts(document)
    arms = parts.dictionaries("arms")
    if not 2 <= len(arms) <= MOST_ARMS:
        raise InputError("plan_file_field", field="arms")
    names = tuple(_Parts(arm).text("name") for arm in arms)
    if len({name.strip().casefold() for name in names}) < len(names):
        raise InputError("plan_file_field", field="arms")
    return TrialPlan(
        metric=parts.text("metric", empty=True),
        arms=names,
        split=tuple(_Parts(arm).number("weight", least=0) for arm in arms),
        per_arm=tuple(int(_Parts(arm).number("planned", least=1)) for arm in arms),
        baseline=parts.number("baseline"),
        lift=parts.number_or_none("smallest_lift"),
        shape=cast("MetricShape", parts.one("shape", get_args(MetricShape))),
        direction=cast("Direction", parts.one("direction", get_args(Direction))),
        deviation=parts.number_or_none("deviation"),
        alpha=parts.number("alpha", most=1),
        power=parts.number("power", most=1),
        looks=parts.looks(),
        guardrails=tuple(
            PlannedGuardrail(_Parts(rail).text("metric"), _Parts(rail).margin())
            for rail in parts.dictionaries("guardrails")
        ),
        made=parts.day("made"),
    )


@dataclass(frozen=True, slots=True)
class _Parts:
    """The parts of a document, each read as what it must be."""

    document: dict[str, Any]

    def text(self, key: str, *, empty: bool = False) -> str:
        value = self.document.get(key)
        if not isinstance(value, str) or not (empty or value.strip()) or len(value) > 200:
            raise InputError("plan_file_field", field=key)
        return value

    def number(self, key: str, *, least: float = -math.inf, most: float = MOST_RECIPIENTS) -> float:
        value = self.document.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise InputError("plan_file_field", field=key)
        if not least <= value <= most or (most == 1 and not 0 < value < 1):
            raise InputError("plan_file_field", field=key)
        return float(value)

    def number_or_none(self, key: str) -> float | None:
        return None if self.document.get(key) is None else self.number(key)

    def margin(self) -> Margin | None:
        if self.document.get("margin") is None:
            return None
        relative = self.document.get("relative") is True
        return Margin(self.number("margin", least=0), relative=relative)

    def one(self, key: str, known: tuple[str, ...]) -> str:
        value = self.document.get(key)
        if value not in known:
            raise InputError("plan_file_field", field=key)
        return str(value)

    def dictionaries(self, key: str) -> list[dict[str, Any]]:
        value = self.document.get(key)
        if not isinstance(value, list) or not all(isinstance(part, dict) for part in value):
            raise InputError("plan_file_field", field=key)
        return value

    def looks(self) -> str:
        looks = self.text("looks")
        try:
            looks_named(looks)
        except CrmMetricsError:
            raise InputError("plan_file_field", field="looks") from None
        return looks

    def day(self, key: str) -> date | None:
        value = self.document.get(key)
        try:
            return None if value is None else date.fromisoformat(value)
        except (TypeError, ValueError):
            raise InputError("plan_file_field", field=key) from None
