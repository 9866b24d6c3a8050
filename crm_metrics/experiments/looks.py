"""How often the result was looked at, and what that costs: a level for every kind of looking."""

from __future__ import annotations

import math
from dataclasses import dataclass

from crm_metrics.errors import UsageError
from crm_metrics.experiments import spending
from crm_metrics.experiments.distributions import normal_critical, normal_two_sided

TUNED_TO = 10_000
"""Recipients for which looking at any time is tuned where no size was planned."""
MOST_LOOKS = 20
LEAST_LEVEL = 1e-300
"""A smaller level has no critical value in double precision."""


@dataclass(frozen=True, slots=True)
class Looks:
    """`planned` looks, or None for any number of looks at any time, tuned to `tuned_to` people.

    `look` says which of the planned looks this is. Then they share the level as O'Brien and Fleming
    do (`spending`); where it is unknown they share it equally (Bonferroni), which holds whichever
    look this is.
    """

    planned: int | None
    tuned_to: int = TUNED_TO
    look: int | None = None

    def adjusted(self, pvalue: float | None, n: int) -> float | None:
        """The p value that may be compared with the level, for a pair of arms of n recipients."""
        if pvalue is None or self.planned == 1:
            return pvalue
        if self.planned is not None and self.look is not None:
            return spending.adjusted(pvalue, self.look, self.planned)
        if self.planned is not None:
            return min(1.0, pvalue * self.planned)
        x = self._mixing(n)
        z = normal_critical(max(pvalue, LEAST_LEVEL))
        return min(1.0, math.sqrt(x + 1) * math.exp(-z * z * x / (x + 1) / 2))

    def level(self, alpha: float, n: int) -> float:
        """The level of an ordinary interval that agrees with `adjusted` at `alpha`."""
        if self.planned is not None and self.look is not None:
            return max(spending.level(self.look, self.planned, alpha), LEAST_LEVEL)
        if self.planned is not None:
            return alpha / self.planned
        x = self._mixing(n)
        z = math.sqrt((x + 1) / x * math.log((x + 1) / alpha**2))
        return max(normal_two_sided(z), LEAST_LEVEL)

    def _mixing(self, n: int) -> float:
        """N rho² of the asymptotic confidence sequence, tuned at level 0.05.

        Source: Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas, Annals of Statistics 52 (2024).
        """
        log = -2 * math.log(0.05)
        return n * (log + math.log(log + 1)) / self.tuned_to


def looks_named(text: str, *, planned_n: int | None = None) -> Looks:
    """Read "once", "any", a number of planned looks ("5") or one of them ("2/5").

    `planned_n` counts recipients an arm. Raises UsageError("bad_looks").
    """
    word = text.strip().lower()
    if word == "once":
        return Looks(1)
    if word == "any":
        return Looks(None, 2 * planned_n if planned_n else TUNED_TO)
    place, sign, count = word.rpartition("/")
    planned = _number(count)
    if planned and not sign:
        return Looks(planned)
    look = _number(place)
    if planned and look and look <= planned:
        return Looks(planned, look=look) if planned > 1 else Looks(1)
    raise UsageError("bad_looks", looks=text, most=MOST_LOOKS)


def _number(text: str) -> int | None:
    digits = text.strip()
    if digits.isascii() and digits.isdigit() and 1 <= int(digits) <= MOST_LOOKS:
        return int(digits)
    return None
