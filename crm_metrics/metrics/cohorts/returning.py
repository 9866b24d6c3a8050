"""The time between purchases, and from it who has left: silent for longer than nine gaps of ten."""

from __future__ import annotations

import math
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np

from crm_metrics.metrics import intervals
from crm_metrics.metrics.cohorts.history import History
from crm_metrics.metrics.derived import numbers_of, worked_out
from crm_metrics.metrics.intervals import Floats
from crm_metrics.metrics.model import Value
from crm_metrics.metrics.values import ratio_parts

LEAST = 30
LEAST_CUSTOMERS = 6
WINDOW = 90
"""Days within which a customer is looked for again."""
_QUANTILES = {"time_between_median": 0.5, "time_between_p90": 0.9}
_SUMS = ("times", "people", "beside", "squares")
_DAY = "day"


@dataclass(frozen=True, slots=True)
class Returning:
    """How soon customers order again, and how many have not for too long.

    `between` is the median of the days between a customer's purchases and `long_gap` their 90th
    percentile; `limit` the days T after which a customer counts as gone (that percentile, or what
    was asked for), None where no gap tells; `churn` the share gone of those who could be: their
    first order is older than T. `within` is the share who ordered again within `window` days, of
    those whose first order is at least that old. `distribution`: (days, gaps of so many).
    """

    between: Value
    long_gap: Value
    churn: Value
    within: Value
    lately: Value
    earlier: Value
    limit: int | None
    window: int
    distribution: tuple[tuple[int, int], ...]


def returning(history: History, *, limit: int | None = None, window: int = WINDOW) -> Returning:
    """The times between purchases and what follows from them; `limit` replaces T of the gaps."""
    gaps = history.gaps
    sums = {name: gaps[name].sum() for name in _SUMS}
    lines = gaps.group_by("gap").aggregate(**sums).order_by("gap").to_pyarrow().to_pylist()
    days = np.array([line["gap"] for line in lines], dtype=float)
    added = {name: np.array([line[name] for line in lines], dtype=float) for name in _SUMS}
    between, long_gap = _quantiles(days, added)
    usual = None if long_gap.value is None else math.ceil(long_gap.value)
    chosen = limit or usual
    asked = {
        "within": ordered_again(history, window),
        "lately": ordered_again(history, window, until=2 * window),
        "earlier": ordered_again(history, window, since=2 * window, until=3 * window),
    }
    if chosen is not None:
        asked["churn"] = gone(history, chosen)
    counts = _counted(history, asked)
    again = {
        name: _share(counts[name], "repeat_within", "of_old_enough")
        for name in ("within", "lately", "earlier")
    }
    pairs = zip(days.tolist(), added["times"].tolist(), strict=True)
    return Returning(
        between=between,
        long_gap=long_gap,
        churn=_churn(counts.get("churn"), is_usual=limit is None),
        within=again["within"],
        lately=again["lately"],
        earlier=again["earlier"],
        limit=chosen,
        window=window,
        distribution=tuple((int(gap), int(times)) for gap, times in pairs),
    )


def _quantiles(days: Floats, added: dict[str, Floats]) -> tuple[Value, Value]:
    """The median and the long gap of all gaps; intervals mind that one customer's are alike.

    Woodruff (1952), JASA 47, 635-646: the interval of the share of gaps at or below the quantile,
    here the delta method's over customers, is read back on the distribution. With x the gaps of a
    customer and y those at or below it, `added` holds what makes their sums: see `sums.by_gap`.
    """
    total = float(added["times"].sum())
    if total == 0:
        none = (worked_out(key, {"n": 0.0}, flags=("no_repeats",)) for key in _QUANTILES)
        return next(none), next(none)
    shares = np.cumsum(added["times"]) / total
    whole = {"x": total, "xx": float(added["beside"].sum()), "m": float(added["people"].sum())}
    found = []
    for key, share in _QUANTILES.items():
        place = int(np.searchsorted(shares, share - 1e-12))
        value = float(days[place])
        names = {"y": "times", "yy": "squares", "xy": "beside"}
        parts = whole | {own: float(added[name][: place + 1].sum()) for own, name in names.items()}
        _, variance, _ = ratio_parts({name: np.array(number) for name, number in parts.items()})
        half = intervals.Z * float(np.sqrt(variance))
        told = {"n": total, "customers": whole["m"]}
        few = ("small_n",) if total < LEAST else ()
        if math.isnan(half) or whole["m"] < LEAST_CUSTOMERS:
            flags = (*few, "no_interval")
            found.append(worked_out(key, told, (value, None, None), flags=flags))
            continue
        ends = (share - half, share + half)
        low, high = days[np.minimum(np.searchsorted(shares, ends), len(days) - 1)]
        found.append(worked_out(key, told, (value, float(low), float(high)), flags=few))
    return found[0], found[1]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which customers are old enough to tell, and whether a customer did it (both boolean)."""

    old: ir.BooleanValue
    did: ir.BooleanValue


def gone(history: History, limit: int) -> Asked:
    """Who has not ordered for longer than the limit."""
    customers, end = history.customers, ibis.literal(history.end)
    return Asked(
        end.delta(customers.arrived, unit=_DAY) > limit,
        end.delta(customers["last"], unit=_DAY) > limit,
    )


def ordered_again(
    history: History, window: int, *, since: int | None = None, until: int | None = None
) -> Asked:
    """Who ordered again in the window, of first orders at least `since` and under `until` old."""
    customers, end = history.customers, ibis.literal(history.end)
    age = end.delta(customers.arrived, unit=_DAY)
    old = age >= (window if since is None else since)
    return Asked(
        old if until is None else old & (age < until),
        customers.second.delta(customers.arrived, unit=_DAY) <= window,
    )


def _counted(history: History, asked: dict[str, Asked]) -> dict[str, dict[str, float]]:
    """How many did each (x) of how many (n), in one look at the customers."""
    sums = {f"{name}_n": one.old.sum() for name, one in asked.items()}
    sums |= {f"{name}_x": (one.old & one.did).sum() for name, one in asked.items()}
    (line,) = history.customers.aggregate(**sums).to_pyarrow().to_pylist()
    return {
        name: {part: float(line[f"{name}_{part}"] or 0) for part in ("x", "n")} for name in asked
    }


def _churn(counts: dict[str, float] | None, *, is_usual: bool) -> Value:
    variant = "of_usual_gap" if is_usual else "of_given_gap"
    if counts is None:
        return worked_out("churn_rate", {"n": 0.0}, variant=variant, flags=("no_repeats",))
    return _share(counts, "churn_rate", variant)


def _share(sums: dict[str, float], key: str, variant: str) -> Value:
    if not sums["n"]:
        return worked_out(key, sums, variant=variant, flags=("none_old_enough",))
    low, high = intervals.wilson(np.array(sums["x"]), np.array(sums["n"]))
    flags = ("small_n",) if sums["n"] < LEAST else ()
    numbers = numbers_of(sums["x"] / sums["n"], low, high)
    return worked_out(key, sums, numbers, variant=variant, flags=flags)
