"""Results that pages ask for again and again, kept by the content they were made from.

Only small results are kept, and never is a frame an argument: the key is the workspace's version,
which changes with every data set and mapping.
"""

from __future__ import annotations

import pandas as pd
import streamlit as st

from crm_metrics.metrics import compute as compute_metrics
from crm_metrics.metrics.model import Filters, Limits, Result
from crm_metrics.store import Engine
from crm_metrics.ui.state import engine, workspace


def compute(
    keys: tuple[str, ...] | None = None,
    *,
    by: tuple[str, ...] = (),
    filters: Filters | None = None,
    limits: Limits | None = None,
) -> Result:
    """`metrics.compute` over the session's data, remembered until they change."""
    space = workspace()
    return _compute(
        str(space.folder),
        space.version,
        keys,
        by,
        filters or Filters(),
        limits or Limits(),
        engine(),
    )


@st.cache_data(show_spinner=False, max_entries=256)
def _compute(
    folder: str,  # noqa: ARG001 - part of the key
    version: str,  # noqa: ARG001 - part of the key
    keys: tuple[str, ...] | None,
    by: tuple[str, ...],
    filters: Filters,
    limits: Limits,
    _engine: Engine,
) -> Result:
    return compute_metrics(_engine, keys, by=by, filters=filters, limits=limits)
