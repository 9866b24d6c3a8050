"""Facts become numbers: the catalogue of metrics, their values, intervals and changes."""

from __future__ import annotations

from crm_metrics.metrics.compute import CATALOGUE, compute, metric_named, metrics_of, unlocks
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
    "compute",
    "metric_named",
    "metrics_of",
    "unlocks",
]
