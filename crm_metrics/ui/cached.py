"""Results that pages ask for again and again, kept by the content they were made from.

Only small results are kept, and never is a frame an argument: the key is the workspace's version,
which changes with every data set and mapping.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from threading import Lock
from typing import Concatenate, ParamSpec, TypeVar, cast

import streamlit as st

from crm_metrics.metrics import compute_each as compute_metrics
from crm_metrics.metrics.model import Filters, Limits, Result
from crm_metrics.store import Engine, Engines
from crm_metrics.ui.state import engine, workspace

_MOST = 512
_NOT_ASKED = object()
_P = ParamSpec("_P")
_T = TypeVar("_T")


def asked(
    make: Callable[Concatenate[Engine | Engines, _P], _T], /, *args: _P.args, **kwargs: _P.kwargs
) -> _T:
    """What `make` finds in the session's data, remembered until they change.

    `make` is a function of a module, and its arguments can be hashed. What it gives is nobody's
    own: it is read and never changed.
    """
    kept, key = _kept(), (_data(), make, args, tuple(kwargs.items()))
    found = kept.get(key)
    if found is _NOT_ASKED:
        found = make(engine(), *args, **kwargs)
        kept.put(key, found)
    return cast("_T", found)


def compute(
    keys: tuple[str, ...] | None = None,
    *,
    by: tuple[str, ...] = (),
    filters: Filters | None = None,
    limits: Limits | None = None,
) -> Result:
    """`metrics.compute` over the session's data, remembered until they change."""
    return compute_each(keys, each=(filters or Filters(),), by=by, limits=limits)[0]


def compute_each(
    keys: tuple[str, ...] | None = None,
    *,
    each: Sequence[Filters],
    by: tuple[str, ...] = (),
    limits: Limits | None = None,
) -> list[Result]:
    """`metrics.compute_each` over the session's data: what is remembered is not asked again."""
    kept, data, limits = _kept(), _data(), limits or Limits()
    names: dict[Filters, Hashable] = {one: (data, keys, by, one, limits) for one in each}
    found = {
        one: cast("Result", result)
        for one, name in names.items()
        if (result := kept.get(name)) is not _NOT_ASKED
    }
    absent = [one for one in names if one not in found]
    if absent:
        results = compute_metrics(engine(), keys, each=absent, by=by, limits=limits)
        for one, result in zip(absent, results, strict=True):
            found[one] = result
            kept.put(names[one], result)
    return [found[one] for one in each]


def _data() -> tuple[str, str]:
    """The data that the session stands on now, as a part of a key."""
    space = workspace()
    return str(space.folder), space.version


class _Kept:
    """The latest results of all sessions; the key names the workspace, so none sees another's."""

    def __init__(self) -> None:
        self._results: OrderedDict[Hashable, object] = OrderedDict()
        self._lock = Lock()

    def get(self, asked: Hashable) -> object:
        with self._lock:
            if asked in self._results:
                self._results.move_to_end(asked)
            return self._results.get(asked, _NOT_ASKED)

    def put(self, asked: Hashable, result: object) -> None:
        with self._lock:
            self._results[asked] = result
            while len(self._results) > _MOST:
                self._results.popitem(last=False)


@st.cache_resource(show_spinner=False)
def _kept() -> _Kept:
    return _Kept()
