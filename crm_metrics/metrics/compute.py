"""Values of metrics over an engine's facts: what can be computed, and what lacks for the rest."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import process

from crm_metrics.errors import NotFoundError
from crm_metrics.metrics.catalogue import discovered
from crm_metrics.metrics.components import Components, Group, components
from crm_metrics.metrics.ground import BLANK_IS_NO, Engine, column_of, ground, kept, unfilterable
from crm_metrics.metrics.model import Filters, Limits, Metric, Missing, Result, Value
from crm_metrics.metrics.ranks import with_ranks
from crm_metrics.metrics.rows import Asked
from crm_metrics.metrics.values import values_of
from crm_metrics.schema import CHANNELS

CATALOGUE: tuple[Metric, ...] = discovered()

_CHANNEL_PLACE: dict[str | None, int] = {name: place for place, name in enumerate(CHANNELS)}


@dataclass(frozen=True, slots=True)
class _Question:
    by: tuple[str, ...]
    filters: Filters
    limits: Limits


def metric_named(key: str, grain: str | None = None) -> Metric:
    """The metric with this key, the catalogue's first or that of a grain.

    Raises NotFoundError("unknown_metric") with the nearest known key.
    """
    for metric in CATALOGUE:
        if metric.key == key and grain in (None, metric.grain):
            return metric
    known = sorted({metric.key for metric in CATALOGUE})
    found = process.extractOne(key, known)
    raise NotFoundError("unknown_metric", metric=key, near=found[0] if found else "")


def metrics_of(grain: str) -> tuple[Metric, ...]:
    """The metrics of a grain, in the order of the catalogue."""
    return tuple(metric for metric in CATALOGUE if metric.grain == grain)


def lacking(metric: Metric, mapped: Collection[str]) -> tuple[str, ...]:
    """The fields that would make the metric computable: the best of each need not met."""
    unmet = (need.split("|") for need in metric.needs)
    return tuple(dict.fromkeys(one[0] for one in unmet if not set(one) & set(mapped)))


def unlocks(
    mapped_fields: Collection[str], grain: str
) -> tuple[tuple[Metric, ...], dict[str, tuple[Metric, ...]]]:
    """What a mapping makes computable, and which metrics one more field would add, by field."""
    ready = tuple(metric for metric in metrics_of(grain) if not lacking(metric, mapped_fields))
    added: dict[str, tuple[Metric, ...]] = {}
    for metric in metrics_of(grain):
        fields = lacking(metric, mapped_fields)
        if len(fields) == 1:
            added[fields[0]] = (*added.get(fields[0], ()), metric)
    return ready, added


def compute(
    engine: Engine,
    keys: Sequence[str] | None = None,
    *,
    by: Sequence[str] = (),
    filters: Filters | None = None,
    limits: Limits | None = None,
) -> Result:
    """Values of the metrics (None: all) for each group, and what is missing for the others.

    `by` names fields, headers of files, or date, week, month (the first day of each). A group's
    name is text, None where the facts do not say. Metrics of grains without facts are missing only
    where they were asked for by key. Raises NotFoundError("unknown_metric"), and
    NotFoundError("unknown_column") where no grain has a column of `by` or of `filters.equal`.
    """
    asked = _Question(tuple(by), filters or Filters(), limits or Limits())
    by_grain: dict[str, list[Metric]] = {}
    for metric in _chosen(engine, keys):
        by_grain.setdefault(metric.grain, []).append(metric)
    _refuse_unknown(engine, by_grain, asked)
    values: list[Value] = []
    missing: list[Missing] = []
    for metrics in by_grain.values():
        found, lacks = _of_grain(engine, metrics, asked)
        values += found
        missing += lacks
    return Result(tuple(values), tuple(missing))


def _chosen(engine: Engine, keys: Sequence[str] | None) -> list[Metric]:
    if keys is None:
        return [metric for metric in CATALOGUE if metric.grain in engine.grains]
    for key in keys:
        metric_named(key)
    chosen = [metric for metric in CATALOGUE if metric.key in keys]
    here = {metric.key for metric in chosen if metric.grain in engine.grains}
    return [metric for metric in chosen if metric.grain in engine.grains or metric.key not in here]


def _of_grain(
    engine: Engine, metrics: list[Metric], asked: _Question
) -> tuple[list[Value], list[Missing]]:
    """Values and missing metrics of one grain."""
    grain = metrics[0].grain
    mapped = frozenset(engine.mapped(grain)) if grain in engine.grains else frozenset()
    ready = [metric for metric in metrics if not lacking(metric, mapped)]
    missing = [
        Missing(metric.key, grain, lacking(metric, mapped))
        for metric in metrics
        if metric not in ready
    ]
    if not ready:
        return [], missing
    table, blanks = ground(engine, grain)
    groups = {name: column_of(engine, grain, table, name) for name in asked.by}
    keep = kept(engine, grain, table, asked.filters)
    absent = [name for name, column in groups.items() if column is None]
    absent += unfilterable(engine, grain, table, asked.filters)
    if absent or keep is None:
        needs = tuple(dict.fromkeys(absent))
        return [], [*missing, *(Missing(metric.key, grain, needs) for metric in ready)]
    columns = tuple(column for column in groups.values() if column is not None)
    rows = Asked(table, keep, columns, mapped, asked.limits)
    found = [_ordered(one, asked.by) for one in components(rows, ready)]
    values: list[Value] = []
    for metric, own in zip(ready, with_ranks(rows, ready, found), strict=True):
        marked = [_blank_is_no(one) for one in own] if blanks & _fields(metric) else own
        values += values_of(metric, marked, asked.by)
    return values, missing


def _ordered(found: list[Components], by: tuple[str, ...]) -> list[Components]:
    return sorted(found, key=lambda one: _place(one.group, by))


def _blank_is_no(one: Components) -> Components:
    return replace(one, marks=(*one.marks, BLANK_IS_NO))


def _place(group: Group, by: tuple[str, ...]) -> tuple[tuple[int, int, str], ...]:
    """Where a group stands: channels in their order, others by name, the unknown last."""
    return tuple(
        (int(value is None), _CHANNEL_PLACE.get(value, 0) if name == "channel" else 0, value or "")
        for name, value in zip(by, group, strict=True)
    )


def _fields(metric: Metric) -> frozenset[str]:
    return frozenset(field for need in metric.needs for field in need.split("|"))


def _refuse_unknown(engine: Engine, grains: Iterable[str], asked: _Question) -> None:
    present = [grain for grain in grains if grain in engine.grains]
    for name in (*asked.by, *(name for name, _ in asked.filters.equal)):
        found = (column_of(engine, grain, engine.table(grain), name) for grain in present)
        if present and all(column is None for column in found):
            raise NotFoundError("unknown_column", column=name)
