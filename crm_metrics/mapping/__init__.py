"""A table is recognised and its columns become fields."""

from __future__ import annotations

from collections.abc import Mapping as Lookup

from crm_metrics.mapping.cells.words import choices
from crm_metrics.mapping.completing import completed
from crm_metrics.mapping.fingerprint import fingerprint
from crm_metrics.mapping.model import ColumnMapping, DateOrder, Decimal, Level, Mapping, Why
from crm_metrics.mapping.recognition.exports import Export, systems
from crm_metrics.mapping.suggesting import by_template, suggest, suggest_all
from crm_metrics.mapping.templates.template import Template

SYSTEMS: Lookup[str, tuple[Export, ...]]

__all__ = [
    "SYSTEMS",
    "ColumnMapping",
    "DateOrder",
    "Decimal",
    "Export",
    "Level",
    "Mapping",
    "Template",
    "Why",
    "by_template",
    "choices",
    "completed",
    "fingerprint",
    "suggest",
    "suggest_all",
]


def __getattr__(name: str) -> object:
    """Read the systems when they are first asked for."""
    if name == "SYSTEMS":
        return systems()
    raise AttributeError(name)
