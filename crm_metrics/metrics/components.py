"""From facts to components: sums per group, by one aggregate a grain and unit.

A component is additive (a count, a sum, a sum of squares), so values are made from summed
components and never from values. Frames come back with one row per group: the group's values in
columns g0..gn, then each metric's components.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pandas as pd

from crm_metrics.metrics.intervals import quantile_ranks
from crm_metrics.metrics.model import Distinct, Limits, Measure, Metric

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Asked:
    """The rows that count and how they are grouped: a condition and one column per group name."""

    table: ir.Table
    keep: ir.BooleanValue
    groups: tuple[ir.Value, ...]
    mapped: frozenset[str]
    limits: Limits

    @property
    def names(self) -> list[str]:
        return [f"g{place}" for place in range(len(self.groups))]


def components(asked: Asked, metrics: Sequence[Metric]) -> list[list[Row]]:
    """For each metric its rows, one per group, with the group under "group" as a tuple of text."""
    found: dict[int, list[Row]] = {}
    for unit in sorted({_unit(asked, metric) or "" for metric in metrics}):
        places = [i for i, metric in enumerate(metrics) if (_unit(asked, metric) or "") == unit]
        chosen = [metrics[i] for i in places]
        frame = _summed(asked, chosen, unit) if unit else _aggregated(asked, chosen)
        for place, rows in zip(places, _rows(frame, chosen, asked.names), strict=True):
            found[place] = rows
    for place, metric in enumerate(metrics):
        if metric.kind == "quantile":
            _add_quantiles(asked, metric, found[place])
    return [found[place] for place in range(len(metrics))]


def _unit(asked: Asked, metric: Metric) -> str | None:
    if metric.per is None:
        return None
    return next((name for name in metric.per.split("|") if name in asked.mapped), None)


def _aggregated(asked: Asked, metrics: Sequence[Metric]) -> pd.DataFrame:
    """One aggregate of all metrics whose rows are their units."""
    rows = _selected(asked, metrics)
    sums: dict[str, ir.Value] = {}
    for place, metric in enumerate(metrics):
        y, x = f"y{place}", f"x{place}"
        sums |= _moments(rows, metric, place, rows[y], rows[x] if x in rows.columns else None)
        sums |= _signs(rows, metric, place)
    return _grouped(rows, asked.names).aggregate(**sums).to_pandas()


def _summed(asked: Asked, metrics: Sequence[Metric], unit: str) -> pd.DataFrame:
    """Sums per unit (a customer, a campaign) first, then one aggregate over the units."""
    rows = _selected(asked, metrics, unit)
    inner: dict[str, ir.Value] = {}
    for place, metric in enumerate(metrics):
        counted = rows[f"y{place}"].notnull()
        inner[f"c{place}"] = counted.sum()
        inner[f"y{place}"] = _total(rows, metric.numerator, asked, f"y{place}")
        if metric.denominator is not None:
            inner[f"x{place}"] = _total(rows, metric.denominator, asked, f"x{place}")
        inner |= _signs(rows, metric, place)
    units = rows.group_by([*asked.names, "unit"]).aggregate(**inner)
    sums: dict[str, ir.Value] = {}
    for place, metric in enumerate(metrics):
        counted = units[f"c{place}"] > 0
        y = units[f"y{place}"].cast("float64")
        if metric.at_least is not None:
            y = (y >= metric.at_least).cast("float64")
        x = units[f"x{place}"] if metric.denominator is not None else ibis.literal(1.0)
        y, x = (ibis.ifelse(counted, part, ibis.null("float64")) for part in (y, x))
        sums |= _moments(units, metric, place, y, x)
        sums |= {name: _again(units, name) for name in _signs(rows, metric, place)}
    return _grouped(units, asked.names).aggregate(**sums).to_pandas()


def _selected(asked: Asked, metrics: Sequence[Metric], unit: str | None = None) -> ir.Table:
    """Per row: groups, and per metric y and x (null where the row does not count), marks, currency.

    Columns are made before rows are filtered, so that what looks at neighbours (a day before, the
    scale of all answers) sees all of them.
    """
    table, limits = asked.table, asked.limits
    columns: dict[str, ir.Value] = dict(zip(asked.names, asked.groups, strict=True))
    columns["keep"] = asked.keep
    if unit:
        own = table["__dataset"].cast("string").fill_null("") + ":" + table["__line"].cast("string")
        columns["unit"] = table[unit].cast("string").fill_null(own)
    for place, metric in enumerate(metrics):
        y = _per_row(table, metric.numerator, limits)
        x = _per_row(table, metric.denominator, limits) if metric.denominator is not None else None
        counted = y.notnull() if x is None else y.notnull() & x.notnull()
        if metric.where is not None:
            counted = counted & metric.where(table, limits).fill_null(False)
        columns[f"y{place}"] = ibis.ifelse(counted, y, ibis.null("float64"))
        if x is not None:
            columns[f"x{place}"] = ibis.ifelse(counted, x, ibis.null("float64"))
        for name in _distinct_fields(metric, asked):
            columns[f"k{place}_{name}"] = ibis.ifelse(
                counted, table[name].cast("string"), ibis.null("string")
            )
        for mark, (_, condition) in enumerate(metric.marks):
            met = condition(table, limits).fill_null(False)
            columns[f"f{place}_{mark}"] = counted & met
        for mark, (_, condition) in enumerate(metric.left_out):
            met = condition(table, limits).fill_null(False)
            columns[f"l{place}_{mark}"] = ~counted & met
        if metric.money or metric.unit == "money":
            columns[f"m{place}"] = ibis.ifelse(
                counted, table.currency.fill_null(""), ibis.null("string")
            )
    rows = table.select(**columns)
    return rows.filter(rows.keep)


def _per_row(table: ir.Table, measure: Measure, limits: Limits) -> ir.Value:
    if isinstance(measure, Distinct):
        return ibis.literal(1.0)
    value = table[measure] if isinstance(measure, str) else measure(table, limits)
    if value.type().is_boolean():
        value = value.cast("int64")
    return value.cast("float64")


def _distinct_fields(metric: Metric, asked: Asked) -> list[str]:
    measures = (metric.numerator, metric.denominator)
    names = {measure.field for measure in measures if isinstance(measure, Distinct)}
    return sorted(names & asked.mapped)


def _total(rows: ir.Table, measure: Measure, asked: Asked, column: str) -> ir.Value:
    """A sum, or the number of different values and of rows that have none."""
    if not isinstance(measure, Distinct) or measure.field not in asked.mapped:
        return rows[column].sum()
    key = rows[f"k{column[1:]}_{measure.field}"]
    return key.nunique() + (rows[column].notnull() & key.isnull()).sum().fill_null(0)


def _moments(
    rows: ir.Table, metric: Metric, place: int, y: ir.Value, x: ir.Value | None
) -> dict[str, ir.Value]:
    name = f"p{place}_"
    count = y.count()
    match metric.kind:
        case "proportion":
            assert x is not None
            above = (y > x).any()
            return {
                f"{name}x": y.sum(),
                f"{name}n": x.sum(),
                f"{name}m": count,
                f"{name}above": above,
            }
        case "ratio":
            assert x is not None
            return {
                f"{name}y": y.sum(),
                f"{name}x": x.sum(),
                f"{name}yy": (y * y).sum(),
                f"{name}xx": (x * x).sum(),
                f"{name}xy": (x * y).sum(),
                f"{name}m": count,
            }
        case "mean":
            return {f"{name}sum": y.sum(), f"{name}squares": (y * y).sum(), f"{name}n": count}
        case "nps":
            return {
                f"{name}promoters": (y >= 9).sum(),
                f"{name}detractors": (y <= 6).sum(),
                f"{name}n": count,
            }
        case "quantile":
            return {f"{name}n": count}
        case "total":
            keys = [column for column in rows.columns if column.startswith(f"k{place}_")]
            total = y.sum()
            if keys:
                key = rows[keys[0]]
                total = key.nunique() + (y.notnull() & key.isnull()).sum().fill_null(0)
            return {f"{name}sum": total, f"{name}n": count}


def _signs(rows: ir.Table, metric: Metric, place: int) -> dict[str, ir.Value]:
    """Marks that any row has, and the currencies at the ends of the alphabet."""
    found: dict[str, ir.Value] = {}
    for letter, marks in (("f", metric.marks), ("l", metric.left_out)):
        for mark in range(len(marks)):
            found[f"{letter}{place}_{mark}"] = rows[f"{letter}{place}_{mark}"].any()
    if f"m{place}" in rows.columns:
        currency = rows[f"m{place}"]
        known = currency.nullif("")
        found[f"lo{place}"] = known.min()
        found[f"hi{place}"] = known.max()
        found[f"un{place}"] = (currency == "").any()
    return found


def _again(units: ir.Table, name: str) -> ir.Value:
    if name.startswith("lo"):
        return units[name].min()
    return units[name].max() if name.startswith("hi") else units[name].any()


def _grouped(rows: ir.Table, names: list[str]) -> ir.Table:
    return rows.group_by(names) if names else rows


def _rows(frame: pd.DataFrame, metrics: Sequence[Metric], names: list[str]) -> list[list[Row]]:
    groups = _group_values(frame, names)
    found = []
    for place, metric in enumerate(metrics):
        prefix = f"p{place}_"
        parts = {name[len(prefix) :]: frame[name] for name in frame if name.startswith(prefix)}
        rows: list[Row] = []
        for line, group in enumerate(groups):
            row: Row = {name: part.iloc[line] for name, part in parts.items()}
            row["group"] = group
            row["marks"] = _marks(frame, metric, place, line)
            if f"lo{place}" in frame:
                row["currencies"] = _currencies(frame, place, line)
            rows.append(row)
        found.append(rows)
    return found


def _marks(frame: pd.DataFrame, metric: Metric, place: int, line: int) -> tuple[str, ...]:
    codes = [(f"f{place}_{i}", code) for i, (code, _) in enumerate(metric.marks)]
    codes += [(f"l{place}_{i}", code) for i, (code, _) in enumerate(metric.left_out)]
    return tuple(
        code
        for name, code in codes
        if frame[name].iloc[line] is True or _true(frame[name].iloc[line])
    )


def _currencies(frame: pd.DataFrame, place: int, line: int) -> tuple[str, ...]:
    ends = {frame[f"{end}{place}"].iloc[line] for end in ("lo", "hi")}
    known = sorted(end for end in ends if isinstance(end, str))
    return (*known, *([""] if _true(frame[f"un{place}"].iloc[line]) else []))


def _true(value: object) -> bool:
    return not pd.isna(value) and bool(value)  # type: ignore[call-overload]


def _group_values(frame: pd.DataFrame, names: list[str]) -> list[tuple[str | None, ...]]:
    columns = [[_group_text(value) for value in frame[name]] for name in names]
    return list(zip(*columns, strict=True)) if columns else [()] * len(frame)


def _group_text(value: object) -> str | None:
    if pd.isna(value):  # type: ignore[call-overload]
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return str(value)


def _add_quantiles(asked: Asked, metric: Metric, rows: list[Row]) -> None:
    """Add the order statistics that the quantile and its interval need: "ranks" -> values."""
    share = metric.quantile if metric.quantile is not None else 0.5
    wanted = {int(row["n"]): _ranks(int(row["n"]), share) for row in rows if row["n"] > 0}  # type: ignore[call-overload, operator]
    selected = _selected(asked, [metric])
    ordered = selected.filter(selected.y0.notnull())
    window = ibis.window(group_by=asked.names)
    ranked = ordered.select(
        *asked.names,
        y="y0",
        rank=ibis.row_number().over(ibis.window(group_by=asked.names, order_by="y0")) + 1,
        size=ordered.y0.count().over(window),
    )
    # Size and rank as one number make a flat list of what to keep, whatever the number of groups.
    codes = [(size << 31) + rank for size, ranks in wanted.items() for rank in ranks]
    picked = ranked.filter((ranked["size"] * (1 << 31) + ranked["rank"]).isin(codes)).to_pandas()
    by_group: dict[tuple[str | None, ...], dict[int, float]] = {}
    for group, rank, value in zip(
        _group_values(picked, asked.names), picked["rank"], picked["y"], strict=True
    ):
        by_group.setdefault(group, {})[int(rank)] = float(value)
    for row in rows:
        row["ranks"] = by_group.get(row["group"], {})  # type: ignore[call-overload]


def _ranks(size: int, share: float) -> set[int]:
    low, high = (float(rank) for rank in quantile_ranks(_array(size), share))
    place = (size - 1) * share + 1
    ends = {int(rank) for rank in (low, high) if rank == rank}
    return ends | {int(place), min(int(place) + 1, size)}


def _array(size: int) -> object:
    import numpy as np

    return np.array(float(size))
