"""What a value is held against: the own typical campaign first, then published numbers."""

from __future__ import annotations

from crm_metrics.metrics.references.benchmarks import (
    Benchmark,
    Difference,
    all_benchmarks,
    benchmarks_of,
    complaint_limits,
    differences,
)
from crm_metrics.metrics.references.own_history import History, own_history

__all__ = [
    "Benchmark",
    "Difference",
    "History",
    "all_benchmarks",
    "benchmarks_of",
    "complaint_limits",
    "differences",
    "own_history",
]
