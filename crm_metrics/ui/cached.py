"""Results that pages ask for again and again, kept by the content they were made from.

Only small results are kept, and never is a frame an argument: the key is the workspace's version,
which changes with every data set and mapping.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock

import streamlit as st

from crm_metrics.metrics import compute_each as compute_metrics
from crm_metrics.metrics.model import Filters, Limits, Result
from crm_metrics.ui.state import engine, workspace

_MOST = 256

_Asked = tuple[tuple[str, str], tuple[str, ...] | None, tuple[str, ...], Filters, Limits]


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
    space, limits = workspace(), limits or Limits()
    data = (str(space.folder), space.version)
    asked: dict[Filters, _Asked] = {one: (data, keys, by, one, limits) for one in each}
    kept = _kept()
    found = {one: result for one in asked if (result := kept.get(asked[one])) is not None}
    absent = [one for one in asked if one not in found]
    if absent:
        results = compute_metrics(engine(), keys, each=absent, by=by, limits=limits)
        for one, result in zip(absent, results, strict=True):
            found[one] = result
            kept.put(asked[one], result)
    return [found[one] for one in each]


class _Kept:
    """The latest results of all sessions; the key names the workspace, so none sees another's."""

    def __init__(self) -> None:
        self._results: OrderedDict[_Asked, Result] = OrderedDict()
        self._lock = Lock()

    def get(self, asked: _Asked) -> Result | None:
        with self._lock:
            if asked in self._results:
                self._results.move_to_end(asked)
            return self._results.get(asked)

    def put(self, asked: _Asked, result: Result) -> None:
        with self._lock:
            self._results[asked] = result
            while len(self._results) > _MOST:
                self._results.popitem(last=False)


@st.cache_resource(show_spinner=False)
def _kept() -> _Kept:
    return _Kept()
