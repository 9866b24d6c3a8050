"""Channel metrics, A/B tests and CRM data from the exports of any tool; see docs/architecture.md.

Everything that a page shows can be had from here, without Streamlit.
"""

from __future__ import annotations

from crm_metrics.lazily import named

__version__ = "0.1.0"

_PUBLIC = {
    "crm_metrics.errors": "CrmMetricsError InputError LimitError NotFoundError",
    "crm_metrics.intake": "Table read",
    "crm_metrics.mapping": "Mapping suggest",
    "crm_metrics.facts": "Facts build",
    "crm_metrics.store": "Dataset Engine Workspace",
    "crm_metrics.metrics": "CATALOGUE Filters Limits Metric compare compute",
    "crm_metrics.experiments": "Arm Finding Setup analyse plan",
    "crm_metrics.findings": "Report build_report csv_bytes",
    "crm_metrics.findings.workbook": "workbook",
}

__all__ = [  # noqa: PLE0604  every name is a string
    "__version__",
    *sorted(name for names in _PUBLIC.values() for name in names.split()),
]

__getattr__ = named(__name__, _PUBLIC)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
