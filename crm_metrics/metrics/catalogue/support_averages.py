"""Satisfaction as reports of support give it: the mean score of an agent, a team, a period."""

from __future__ import annotations

import ibis.expr.types as ir

from crm_metrics.metrics.expressions import first_known
from crm_metrics.metrics.model import Limits, Metric


def _behind(table: ir.Table, _: Limits) -> ir.Value:
    """How many conversations a mean score is of, those resolved where all are not told."""
    return first_known(table.conversations, table.resolved).cast("float64")


METRICS = (
    Metric(
        key="csat_mean",
        grain="support_stats",
        kind="ratio",
        numerator=lambda table, limits: table.score * _behind(table, limits),
        denominator=_behind,
        unit="score",
        direction="up",
        needs=("score", "conversations|resolved"),
        variant="of_averages",
        formula="sum(score * conversations) / sum(conversations)",
        interval=False,
    ),
)
