"""Order statistics: the values at the ranks that a quantile and its interval need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import ibis
import numpy as np

from crm_metrics.metrics.components import Components, Group, group_of
from crm_metrics.metrics.intervals import quantile_ranks
from crm_metrics.metrics.model import Metric
from crm_metrics.metrics.rows import Asked, selected

_SIZE_BITS = 31


def with_ranks(asked: Asked, metric: Metric, found: Sequence[Components]) -> list[Components]:
    """The components of a quantile metric with the order statistics of each group.

    One query for all groups: values are numbered within their group, and only the wanted ranks
    come back.
    """
    wanted = {one.counted: _ranks(one.counted, metric.quantile or 0.5) for one in found}
    # Size and rank as one number: a flat list of what to keep, however many groups there are.
    codes = [(size << _SIZE_BITS) + rank for size, ranks in wanted.items() for rank in ranks]
    if not codes:
        return list(found)
    rows = selected(asked, [metric])
    rows = rows.filter(rows.y0.notnull())
    group = [rows[name] for name in asked.names]
    ranked = rows.select(
        *asked.names,
        value=rows.y0,
        place=ibis.row_number().over(ibis.window(group_by=group, order_by=rows.y0)) + 1,
        size=rows.y0.count().over(ibis.window(group_by=group)),
    )
    kept = ranked.filter((ranked["size"] * (1 << _SIZE_BITS) + ranked["place"]).isin(codes))
    values: dict[Group, dict[int, float]] = {}
    for line in kept.to_pyarrow().to_pylist():
        values.setdefault(group_of(line, asked.names), {})[line["place"]] = line["value"]
    return [replace(one, ranks=values.get(one.group, {})) for one in found]


def _ranks(size: int, share: float) -> set[int]:
    """The ranks of the interval's ends, and those between which the quantile lies."""
    if size == 0:
        return set()
    ends = np.array(quantile_ranks(np.array(float(size)), share))
    below = int((size - 1) * share) + 1
    return {below, min(below + 1, size)} | {int(end) for end in ends[~np.isnan(ends)]}
