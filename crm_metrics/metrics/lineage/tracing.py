"""From a value back to its rows, by the very expressions that it was counted with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from itertools import product
from operator import and_

import ibis
import ibis.expr.types as ir

from crm_metrics.metrics.combining.adding import may_add
from crm_metrics.metrics.combining.answers import ANSWERED
from crm_metrics.metrics.combining.events import FROM_EVENTS
from crm_metrics.metrics.compute import CATALOGUE, Engines, metric_named
from crm_metrics.metrics.counting import Question, asked_rows
from crm_metrics.metrics.expressions import NO
from crm_metrics.metrics.ground import Engine, grains_of, ground, mapped_of, parts_of
from crm_metrics.metrics.lineage.given import (
    FILE,
    LINE,
    OF_EVENTS,
    QUESTION,
    X,
    Y,
    has_lines,
    heaviest,
    joined,
)
from crm_metrics.metrics.lineage.model import Lineage, SourceLine
from crm_metrics.metrics.model import (
    Distinct,
    Filters,
    Limits,
    Measure,
    Metric,
    Value,
    Weeks,
    computable,
)
from crm_metrics.metrics.per_row import blank
from crm_metrics.metrics.rows import Asked, Slots, fields_read, selected, unit_of
from crm_metrics.metrics.standing import standing

BLANK = "cells_blank"
OTHER_ROWS = "other_rows"

_NAMES = {
    "proportion": ("x", "n"),
    "ratio": ("y", "x"),
    "mean": ("sum", "n"),
    "total": ("sum", "n"),
    "quantile": ("", "n"),
    "nps": ("", "n"),
}
"""The components that numerators and denominators (or the rows themselves) add up to."""


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of one grain and engine that a value was made from, and their metric's columns."""

    metric: Metric
    table: ir.Table
    slots: Slots
    unit: str | None
    fields: frozenset[str]

    @property
    def divides(self) -> bool:
        """Whether each row has a denominator of its own."""
        return self.metric.denominator is not None and not self._counts(self.metric.denominator)

    @property
    def sums(self) -> dict[str, ir.Value]:
        """The components that are plain sums over the rows that count."""
        numerator, denominator = _NAMES[self.metric.kind]
        y, x = self.table[self.slots.y], self.table[self.slots.x]
        found: dict[str, ir.Value] = {}
        if numerator and not self._is_judged and not self._counts(self.metric.numerator):
            found[numerator] = y.sum()
        if self.metric.kind in ("proportion", "ratio"):
            if self.divides:
                found[denominator] = x.sum(where=y.notnull())
            elif self.metric.denominator is None and not self.unit:
                found[denominator] = y.count()
        elif not self.unit:
            found[denominator] = y.count()
        return found

    @property
    def _is_judged(self) -> bool:
        """Whether it is units that count, by what their rows add up to."""
        one = self.metric
        return any((one.at_least is not None, one.above is not None, one.fullest))

    def _counts(self, measure: Measure | None) -> bool:
        """Whether the measure counts different values, or weeks: no sum over rows."""
        if isinstance(measure, Weeks):
            return True
        apart = self.unit is not None or self.metric.kind == "total"
        return isinstance(measure, Distinct) and self.slots.key is not None and apart


def lineage(
    engines: Engines,
    value: Value,
    *,
    filters: Filters | None = None,
    limits: Limits | None = None,
    first: int = 20,
) -> Lineage:
    """The rows that a value of `compute` was made from; filters and limits are those it was asked.

    Lines come with the largest denominator first, then the largest numerator. Raises what
    `metric_named` raises.
    """
    asked = Question(tuple(value.group), (filters or Filters(),), limits or Limits())
    return joined((_of_rows(rows, first) for rows in _each(engines, value, asked)), first)


def _of_rows(rows: _Rows, first: int) -> Lineage:
    sums = _aggregated(rows)
    counted = int(sums.pop("counted"))
    reasons = (*_reasons(rows), OTHER_ROWS)
    left_out = {flag: int(sums.pop(f"out_{flag}")) for flag in reasons}
    numbered = has_lines(rows.table)
    return Lineage(
        tuple(_lines(rows, first)) if counted and first and numbered else (),
        counted,
        sums,
        {flag: number for flag, number in left_out.items() if number},
        0 if numbered else counted,
    )


def _each(engines: Engines, value: Value, asked: Question) -> Iterator[_Rows]:
    named = metric_named(value.metric, value.grain)
    chosen = [metric for metric in CATALOGUE if _is_part(metric, named)]
    for engine in engines if isinstance(engines, Sequence) else (engines,):
        for part, metric in product(parts_of(engine), chosen):
            if metric.grain in grains_of(part):
                rows = _rows(part, metric, value, asked)
                if rows is not None:
                    yield rows


def _is_part(metric: Metric, named: Metric) -> bool:
    """Whether rows of this metric may be among those of the named: quantiles stay apart."""
    return metric is named or (metric.kind != "quantile" and may_add(named, metric))


def _rows(engine: Engine, metric: Metric, value: Value, asked: Question) -> _Rows | None:
    if not computable(metric, mapped_of(engine, metric.grain)):
        return None
    table, _ = ground(engine, metric.grain)
    own = standing(engine, metric, table)
    own = replace(own, left_out=(*own.left_out, (BLANK, blank(own))))
    of_rows = asked_rows(engine, [own], asked)
    if not isinstance(of_rows, Asked):
        return None
    of_rows = replace(of_rows, known={})
    table = of_rows.table
    unit = unit_of(of_rows, own)
    events = table[FROM_EVENTS].fill_null(NO) if FROM_EVENTS in table.columns else NO
    question = table["question"] if metric.grain == ANSWERED else ibis.null("string")
    own_line = {FILE: table["__dataset"], LINE: table["__line"]}
    beside = own_line | {OF_EVENTS: events, QUESTION: question}
    rows, (slots,) = selected(of_rows, [own], unit, beside=beside)
    conditions = [
        _is_named(rows[column], value.group[name])
        for column, name in zip(of_rows.names, asked.by, strict=True)
    ]
    if conditions:
        rows = rows.filter(reduce(and_, conditions))
    return _Rows(own, rows, slots, unit, fields_read(of_rows, own))


def _is_named(column: ir.Value, name: str | None) -> ir.BooleanValue:
    """Whether a group's column has the value that `compute` calls so."""
    if name is None:
        return column.isnull()
    kind = column.type()
    if kind.is_temporal():
        return column.cast("date") == ibis.literal(date.fromisoformat(name))
    if kind.is_boolean():
        return column == ibis.literal(value=name == "true")
    return column == (float(name) if kind.is_numeric() else name)


def _reasons(rows: _Rows) -> dict[str, ir.BooleanValue]:
    """A row's condition for each reason not to count; that a cell is blank says least."""
    found = {flag: rows.table[column].fill_null(NO) for flag, column in rows.slots.left_out}
    return found | {BLANK: found.pop(BLANK)}


def _aggregated(rows: _Rows) -> dict[str, float]:
    """How many rows count, what they add up to, and how many do not by the first reason."""
    counted = rows.table[rows.slots.y].notnull()
    found: dict[str, ir.Value] = {"counted": counted.sum(), **rows.sums}
    rest = ~counted
    for flag, met in _reasons(rows).items():
        found[f"out_{flag}"] = (rest & met).sum()
        rest &= ~met
    found[f"out_{OTHER_ROWS}"] = rest.sum()
    (line,) = rows.table.aggregate(**found).to_pyarrow().to_pylist()
    return {name: float(number or 0) for name, number in line.items()}


def _lines(rows: _Rows, first: int) -> list[SourceLine]:
    """The heaviest rows."""
    y, x = rows.table[rows.slots.y], rows.table[rows.slots.x]
    adds = {Y: y, X: x} if rows.divides else {Y: y}
    own = rows.table.filter(y.notnull()).select(FILE, LINE, OF_EVENTS, QUESTION, **adds)
    return heaviest(own, rows.fields, first)
