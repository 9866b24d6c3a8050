"""How many come at which hour and day, how many of them are served, and by how many people."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from crm_metrics.metrics.model import Value

MOST_DAYS = 62
"""Days that are still told apart; of more, weeks are."""


@dataclass(frozen=True, slots=True)
class Served:
    """Of the calls of an hour (0 to 23) or of a day's or week's first day: taken and lost."""

    when: int | date
    answered: int
    lost: int


@dataclass(frozen=True, slots=True)
class Load:
    """Conversations of a day, and the agents who had any of them.

    Of a week, by its first day: `agents` are then the days on which each had any, added up.
    """

    day: date
    conversations: int
    agents: int

    @property
    def each(self) -> float:
        """Conversations an agent has a day."""
        return self.conversations / self.agents


@dataclass(frozen=True, slots=True)
class Capacity:
    """An agent's usual day, the day with most for each, and the agents it takes at the usual load.

    `usual` is the median over days, so that half of the days have less for each agent.
    """

    usual: float
    busiest: Load
    needed: int


def served(values: Iterable[Value], by: str) -> tuple[Served, ...]:
    """The answered and the lost by hour, date or week, from values of `call_answer_rate`.

    Every hour of the day and every day or week from the first to the last: one without calls has
    zeros. Calls without an hour, or a day, are in none.
    """
    counts: dict[int | date, tuple[int, int]] = {}
    for one in values:
        name, parts = one.group[by], one.components
        if name is None or not parts.get("n"):
            continue
        when = int(name) if by == "hour" else date.fromisoformat(name)
        counts[when] = (round(parts["x"]), round(parts["n"] - parts["x"]))
    return tuple(Served(when, *counts.get(when, (0, 0))) for when in _every(counts, by))


def loads(values: Iterable[Value], by: str = "date") -> tuple[Load, ...]:
    """Days (or weeks) with conversations of agents, from values of `load_per_agent` by them."""
    found = [
        Load(date.fromisoformat(name), round(one.components["y"]), round(one.components["x"]))
        for one in values
        if (name := one.group[by]) is not None and one.components.get("x")
    ]
    return tuple(sorted(found, key=lambda one: one.day))


def capacity(found: tuple[Load, ...]) -> Capacity | None:
    """What an agent usually has, and what the busiest day would take; None of under two days."""
    if len(found) < 2:
        return None
    usual = float(median(one.each for one in found))
    busiest = max(found, key=lambda one: (one.each, one.conversations))
    return Capacity(usual, busiest, math.ceil(busiest.conversations / usual - 1e-9))


def _every(counts: dict[int | date, tuple[int, int]], by: str) -> list[int | date]:
    if not counts:
        return []
    if by == "hour":
        return list(range(24))
    days = [when for when in counts if isinstance(when, date)]
    step = timedelta(days=7 if by == "week" else 1)
    first, last = min(days), max(days)
    return [first + step * number for number in range((last - first) // step + 1)]
