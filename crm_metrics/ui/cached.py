"""Results that pages ask for again and again, kept by the content they were made from.

Only small results are kept, and never is a frame an argument: the key is the workspace's version,
which changes with every data set and mapping.
"""

from __future__ import annotations

import streamlit as st

from crm_metrics.metrics import compute as compute_metrics
from crm_metrics.metrics.model import Filters, Limits, Result
from crm_metrics.store import Engine
from crm_metrics.ui.state import engine, workspace

_Asked = tuple[tuple[str, ...] | None, tuple[str, ...], Filters, Limits]


def compute(
    keys: tuple[str, ...] | None = None,
    *,
    by: tuple[str, ...] = (),
    filters: Filters | None = None,
    limits: Limits | None = None,
) -> Result:
    """`metrics.compute` over the session's data, remembered until they change."""
    space = workspace()
    data = (str(space.folder), space.version)
    asked = (keys, by, filters or Filters(), limits or Limits())
    return _compute(data, asked, engine())


@st.cache_data(show_spinner=False, max_entries=256)
def _compute(
    data: tuple[str, str],  # noqa: ARG001 - the key
    asked: _Asked,
    _engine: Engine,
) -> Result:
    keys, by, filters, limits = asked
    return compute_metrics(_engine, keys, by=by, filters=filters, limits=limits)
