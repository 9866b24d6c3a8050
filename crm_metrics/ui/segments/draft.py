"""The segment that is being made: its rules as they were begun, until it is saved or left."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import streamlit as st

from crm_metrics.metrics.segments.segment import Match, Rule, Segment
from crm_metrics.ui.address import visit

_DRAFT: Final = "_segment_draft"
_TURN: Final = "_segment_turn"
_LEFT: Final = "_segment_left"


@dataclass
class Draft:
    """What the editor begins with: the segment that is changed, and rules by their row's number.

    `turn` tells the widgets of one editing from those of another, `page` the visit of a page that
    it belongs to. `name`, `match` and `said` (the rule that each row says by now) are what was
    typed so far: the editor begins with them where it is opened again or in another language.
    """

    begun: Segment | None
    turn: int
    page: int
    language: str | None = None
    name: str = ""
    match: Match = "all"
    rules: dict[int, Rule | None] = field(default_factory=dict)
    said: dict[int, Rule | None] = field(default_factory=dict)

    def add(self) -> None:
        """One more row, empty."""
        self.rules[max(self.rules, default=-1) + 1] = None

    def remove(self, row: int) -> None:
        """One row less."""
        self.rules.pop(row, None)
        self.said.pop(row, None)

    def resume(self, language: str) -> None:
        """Begin with what was typed so far; widgets of another language are other widgets."""
        if self.language not in (None, language):
            self.renew()
        self.language = language

    def renew(self) -> None:
        """Draw other widgets, which begin with what was typed so far."""
        self.turn = _next_turn()
        self.rules = {row: self.said.get(row) or rule for row, rule in self.rules.items()}

    @property
    def is_touched(self) -> bool:
        """Whether anything was typed that would be lost."""
        if self.begun is None:
            return bool(self.name) or any(self.said.values())
        rules = tuple(rule for rule in self.said.values() if rule is not None)
        return Segment(self.name, rules, self.match) != self.begun


def begin(segment: Segment | None = None) -> None:
    """Open the editor with a segment, or with an empty one; for a callback.

    What was left unsaved of the same segment is taken up again.
    """
    left = st.session_state.pop(_LEFT, None)
    if left is not None and left.begun == segment:
        left.page = visit()
        left.renew()
        st.session_state[_DRAFT] = left
        return
    afresh(segment)


def afresh(segment: Segment | None) -> None:
    """Open the editor with the segment as it is saved, or with an empty one; for a callback."""
    rules: dict[int, Rule | None] = dict(enumerate(segment.rules)) if segment else {0: None}
    made = Draft(segment, _next_turn(), visit(), rules=rules)
    if segment is not None:
        made.name, made.match = segment.name, segment.match
    st.session_state[_DRAFT] = made


def draft() -> Draft | None:
    """What is being made on this page; None where nothing is."""
    found = st.session_state.get(_DRAFT)
    return found if found is not None and found.page == visit() else None


def leave() -> None:
    """Close the editor for good."""
    st.session_state.pop(_DRAFT, None)
    st.session_state.pop(_LEFT, None)


def put_aside() -> None:
    """Close the editor and keep what was typed, until it is opened again."""
    left = st.session_state.pop(_DRAFT, None)
    if left is not None and left.is_touched:
        st.session_state[_LEFT] = left


def _next_turn() -> int:
    turn = int(st.session_state.get(_TURN, 0)) + 1
    st.session_state[_TURN] = turn
    return turn
