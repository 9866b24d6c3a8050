"""When people are at work: shifts of a week, in a zone, without holidays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from crm_metrics.errors import InputError

DAY = 86400


@dataclass(frozen=True, slots=True, order=True)
class Shift:
    """Open time of one weekday (0 is Monday): seconds after its midnight, the end excluded."""

    weekday: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Schedule:
    """A week of shifts; on `holidays` there is none.

    `zone` is that of the shifts, an IANA name, None where it is that of the facts. `written` is
    the zone in which the facts' times stand, None where it is not known: then nothing is moved.
    """

    shifts: tuple[Shift, ...]
    holidays: tuple[date, ...] = ()
    zone: str | None = None
    written: str | None = None


def usual_week(start: int = 9 * 3600, end: int = 18 * 3600) -> Schedule:
    """Monday to Friday, nine to six."""
    return Schedule(tuple(Shift(day, start, end) for day in range(5)))


def checked(schedule: Schedule) -> Schedule:
    """The schedule with its shifts in order, where it can be counted by.

    Raises InputError("hours_none") without any shift, InputError("hours_backwards") for a shift
    outside its day or without length, InputError("hours_overlap") where two share time, and
    InputError("hours_zone") for a zone that nobody knows.
    """
    shifts = tuple(sorted(schedule.shifts))
    if not shifts:
        raise InputError("hours_none")
    for one in shifts:
        if not (0 <= one.weekday <= 6 and 0 <= one.start < one.end <= DAY):
            raise InputError("hours_backwards")
    if any(a.weekday == b.weekday and b.start < a.end for a, b in pairwise(shifts)):
        raise InputError("hours_overlap")
    if schedule.zone is not None:
        try:
            ZoneInfo(schedule.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise InputError("hours_zone", zone=schedule.zone) from None
    holidays = tuple(sorted(set(schedule.holidays)))
    return Schedule(shifts, holidays, schedule.zone, schedule.written)
