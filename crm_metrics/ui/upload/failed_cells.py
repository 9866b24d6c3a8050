"""The cells that did not parse: how many of each column, and their commonest forms."""

from __future__ import annotations

from typing import Final

import streamlit as st

from crm_metrics.facts import Facts, Recipe
from crm_metrics.texts import integer_text, t
from crm_metrics.ui.escape import esc

TOLD: Final = frozenset({"cells_failed", "columns_unread"})
"""Issues of facts that these lines already say."""

_MOST_COLUMNS: Final = 6


def failed_cells(facts: Facts, language: str) -> None:
    """A line for each column with such cells, worst first; loud where a fifth of it is lost."""
    failed = sorted((item for item in facts.recipes if item.failed), key=_order)
    if not failed:
        return
    lines = [_line(item, language) for item in failed[:_MOST_COLUMNS]]
    if len(failed) > _MOST_COLUMNS:
        lines.append(t("upload.failed_more", language, count=len(failed) - _MOST_COLUMNS))
    said = "\n".join((t("upload.failed", language, count=facts.failed), "", *_listed(lines)))
    unread = sum(item.unread for item in failed)
    if unread:
        st.warning(
            f"{t('issue.columns_unread', language, count=unread)}\n\n{said}",
            icon=":material/warning:",
        )
    else:
        st.caption(f":material/info: {said}")


def _order(recipe: Recipe) -> tuple[bool, int]:
    return not recipe.unread, -recipe.failed


def _line(recipe: Recipe, language: str) -> str:
    forms = ", ".join(
        t(
            "upload.failed_form",
            language,
            text=esc(text, limit=40),
            number=integer_text(count, language),
        )
        for text, count in recipe.failed_forms
    )
    return t(
        "upload.failed_column",
        language,
        name=esc(recipe.name, limit=60),
        failed=integer_text(recipe.failed, language),
        filled=integer_text(recipe.filled, language),
        forms=forms,
    )


def _listed(lines: list[str]) -> list[str]:
    return [f"- {line}" for line in lines]
