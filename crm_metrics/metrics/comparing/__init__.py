"""Values compared: a change, its split by groups, and each group against the rest."""

from __future__ import annotations

from crm_metrics.metrics.comparing.change import changes_from, compare, compare_each, partners
from crm_metrics.metrics.comparing.model import AgainstRest, GroupPart, Part, Simpson, Split
from crm_metrics.metrics.comparing.rest import against_the_rest
from crm_metrics.metrics.comparing.simpson import simpson
from crm_metrics.metrics.comparing.split import split
from crm_metrics.metrics.comparing.spreads import spreads

__all__ = [
    "AgainstRest",
    "GroupPart",
    "Part",
    "Simpson",
    "Split",
    "against_the_rest",
    "changes_from",
    "compare",
    "compare_each",
    "partners",
    "simpson",
    "split",
    "spreads",
]
