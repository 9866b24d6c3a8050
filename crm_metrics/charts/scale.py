"""The unit in which an axis shows a metric: a share in percent, seconds in fitting longer units."""

from __future__ import annotations

from dataclasses import dataclass

_DURATIONS = (("day", 86400.0), ("hour", 3600.0), ("minute", 60.0))


@dataclass(frozen=True, slots=True)
class Scale:
    """Values times `factor` are in `unit` (`chart.unit.<unit>` in texts; "" has no word)."""

    factor: float
    unit: str


_PLAIN = {
    "share": Scale(100.0, "percent"),
    "points": Scale(1.0, "points"),
    "money": Scale(1.0, "money"),
    "days": Scale(1.0, "day"),
}


def display_scale(unit: str, largest: float | None) -> Scale:
    """The scale of an axis for a metric's unit (`metrics.model.Unit`) and its largest value.

    Seconds become minutes from 3 minutes, hours from 3 hours, days from 3 days.
    """
    if unit == "seconds":
        for name, size in _DURATIONS:
            if (largest or 0) >= 3 * size:
                return Scale(1 / size, name)
        return Scale(1.0, "second")
    return _PLAIN.get(unit, Scale(1.0, ""))
