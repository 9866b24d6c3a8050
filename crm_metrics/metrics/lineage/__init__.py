"""Where a number comes from: the rows of files that it counts, and those that it leaves out."""

from __future__ import annotations

from crm_metrics.metrics.lineage.asking import Behind
from crm_metrics.metrics.lineage.derived import components_of, has_components
from crm_metrics.metrics.lineage.model import Component, Lineage, SourceLine
from crm_metrics.metrics.lineage.of_voice import of_answers, of_bucket, of_theme
from crm_metrics.metrics.lineage.sources import in_files
from crm_metrics.metrics.lineage.tracing import lineage

__all__ = [
    "Behind",
    "Component",
    "Lineage",
    "SourceLine",
    "components_of",
    "has_components",
    "in_files",
    "lineage",
    "of_answers",
    "of_bucket",
    "of_theme",
]
