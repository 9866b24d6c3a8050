"""Order statistics: the values at the ranks that a quantile and its interval need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import ibis
import numpy as np

from crm_metrics.metrics.components import Components, Group, group_of, per_unit
from crm_metrics.metrics.intervals import quantile_ranks
from crm_metrics.metrics.model import Metric
from crm_metrics.metrics.rows import Asked, selected, unit_of

_SIZE_BITS = 31


def with_ranks(
    asked: Asked, metrics: Sequence[Metric], found: Sequence[Sequence[Components]]
) -> list[list[Components]]:
    """Each metric's components, those of quantiles with the order statistics of each group.

    One query for all groups and for all quantiles of the same values: they are numbered within
    their group, and only the wanted ranks come back.
    """
    alike: dict[tuple[object, ...], list[int]] = {}
    for place, metric in enumerate(metrics):
        if metric.kind != "quantile":
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
    return ranked


def _values_at(
    asked: Asked, metric: Metric, wanted: set[tuple[int, int]]
) -> dict[Group, dict[int, float]]:
    """Values by rank for each group whose (size, rank) is wanted."""
    if unit := unit_of(asked, metric):
        rows, _ = per_unit(asked, [metric], unit)
        name = "y0"
    else:
        rows, (slots,) = selected(asked, [metric])
        name = slots.y
    rows = rows.filter(rows[name].notnull())
    value, group = rows[name], [rows[name] for name in asked.names]
    ranked = rows.select(
        *asked.names,
        value=value,
        place=ibis.row_number().over(ibis.window(group_by=group, order_by=value)) + 1,
        size=value.count().over(ibis.window(group_by=group)),
    )
    # Size and rank as one number: a flat list of what to keep, however many groups there are.
    codes = sorted((size << _SIZE_BITS) + rank for size, rank in wanted)
    kept = ranked.filter((ranked["size"] * (1 << _SIZE_BITS) + ranked["place"]).isin(codes))
    values: dict[Group, dict[int, float]] = {}
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
