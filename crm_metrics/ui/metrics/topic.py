"""What a page is about: which metrics it asks for, and in which order a person asks for them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from crm_metrics.metrics import CATALOGUE
from crm_metrics.metrics.model import Value

CARDS = 8


@dataclass(frozen=True, slots=True)
class Topic:
    """The metrics of a page.

    `only` are all that it asks for, None for every metric. `first` are those that a person asks for
    first, in that order: they have cards. `beside` are the ones that other parts of the page show
    of all channels together, so that all of it is one question. `worked_out` gives the values that
    no sum of rows gives, now and in the period before, for goals; `derived` are their metrics.
    `kinds` are the grains that the page is about, the nearest first: what is counted of them comes
    before what is counted of others, of however many channels.
    `of_messages` is False where nobody sends anything: then no advice speaks of audiences and
    campaigns, and values that cards show are not said again.
    """

    first: tuple[str, ...]
    beside: tuple[str, ...] = ()
    only: tuple[str, ...] | None = None
    kinds: tuple[frozenset[str], ...] = ()
    derived: frozenset[str] = frozenset()
    of_messages: bool = True
    worked_out: Callable[[Any], tuple[tuple[Value, ...], tuple[Value, ...]]] | None = None

    def place_of(self, metric: str) -> int:
        """Where a metric stands among what a person asks first; others after all of them."""
        return self.first.index(metric) if metric in self.first else len(self.first)

    def kind_of(self, grains: Collection[str]) -> int:
        """The place of the nearest of the grains among `kinds`; others after all of them."""
        near = (place for place, kind in enumerate(self.kinds) if kind.intersection(grains))
        return next(near, len(self.kinds))

    def asked(self, grains: Collection[str]) -> tuple[str, ...] | None:
        """The metrics to compute where there are facts of these grains; None for every metric."""
        if self.only is None:
            return None
        here = {metric.key for metric in CATALOGUE if metric.grain in grains}
        return tuple(key for key in self.only if key in here)

    def holds(self, metric: str) -> bool:
        """Whether the page is about the metric."""
        return self.only is None or metric in self.only or metric in self.derived
