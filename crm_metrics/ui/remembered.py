"""What is made again with every rerun of a page, kept by the content that it is made of."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from hashlib import sha256
from typing import ParamSpec, TypeVar, cast

import streamlit as st

_P = ParamSpec("_P")
_T = TypeVar("_T")
_MOST = 512


def remembered(make: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
    """What `make` gives for these arguments, a copy of what it gave before where it was asked.

    `make` is a function of a module that reads nothing but its arguments, and these can be pickled:
    all their content is the key, so that nothing is ever out of date.
    """
    content = sha256(pickle.dumps((make, args, kwargs))).hexdigest()
    return cast("_T", _made(content, lambda: make(*args, **kwargs)))


@st.cache_data(show_spinner=False, max_entries=_MOST)
def _made(content: str, _work: Callable[[], object]) -> object:  # noqa: ARG001 - it is the key
    return _work()
