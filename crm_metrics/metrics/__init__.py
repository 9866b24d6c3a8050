"""Facts become numbers: the catalogue of metrics, their values, intervals and changes."""

from __future__ import annotations

from crm_metrics.metrics.changes import compare
from crm_metrics.metrics.compute import (
    CATALOGUE,
    compute,
    compute_each,
    metric_named,
    metrics_of,
    unlocks,
)
from crm_metrics.metrics.funnel import funnel
from crm_metrics.metrics.lost import lost_metrics
from crm_metrics.metrics.model import (
    Change,
    Distinct,
    Filters,
    Limits,
    Metric,
    Missing,
    Result,
    Step,
    Value,
)
from crm_metrics.metrics.periods import periods, span, trend

__all__ = [
    "CATALOGUE",
    "Change",
    "Distinct",
    "Filters",
    "Limits",
    "Metric",
    "Missing",
    "Result",
    "Step",
    "Value",
    "compare",
    "compute",
    "compute_each",
    "funnel",
    "lost_metrics",
    "metric_named",
    "metrics_of",
    "periods",
    "span",
    "trend",
    "unlocks",
]
