"""Values of metrics over an engine's facts: what can be computed, and what lacks for the rest."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from rapidfuzz import process

from crm_metrics.errors import NotFoundError
from crm_metrics.metrics.catalogue import discovered
from crm_metrics.metrics.components import Asked, components
from crm_metrics.metrics.ground import BLANK_IS_NO, Engine, column_of, ground, kept, unfilterable
from crm_metrics.metrics.model import Filters, Limits, Metric, Missing, Result, Value
from crm_metrics.metrics.values import values_of

CATALOGUE: tuple[Metric, ...] = discovered()


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
    NotFoundError("unknown_column") where no grain has a column of `by`.
    """
    asked = _asked(engine, keys)
    values: dict[str, list[Value]] = {}
    missing: list[Missing] = []
    grains = list(dict.fromkeys(metric.grain for metric in asked))
    for grain in grains:
        own = [metric for metric in asked if metric.grain == grain]
        found, lacks = _of_grain(
            engine, grain, own, tuple(by), filters or Filters(), limits or Limits()
        )
        values[grain] = found
        missing += lacks
    _refuse_unknown(engine, grains, tuple(by))
    return Result(tuple(value for grain in grains for value in values[grain]), tuple(missing))


def _asked(engine: Engine, keys: Sequence[str] | None) -> list[Metric]:
    if keys is None:
        return [metric for metric in CATALOGUE if metric.grain in engine.grains]
    for key in keys:
        metric_named(key)
    chosen = [metric for metric in CATALOGUE if metric.key in keys]
    here = {metric.key for metric in chosen if metric.grain in engine.grains}
    return [metric for metric in chosen if metric.grain in engine.grains or metric.key not in here]


def _of_grain(
    engine: Engine,
    grain: str,
    metrics: list[Metric],
    by: tuple[str, ...],
    filters: Filters,
    limits: Limits,
) -> tuple[list[Value], list[Missing]]:
    mapped = frozenset(engine.mapped(grain)) if grain in engine.grains else frozenset()
    ready = [metric for metric in metrics if not lacking(metric, mapped)]
    missing = {
        metric.key: Missing(metric.key, grain, lacking(metric, mapped))
        for metric in metrics
        if metric not in ready
    }
    if not ready:
        return [], list(missing.values())
    table, blanks = ground(engine, grain)
    groups = [column_of(engine, grain, table, name) for name in by]
    keep = kept(engine, grain, table, filters)
    absent = [name for name, column in zip(by, groups, strict=True) if column is None]
    absent += unfilterable(engine, grain, table, filters)
    if absent or keep is None:
        lacks = [Missing(metric.key, grain, tuple(dict.fromkeys(absent))) for metric in ready]
        return [], [*missing.values(), *lacks]
    columns = tuple(column for column in groups if column is not None)
    rows = components(Asked(table, keep, columns, mapped, limits), ready)
    values = []
    for metric, own in zip(ready, rows, strict=True):
        if blanks & _fields(metric):
            own = [{**row, "marks": (*row["marks"], BLANK_IS_NO)} for row in own]  # type: ignore[misc]
        values += values_of(metric, own, by)
    return values, list(missing.values())


def _fields(metric: Metric) -> frozenset[str]:
    return frozenset(field for need in metric.needs for field in need.split("|"))


def _refuse_unknown(engine: Engine, grains: Sequence[str], by: tuple[str, ...]) -> None:
    present = [grain for grain in grains if grain in engine.grains]
    for name in by:
        if present and all(
            column_of(engine, grain, engine.table(grain), name) is None for grain in present
        ):
            raise NotFoundError("unknown_column", column=name)
