"""What the rows of a test say beside its sums: each part is empty where the rows hold none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from crm_metrics.errors import InputError
from crm_metrics.experiments.model import Arm

Part = TypeVar("Part")
Counts = tuple[tuple[float, int], ...]
"""How many recipients gave each value, values ascending."""


@dataclass(frozen=True, slots=True)
class Span:
    """When an arm's messages went out: the first, the middle one and the last."""

    first: datetime
    middle: datetime
    last: datetime


@dataclass(frozen=True, slots=True, eq=False)
class Waits:
    """Times to an answer in one arm: different and ascending hours, with counts for each.

    `ended` recipients answered after so long, `running` had not when last seen.
    """

    arm: str
    hours: NDArray[np.float64]
    ended: NDArray[np.int64]
    running: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class LogRank:
    """The log-rank test of two arms over their exact times; p is None where nobody answered."""

    first: str
    second: str
    pvalue: float | None


@dataclass(frozen=True, slots=True)
class Segment:
    """The decision metric's arms within one value of a column."""

    column: str
    value: str
    arms: tuple[Arm, ...]


@dataclass(frozen=True, slots=True)
class DayArms:
    """The decision metric's arms of those whose message went out on one day."""

    day: date
    arms: tuple[Arm, ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """Everything beside the decision metric's sums; arms in the order of the test's.

    `capped` are the sums with amounts above `cap` (the pooled 99th percentile) cut down to it.
    `largest` is the share of one recipient in the sum of an arm's amounts without their signs.
    `scores` counts each value of a scale, `answered` who answered at all. `log_ranks` has every
    pair of arms where `waits` are rounded, and is empty where they are exact. `funnel` holds the
    recipients who opened and who clicked. `quick` counts, among those who clicked, who did within
    seconds of the delivery. `days` are in order. `read_at` is the last moment that the data can
    know of.
    """

    capped: tuple[Arm, ...] = ()
    cap: float | None = None
    largest: tuple[float | None, ...] = ()
    scores: tuple[Counts, ...] = ()
    answered: tuple[Arm, ...] = ()
    waits: tuple[Waits, ...] = ()
    log_ranks: tuple[LogRank, ...] = ()
    segments: tuple[Segment, ...] = ()
    spans: tuple[Span | None, ...] = ()
    read_at: datetime | None = None
    funnel: tuple[tuple[int, int], ...] = ()
    quick: tuple[Arm, ...] = ()
    days: tuple[DayArms, ...] = ()

    def turned(self, order: list[int]) -> Beside:
        """The same with the arms in another order."""
        return Beside(
            capped=_by(self.capped, order),
            cap=self.cap,
            largest=_by(self.largest, order),
            scores=_by(self.scores, order),
            answered=_by(self.answered, order),
            waits=_by(self.waits, order),
            log_ranks=self.log_ranks,
            segments=tuple(Segment(s.column, s.value, _by(s.arms, order)) for s in self.segments),
            spans=_by(self.spans, order),
            read_at=self.read_at,
            funnel=_by(self.funnel, order),
            quick=_by(self.quick, order),
            days=tuple(DayArms(item.day, _by(item.arms, order)) for item in self.days),
        )


def _by(parts: tuple[Part, ...], order: list[int]) -> tuple[Part, ...]:
    if parts and len(parts) != len(order):
        raise InputError("finding_file")  # a kept file whose parts are not those of its versions
    return tuple(parts[i] for i in order) if parts else ()


NOTHING = Beside()
