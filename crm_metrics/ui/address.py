"""What is chosen, kept in the session and in the address: links, F5 and Back open the same view.

A choice is the session's, and the address follows it. Only where the browser names another address
than it was last told has the person gone back or typed one: then the address is right. While a run
has not ended, the browser may not have heard of it yet; and a link of the navigation brings a page
with no address at all: then the session is right.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

SEGMENT = "segment"
_PAGE, _VISIT = "_address_page", "_address_visit"
_BY_ADDRESS, _SETTLED = "_address_brought_the_page", "_address_settled"
IS = "="  # between a segment's name and its value


def arrive(page: str) -> None:
    """Begin a run on a page: on another one than before the address begins anew."""
    if st.session_state.get(_PAGE) != page:
        st.session_state[_PAGE] = page
        st.session_state[_VISIT] = st.session_state.get(_VISIT, 0) + 1
        st.session_state[_BY_ADDRESS] = any(name != "lang" for name in st.query_params)


def settle() -> None:
    """End a run, of the page or of a part: the browser knows the address that it has set."""
    st.session_state[_SETTLED] = True


def kept(name: str) -> list[str]:
    """What was chosen in this session, or else what the address says."""
    key, told = f"_kept_{name}", st.query_params.get_all(name)
    if key not in st.session_state:
        st.session_state[key] = told
    elif told != st.session_state[key] and _is_news(name, told):
        st.session_state[key] = told
        _begin_anew(name)
    _tell(name, told)
    return st.session_state[key]


def keep(name: str, values: Sequence[str]) -> None:
    """Keep a choice; none leaves the address without it."""
    st.session_state[f"_kept_{name}"] = list(values)
    if st.query_params.get_all(name) == list(values):
        return
    st.session_state[_SETTLED] = False
    _tell(name, list(values))
    if values:
        st.query_params[name] = list(values)
    else:
        del st.query_params[name]


def choose(name: str, values: Sequence[str]) -> None:
    """Set a choice from elsewhere than its widget, for a callback: the widget starts anew."""
    keep(name, values)
    _begin_anew(name)


def stand_by(name: str, default: str, language: str) -> None:
    """Say what a choice is while nobody chose: where that changes, its widget starts anew.

    More data bring other options. A widget goes on holding what it was drawn with, which would
    then look chosen.
    """
    before = st.session_state.get(f"_default_{name}")
    st.session_state[f"_default_{name}"] = default
    held = st.session_state.get(widget_key(name, language))
    if before not in (None, default) and held == before and not kept(name):
        _begin_anew(name)


def let_go(name: str, options: Sequence[str], language: str) -> None:
    """Start a choice's widget anew where what it holds is no option any more.

    Streamlit compares options by the words shown: one of another table would pass for the option
    that is worded alike, and be shown by its old words.
    """
    held = st.session_state.get(widget_key(name, language))
    if isinstance(held, str) and held not in options:
        _begin_anew(name)


def widget_key(name: str, language: str = "") -> str:
    """The key of a choice's widget.

    Option widgets identify their options by the words shown, hence a widget per language; a browser
    keeps what a widget held, hence a new one where the choice was set from elsewhere.
    """
    turn = st.session_state.get(f"_turn_{name}", 0)
    return "_".join(filter(None, (name, language, str(turn or ""))))


def _begin_anew(name: str) -> None:
    st.session_state[f"_turn_{name}"] = st.session_state.get(f"_turn_{name}", 0) + 1


def _tell(name: str, values: list[str]) -> None:
    st.session_state[f"_told_{name}"] = (st.session_state.get(_VISIT), values)


def _is_news(name: str, told: list[str]) -> bool:
    """Whether a person, not the session, has changed what the address says."""
    if not st.session_state.get(_SETTLED, True):
        return False
    visit, last = st.session_state.get(f"_told_{name}", (None, None))
    if visit != st.session_state.get(_VISIT):  # not looked at since the page was entered
        return bool(st.session_state.get(_BY_ADDRESS))
    return last != told


def visit() -> int:
    """Which visit of a page this is: another one wherever a page is entered."""
    return int(st.session_state.get(_VISIT, 0))


def groups_entered() -> list[str]:
    """The groups that the address names as `segment=name=value`."""
    return [one for one in kept(SEGMENT) if IS in one]


def segments_named() -> list[str]:
    """The segments of people that the address names as `segment=name`."""
    return [one for one in kept(SEGMENT) if IS not in one]


def choose_segment(name: str | None) -> None:
    """Filter by a segment of people, or by none; groups that were entered stay."""
    choose(SEGMENT, [*groups_entered(), *([name] if name else [])])


def day_of(text: str) -> date | None:
    """The day that an address names, None where it names none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
