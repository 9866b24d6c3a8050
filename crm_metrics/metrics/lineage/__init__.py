"""Where a number comes from: the rows of files that it counts, and those that it leaves out."""

from __future__ import annotations

from crm_metrics.metrics.lineage.model import Lineage, SourceLine
from crm_metrics.metrics.lineage.sources import in_files
from crm_metrics.metrics.lineage.tracing import lineage

__all__ = ["Lineage", "SourceLine", "in_files", "lineage"]
