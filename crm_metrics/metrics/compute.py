"""Values of metrics over an engine's facts: what can be computed, and what lacks for the rest."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from rapidfuzz import fuzz, process

from crm_metrics.errors import NotFoundError
from crm_metrics.metrics.catalogue import discovered
from crm_metrics.metrics.combining.adding import Counted, pooled
from crm_metrics.metrics.components import Group
from crm_metrics.metrics.counting import Answer, Question, counted
from crm_metrics.metrics.ground import Engine, column_of, grains_of, own_table, parts_of
from crm_metrics.metrics.model import Filters, Limits, Metric, Missing, Result, Value, lacking
from crm_metrics.metrics.values import values_of
from crm_metrics.schema import CHANNELS

CATALOGUE: tuple[Metric, ...] = discovered()
Engines = Engine | Sequence[Engine]
"""One engine, or several that hold facts of their own: what they count is added."""

_NEAR = 60  # of 100, how alike keys are before one is offered for the other
_CHANNEL_PLACE: dict[str | None, int] = {name: place for place, name in enumerate(CHANNELS)}


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
    engine: Engines,
    keys: Sequence[str] | None = None,
    *,
    by: Sequence[str] = (),
    filters: Filters | None = None,
    limits: Limits | None = None,
) -> Result:
    """Values of the metrics (None: all) for each group, and what is missing for the others.

    `by` names fields, headers of files, or date, week, month (the first day of each). A group's
    name is text, None where the facts do not say. A metric of several grains of the same messages,
    or of several engines, has one value a group, made from the sum of their components. Metrics of
    grains without facts are missing only where they were asked for by key. Raises
    NotFoundError("unknown_metric"), and NotFoundError("unknown_column") where no grain has a column
    of `by` or of `filters.equal`.
    """
    return _computed(
        engine, keys, Question(tuple(by), (filters or Filters(),), limits or Limits())
    )[0]


def compute_each(
    engine: Engines,
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
        return _computed(engine, keys, Question(tuple(by), tuple(each), limits))
    return [compute(engine, keys, by=by, filters=filters, limits=limits) for filters in each]


def _computed(engines: Engines, keys: Sequence[str] | None, asked: Question) -> list[Result]:
    every = _each_of(engines)
    chosen = _chosen(every, keys)
    alike: dict[tuple[str, str | None], list[Metric]] = {}
    for metric in chosen:
        alike.setdefault((metric.grain, metric.dated), []).append(metric)
    _refuse_unknown(every, dict.fromkeys(grain for grain, _ in alike), asked)
    answers = [
        counted(engine, metrics, asked)
        for metrics in alike.values()
        for engine in _with_facts(every, metrics[0].grain)
    ]
    lacks = [lack for answer in answers for lack in answer.missing]
    missing = tuple(dict.fromkeys(lack for lack in lacks if not _is_given(lack, answers)))
    results = []
    for place in range(len(asked.each)):
        parts = [part for answer in answers for part in answer.parts(place)]
        values = [value for own in pooled(parts) for value in _values(own, asked.by)]
        results.append(Result(tuple(values), missing))
    return results


def _each_of(engines: Engines) -> tuple[Engine, ...]:
    every = engines if isinstance(engines, Sequence) else (engines,)
    return tuple(part for engine in every for part in parts_of(engine))


def _with_facts(engines: Sequence[Engine], grain: str) -> list[Engine]:
    """The engines that have facts of a grain; where none has, one of them to say what lacks."""
    return [one for one in engines if grain in grains_of(one)] or list(engines[:1])


def _is_given(lack: Missing, answers: Iterable[Answer]) -> bool:
    """Whether another engine computes what lacks in one."""
    wanted = (lack.metric, lack.grain)
    return any(
        (one.key, one.grain) == wanted
        for answer in answers
        if wanted not in {(other.metric, other.grain) for other in answer.missing}
        for one in answer.metrics
    )


def _are_apart(each: Sequence[Filters]) -> bool:
    """Whether the filters differ in their periods alone, and these share no day."""
    if len({replace(filters, start=None, end=None) for filters in each}) != 1:
        return False
    spans = sorted((one.start or date.min, one.end or date.max) for one in each)
    return all(before[1] < after[0] for before, after in pairwise(spans))


def _chosen(engines: Sequence[Engine], keys: Sequence[str] | None) -> list[Metric]:
    grains = {grain for engine in engines for grain in grains_of(engine)}
    if keys is None:
        return [metric for metric in CATALOGUE if metric.grain in grains]
    for key in keys:
        metric_named(key)
    chosen = [metric for metric in CATALOGUE if metric.key in keys]
    here = {metric.key for metric in chosen if metric.grain in grains}
    return [metric for metric in chosen if metric.grain in grains or metric.key not in here]


def _values(metric: list[Counted], by: tuple[str, ...]) -> list[Value]:
    """The values of one metric, in the order of the groups."""
    ordered = sorted(metric, key=lambda one: _place(one.components.group, by))
    return values_of(ordered, by)


def _place(group: Group, by: tuple[str, ...]) -> tuple[tuple[int, int, str], ...]:
    """Where a group stands: channels in their order, others by name, the unknown last."""
    return tuple(
        (int(value is None), _CHANNEL_PLACE.get(value, 0) if name == "channel" else 0, value or "")
        for name, value in zip(by, group, strict=True)
    )


def _refuse_unknown(engines: Sequence[Engine], grains: Iterable[str], asked: Question) -> None:
    present = [(one, grain) for grain in grains for one in engines if grain in grains_of(one)]
    for name in (*asked.by, *(name for name, _ in asked.each[0].equal)):
        found = (
            column_of(engine, grain, own_table(engine, grain), name) for engine, grain in present
        )
        if present and all(column is None for column in found):
            raise NotFoundError("unknown_column", column=name)
