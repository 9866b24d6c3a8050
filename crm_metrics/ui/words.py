"""The words for what the engine says in codes: fields, grains, reasons, doubts, levels."""

from __future__ import annotations

from crm_metrics.intake.table import Issue
from crm_metrics.mapping.model import Mapping, Why
from crm_metrics.texts import has, t
from crm_metrics.ui.escape import esc


def field_word(key: str | None, language: str) -> str:
    """A field's name; an unmapped column is an extra dimension."""
    return t("columns.extra", language) if key is None else t(f"field.{key}.name", language)


def field_meaning(key: str | None, language: str) -> str:
    """What the field means, in a sentence."""
    return t("columns.extra_help", language) if key is None else t(f"field.{key}.help", language)


def grain_word(key: str, language: str) -> str:
    """What one row of such a table stands for."""
    return t(f"grain.{key}.name", language)


def why_words(why: Why, language: str) -> str:
    """The reason of a guess, safe as markdown; "" where a newer reason has no words yet."""
    key = f"why.{why.code}"
    if not has(key, language):
        return ""
    return t(key, language, **{name: esc(value, limit=80) for name, value in why.params.items()})


def issue_words(issue: Issue, language: str) -> str:
    """A doubt about the file with how often it occurs, safe as markdown."""
    key = f"issue.{issue.code}"
    if not has(key, language):
        return t("upload.issue_unknown", language, code=esc(issue.code), count=issue.count)
    return t(key, language, count=issue.count)


def source_words(mapping: Mapping, language: str) -> str:
    """The system and its export as one name, safe as markdown; or that none was recognised."""
    if mapping.system is None:
        return t("upload.no_system", language)
    names = [mapping.system, mapping.export]
    return esc(" · ".join(name for name in names if name))
