"""How a metric is declared that no sum of rows gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from crm_metrics.metrics.model import Direction, MetricKind, Unit

Interval = Literal[
    "proportion",
    "gaps",
    "ratio",
    "model",
    "weeks",
    "joint",
    "inverted",
    "people",
    "shares",
    "ranks",
    "none",
    "forecast",
    "users",
    "not_given",
]
Moves = Literal[
    "period",
    "cohorts",
    "same_customers",
    "same_users",
    "whole_history",
    "as_of",
    "from_others",
    "today",
]
"""What a value is compared with, or why there is nothing: `derived.moves.<code>` in texts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """A metric of whole histories (of customers, of spend and orders), declared like the others.

    Its words are those of `Metric`; `interval` names how its interval is made
    (`derived.interval.<name>` in texts), `moves` what tells its change.
    """

    key: str
    grain: str
    unit: Unit
    direction: Direction
    interval: Interval
    needs: tuple[str, ...]
    variant: str
    formula: str
    moves: Moves = "same_customers"

    @property
    def kind(self) -> MetricKind:
        """The kind of the catalogue that its values are like."""
        return "proportion" if self.unit == "share" and self.interval != "weeks" else "mean"
