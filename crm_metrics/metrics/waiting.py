"""Quantiles that order statistics do not give: of times that still run, of values that cohere."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import numpy as np
import pandas as pd

from crm_metrics.metrics.components import Group, group_of
from crm_metrics.metrics.expressions import NO
from crm_metrics.metrics.intervals import clustered_quantile, survival_quantile
from crm_metrics.metrics.model import Metric
from crm_metrics.metrics.rows import Asked, selected

Estimated = Mapping[Group, tuple[float, float, float]]

_RUNS, _CLUSTER = "runs", "cluster"


def needs_rows(metric: Metric) -> bool:
    """Whether the metric is such a quantile."""
    clustered = metric.kind == "quantile" and metric.clusters is not None
    return metric.censored is not None or clustered


def estimates(asked: Asked, metric: Metric) -> Estimated:
    """The quantile of each group and its interval, NaN where there is none."""
    p = metric.quantile or 0.5
    if metric.censored is not None:
        return _by_survival(asked, metric, p)
    return _by_clusters(asked, metric, p)


def _by_survival(asked: Asked, metric: Metric, p: float) -> Estimated:
    """How many end and how many run on after each time is one aggregate."""
    assert metric.censored is not None
    runs = metric.censored(asked.table, asked.limits).fill_null(NO)
    rows, (slots,) = selected(asked, [metric], beside={_RUNS: runs})
    rows = rows.select(*asked.names, time=rows[slots.y], runs=rows[_RUNS])
    rows = rows.filter(rows["time"].notnull())  # noqa: PD004 - of Ibis
    counts = rows.group_by([*asked.names, "time"]).aggregate(
        ended=(~rows[_RUNS]).sum(), running=rows[_RUNS].sum()
    )
    found: dict[Group, tuple[float, float, float]] = {}
    for group, own in _groups(counts, asked):
        ordered = own.sort_values("time")
        times, ended, running = (
            ordered[name].to_numpy(dtype=float) for name in ("time", "ended", "running")
        )
        found[group] = survival_quantile(times, ended, running, p)
    return found


def _by_clusters(asked: Asked, metric: Metric, p: float) -> Estimated:
    cluster = asked.table[metric.clusters]
    rows, (slots,) = selected(asked, [metric], beside={_CLUSTER: cluster})
    rows = rows.select(*asked.names, value=rows[slots.y], cluster=rows[_CLUSTER])
    rows = rows.filter(rows["value"].notnull())  # noqa: PD004 - of Ibis
    found: dict[Group, tuple[float, float, float]] = {}
    for group, own in _groups(rows, asked):
        codes = pd.factorize(own["cluster"])[0].astype(np.int64)
        found[group] = clustered_quantile(own["value"].to_numpy(dtype=float), codes, p)
    return found


def _groups(rows: ibis.Table, asked: Asked) -> list[tuple[Group, pd.DataFrame]]:
    """The rows of each group, in pandas; names of groups as components have them."""
    table = rows.to_pyarrow()
    if not asked.names:
        return [((), table.to_pandas())] if table.num_rows else []
    frame = table.to_pandas()
    codes = frame.groupby(asked.names, dropna=False, sort=False).ngroup().to_numpy()
    order = np.argsort(codes, kind="stable")
    starts = np.flatnonzero(np.diff(codes[order], prepend=-1))
    lines = table.select(asked.names).take(order[starts]).to_pylist()
    parts = np.split(order, starts[1:]) if len(order) else []
    return [
        (group_of(line, asked.names), frame.iloc[own])
        for line, own in zip(lines, parts, strict=True)
    ]
