"""A JSON file of a plan or an audit, brought from elsewhere."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from crm_metrics.texts import t
from crm_metrics.ui.shell import boundary

Take = Callable[[bytes, str], None]
"""What is done with a file: its bytes and its name."""


def bring_in(what: str, take: Take, language: str) -> None:
    """Ask for a file, folded, and give it to `take`; the input is then empty for another one.

    Its words are the texts `audit.<what>_upload_title` and `audit.<what>_upload`.
    """
    turn = f"_audit_{what}_upload_turn"
    key = f"audit_{what}_upload_{st.session_state.get(turn, 0)}"
    with st.expander(t(f"audit.{what}_upload_title", language), icon=":material/upload:"):
        st.file_uploader(
            t(f"audit.{what}_upload", language),
            type=["json"],
            max_upload_size=5,
            key=key,
            on_change=boundary()(_load),
            args=(key, turn, take),
        )


def _load(key: str, turn: str, take: Take) -> None:
    file = st.session_state.get(key)
    if file is None:
        return
    st.session_state[turn] = st.session_state.get(turn, 0) + 1
    take(file.getvalue(), file.name)
