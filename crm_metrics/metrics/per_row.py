"""What one row counts by a metric: its numerator and denominator, and why it may not count."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import cast

import ibis
import ibis.expr.types as ir

from crm_metrics.metrics.expressions import NO, YES, one
from crm_metrics.metrics.model import Condition, Distinct, Limits, Measure, Metric, Weeks

PART_LEFT_OUT = "part_left_out"
RATE_ONLY = "rate_only"


def counted_by(metric: Metric, table: ir.Table, limits: Limits) -> ir.Value:
    """The numerator, null on rows that do not count."""
    y = per_row(table, metric.numerator, limits)
    conditions = []
    if metric.denominator is not None and not isinstance(metric.denominator, Distinct | Weeks):
        conditions.append(per_row(table, metric.denominator, limits).notnull())
    if metric.where is not None:
        conditions.append(metric.where(table, limits).fill_null(NO))
    for condition in conditions:
        y = ibis.ifelse(condition, y, ibis.null("float64"))
    return y


def per_row(table: ir.Table, measure: Measure | None, limits: Limits) -> ir.Value:
    """What a row counts by a measure (FLOAT64); a flag is 0 or 1."""
    if measure is None or isinstance(measure, Distinct | Weeks):
        return ibis.literal(1.0)
    value = table[measure] if isinstance(measure, str) else measure(table, limits)
    return (value.cast("int64") if value.type().is_boolean() else value).cast("float64")


def stated_by(metric: Metric, table: ir.Table, limits: Limits) -> ir.Value:
    """The rate of a row that states nothing else and would count; null in all others."""
    rate = table[metric.stated].cast("float64")
    alone = dict(metric.left_out)[RATE_ONLY](table, limits).fill_null(NO)
    if metric.where is not None:
        alone &= metric.where(table, limits).fill_null(NO)
    alone &= counted_by(metric, table, limits).isnull()
    return ibis.ifelse(alone, rate, ibis.null("float64"))


def left_out_of(metric: Metric) -> tuple[tuple[str, Condition], ...]:
    """The flags of rows that do not count: the metric's own, and that of rows with one part only.

    A cost without its clicks counts for nothing: where blank means 0, a price looks too good.
    """
    if metric.denominator in (None, one) or isinstance(metric.denominator, Distinct | Weeks):
        return metric.left_out
    half = _Half(metric.numerator, metric.denominator, metric.where)
    return (*metric.left_out, (PART_LEFT_OUT, half))


@dataclass(frozen=True, slots=True)
class _Half:
    """The condition that a row has one part of a metric alone; of equal parts it is equal."""

    numerator: Measure
    denominator: Measure | None
    where: Condition | None

    def __call__(self, table: ir.Table, limits: Limits) -> ir.BooleanValue:
        numerator = per_row(table, self.numerator, limits).notnull()
        found = numerator != per_row(table, self.denominator, limits).notnull()
        return found if self.where is None else found & self.where(table, limits).fill_null(NO)


def blank(metric: Metric) -> Condition:
    """Whether a row has no number to count, and would count with one: a part is null in it."""

    def has_none(table: ir.Table, limits: Limits) -> ir.BooleanValue:
        parts = (metric.numerator, metric.denominator)
        found = reduce(or_, (per_row(table, part, limits).isnull() for part in parts))
        # Where the blank itself leaves it open, it is the blank that lacks.
        return found if metric.where is None else found & metric.where(table, limits).fill_null(YES)

    return has_none


def adds(metric: Metric, mapped: Collection[str]) -> bool:
    """Whether sums of the metric over parts of the rows add: no units, no different values.

    Nor do sums by cluster, of which one may be in several parts.
    """
    if isinstance(metric.denominator, Weeks) or metric.clusters in mapped:
        return False
    units = (metric.per or "").split("|")
    return not set(units) & set(mapped) and key_of(metric, mapped) is None


def reads_limits(table: ir.Table, metrics: Sequence[Metric]) -> bool:
    """Whether any of the metrics depends on what the user sets."""
    watched = _Watched()
    limits = cast("Limits", watched)
    for metric in metrics:
        counted_by(metric, table, limits)
        for _, met in (*metric.marks, *left_out_of(metric)):
            met(table, limits)
    return watched.read


class _Watched:
    """The usual limits, which remember whether they were read."""

    def __init__(self) -> None:
        self.read = False

    def __getattr__(self, name: str) -> object:
        self.read = True
        return getattr(Limits(), name)


def key_of(metric: Metric, mapped: Collection[str]) -> str | None:
    """The field whose different values the metric counts; None where it counts rows."""
    for measure in (metric.numerator, metric.denominator):
        if isinstance(measure, Distinct) and measure.field in mapped:
            return measure.field
    return None
