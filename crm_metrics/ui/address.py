"""What is chosen, kept in the session and in the address: links and F5 open the same view."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

SEGMENT = "segment"
IS = "="  # between a segment's name and its value


def kept(name: str) -> list[str]:
    """What was chosen in this session, or else what the address says."""
    key = f"_kept_{name}"
    if key not in st.session_state:
        st.session_state[key] = st.query_params.get_all(name)
    return st.session_state[key]


def keep(name: str, values: Sequence[str]) -> None:
    """Keep a choice; none leaves the address without it."""
    st.session_state[f"_kept_{name}"] = list(values)
    if st.query_params.get_all(name) == list(values):
        return
    if values:
        st.query_params[name] = list(values)
    else:
        del st.query_params[name]


def choose(name: str, values: Sequence[str]) -> None:
    """Set a choice from elsewhere than its widget, for a callback: the widget starts anew."""
    keep(name, values)
    st.session_state[f"_turn_{name}"] = st.session_state.get(f"_turn_{name}", 0) + 1


def widget_key(name: str, language: str) -> str:
    """The key of a choice's widget.

    Option widgets identify their options by the words shown, hence a widget per language; a browser
    keeps what a widget held, hence a new one where the choice was set from elsewhere.
    """
    turn = st.session_state.get(f"_turn_{name}", 0)
    return f"{name}_{language}_{turn}" if turn else f"{name}_{language}"


def day_of(text: str) -> date | None:
    """The day that an address names, None where it names none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
