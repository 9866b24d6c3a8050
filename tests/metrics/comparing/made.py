"""Values made from components, without a row of facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from crm_metrics.metrics import Value, metric_named
from crm_metrics.metrics.combining.adding import Counted
from crm_metrics.metrics.components import Components
from crm_metrics.metrics.values import values_of

CLICKS = metric_named("click_rate", "campaigns")
PER_MESSAGE = metric_named("revenue_per_message", "campaigns")


def click_rates(counts: Mapping[str, tuple[float, float]]) -> list[Value]:
    """Click rates by channel, from unique clicks and delivered."""
    found = [
        Components((name,), {"x": float(x), "n": float(n)}, counted=int(n > 0))
        for name, (x, n) in counts.items()
    ]
    return values_of([Counted(CLICKS, one, ("campaigns",)) for one in found], ("channel",))


def ratios(units: Mapping[str, Sequence[tuple[float, float]]]) -> list[Value]:
    """Revenue per message by channel, from the revenue and delivered of each campaign."""
    found = []
    for name, rows in units.items():
        y, x = np.array(rows, dtype=float).reshape(-1, 2).T
        sums = {"y": y, "x": x, "yy": y * y, "xx": x * x, "xy": x * y}
        components = {part: float(column.sum()) for part, column in sums.items()}
        found.append(Components((name,), components | {"m": float(len(y))}, counted=len(y)))
    return values_of([Counted(PER_MESSAGE, one, ("campaigns",)) for one in found], ("channel",))


def mean_amount(amounts: Sequence[float]) -> Value:
    """The mean amount of deals won."""
    y = np.array(amounts, dtype=float)
    sums = {"sum": float(y.sum()), "squares": float((y * y).sum()), "n": float(len(y))}
    return _one("avg_deal", "deals", sums, len(y))


def nps(promoters: int, passives: int, detractors: int) -> Value:
    """A net promoter score from its answers."""
    sums = {"promoters": promoters, "passives": passives, "detractors": detractors}
    n = promoters + passives + detractors
    return _one("nps", "surveys", {name: float(part) for name, part in sums.items()} | {"n": n}, n)


def _one(key: str, grain: str, sums: dict[str, float], counted: int) -> Value:
    one = Components((), sums, counted=counted)
    return values_of([Counted(metric_named(key, grain), one, (grain,))], ())[0]
