"""From facts to components: sums per group, by one aggregate a grain and kind of unit.

A component is additive (a count, a sum, a sum of squares), so values are made from summed
components and never from values.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

import ibis
import ibis.expr.types as ir

from crm_metrics.metrics.model import Limits, Metric, Weeks
from crm_metrics.metrics.per_row import adds, left_out_of
from crm_metrics.metrics.respondents import hangs_together, sums_by_person
from crm_metrics.metrics.rows import (
    UNIT,
    WEEK,
    WEEKS,
    Added,
    Asked,
    Slots,
    measured,
    selected,
    total,
    unit_of,
)
from crm_metrics.metrics.sums import (
    IMMATURE,
    Line,
    Sums,
    again,
    moments,
    named,
    of_rows,
    sign_names,
    signs,
    summed,
)
from crm_metrics.metrics.tallying import TIMES, tally_of

HELD = "held"
Group = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Components:
    """One metric's components in one group; counts and sums are 0 where no row counts.

    `counted` is the number of rows, or of units, that count. `marks` are the flags that any row
    has, `currencies` the different ones ("" for unknown). `above` says that some row has more in
    the numerator than in the denominator. `ranks` are order statistics by rank from 1; `estimate`
    is a quantile with its interval (NaN where there is none) that they do not give. `stated` is
    the sum of rates of `stated_rows` rows that hold nothing else, in `stated_currency`: of a single
    one it is that row's, of several it says nothing. `young` is what the rows that are marked
    immature add to the denominator, NaN where units count and not rows. `units` are the units of
    each grain, by its name, where several were added.
    """

    group: Group
    sums: dict[str, float]
    counted: int
    marks: tuple[str, ...] = ()
    currencies: tuple[str, ...] = ()
    above: bool = False
    ranks: Mapping[int, float] = field(default_factory=dict)
    estimate: tuple[float, float, float] | None = None
    stated: float = 0.0
    stated_rows: int = 0
    stated_currency: str | None = None
    young: float = 0.0
    units: Mapping[str, float] = field(default_factory=dict)


def components(asked: Asked, metrics: Sequence[Metric]) -> list[list[Components]]:
    """For each metric its components, one per group that has any kept row."""
    if asked.held and asked.held.empty and len(asked.names) > (asked.periods > 1):
        return [[] for _ in metrics]  # where nothing is grouped, nothing has a line of its own
    found: dict[int, list[Components]] = {}
    ways = [_way(asked, metric) for metric in metrics]
    for way in dict.fromkeys(ways):
        places = [place for place, own in enumerate(ways) if own == way]
        chosen = [metrics[place] for place in places]
        sums = _added(asked, chosen, way[0])
        lines = _with_empty(sums.lines(), sums.columns, asked)
        for own, place in enumerate(places):
            found[place] = _read(lines, metrics[place], own, asked.names)
    return [found[place] for place in range(len(metrics))]


def _way(asked: Asked, metric: Metric) -> tuple[str | None, str | None, bool]:
    """How a metric is summed: metrics alike in this are asked for together."""
    if asked.held and asked.held.holds(metric):
        return HELD, None, False
    if hangs_together(asked, metric):
        return metric.clusters, None, False
    return unit_of(asked, metric), metric.fullest, asked.many and adds(metric, asked.mapped)


def _added(asked: Asked, metrics: Sequence[Metric], unit: str | None) -> Added:
    if unit == HELD:
        assert asked.held
        return asked.held.sums(metrics)
    if unit and hangs_together(asked, metrics[0]):
        return _by_cluster(asked, metrics, unit)
    return _by_unit(asked, metrics, unit) if unit else by_row(asked, metrics)


def _with_empty(lines: list[Line], columns: Iterable[str], asked: Asked) -> list[Line]:
    """Without groups a period has a line even where it has no row, as it has when asked alone."""
    if asked.periods == 1 or len(asked.names) > 1:
        return lines
    (name,) = asked.names
    absent = set(range(asked.periods)) - {line[name] for line in lines}
    return [*lines, *(dict.fromkeys(columns) | {name: number} for number in sorted(absent))]


def group_of(line: Mapping[str, object], names: Sequence[str]) -> Group:
    """The group of a line that came back, as text."""
    return tuple(_text(line[name]) for name in names)


def by_row(asked: Asked, metrics: Sequence[Metric]) -> Sums:
    """One aggregate of all metrics whose units are rows."""
    if asked.many and all(adds(metric, asked.mapped) for metric in metrics):
        return _by_tally(asked, metrics)
    rows, slots = selected(asked, metrics)
    sums: dict[str, ir.Value] = {}
    for place, (metric, own) in enumerate(zip(metrics, slots, strict=True)):
        sums |= of_rows(rows, metric, own, place)
    return summed(rows, asked.names, sums)


def _by_tally(asked: Asked, metrics: Sequence[Metric]) -> Sums:
    """The same over rows that are alike, counted before; amounts are added while these are."""
    columns, slots = measured(asked, tuple(metrics))
    able = tally_of(columns).columns.keys()
    late = {
        place: own
        for place, own in enumerate(slots)
        if able >= set(own.columns) and not metrics[place].money
    }
    early = [place for place in range(len(slots)) if place not in late]
    tally = tally_of({name: columns[name] for own in late.values() for name in own.columns})
    rows, own = selected(asked, [metrics[place] for place in early], beside=tally.parts)
    before: dict[str, ir.Value] = {}
    for place, one in zip(early, own, strict=True):
        before |= of_rows(rows, metrics[place], one, place)
    groups = named(rows, [*asked.names, *tally.parts], {TIMES: rows.count(), **before})
    lines = groups.select(*asked.names, TIMES, *before, **tally.over(groups))
    sums = {name: again(lines[name]) for name in before}
    for place, one in late.items():
        sums |= of_rows(lines, metrics[place], one, place)
    return summed(lines, asked.names, sums)


def _by_unit(asked: Asked, metrics: Sequence[Metric], unit: str) -> Sums:
    """Sums per unit (a customer, an order) first, then one aggregate over the units."""
    units, slots = per_unit(asked, metrics, unit)
    sums: dict[str, ir.Value] = {}
    for place, (metric, own) in enumerate(zip(metrics, slots, strict=True)):
        sums |= moments(metric, place, units[f"y{place}"], units[f"x{place}"])
        sums |= {name: again(units[name]) for name in sign_names(metric, own, place)}
    return summed(units, asked.names, sums)


def _by_cluster(asked: Asked, metrics: Sequence[Metric], cluster: str) -> Sums:
    """The sums of rows, per cluster first, with those that tell how much clusters differ."""
    rows, slots = selected(asked, metrics, cluster)
    inner: dict[str, ir.Value] = {}
    for place, (metric, own) in enumerate(zip(metrics, slots, strict=True)):
        inner |= of_rows(rows, metric, own, place)
    people = named(rows, [*asked.names, UNIT], inner)
    sums: dict[str, ir.Value] = {name: again(people[name]) for name in inner}
    for place, metric in enumerate(metrics):
        sums |= sums_by_person(metric, place, people)
    return summed(people, asked.names, sums)


def per_unit(asked: Asked, metrics: Sequence[Metric], unit: str) -> tuple[ir.Table, list[Slots]]:
    """A row per group and unit: each metric's y (null where no row counts), x and signs.

    The columns are y0, x0, ... by the metric's place; of a quantile y is already over x.
    """
    rows, slots = selected(asked, metrics, unit)
    inner: dict[str, ir.Value] = {}
    for place, (metric, own) in enumerate(zip(metrics, slots, strict=True)):
        inner[f"c{place}"] = rows[own.y].count()
        inner[f"y{place}"] = total(rows, own, metric.numerator, own.y)
        if isinstance(metric.denominator, Weeks):
            inner[f"x{place}"] = rows[WEEKS].max()
        elif metric.denominator is not None:
            inner[f"x{place}"] = total(rows, own, metric.denominator, own.x)
        inner |= signs(rows, metric, own, place)
    if any(metric.fullest for metric in metrics):
        units = _fullest(named(rows, [*asked.names, UNIT, WEEK], inner), asked.names, inner)
    else:
        units = named(rows, [*asked.names, UNIT], inner)
    made: dict[str, ir.Value] = {}
    for place, metric in enumerate(metrics):
        y, x = _measured(units, metric, place, asked.limits)
        made[f"y{place}"] = ibis.ifelse(units[f"c{place}"] > 0, y, ibis.null("float64"))
        made[f"x{place}"] = x
    return units.mutate(**made), slots


def _fullest(weeks: ir.Table, names: Sequence[str], sums: Iterable[str]) -> ir.Table:
    """A row per group and unit from one per week too: y is that of the fullest week.

    Two aggregates, since a window over all rows would hold them in memory.
    """
    found: dict[str, ir.Value] = {}
    for name in sums:
        column = weeks[name]
        match name[0]:
            case "c" | "x":
                found[name] = column.sum()
            case "y":
                found[name] = column.max()
            case _:
                found[name] = again(column)
    return weeks.group_by([*names, UNIT]).aggregate(**found)


def _measured(
    units: ir.Table, metric: Metric, place: int, limits: Limits
) -> tuple[ir.Value, ir.Value]:
    """What a unit counts: its sums, whether they reach a limit, or their ratio."""
    y = units[f"y{place}"].cast("float64")
    if metric.at_least is not None:
        y = (y >= metric.at_least).cast("int64").cast("float64")
    if metric.above is not None:
        y = (y > metric.above(limits)).cast("int64").cast("float64")
    if metric.denominator is None:
        return y, ibis.literal(1.0)
    x = units[f"x{place}"].cast("float64")
    return (y / x if metric.kind == "quantile" else y), x


def _read(
    lines: Sequence[Line], metric: Metric, place: int, names: Sequence[str]
) -> list[Components]:
    """The components of the metric at this place, from each line."""
    if not lines:
        return []
    prefix = f"p{place}_"
    parts = {name: name.removeprefix(prefix) for name in lines[0] if name.startswith(prefix)}
    codes = [(f"f{place}_{i}", code) for i, (code, _) in enumerate(metric.marks)]
    codes += [(f"l{place}_{i}", code) for i, (code, _) in enumerate(left_out_of(metric))]
    unknown_young = math.nan if IMMATURE in dict(metric.marks) else 0.0
    found = []
    for line in lines:
        sums = {part: _number(line[name]) for name, part in parts.items()}
        above = sums.pop("above", 0.0) > 0
        ends = {line.get(f"lo{place}"), line.get(f"hi{place}")} - {None}
        unknown = [""] if line.get(f"un{place}") else []
        found.append(
            Components(
                group=group_of(line, names),
                counted=int(sums.pop("counted")),
                sums=sums,
                marks=tuple(code for name, code in codes if line[name]),
                currencies=(*sorted(map(str, ends)), *unknown),
                above=above,
                stated=_number(line.get(f"s{place}_sum")),
                stated_rows=int(_number(line.get(f"s{place}_rows"))),
                stated_currency=_text(line.get(f"s{place}_currency")),
                young=_number(line[f"young{place}"]) if f"young{place}" in line else unknown_young,
            )
        )
    return found


def _number(value: object) -> float:
    # Some engines add literals as decimals.
    return float(value) if isinstance(value, bool | int | float | Decimal) else 0.0


def _text(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)
