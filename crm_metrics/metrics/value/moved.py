"""How far metrics of whole histories have moved: two independent values beside each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from crm_metrics.metrics import intervals
from crm_metrics.metrics.derived import derived_named
from crm_metrics.metrics.model import Change, Value


@dataclass(frozen=True, slots=True)
class Moved:
    """A value, the one before it, and the change between them."""

    now: Value
    before: Value
    change: Change


def moved(now: Value | None, before: Value | None) -> tuple[Moved, ...]:
    """The change from `before` to `now`; () where either has no value.

    Its interval joins both by squares (`intervals.square_and_add`), as of two independent values:
    of shares of customers it is Newcombe's. Another variant or currency is another thing.
    """
    if now is None or before is None or now.value is None or before.value is None:
        return ()
    if (now.metric, now.variant, now.currency) != (before.metric, before.variant, before.currency):
        return ()
    difference = now.value - before.value
    low = high = None
    if None not in (now.low, now.high, before.low, before.high):
        ends = intervals.square_and_add(_parts(now), _parts(before))
        low, high = (float(end) for end in ends)
    clear = low is not None and high is not None and (low > 0 or high < 0)
    way = derived_named(now.metric).direction
    good = None if not clear or way == "neutral" else (difference > 0) == (way == "up")
    flags = () if low is not None else ("no_interval",)
    relative = difference / before.value if before.value > 0 else None
    change = Change(now.metric, now.grain, difference, low, high, relative, clear, good, flags)
    return (Moved(now, before, change),)


def _parts(one: Value) -> intervals.Estimate:
    value, low, high = np.array((one.value, one.low, one.high), dtype=float)
    return value, low, high


def moved_each(now: Iterable[Value], before: Iterable[Value]) -> tuple[Moved, ...]:
    """The change of each value that has one of its metric, variant and group before."""
    earlier = {(one.metric, one.variant, *sorted(one.group.items())): one for one in before}
    found: tuple[Moved, ...] = ()
    for one in now:
        key = (one.metric, one.variant, *sorted(one.group.items()))
        found = (*found, *moved(one, earlier.get(key)))
    return found
