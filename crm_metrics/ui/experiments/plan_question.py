"""What is known of a test to come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from crm_metrics.experiments import Plan, plan, plan_mean
from crm_metrics.experiments.model import Direction
from crm_metrics.texts import decimal_text, percent_text


@dataclass(frozen=True, slots=True)
class Question:
    """A rate, or an amount with its deviation; and the weights of the arms, the control first.

    A lift is the size of the change in the better `direction`: 0.2 is -20 % where that is "down".
    """

    baseline: float
    deviation: float | None
    weights: tuple[float, ...]
    direction: Direction = "up"
    alpha: float = 0.05
    power: float = 0.8
    looks: str = "once"

    def for_lift(self, lift: float) -> Plan:
        """The sizes that a lift needs."""
        return self._ask(self.baseline, lift=self.signed(lift))

    def signed(self, lift: float) -> float:
        """The change with its sign."""
        return lift if self.direction == "up" else -lift

    def for_people(self, people: float) -> Plan:
        """The smallest lift that a list shows."""
        return self.at(self.baseline, max(int(people * self.smallest), 2))

    def at(self, baseline: float, n: int) -> Plan:
        """The smallest lift from another baseline, with n people in the smallest arm."""
        return self._ask(baseline, n=n)

    @property
    def smallest(self) -> float:
        """The smallest arm's share of all."""
        return min(self.weights) / sum(self.weights)

    def possible(self, lift: float) -> bool:
        """Whether the baseline can change so far: no rate is above everyone or below nobody."""
        if self.direction == "down":
            return lift < 1
        return self.deviation is not None or self.baseline * (1 + lift) < 1

    def shown(self, value: float | None, language: str) -> str:
        """A rate as percent, an amount as it is."""
        text = percent_text if self.deviation is None else decimal_text
        return text(value, language)

    def _ask(self, baseline: float, *, lift: float | None = None, n: int | None = None) -> Plan:
        given: dict[str, Any] = {"lift": lift, "n": n, "direction": self.direction}
        given |= {"arms": len(self.weights), "split": self.weights}
        given |= {"alpha": self.alpha, "power": self.power, "looks": self.looks}
        if self.deviation is None:
            return plan(baseline, **given)
        # The spread of amounts grows with them.
        deviation = self.deviation * baseline / self.baseline
        return plan_mean(baseline, deviation, **given)
