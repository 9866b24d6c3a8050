"""A file on disk becomes tables of raw text, every line accounted for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_metrics.lazily import named

if TYPE_CHECKING:
    from crm_metrics.intake.reading import preview, read
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
    from crm_metrics.intake.workbook.unlocking import unlocked
else:
    # A workbook is read by a process that imports only what it needs.
    __getattr__ = named(
        __name__,
        {
            "crm_metrics.intake.reading": "preview read",
            "crm_metrics.intake.table": (
                "LINE REASONS Account HowRead Issue Layout Reason SetAside Table"
            ),
            "crm_metrics.intake.workbook.unlocking": "unlocked",
        },
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
    "preview",
    "read",
    "unlocked",
]
