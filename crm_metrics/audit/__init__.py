"""The audit of a CRM: checks as data, what they find, and the lists of rows to put right."""

from __future__ import annotations

from crm_metrics.audit.catalogue import catalogue, thresholds
from crm_metrics.audit.checking import audit, check_of, ground_of, refuse_unknown
from crm_metrics.audit.listing import Records, records_of
from crm_metrics.audit.model import (
    Audit,
    Check,
    Finding,
    Inflow,
    NotRun,
    Passed,
    Settings,
    Threshold,
    Violations,
    finding_id,
)

__all__ = [
    "Audit",
    "Check",
    "Finding",
    "Inflow",
    "NotRun",
    "Passed",
    "Records",
    "Settings",
    "Threshold",
    "Violations",
    "audit",
    "catalogue",
    "check_of",
    "finding_id",
    "ground_of",
    "records_of",
    "refuse_unknown",
    "thresholds",
]
