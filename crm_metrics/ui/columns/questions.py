"""Which columns of a table ask for attention, and in what order; steady while they are answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import streamlit as st

from crm_metrics.mapping.model import ColumnMapping, Mapping
from crm_metrics.store import Dataset
from crm_metrics.ui.draft import draft_of, questions_key
from crm_metrics.ui.open_formats import open_formats

_KNOWN_AS_NONE: Final = frozenset(
    ("system_no_field", "field_taken", "chosen", "confirmed", "template_column")
)


@dataclass(frozen=True, slots=True)
class Questions:
    """Positions of columns: doubtful ones, those without a meaning, those that are likely right.

    `formats` gives by position the doubt that is left about how the cells are written.
    """

    asked: tuple[int, ...]
    unnamed: tuple[int, ...]
    likely: tuple[int, ...]
    formats: dict[int, str]


def questions(dataset: Dataset) -> Questions:
    """What the data set's columns ask.

    Made anew only when the saved mapping or the kind of rows is another, so that no column jumps
    away from under the cursor while it is being answered.
    """
    now = draft_of(dataset)
    saved, by_grain = st.session_state.get(questions_key(dataset.id), (None, {}))
    if saved != dataset.mapping:
        by_grain = {}
        st.session_state[questions_key(dataset.id)] = (dataset.mapping, by_grain)
    if now.grain not in by_grain:
        by_grain[now.grain] = _questions(now, dataset)
    return by_grain[now.grain]


def understood(mapping: Mapping) -> int:
    """How many columns have a meaning that is not in doubt, or are known to need none."""
    return sum(
        item.level != "ask" and (item.field is not None or item.why.code in _KNOWN_AS_NONE)
        for item in mapping.columns
    )


def _questions(mapping: Mapping, dataset: Dataset) -> Questions:
    formats = open_formats(dataset)
    asked = [
        item.column for item in mapping.columns if item.level == "ask" or item.column in formats
    ]
    # What is new since the template was saved comes first.
    new = {item.column for item in mapping.columns if item.why.code == "template_new"}
    asked.sort(key=lambda column: column not in new)
    rest = [item for item in mapping.columns if item.column not in asked]
    unnamed = [item for item in rest if _is_unnamed(item)]
    likely = [item for item in rest if item.level == "likely" and item not in unnamed]
    return Questions(
        asked=tuple(asked),
        unnamed=tuple(item.column for item in unnamed),
        likely=tuple(item.column for item in likely),
        formats=formats,
    )


def _is_unnamed(item: ColumnMapping) -> bool:
    return item.field is None and item.why.code not in _KNOWN_AS_NONE
