"""Facts become numbers: the catalogue of metrics, their values, intervals and changes."""

from __future__ import annotations

import ibis

from crm_metrics.metrics.comparing import (
    AgainstRest,
    Simpson,
    Split,
    against_the_rest,
    changes_from,
    compare,
    compare_each,
    partners,
    simpson,
    split,
)
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
from crm_metrics.metrics.periods import periods, same_weekdays, span, trend

# Engines merge selects themselves; done here, it takes up to half of the time of making SQL.
ibis.options.sql.fuse_selects = False

__all__ = [
    "CATALOGUE",
    "AgainstRest",
    "Change",
    "Distinct",
    "Filters",
    "Limits",
    "Metric",
    "Missing",
    "Result",
    "Simpson",
    "Split",
    "Step",
    "Value",
    "against_the_rest",
    "changes_from",
    "compare",
    "compare_each",
    "compute",
    "compute_each",
    "funnel",
    "lost_metrics",
    "metric_named",
    "metrics_of",
    "partners",
    "periods",
    "same_weekdays",
    "simpson",
    "span",
    "split",
    "trend",
    "unlocks",
]
