"""From components to values with intervals and flags; nothing here sees a row of facts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from crm_metrics.metrics import intervals
from crm_metrics.metrics.combining.adding import SEVERAL_ENGINES, Counted
from crm_metrics.metrics.combining.currencies import of_several, said
from crm_metrics.metrics.components import Components
from crm_metrics.metrics.intervals import Floats
from crm_metrics.metrics.model import Metric, Value
from crm_metrics.metrics.per_row import RATE_ONLY
from crm_metrics.metrics.respondents import are_by_person, as_ratio, independent, people_of
from crm_metrics.metrics.scales import scales_of

FEW_UNITS = 20
NOT_REACHED = "not_reached"
LEAST_UNITS = 5  # under it the delta method's interval says nothing

Estimate = tuple[Floats, Floats, Floats]


def values_of(found: Sequence[Counted], names: Sequence[str]) -> list[Value]:
    """A metric's value for each group; `names` are the groups' names, in order."""
    if not found:
        return []
    metric, parts = found[0].metric, [one.components for one in found]
    value, low, high = _ESTIMATES[metric.kind](metric, parts)
    if not metric.interval:
        low = high = np.full(len(found), np.nan)
    return [
        _value(one, names, tuple(known(part[place]) for part in (value, low, high)))
        for place, one in enumerate(found)
    ]


def ratio_parts(sums: dict[str, Floats]) -> Estimate:
    """A ratio, its variance and the number of its units, from sums, squares and products."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(sums["x"] != 0, sums["y"] / sums["x"], np.nan)
    return ratio, intervals.ratio_variance(**sums), sums["m"]


def mean_parts(sums: dict[str, Floats]) -> Estimate:
    """A mean, its variance and the number of its units, from a sum and a sum of squares.

    Of answers by people the units are people.
    """
    if are_by_person(sums):
        return ratio_parts(as_ratio(sums))
    total, squares, n = sums["sum"], sums["squares"], sums["n"]
    return _over(total, n), intervals.mean_variance(total, squares, n), n


def nps_estimate(promoters: Floats, detractors: Floats, n: Floats) -> Estimate:
    """The net promoter score (-100..100) of counts of answers, and its interval."""
    centre, error = intervals.nps_adjusted(promoters, detractors, n)
    score = 100 * _over(promoters - detractors, n)
    # Of a single answer the adjusted interval would leave out the score itself.
    low = np.minimum(np.maximum(centre - intervals.Z * error, -100), score)
    high = np.maximum(np.minimum(centre + intervals.Z * error, 100), score)
    return score, np.where(n > 0, low, np.nan), np.where(n > 0, high, np.nan)


def known(number: float) -> float | None:
    """The number, None for NaN."""
    return None if np.isnan(number) else float(number)


def _value(counted: Counted, names: Sequence[str], numbers: tuple[float | None, ...]) -> Value:
    metric, one = counted.metric, counted.components
    flags = _flags(metric, one, numbers)
    codes = [code for code in one.currencies if code]
    if not one.counted and one.stated_rows == 1:
        # Never of several: without their bases rates have no mean.
        numbers = (one.stated, None, None)
        codes = [one.stated_currency] if one.stated_currency else []
    if not _UNDEFINED.isdisjoint(flags):
        numbers = (None, None, None)
    return Value(
        metric=metric.key,
        variant=metric.variant,
        grain=counted.grains[0],
        group=dict(zip(names, one.group, strict=True)),
        value=numbers[0],
        low=numbers[1],
        high=numbers[2],
        n=one.sums["x"] if metric.kind == "ratio" and one.units else _n(metric, one),
        components=one.sums,
        flags=flags,
        currency=codes[0] if len(codes) == 1 else None,
        grains=counted.grains,
        young=_young(metric, one),
        units=dict(one.units),
        scale=_scale(one),
    )


def _young(metric: Metric, one: Components) -> float | None:
    """The share of the denominator that is immature; None where that is not known."""
    whole = one.sums["x" if metric.kind == "ratio" else "n"]
    return known(one.young / whole) if whole else 0.0


def _proportion(_: Metric, found: Sequence[Components]) -> Estimate:
    sums = independent(_each(found))
    return _over(sums["x"], sums["n"]), *intervals.wilson(sums["x"], sums["n"])


def _ratio(metric: Metric, found: Sequence[Components]) -> Estimate:
    ratio, variance, m = ratio_parts(_sums(found, "y", "x", "yy", "xx", "xy", "m"))
    low, high = intervals.student(ratio, variance, m - 1)
    if metric.unit == "share" and not metric.signed:
        # The method knows no floor; a share of counts has one.
        low = np.where(ratio >= 0, np.maximum(low, 0), low)
    enough = m >= LEAST_UNITS
    return ratio, np.where(enough, low, np.nan), np.where(enough, high, np.nan)


def _mean(_: Metric, found: Sequence[Components]) -> Estimate:
    mean, variance, n = mean_parts(_each(found))
    return mean, *intervals.student(mean, variance, n - 1)


def _quantile(metric: Metric, found: Sequence[Components]) -> Estimate:
    """Between two order statistics: Hyndman and Fan (1996), definition 7, as numpy and pandas."""
    share = metric.quantile or 0.5
    (n,) = _columns(found, "n")
    value, low, high = np.full((3, len(found)), np.nan)
    ends = intervals.quantile_ranks(n, share)
    for place, one in enumerate(found):
        if one.estimate is not None:
            value[place], low[place], high[place] = one.estimate
        if one.counted == 0 or not one.ranks:
            continue
        exact = (one.counted - 1) * share
        below = one.ranks[int(exact) + 1]
        above = one.ranks[min(int(exact) + 2, one.counted)]
        value[place] = below + (above - below) * (exact - int(exact))
        low[place], high[place] = (
            np.nan if np.isnan(end[place]) else one.ranks[int(end[place])] for end in ends
        )
    return value, low, high


def _nps(_: Metric, found: Sequence[Components]) -> Estimate:
    sums = independent(_each(found))
    return nps_estimate(*(sums[name] for name in ("promoters", "detractors", "n")))


def _total(_: Metric, found: Sequence[Components]) -> Estimate:
    total, n = _columns(found, "sum", "n")
    none = np.full(len(found), np.nan)
    return np.where(n > 0, total, np.nan), none, none


_ESTIMATES = {
    "proportion": _proportion,
    "ratio": _ratio,
    "mean": _mean,
    "quantile": _quantile,
    "nps": _nps,
    "total": _total,
}
_UNDEFINED = frozenset({"mixed_currency", "mixed_scales"})


def _flags(metric: Metric, one: Components, numbers: tuple[float | None, ...]) -> tuple[str, ...]:
    """The doubts of a value; where it has none, why it has none stands first."""
    if one.counted == 0:
        first = RATE_ONLY if one.stated_rows else metric.empty
        return tuple(dict.fromkeys((first, *said(one.marks))))
    if SEVERAL_ENGINES in one.marks:
        return tuple(said(one.marks))
    doubts, money = said(one.marks), [*_doubts_of_money(one), *_doubts_of_scale(one)]
    doubts += ["people_repeat"] if metric.overlaps and one.counted > 1 else []
    if not _UNDEFINED.isdisjoint(money):
        return tuple(dict.fromkeys((*money, *doubts)))
    if numbers[0] is None:
        doubts += ["impossible_rows"] if one.above else []
        why = NOT_REACHED if metric.censored else "no_denominator"
        return tuple(dict.fromkeys((why, *doubts, *money)))
    of_base = _doubts_of_base(metric, one)
    doubts += of_base
    if are_by_person(one.sums) and one.sums["m"] < one.sums["n"]:
        doubts.append("several_answers_each")
    if metric.kind != "total":
        doubts += _doubts_of_size(metric, one)
        # What is impossible says already that it stands without an interval.
        doubts += ["no_interval"] if None in numbers and "impossible" not in of_base else []
    return tuple(dict.fromkeys((*doubts, *money)))


def _doubts_of_base(metric: Metric, one: Components) -> list[str]:
    if metric.kind == "proportion":
        if not 0 <= one.sums["x"] <= one.sums["n"]:
            return ["impossible"]
        if one.above:
            return ["impossible_rows"]
    return []


def _doubts_of_size(metric: Metric, one: Components) -> list[str]:
    if metric.kind == "ratio":
        if not metric.interval:
            return []
        if one.sums["m"] < FEW_UNITS:
            return ["small_n" if one.sums["m"] < LEAST_UNITS else "few_units"]
    elif _n(metric, one) < metric.minimum_n:
        return ["small_n"]
    return ["heavy_tail"] if metric.kind in ("ratio", "mean") and _is_heavy(metric, one) else []


def _doubts_of_money(one: Components) -> list[str]:
    codes = [code for code in one.currencies if code]
    if len(codes) > 1:
        return ["mixed_currency"]
    doubtful = (codes and "" in one.currencies) or of_several(one.marks)
    return ["currency_unknown"] if doubtful else []


def _doubts_of_scale(one: Components) -> list[str]:
    """Scores of 1 to 5 and of 1 to 10 have no mean."""
    return ["mixed_scales"] if any(len(ends) > 1 for ends in scales_of(one.marks)) else []


def _scale(one: Components) -> str | None:
    """The scale of the scores, None where that is not told or there are several."""
    ends = scales_of(one.marks)
    return "\N{EN DASH}".join(end[0] for end in ends) if {1} == set(map(len, ends)) else None


def _is_heavy(metric: Metric, one: Components) -> bool:
    names = ("y", "yy", "m") if metric.kind == "ratio" else ("sum", "squares", "n")
    if are_by_person(one.sums):
        names = ("sum", "yy", "m")
    return bool(intervals.heavy_tail(*(np.array(one.sums[name]) for name in names)))


def _n(metric: Metric, one: Components) -> float:
    return one.sums["m"] if metric.kind == "ratio" else people_of(one.sums)


def _each(found: Sequence[Components]) -> dict[str, Floats]:
    """Every component, an array by name; those by person only where all have them."""
    names = set(found[0].sums).intersection(*(one.sums for one in found))
    return _sums(found, *(name for name in found[0].sums if name in names))


def _sums(found: Sequence[Components], *names: str) -> dict[str, Floats]:
    return dict(zip(names, _columns(found, *names), strict=True))


def _columns(found: Sequence[Components], *names: str) -> list[Floats]:
    return [np.array([one.sums[name] for one in found], dtype=float) for name in names]


def _over(numerator: Floats, denominator: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(denominator > 0, numerator / denominator, np.nan)
