"""A/B tests: gates, test, intervals, planner and verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_metrics.lazily import named

if TYPE_CHECKING:
    from crm_metrics.experiments.against_plan import analyse_planned
    from crm_metrics.experiments.beside import Beside
    from crm_metrics.experiments.from_metric import trial_from_facts
    from crm_metrics.experiments.means import arm_of_mean
    from crm_metrics.experiments.model import (
        Arm,
        ArmResult,
        Comparison,
        Finding,
        Gate,
        Judged,
        Margin,
        Measured,
        Metric,
        Setup,
    )
    from crm_metrics.experiments.plan_file import TrialPlan, plan_text, read_plan, trial_plan
    from crm_metrics.experiments.planner import (
        Duration,
        Plan,
        Reach,
        duration,
        plan,
        plan_mean,
        reach,
    )
    from crm_metrics.experiments.question import Question, question_named
    from crm_metrics.experiments.rows import (
        Other,
        Trial,
        trial_from_table,
        value_counts,
        variant_columns,
    )
    from crm_metrics.experiments.success import better_when
    from crm_metrics.experiments.verdict import analyse

__all__ = [
    "Arm",
    "ArmResult",
    "Beside",
    "Comparison",
    "Duration",
    "Finding",
    "Gate",
    "Judged",
    "Margin",
    "Measured",
    "Metric",
    "Other",
    "Plan",
    "Question",
    "Reach",
    "Setup",
    "Trial",
    "TrialPlan",
    "analyse",
    "analyse_planned",
    "arm_of_mean",
    "better_when",
    "duration",
    "plan",
    "plan_mean",
    "plan_text",
    "question_named",
    "reach",
    "read_plan",
    "trial_from_facts",
    "trial_from_table",
    "trial_plan",
    "value_counts",
    "variant_columns",
]

__getattr__ = named(
    __name__,
    {
        "crm_metrics.experiments.against_plan": "analyse_planned",
        "crm_metrics.experiments.beside": "Beside",
        "crm_metrics.experiments.from_metric": "trial_from_facts",
        "crm_metrics.experiments.means": "arm_of_mean",
        "crm_metrics.experiments.model": (
            "Arm ArmResult Comparison Finding Gate Judged Margin Measured Metric Setup"
        ),
        "crm_metrics.experiments.plan_file": "TrialPlan plan_text read_plan trial_plan",
        "crm_metrics.experiments.planner": "Duration Plan Reach duration plan plan_mean reach",
        "crm_metrics.experiments.question": "Question question_named",
        "crm_metrics.experiments.rows": (
            "Other Trial trial_from_table value_counts variant_columns"
        ),
        "crm_metrics.experiments.success": "better_when",
        "crm_metrics.experiments.verdict": "analyse",
    },
)
