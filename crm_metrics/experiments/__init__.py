"""A/B tests: gates, test, intervals, planner and verdict."""

from __future__ import annotations

from crm_metrics.experiments.from_metric import arms_from_facts
from crm_metrics.experiments.model import Arm, ArmResult, Comparison, Finding, Gate, Setup
from crm_metrics.experiments.planner import Plan, plan, plan_mean
from crm_metrics.experiments.rows import arms_from_table, value_counts, variant_columns
from crm_metrics.experiments.verdict import analyse

__all__ = [
    "Arm",
    "ArmResult",
    "Comparison",
    "Finding",
    "Gate",
    "Plan",
    "Setup",
    "analyse",
    "arms_from_facts",
    "arms_from_table",
    "plan",
    "plan_mean",
    "value_counts",
    "variant_columns",
]
