"""Values of metrics over an engine's facts: what can be computed, and what lacks for the rest."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from itertools import pairwise
from operator import or_

import ibis
from rapidfuzz import fuzz, process

from crm_metrics.errors import NotFoundError
from crm_metrics.metrics.catalogue import discovered
from crm_metrics.metrics.components import Components, Group, components
from crm_metrics.metrics.ground import BLANK_IS_NO, Engine, column_of, ground, kept, unfilterable
from crm_metrics.metrics.model import Filters, Limits, Metric, Missing, Result, Value
from crm_metrics.metrics.ranks import with_ranks
from crm_metrics.metrics.rows import Asked, Known
from crm_metrics.metrics.values import values_of
from crm_metrics.schema import CHANNELS

CATALOGUE: tuple[Metric, ...] = discovered()

_NEAR = 60  # of 100, how alike keys are before one is offered for the other
_CHANNEL_PLACE: dict[str | None, int] = {name: place for place, name in enumerate(CHANNELS)}


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked of each grain; the filters of `each` are of periods that share no day."""

    by: tuple[str, ...]
    each: tuple[Filters, ...]
    limits: Limits


def metric_named(key: str, grain: str | None = None) -> Metric:
    """The metric with this key, the catalogue's first or that of a grain.

    Raises NotFoundError: metric_of_other_rows where only other grains have it, unknown_metric with
    the nearest known key, no_such_metric where none is near.
    """
    for metric in CATALOGUE:
        if metric.key == key and grain in (None, metric.grain):
            return metric
    known = sorted({metric.key for metric in CATALOGUE})
    if key in known:
        raise NotFoundError("metric_of_other_rows", metric=key, grain=grain)
    found = process.extractOne(key, known, scorer=fuzz.ratio, score_cutoff=_NEAR)
    if found is None:
        raise NotFoundError("no_such_metric", metric=key)
    raise NotFoundError("unknown_metric", metric=key, near=found[0])


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
    return _computed(
        engine, keys, _Question(tuple(by), (filters or Filters(),), limits or Limits())
    )[0]


def compute_each(
    engine: Engine,
    keys: Sequence[str] | None = None,
    *,
    each: Sequence[Filters],
    by: Sequence[str] = (),
    limits: Limits | None = None,
) -> list[Result]:
    """`compute` under each of several filters: together where only their periods differ.

    A period and the one before cost one query a grain then, not two. Raises what `compute` raises.
    """
    limits = limits or Limits()
    if _are_apart(each):
        return _computed(engine, keys, _Question(tuple(by), tuple(each), limits))
    return [compute(engine, keys, by=by, filters=filters, limits=limits) for filters in each]


def _computed(engine: Engine, keys: Sequence[str] | None, asked: _Question) -> list[Result]:
    by_grain: dict[str, list[Metric]] = {}
    for metric in _chosen(engine, keys):
        by_grain.setdefault(metric.grain, []).append(metric)
    _refuse_unknown(engine, by_grain, asked)
    values: list[list[Value]] = [[] for _ in asked.each]
    missing: list[Missing] = []
    for metrics in by_grain.values():
        found, lacks = _of_grain(engine, metrics, asked)
        values = [every + own for every, own in zip(values, found, strict=True)]
        missing += lacks
    return [Result(tuple(own), tuple(missing)) for own in values]


def _are_apart(each: Sequence[Filters]) -> bool:
    """Whether the filters differ in their periods alone, and these share no day."""
    if len({replace(filters, start=None, end=None) for filters in each}) != 1:
        return False
    spans = sorted((one.start or date.min, one.end or date.max) for one in each)
    return all(before[1] < after[0] for before, after in pairwise(spans))


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
) -> tuple[list[list[Value]], list[Missing]]:
    """Values of one grain under each of the filters, and its missing metrics."""
    grain = metrics[0].grain
    mapped = frozenset(engine.mapped(grain)) if grain in engine.grains else frozenset()
    ready = [metric for metric in metrics if not lacking(metric, mapped)]
    missing = [
        Missing(metric.key, grain, lacking(metric, mapped))
        for metric in metrics
        if metric not in ready
    ]
    none: list[list[Value]] = [[] for _ in asked.each]
    if not ready:
        return none, missing
    table, blanks = ground(engine, grain)
    groups = {name: column_of(engine, grain, table, name) for name in asked.by}
    keeps = [kept(engine, grain, table, filters) for filters in asked.each]
    keep = [one for one in keeps if one is not None]
    absent = [name for name, column in groups.items() if column is None]
    absent += unfilterable(engine, grain, table, asked.each[0])
    if absent or len(keep) < len(keeps):
        needs = tuple(dict.fromkeys(absent))
        return none, [*missing, *(Missing(metric.key, grain, needs) for metric in ready)]
    columns = [column for column in groups.values() if column is not None]
    if len(keep) > 1:
        columns.insert(0, ibis.cases(*((one, place) for place, one in enumerate(keep))))
    known: Known = engine.once(f"columns_{grain}", dict)
    rows = Asked(table, reduce(or_, keep), tuple(columns), mapped, asked.limits, len(keep), known)
    found = with_ranks(rows, ready, components(rows, ready))
    values = []
    for place in range(len(keep)):
        own = [_in_period(one, place) for one in found] if len(keep) > 1 else found
        values.append(_valued(ready, own, asked.by, blanks))
    return values, missing


def _valued(
    metrics: list[Metric],
    found: Sequence[list[Components]],
    by: tuple[str, ...],
    blanks: frozenset[str],
) -> list[Value]:
    """The values of all metrics, in the order of the groups."""
    values: list[Value] = []
    for metric, own in zip(metrics, found, strict=True):
        ordered = _ordered(own, by)
        if blanks & _fields(metric):
            ordered = [_blank_is_no(one) for one in ordered]
        values += values_of(metric, ordered, by)
    return values


def _in_period(found: list[Components], place: int) -> list[Components]:
    """The components of one period: its place is the first name of their groups."""
    return [replace(one, group=one.group[1:]) for one in found if one.group[0] == str(place)]


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
    for name in (*asked.by, *(name for name, _ in asked.each[0].equal)):
        found = (column_of(engine, grain, engine.table(grain), name) for grain in present)
        if present and all(column is None for column in found):
            raise NotFoundError("unknown_column", column=name)
