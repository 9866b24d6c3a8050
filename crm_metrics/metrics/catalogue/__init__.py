"""Every metric, declared as data: a module here with METRICS is found by itself."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from crm_metrics.metrics.model import Metric

# The order of tables and documents; modules that are not named here follow by name.
_ORDER = (
    "campaigns",
    "campaign_results",
    "recipients",
    "recipient_results",
    "recipient_people",
    "events",
    "posts",
    "page_days",
    "traffic",
    "spend",
    "conversations",
    "first_replies",
    "support_averages",
    "calls",
    "surveys",
    "survey_effort",
    "survey_responses",
    "attendance",
    "orders",
    "orders_processed",
    "deals",
    "deals_closed",
    "activities",
)


def discovered() -> tuple[Metric, ...]:
    """All metrics of the modules in this package; raises ValueError where one is declared twice."""
    names = sorted((module.name for module in iter_modules(__path__)), key=_place)
    found: dict[tuple[str, str], Metric] = {}
    for name in names:
        for metric in import_module(f"{__name__}.{name}").METRICS:
            if (metric.grain, metric.key) in found:
                msg = f"{metric.key} on {metric.grain} is declared twice"
                raise ValueError(msg)
            found[metric.grain, metric.key] = metric
    return tuple(found.values())


@cache
def declared(grain: str) -> tuple[Metric, ...]:
    """The metrics of a grain."""
    return tuple(metric for metric in discovered() if metric.grain == grain)


def _place(name: str) -> tuple[int, str]:
    return (_ORDER.index(name) if name in _ORDER else len(_ORDER), name)
