"""People whom files tell apart by different fields: counted together they are an upper bound."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from crm_metrics.metrics.combining.adding import COUNTED_BY, counts_people
from crm_metrics.metrics.model import Condition, Metric
from crm_metrics.metrics.people import PEOPLE


def with_keys(metric: Metric, held: Mapping[str, frozenset[str]]) -> Metric:
    """The metric with marks by what its files tell people apart, where they do it differently.

    `held` are the fields that each data set holds. Who is an id in one file and an e-mail in
    another counts twice: values that count rows of both are an upper bound.
    """
    keys = (metric.per or "").split("|")
    if len(keys) < 2 or not counts_people(metric, PEOPLE):
        return metric
    groups: dict[str, list[str]] = {}
    for data_set, fields in held.items():
        own = next((name for name in keys if name in fields), None)
        if own is not None:
            groups.setdefault(own, []).append(data_set)
    if len(groups) < 2:
        return metric
    marks = [(COUNTED_BY + key, _of(names)) for key, names in groups.items()]
    return replace(metric, marks=(*metric.marks, *marks))


def _of(names: Sequence[str]) -> Condition:
    return lambda table, _: table["__dataset"].cast("string").isin(names)
