"""The metrics that a table no longer gives, for want of columns that its template had."""

from __future__ import annotations

from crm_metrics.mapping.model import Mapping
from crm_metrics.metrics.compute import unlocks
from crm_metrics.metrics.model import Metric


def lost_metrics(mapping: Mapping) -> tuple[Metric, ...]:
    """Metrics that the missing columns of the template that was applied would give."""
    if mapping.applied is None or mapping.grain is None:
        return ()
    lost = {field for _, field in mapping.applied.lost}
    before, _ = unlocks(mapping.given | lost, mapping.grain)
    now, _ = unlocks(mapping.given, mapping.grain)
    still = {metric.key for metric in now}
    return tuple(metric for metric in before if metric.key not in still)
