"""Every metric, declared as data: a module here with METRICS is found by itself."""

from __future__ import annotations

from functools import cache

from crm_metrics.metrics.discovery import declared_in
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
    return declared_in(__name__, __path__, "METRICS", _ORDER)


@cache
def declared(grain: str) -> tuple[Metric, ...]:
    """The metrics of a grain."""
    return tuple(metric for metric in discovered() if metric.grain == grain)
