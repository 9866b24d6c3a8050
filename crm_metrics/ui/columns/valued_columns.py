"""The columns whose words mean something: the words of the whole column, and what they mean now."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from crm_metrics.facts import WordCounts, word_counts
from crm_metrics.intake.table import Table
from crm_metrics.mapping.cells import words
from crm_metrics.mapping.cells.value_choices import meaning_of, usual_meaning, value_choices
from crm_metrics.mapping.model import ColumnMapping
from crm_metrics.schema import is_personal, kind_of
from crm_metrics.store import Dataset
from crm_metrics.ui import draft


@dataclass(frozen=True, slots=True)
class Valued:
    """A column whose words have a meaning, the words with their counts, and what can be chosen."""

    item: ColumnMapping
    saved: ColumnMapping
    grain: str
    counts: WordCounts
    offered: tuple[str, ...]

    @property
    def settled(self) -> dict[str, str]:
        """What the mapping itself says of words."""
        return self.item.values

    @property
    def unknown(self) -> list[str]:
        """The words that have no meaning."""
        return [word for word in self.counts.counts if self.meaning(word) is None]

    @property
    def asks(self) -> bool:
        """Whether words that a number depends on had no meaning when the edits began.

        So the question stays while they get one.
        """
        field = str(self.item.field)
        counted = field == "stage" or kind_of(field, self.grain) == "flag"
        if not counted and not words.asks(field, self.grain):
            return False
        same = self.saved.field == field
        return any(
            (meaning_of(self.saved, word, self.grain) if same else self._usual(word)) is None
            for word in self.counts.counts
        )

    @property
    def rows(self) -> list[str]:
        """All words, those first that mean nothing by themselves; edits do not move them."""
        return sorted(self.counts.counts, key=lambda word: self._usual(word) is not None)

    def meaning(self, word: str) -> str | None:
        """What the word means in the draft."""
        return meaning_of(self.item, word, self.grain)

    def _usual(self, word: str) -> str | None:
        return usual_meaning(str(self.item.field), word, self.grain)


def valued_columns(dataset: Dataset) -> list[Valued]:
    """The columns of the draft whose words have a meaning, personal ones left out."""
    mapping = draft.draft_of(dataset)
    found = []
    for item, saved in zip(mapping.columns, dataset.mapping.columns, strict=True):
        if mapping.grain is None or item.field is None or is_personal(item.field):
            continue
        offered = value_choices(item.field, mapping.grain)
        if not offered:
            continue
        counts = words_in(dataset.table, item.column)
        column = Valued(item, saved, mapping.grain, counts, offered)
        # Yes and no that are all understood need no look.
        if kind_of(item.field, mapping.grain) != "flag" or column.unknown or item.values:
            found.append(column)
    return found


def words_in(table: Table, column: int) -> WordCounts:
    """The words of a column over the whole table, kept while the table stays."""
    return _words_in(str(table.path), table.path.stat().st_mtime_ns, column, table)


@st.cache_data(show_spinner=False, max_entries=64)
def _words_in(path: str, read_at: int, column: int, _table: Table) -> WordCounts:  # noqa: ARG001
    return word_counts(_table, column)
