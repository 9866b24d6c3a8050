"""Order statistics: the values at the ranks that a quantile and its interval need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

import ibis
import ibis.expr.types as ir
import numpy as np

from crm_metrics.metrics.components import Components, Group, group_of, per_unit
from crm_metrics.metrics.intervals import quantile_ranks
from crm_metrics.metrics.model import Metric
from crm_metrics.metrics.rows import Asked, selected, unit_of
from crm_metrics.metrics.sums import Line
from crm_metrics.metrics.waiting import estimates, needs_rows

Wanted = set[tuple[int, int]]
Values = dict[Group, dict[int, float]]

_SIZE_BITS = 31
_MOST_VALUES = 200_000  # of all groups together


def with_ranks(
    asked: Asked, metrics: Sequence[Metric], found: Sequence[Sequence[Components]]
) -> list[list[Components]]:
    """Each metric's components, those of quantiles with the order statistics of each group.

    One query for all groups and for all quantiles of the same values.
    """
    alike: dict[tuple[object, ...], list[int]] = {}
    for place, metric in enumerate(metrics):
        if metric.kind != "quantile" or needs_rows(metric):
            continue
        same = (metric.numerator, metric.denominator, metric.per, metric.where)
        alike.setdefault(same, []).append(place)
    ranked = [list(own) for own in found]
    for places in alike.values():
        wanted = {
            (one.counted, rank)
            for place in places
            for one in found[place]
            for rank in _ranks(one.counted, metrics[place].quantile or 0.5)
        }
        values = _values_at(asked, metrics[places[0]], wanted) if wanted else {}
        for place in places:
            ranked[place] = [replace(one, ranks=values.get(one.group, {})) for one in found[place]]
    for place, metric in enumerate(metrics):
        if needs_rows(metric) and any(one.counted for one in found[place]):
            own = estimates(asked, metric)
            ranked[place] = [replace(one, estimate=own.get(one.group)) for one in found[place]]
    return ranked


def _values_at(asked: Asked, metric: Metric, wanted: Wanted) -> Values:
    """Values by rank for each group whose (size, rank) is wanted.

    Most measures have few different values: how often each occurs is one aggregate, and a tenth
    of the work that numbering all rows is.
    """
    if unit := unit_of(asked, metric):
        rows, _ = per_unit(asked, [metric], unit)
        name = "y0"
    else:
        rows, (slots,) = selected(asked, [metric])
        name = slots.y
    rows = rows.select(*asked.names, value=rows[name])
    rows = rows.filter(rows["value"].notnull())
    times = rows.group_by([*asked.names, "value"]).aggregate(times=rows.count())
    found = times.limit(_MOST_VALUES + 1).to_pyarrow()
    if found.num_rows > _MOST_VALUES:
        return _numbered(asked, rows, wanted)
    return _counted_off(asked, found.to_pylist(), wanted)


def _counted_off(asked: Asked, lines: Sequence[Line], wanted: Wanted) -> Values:
    """The values at the wanted ranks, from how often each value occurs in its group."""
    ranks: dict[int, list[int]] = {}
    for size, rank in wanted:
        ranks.setdefault(size, []).append(rank)
    groups: dict[Group, list[tuple[float, int]]] = {}
    for line in lines:
        own = groups.setdefault(group_of(line, asked.names), [])
        own.append((cast("float", line["value"]), cast("int", line["times"])))
    values: Values = {}
    for group, own in groups.items():
        each, times = np.array(own, dtype=float).T
        order = np.argsort(each)
        last = np.cumsum(times[order])
        places = ranks.get(int(last[-1]), [])
        found = each[order][np.searchsorted(last, places)]
        values[group] = dict(zip(places, found.tolist(), strict=True))
    return values


def _numbered(asked: Asked, rows: ir.Table, wanted: Wanted) -> Values:
    """The values at the wanted ranks, by numbering the rows of each group in their order."""
    value, group = rows["value"], [rows[name] for name in asked.names]
    ranked = rows.select(
        *asked.names,
        value=value,
        place=ibis.row_number().over(ibis.window(group_by=group, order_by=value)) + 1,
        size=value.count().over(ibis.window(group_by=group)),
    )
    # Size and rank as one number: a flat list of what to keep, however many groups there are.
    codes = sorted((size << _SIZE_BITS) + rank for size, rank in wanted)
    kept = ranked.filter((ranked["size"] * (1 << _SIZE_BITS) + ranked["place"]).isin(codes))
    values: Values = {}
    for line in kept.to_pyarrow().to_pylist():
        values.setdefault(group_of(line, asked.names), {})[line["place"]] = line["value"]
    return values


def _ranks(size: int, share: float) -> set[int]:
    """The ranks of the interval's ends, and those between which the quantile lies."""
    if size == 0:
        return set()
    ends = np.array(quantile_ranks(np.array(float(size)), share))
    below = int((size - 1) * share) + 1
    return {below, min(below + 1, size)} | {int(end) for end in ends[~np.isnan(ends)]}
