"""What one grain of one engine counts: each metric's components by group, under each filter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import or_

import ibis

from crm_metrics.metrics import tallying
from crm_metrics.metrics.catalogue import declared
from crm_metrics.metrics.components import Components, components
from crm_metrics.metrics.cube import cut
from crm_metrics.metrics.filtering import kept, unfilterable
from crm_metrics.metrics.ground import (
    BLANK_IS_NO,
    Engine,
    column_of,
    grains_of,
    ground,
    mapped_of,
    redated,
    rows_of,
)
from crm_metrics.metrics.model import Filters, Limits, Metric, Missing, computable, lacking
from crm_metrics.metrics.ranks import with_ranks
from crm_metrics.metrics.rows import Asked, made_before
from crm_metrics.metrics.standing import standing
from crm_metrics.metrics.weeks import weeks


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of each grain; the filters of `each` are of periods that share no day."""

    by: tuple[str, ...]
    each: tuple[Filters, ...]
    limits: Limits


@dataclass(frozen=True, slots=True)
class Answer:
    """The metrics that a grain can compute, their components, and what lacks for the others.

    A metric of which rows state nothing but rates is both: of its groups some have a value.
    `found` has for each filter, and in it for each of `metrics`, the components by group.
    """

    metrics: tuple[Metric, ...] = ()
    found: tuple[tuple[list[Components], ...], ...] = ()
    missing: tuple[Missing, ...] = field(default=())

    def parts(self, place: int) -> list[tuple[Metric, list[Components]]]:
        """Each metric with its components under one of the filters."""
        return list(zip(self.metrics, self.found[place], strict=True)) if self.metrics else []


def counted(engine: Engine, metrics: Sequence[Metric], asked: Question) -> Answer:
    """What the metrics of one grain, all dated alike, count in an engine."""
    grain = metrics[0].grain
    mapped = mapped_of(engine, grain)
    known = grain in grains_of(engine)
    ready = [metric for metric in metrics if known and computable(metric, mapped)]
    missing = tuple(
        Missing(metric.key, grain, lacking(metric, mapped))
        for metric in metrics
        if lacking(metric, mapped) or not known
    )
    if not ready:
        return Answer(missing=missing)
    rows = asked_rows(engine, ready, asked)
    if not isinstance(rows, Asked):
        unasked = (
            Missing(metric.key, grain, rows) for metric in ready if not lacking(metric, mapped)
        )
        return Answer(missing=(*missing, *unasked))
    table, blanks = ground(engine, grain)
    own = [standing(engine, metric, table) for metric in ready]
    if metrics[0].dated is None:  # sums that are kept stand by the grain's own date
        every = [
            standing(engine, metric, table)
            for metric in declared(grain)
            if metric.dated is None and computable(metric, mapped)
        ]
        rows = replace(rows, held=cut(engine, every, asked.by, asked.each, asked.limits))
    found = with_ranks(rows, own, components(rows, own))
    marked = [
        [_blank_is_no(one) for one in own] if blanks & _fields(metric) else own
        for metric, own in zip(ready, found, strict=True)
    ]
    if rows.periods == 1:
        return Answer(tuple(ready), (tuple(marked),), missing)
    apart = (tuple(_in_period(own, place) for own in marked) for place in range(rows.periods))
    return Answer(tuple(ready), tuple(apart), missing)


def asked_rows(
    engine: Engine, metrics: Sequence[Metric], asked: Question
) -> Asked | tuple[str, ...]:
    """What is asked of the rows of the metrics' grain; or the names that it has no column for."""
    grain, dated = metrics[0].grain, metrics[0].dated
    table = redated(ground(engine, grain)[0], dated)
    groups = {name: column_of(engine, grain, table, name) for name in asked.by}
    keeps = [kept(engine, grain, table, filters) for filters in asked.each]
    keep = [one for one in keeps if one is not None]
    absent = [name for name, column in groups.items() if column is None]
    absent += unfilterable(engine, grain, table, asked.each[0])
    if absent or len(keep) < len(keeps):
        return tuple(dict.fromkeys(absent))
    columns = [column for column in groups.values() if column is not None]
    if len(keep) > 1:
        columns.insert(0, ibis.cases(*((one, place) for place, one in enumerate(keep))))
    return Asked(
        table,
        reduce(or_, keep),
        tuple(columns),
        mapped_of(engine, grain),
        asked.limits,
        periods=len(keep),
        weeks=weeks(engine, table, metrics, by=asked.by, each=zip(asked.each, keep, strict=True)),
        known=made_before(engine, f"{grain}_{dated}" if dated else grain),
        many=rows_of(engine, grain) >= tallying.MANY,
    )


def _in_period(found: list[Components], place: int) -> list[Components]:
    """The components of one period: its place is the first name of their groups."""
    return [replace(one, group=one.group[1:]) for one in found if one.group[0] == str(place)]


def _blank_is_no(one: Components) -> Components:
    return replace(one, marks=(*one.marks, BLANK_IS_NO))


def _fields(metric: Metric) -> frozenset[str]:
    return frozenset(name for need in metric.needs for name in need.split("|"))
