"""The segment that is being made: its rules as they were begun, until it is saved or left."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import streamlit as st

from crm_metrics.metrics.segments.segment import Rule, Segment
from crm_metrics.ui.address import visit

_DRAFT: Final = "_segment_draft"
_TURN: Final = "_segment_turn"


@dataclass
class Draft:
    """What the editor begins with: the segment that is changed, and rules by their row's number.

    `turn` tells the widgets of one editing from those of another, `page` the visit of a page that
    it belongs to.
    """

    begun: Segment | None
    turn: int
    page: int
    rules: dict[int, Rule | None] = field(default_factory=dict)

    def add(self) -> None:
        """One more row, empty."""
        self.rules[max(self.rules, default=-1) + 1] = None

    def remove(self, row: int) -> None:
        """One row less."""
        self.rules.pop(row, None)


def begin(segment: Segment | None = None) -> None:
    """Open the editor with a segment, or with an empty one; for a callback."""
    turn = st.session_state.get(_TURN, 0) + 1
    st.session_state[_TURN] = turn
    rules: dict[int, Rule | None] = dict(enumerate(segment.rules)) if segment else {0: None}
    st.session_state[_DRAFT] = Draft(segment, turn, visit(), rules)


def draft() -> Draft | None:
    """What is being made on this page; None where nothing is."""
    found = st.session_state.get(_DRAFT)
    return found if found is not None and found.page == visit() else None


def leave() -> None:
    """Close the editor."""
    st.session_state.pop(_DRAFT, None)
