"""Which rows of a grain stand for a metric, and what values say of the others.

A metric's declaration stays what it is; here it is asked of the rows that several files and grains
leave it, with a flag for each reason that leaves one out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import ibis.expr.types as ir

from crm_metrics.metrics.catalogue import declared
from crm_metrics.metrics.combining.adding import may_add
from crm_metrics.metrics.combining.currencies import unnamed, with_unnamed
from crm_metrics.metrics.combining.events import FROM_EVENTS, PARTIAL, SENDLESS
from crm_metrics.metrics.combining.maturity import window_of, with_maturity
from crm_metrics.metrics.combining.plausible import usual_click_rates, with_doubts
from crm_metrics.metrics.combining.precedence import PARTLY, GivenWay
from crm_metrics.metrics.combining.several_keys import with_keys
from crm_metrics.metrics.expressions import NO, one
from crm_metrics.metrics.ground import Engine, end_of_messages, given_way, held
from crm_metrics.metrics.model import Condition, Limits, Metric, lacking
from crm_metrics.metrics.scales import with_scales

SEND_UNKNOWN = "send_unknown"
_FLAGS = {
    ("campaigns", "recipients"): "finer_counts",
    ("recipients", "campaigns"): "coarser_counts",
    ("recipients", "recipients"): "lists_count",
}
"""What a value says of rows that give way, by their grain and that of the rows that count."""


def standing(engine: Engine, metric: Metric, table: ir.Table) -> Metric:
    """The metric over the rows that stand for it; the same object for the same question."""
    name = f"standing_{metric.grain}_{metric.key}_{metric.variant}"
    return engine.once(name, lambda: _found(engine, metric, table))


def _found(engine: Engine, metric: Metric, table: ir.Table) -> Metric:
    found = _standing(metric, table.columns, given_way(engine, metric.grain))
    fields = held(engine, metric.grain)
    found = with_scales(with_unnamed(with_keys(found, fields), unnamed(metric.grain, fields)))
    if metric.grain == "campaigns":
        found = with_doubts(found, usual_click_rates(table) if metric.key == "click_rate" else {})
    if window_of(metric) is None:
        return found
    return with_maturity(found, end_of_messages(engine), without)


def _standing(metric: Metric, columns: Sequence[str], ways: Sequence[GivenWay]) -> Metric:
    if FROM_EVENTS in columns:
        metric = _of_events(metric)
    told_of_part = False
    for way in ways:
        twins = (one for one in declared(way.grain) if may_add(one, metric))
        if any(not lacking(one, way.fields) for one in twins):
            metric = without(metric, _FLAGS[metric.grain, way.grain], _is(way.column))
            marks = (*metric.marks, ("finer_partial", _is(PARTLY)))
            partly = (*metric.left_out, ("finer_partial", _is(PARTLY)))
            metric = replace(metric, marks=marks, left_out=partly)
            told_of_part = True
    # Of people only their list tells: where it holds a part of those a campaign was sent to, that
    # part is their base.
    if metric.grain == "recipients" and ways and not told_of_part:
        metric = replace(metric, marks=(*metric.marks, ("finer_partial", _is(PARTLY))))
    return metric


def _of_events(metric: Metric) -> Metric:
    marks = (("from_events", _is(FROM_EVENTS)), ("events_left_out", _is(PARTIAL)))
    marked = replace(metric, marks=(*metric.marks, *marks))
    # What was sold counts whenever the message went out; a rate needs those who got it.
    if metric.kind == "total" and metric.numerator is not one:
        return marked
    return without(marked, SEND_UNKNOWN, _is(SENDLESS))


def without(metric: Metric, flag: str, out: Condition) -> Metric:
    """The metric without the rows that meet a condition; the flag says that there were any."""

    def stays(table: ir.Table, limits: Limits) -> ir.BooleanValue:
        rest = ~out(table, limits).fill_null(NO)
        return rest if metric.where is None else rest & metric.where(table, limits)

    return replace(metric, where=stays, left_out=(*metric.left_out, (flag, out)))


def _is(column: str) -> Condition:
    return lambda table, _: table[column].fill_null(NO)
