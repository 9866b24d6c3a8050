"""How much longer a test is where its result is looked at more than once."""

from __future__ import annotations

from functools import lru_cache

from crm_metrics.experiments.distributions import crossing, normal_critical
from crm_metrics.experiments.looks import looks_named
from crm_metrics.experiments.spending import bounds, reached

_FARTHEST = 100.0


@lru_cache(maxsize=256)
def lengthened(looks: str, alpha: float, power: float) -> float:
    """Times the recipients of a test that is looked at once: 1 for "once", 1.03 for "5".

    Planned looks have the bounds that they are judged by (`spending.bounds`). A test that is looked
    at any time is held to the bound at its planned end alone, so it has this power at least.
    Source: Jennison and Turnbull, Group Sequential Methods (2000), section 2.3. Raises
    UsageError("bad_looks").
    """
    named = looks_named(looks)
    if named.planned == 1:
        return 1.0
    if named.planned is None:
        ends: tuple[float, ...] = (normal_critical(named.level(alpha, named.tuned_to)),)
    else:
        ends = bounds(named.planned, alpha)
    return ratio(ends, alpha, power)


def ratio(ends: tuple[float, ...], alpha: float, power: float) -> float:
    """The largest size of a test with these bounds over that of one with a single look."""
    drifts = [_drift(one, power) for one in (ends, (normal_critical(alpha),))]
    return (drifts[0] / drifts[1]) ** 2


def _drift(ends: tuple[float, ...], power: float) -> float:
    """The drift at which the bounds are crossed with this chance."""
    return crossing(lambda drift: power - reached(ends, drift), 0.0, _FARTHEST)
