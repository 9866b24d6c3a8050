"""Every metric by its key, of the catalogue or worked out from whole histories."""

from __future__ import annotations

from crm_metrics.metrics.compute import CATALOGUE, metric_named
from crm_metrics.metrics.derived import DERIVED, Derived
from crm_metrics.metrics.model import Metric

DECLARED: tuple[Metric | Derived, ...] = (*CATALOGUE, *DERIVED)
"""Those of the catalogue first."""


def declaration(key: str, grain: str | None = None) -> Metric | Derived:
    """The metric of this key, the first or that of a grain; raises what `metric_named` raises."""
    own = next((one for one in DERIVED if one.key == key and grain in (None, one.grain)), None)
    return own or metric_named(key, grain)
