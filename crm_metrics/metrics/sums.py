"""The aggregates that components are read from: a metric's sums and signs over rows or units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import ibis.expr.types as ir

from crm_metrics.metrics.model import Metric
from crm_metrics.metrics.rows import CURRENCY, Slots, total
from crm_metrics.metrics.scales import DETRACTOR, PROMOTER
from crm_metrics.metrics.tallying import TIMES

IMMATURE = "immature"
Line = dict[str, object]


@dataclass(frozen=True, slots=True)
class Sums:
    """A table of sums per group, and its column for each name: what is equal is summed once."""

    table: ir.Table
    columns: Mapping[str, str]

    def lines(self) -> list[Line]:
        """What the backend makes of it, a line a group."""
        found = self.table.to_pyarrow().to_pylist()
        return [{name: line[own] for name, own in self.columns.items()} for line in found]


def named(rows: ir.Table, names: list[str], sums: Mapping[str, ir.Value]) -> ir.Table:
    """The sums by group as a table that has a column for each name."""
    found = summed(rows, names, sums)
    others = {name: own for name, own in found.columns.items() if name != own}
    return found.table.mutate(**{name: found.table[own] for name, own in others.items()})


def of_rows(rows: ir.Table, metric: Metric, slots: Slots, place: int) -> dict[str, ir.Value]:
    """A metric's sums over rows; over lines that stand for as many rows as their `times` say."""
    times = rows[TIMES] if TIMES in rows.columns else None
    y, x = rows[slots.y], rows[slots.x]
    found = moments(metric, place, y, x, times)
    if metric.kind == "total" and times is None:
        found[f"p{place}_sum"] = total(rows, slots, metric.numerator, slots.y)
    if IMMATURE in (marks := dict(slots.marks)):
        found[f"young{place}"] = _sum(x, times, y.notnull() & rows[marks[IMMATURE]])
    return found | signs(rows, metric, slots, place)


def moments(
    metric: Metric, place: int, y: ir.Value, x: ir.Value, times: ir.Value | None = None
) -> dict[str, ir.Value]:
    """The kind's components over rows or units; those without a y do not count."""
    counted = y.notnull()
    n = y.count() if times is None else times.sum(where=counted)
    found = {"counted": n}
    match metric.kind:
        case "proportion":
            found |= {"x": _sum(y, times), "n": _sum(x, times, counted), "above": (y > x).any()}
        case "ratio":
            # Where nothing stands on either side (a person whom nothing reached) is no unit.
            units = _sum((y != 0) | (x != 0), times, counted)
            found |= {"y": _sum(y, times), "x": _sum(x, times, counted), "m": units}
            found |= {"yy": _sum(y * y, times), "xx": _sum(x * x, times, counted)}
            found |= {"xy": _sum(x * y, times)}
        case "mean":
            found |= {"sum": _sum(y, times), "squares": _sum(y * y, times), "n": n}
        case "nps":
            best, worst = y >= PROMOTER, y <= DETRACTOR
            found |= {"promoters": _sum(best, times), "detractors": _sum(worst, times), "n": n}
            found |= {"passives": _sum((y > DETRACTOR) & (y < PROMOTER), times)}
        case "quantile":
            found |= {"n": n}
        case "total":
            found |= {"sum": _sum(y, times), "n": n}
    return {f"p{place}_{name}": value for name, value in found.items()}


def _sum(value: ir.Value, times: ir.Value | None, where: ir.BooleanValue | None = None) -> ir.Value:
    """The sum over rows, each taken as often as it stands."""
    if times is not None:
        value = (value.cast("int64") if value.type().is_boolean() else value) * times
    return value.sum(where=where)


def signs(rows: ir.Table, metric: Metric, slots: Slots, place: int) -> dict[str, ir.Value]:
    """Marks that any row has, and the currencies at the ends of the alphabet."""
    counted = rows[slots.y].notnull()
    found: dict[str, ir.Value] = {}
    for mark, (_, name) in enumerate(slots.marks):
        found[f"f{place}_{mark}"] = (counted & rows[name]).any()
    for mark, (_, name) in enumerate(slots.left_out):
        found[f"l{place}_{mark}"] = (~counted & rows[name]).any()
    if metric.money:
        currency = rows[CURRENCY]
        found[f"lo{place}"] = currency.min(where=counted)
        found[f"hi{place}"] = currency.max(where=counted)
        found[f"un{place}"] = (counted & currency.isnull()).any()
    if slots.stated:
        stated = rows[slots.stated]
        found[f"s{place}_sum"], found[f"s{place}_rows"] = stated.sum(), stated.count()
        if metric.money:
            found[f"s{place}_currency"] = rows[CURRENCY].max(where=stated.notnull())
    return found


def sign_names(metric: Metric, slots: Slots, place: int) -> list[str]:
    """The names of what `signs` gives."""
    marks = [f"f{place}_{mark}" for mark in range(len(slots.marks))]
    left_out = [f"l{place}_{mark}" for mark in range(len(slots.left_out))]
    money = [f"{end}{place}" for end in ("lo", "hi", "un")] if metric.money else []
    stated = [f"s{place}_sum", f"s{place}_rows"] if slots.stated else []
    stated += [f"s{place}_currency"] if slots.stated and metric.money else []
    return [*marks, *left_out, *money, *stated]


def again(sign: ir.Column) -> ir.Value:
    """A sign of units taken over all of them."""
    if sign.type().is_boolean():
        return sign.any()
    if sign.type().is_numeric():
        return sign.sum()
    return sign.min() if sign.get_name().startswith("lo") else sign.max()


def summed(rows: ir.Table, names: list[str], sums: Mapping[str, ir.Value]) -> Sums:
    """The sums of rows by the columns of these names."""
    first: dict[object, str] = {}
    columns = {name: first.setdefault(value.op(), name) for name, value in sums.items()}
    grouped = rows.group_by(names) if names else rows
    table = grouped.aggregate(**{name: sums[name] for name in first.values()})
    return Sums(table, dict(zip(names, names, strict=True)) | columns)
