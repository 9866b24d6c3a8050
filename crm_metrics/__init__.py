"""Channel metrics, A/B tests and CRM data from the exports of any tool; see docs/architecture.md.

Everything that a page shows can be had from here, without Streamlit.
"""

from __future__ import annotations

from importlib import import_module

__version__ = "0.1.0"

# Names are imported when first used, so that reading a file does not load the statistics.
_PUBLIC = {
    "crm_metrics.errors": ("CrmMetricsError", "InputError", "LimitError", "NotFoundError"),
    "crm_metrics.intake": ("Table", "read"),
    "crm_metrics.mapping": ("Mapping", "suggest"),
    "crm_metrics.facts": ("Facts", "build"),
    "crm_metrics.store": ("Dataset", "Engine", "Workspace"),
    "crm_metrics.metrics": ("CATALOGUE", "Filters", "Limits", "Metric", "compare", "compute"),
    "crm_metrics.experiments": ("Arm", "Finding", "Setup", "analyse", "plan"),
    "crm_metrics.findings": ("Report", "build_report", "csv_bytes", "workbook"),
}
_HOME = {name: module for module, names in _PUBLIC.items() for name in names}

__all__ = [  # noqa: PLE0604  every name is a string
    "__version__",
    *sorted(_HOME),
]


def __getattr__(name: str) -> object:
    """The public name from the room that makes it."""
    if name not in _HOME:
        raise AttributeError(name)
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
