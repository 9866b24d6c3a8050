"""What a verdict was made of: enough to make it again, without anybody's data."""

from __future__ import annotations

from dataclasses import dataclass

from crm_metrics.experiments.against_plan import analyse_planned
from crm_metrics.experiments.beside import NOTHING, Beside
from crm_metrics.experiments.model import Arm, Finding, Measured, Setup
from crm_metrics.experiments.plan_file import TrialPlan
from crm_metrics.experiments.verdict import analyse


@dataclass(frozen=True, slots=True)
class Inputs:
    """Sums of the arms and what was asked; `asked` as in `analyse_planned`."""

    setup: Setup
    arms: tuple[Arm, ...]
    others: tuple[Measured, ...] = ()
    plan: TrialPlan | None = None
    asked: tuple[str, ...] = ()
    beside: Beside = NOTHING


def concluded(inputs: Inputs) -> Finding:
    """The verdict on the inputs, held to their plan where they have one; raises as `analyse`."""
    if inputs.plan is None:
        return analyse(inputs.setup, inputs.arms, inputs.others, inputs.beside)
    return analyse_planned(
        inputs.setup,
        inputs.arms,
        inputs.plan,
        inputs.others,
        inputs.beside,
        asked=inputs.asked,
    )
