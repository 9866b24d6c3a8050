"""Customers by the month of their first order: who came back, how soon, and who has left."""

from __future__ import annotations

from crm_metrics.metrics.cohorts.history import History, LeftOut, history, history_until, lacks
from crm_metrics.metrics.cohorts.retention import Cohort, Retention, retention
from crm_metrics.metrics.cohorts.returning import Returning, returning
from crm_metrics.metrics.cohorts.rfm import Rfm, pareto_share, rfm

__all__ = [
    "Cohort",
    "History",
    "LeftOut",
    "Retention",
    "Returning",
    "Rfm",
    "history",
    "history_until",
    "lacks",
    "pareto_share",
    "retention",
    "returning",
    "rfm",
]
