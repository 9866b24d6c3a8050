"""What the rows behind a number made of others are asked by, and where they come from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from crm_metrics.metrics.lineage.model import Lineage
from crm_metrics.metrics.model import Filters
from crm_metrics.metrics.voice.pairs import Wait


@dataclass(frozen=True, slots=True)
class Behind:
    """With what a number was asked for: enough to find its rows again.

    `limit` is T of churn in days, None for that of the gaps; `stages` the user's order of them;
    `wait` is the time of response that scores are held against.
    """

    filters: Filters = field(default_factory=Filters)
    limit: int | None = None
    stages: tuple[str, ...] = ()
    wait: Wait = "first_reply"


@dataclass(frozen=True, slots=True)
class Counted:
    """A component that is a metric of the catalogue under these filters: its lineage is its own."""

    metric: str
    grain: str
    variant: str
    filters: Filters
    group: Mapping[str, str | None] = field(default_factory=dict)


Source = Counted | Callable[[int], Lineage]
"""Where a component's rows come from: a metric, or what gives so many of the heaviest of them."""
