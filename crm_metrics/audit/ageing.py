"""Kinds of rows that end before today: what is overdue or long ago there may be an old export's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from crm_metrics.audit.catalogue import catalogue
from crm_metrics.audit.model import Audit

LATE: Final = 7
"""Days that an export may end before another one without a word: they are made week by week."""


@dataclass(frozen=True, slots=True)
class Aged:
    """A grain that ends on a day well before today, and how many findings that may have made."""

    grain: str
    ends: date
    findings: int


def aged(found: Audit) -> tuple[Aged, ...]:
    """The grains that end more than LATE days before the audit's day and have findings of time."""
    of_time = {(one.key, one.grain): one.ages for one in catalogue()}
    ages = [of_time.get((one.check, one.grain), ()) for one in found.findings]
    each = (
        Aged(grain, day, sum(grain in own for own in ages))
        for grain, day in found.ends.items()
        if (found.today - day).days > LATE
    )
    return tuple(one for one in each if one.findings)
