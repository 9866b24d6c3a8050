"""What is known of a test to come."""

from __future__ import annotations

from dataclasses import dataclass

from crm_metrics.experiments import Plan, plan, plan_mean
from crm_metrics.texts import decimal_text, percent_text


@dataclass(frozen=True, slots=True)
class Question:
    """A rate, or an amount with its deviation; and the weights of the arms, the control first."""

    baseline: float
    deviation: float | None
    weights: tuple[float, ...]

    def for_lift(self, lift: float) -> Plan:
        """The sizes that a lift needs."""
        return self._ask(self.baseline, lift=lift)

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
        """Whether the baseline can be raised so far: no rate is above everyone."""
        return self.deviation is not None or self.baseline * (1 + lift) < 1

    def shown(self, value: float | None, language: str) -> str:
        """A rate as percent, an amount as it is."""
        text = percent_text if self.deviation is None else decimal_text
        return text(value, language)

    def _ask(self, baseline: float, *, lift: float | None = None, n: int | None = None) -> Plan:
        arms, weights = len(self.weights), self.weights
        if self.deviation is None:
            return plan(baseline, lift=lift, n=n, arms=arms, split=weights)
        # The spread of amounts grows with them.
        deviation = self.deviation * baseline / self.baseline
        return plan_mean(baseline, deviation, lift=lift, n=n, arms=arms, split=weights)
