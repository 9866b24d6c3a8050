"""From components to values with intervals and flags; nothing here sees a row of facts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from crm_metrics.metrics import intervals
from crm_metrics.metrics.components import Row
from crm_metrics.metrics.intervals import Floats
from crm_metrics.metrics.model import Metric, Value

FEW_UNITS = 20


def values_of(metric: Metric, rows: Sequence[Row], names: Sequence[str]) -> list[Value]:
    """The metric's value for each group; `names` are the groups' names, in order."""
    if not rows:
        return []
    estimate, low, high = _ESTIMATES[metric.kind](metric, rows)
    if not metric.interval:
        low = high = np.full(len(rows), np.nan)
    found = []
    for place, row in enumerate(rows):
        numbers = [_number(part[place]) for part in (estimate, low, high)]
        flags = _flags(metric, row, numbers)
        if set(flags) & _UNDEFINED:
            numbers = [None, None, None]
        found.append(
            Value(
                metric=metric.key,
                variant=metric.variant,
                grain=metric.grain,
                group=dict(zip(names, row["group"], strict=True)),  # type: ignore[call-overload]
                value=numbers[0],
                low=numbers[1],
                high=numbers[2],
                n=_n(metric, row),
                components=_shown(row),
                flags=flags,
                currency=_currency(row),
            )
        )
    return found


def column(rows: Sequence[Row], name: str) -> Floats:
    """One component over the groups, null as 0."""
    return np.nan_to_num(np.array([row[name] for row in rows], dtype=float))


def ratio_parts(parts: dict[str, Floats]) -> tuple[Floats, Floats, Floats]:
    """Ratio, its variance, and its degrees of freedom, from sums, squares, products and units."""
    y, x, m = parts["y"], parts["x"], parts["m"]
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(x != 0, y / x, np.nan)
    variance = intervals.ratio_variance(y, x, parts["yy"], parts["xx"], parts["xy"], m)
    return ratio, variance, m - 1


def _proportion(_: Metric, rows: Sequence[Row]) -> tuple[Floats, Floats, Floats]:
    x, n = column(rows, "x"), column(rows, "n")
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(n > 0, x / n, np.nan)
    return share, *intervals.wilson(x, n)


def _ratio(_: Metric, rows: Sequence[Row]) -> tuple[Floats, Floats, Floats]:
    parts = {name: column(rows, name) for name in ("y", "x", "yy", "xx", "xy", "m")}
    ratio, variance, freedom = ratio_parts(parts)
    return ratio, *intervals.student(ratio, variance, freedom)


def _mean(_: Metric, rows: Sequence[Row]) -> tuple[Floats, Floats, Floats]:
    total, squares, n = (column(rows, name) for name in ("sum", "squares", "n"))
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(n > 0, total / n, np.nan)
    return mean, *intervals.student(mean, intervals.mean_variance(total, squares, n), n - 1)


def _quantile(metric: Metric, rows: Sequence[Row]) -> tuple[Floats, Floats, Floats]:
    """Hyndman and Fan's type 7, as numpy and pandas; ends by order statistics."""
    share = metric.quantile if metric.quantile is not None else 0.5
    n = column(rows, "n")
    low, high = intervals.quantile_ranks(n, share)
    found = np.full((3, len(rows)), np.nan)
    for place, row in enumerate(rows):
        ranks: dict[int, float] = row["ranks"]  # type: ignore[assignment]
        if not ranks:
            continue
        exact = (n[place] - 1) * share + 1
        below = ranks[int(exact)]
        above = ranks[min(int(exact) + 1, int(n[place]))]
        found[0, place] = below + (above - below) * (exact - int(exact))
        for line, rank in ((1, low[place]), (2, high[place])):
            if not np.isnan(rank):
                found[line, place] = ranks[int(rank)]
    return found[0], found[1], found[2]


def _nps(_: Metric, rows: Sequence[Row]) -> tuple[Floats, Floats, Floats]:
    promoters, detractors, n = (column(rows, name) for name in ("promoters", "detractors", "n"))
    with np.errstate(divide="ignore", invalid="ignore"):
        score = np.where(n > 0, 100 * (promoters - detractors) / n, np.nan)
    centre, error = intervals.nps_adjusted(promoters, detractors, n)
    low = np.maximum(centre - intervals.Z * error, -100)
    high = np.minimum(centre + intervals.Z * error, 100)
    return score, np.where(n > 0, low, np.nan), np.where(n > 0, high, np.nan)


def _total(_: Metric, rows: Sequence[Row]) -> tuple[Floats, Floats, Floats]:
    total, n = column(rows, "sum"), column(rows, "n")
    none = np.full(len(rows), np.nan)
    return np.where(n > 0, total, np.nan), none, none


_ESTIMATES = {
    "proportion": _proportion,
    "ratio": _ratio,
    "mean": _mean,
    "quantile": _quantile,
    "nps": _nps,
    "total": _total,
}
_UNDEFINED = frozenset({"impossible", "mixed_currency"})


def _flags(metric: Metric, row: Row, numbers: list[float | None]) -> tuple[str, ...]:
    rows_counted = _count(metric, row)
    marks: tuple[str, ...] = row["marks"]  # type: ignore[assignment]
    if rows_counted == 0:
        return (metric.empty, *marks)
    found = list(marks)
    found += _doubts_of_base(metric, row, numbers[0])
    if numbers[0] is not None:
        found += _doubts_of_size(metric, row, numbers)
    found += _doubts_of_money(row)
    return tuple(dict.fromkeys(found))


def _doubts_of_base(metric: Metric, row: Row, value: float | None) -> list[str]:
    if metric.kind == "proportion":
        x, n = _float(row["x"]), _float(row["n"])
        if x > n or x < 0:
            return ["impossible"]
        if n > 0 and row["above"] is not None and bool(row["above"]):
            return ["impossible_rows"]
    return ["no_denominator"] if value is None else []


def _doubts_of_size(metric: Metric, row: Row, numbers: list[float | None]) -> list[str]:
    found = []
    if metric.kind == "ratio":
        if metric.interval and _float(row["m"]) < FEW_UNITS:
            found.append("few_units")
    elif metric.kind != "total" and _n(metric, row) < metric.minimum_n:
        found.append("small_n")
    if metric.kind != "total" and (numbers[1] is None or numbers[2] is None):
        found.append("no_interval")
    return found


def _doubts_of_money(row: Row) -> list[str]:
    currencies: tuple[str, ...] = row.get("currencies", ())  # type: ignore[assignment]
    known = [code for code in currencies if code]
    if len(known) > 1:
        return ["mixed_currency"]
    return ["currency_unknown"] if known and "" in currencies else []


def _currency(row: Row) -> str | None:
    currencies: tuple[str, ...] = row.get("currencies", ())  # type: ignore[assignment]
    known = [code for code in currencies if code]
    return known[0] if len(known) == 1 else None


def _count(metric: Metric, row: Row) -> float:
    return _float(row["m"] if metric.kind in ("proportion", "ratio") else row["n"])


def _n(metric: Metric, row: Row) -> float:
    return _float(row["m"] if metric.kind == "ratio" else row["n"])


def _shown(row: Row) -> dict[str, float]:
    hidden = {"group", "marks", "currencies", "ranks", "above"}
    return {name: _float(value) for name, value in row.items() if name not in hidden}


def _float(value: object) -> float:
    return float(np.nan_to_num(np.array(value, dtype=float)))


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
