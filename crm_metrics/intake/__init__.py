"""A file on disk becomes tables of raw text, every line accounted for."""

from crm_metrics.intake.reading import read
from crm_metrics.intake.table import (
    LINE,
    REASONS,
    Account,
    HowRead,
    Issue,
    Layout,
    Reason,
    SetAside,
    Table,
)

__all__ = [
    "LINE",
    "REASONS",
    "Account",
    "HowRead",
    "Issue",
    "Layout",
    "Reason",
    "SetAside",
    "Table",
    "read",
]
