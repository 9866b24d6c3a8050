"""What each row of facts gives each metric: its y and x, its marks, its currency.

Columns are named by the metric's place: y0 and x0 (null where the row does not count), k0 (the
values of a count of different ones), f0_0 (marks), l0_0 (reasons to be left out), m0 (currency, ""
where unknown); and g0.. (groups), unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from crm_metrics.metrics.expressions import NO
from crm_metrics.metrics.model import Distinct, Limits, Measure, Metric


@dataclass(frozen=True, slots=True)
class Asked:
    """The facts, which of them are kept, and how they are grouped (one column per group name)."""

    table: ir.Table
    keep: ir.BooleanValue
    groups: tuple[ir.Value, ...]
    mapped: frozenset[str]
    limits: Limits

    @property
    def names(self) -> list[str]:
        """The group columns of what comes back: g0, g1, ..."""
        return [f"g{place}" for place in range(len(self.groups))]


def selected(asked: Asked, metrics: Sequence[Metric], unit: str | None = None) -> ir.Table:
    """The kept rows with every metric's columns.

    Columns are made before rows are dropped, so that what looks at other rows (the day before, the
    scale of all answers) sees all of them.
    """
    columns: dict[str, ir.Value] = dict(zip(asked.names, asked.groups, strict=True))
    columns["keep"] = asked.keep
    if unit:
        columns["unit"] = asked.table[unit].cast("string").fill_null(_own_name(asked.table))
    for place, metric in enumerate(metrics):
        columns |= _columns(asked, metric, place)
    rows = asked.table.select(**columns)
    return rows.filter(rows.keep)


def unit_of(asked: Asked, metric: Metric) -> str | None:
    """The field whose values are the metric's units; None where rows are."""
    names = (metric.per or "").split("|")
    return next((name for name in names if name in asked.mapped), None)


def has_keys(asked: Asked, measure: Measure | None) -> bool:
    """Whether different values are counted, of a field that the facts have."""
    return isinstance(measure, Distinct) and measure.field in asked.mapped


def total(rows: ir.Table, asked: Asked, measure: Measure | None, column: str) -> ir.Value:
    """The sum of y or x; or how many different values there are, and rows without one."""
    if not has_keys(asked, measure):
        return rows[column].sum()
    key = rows[f"k{column[1:]}"]
    return key.nunique() + (rows[column].notnull() & key.isnull()).sum().fill_null(0)


def _own_name(table: ir.Table) -> ir.StringValue:
    """A name of the row itself: a row without a customer is a unit of its own."""
    return table["__dataset"].cast("string").fill_null("") + ":" + table["__line"].cast("string")


def _columns(asked: Asked, metric: Metric, place: int) -> dict[str, ir.Value]:
    table, limits = asked.table, asked.limits
    y = _per_row(table, metric.numerator, limits)
    x = ibis.literal(1.0)
    if metric.denominator is not None:
        x = _per_row(table, metric.denominator, limits)
    counted = y.notnull() & x.notnull()
    if metric.where is not None:
        counted = counted & metric.where(table, limits).fill_null(NO)
    found: dict[str, ir.Value] = {
        f"y{place}": ibis.ifelse(counted, y, ibis.null("float64")),
        f"x{place}": ibis.ifelse(counted, x, ibis.null("float64")),
    }
    for measure in (metric.numerator, metric.denominator):
        if isinstance(measure, Distinct) and has_keys(asked, measure):
            key = table[measure.field].cast("string")
            found[f"k{place}"] = ibis.ifelse(counted, key, ibis.null("string"))
    for mark, (_, condition) in enumerate(metric.marks):
        found[f"f{place}_{mark}"] = counted & condition(table, limits).fill_null(NO)
    for mark, (_, condition) in enumerate(metric.left_out):
        found[f"l{place}_{mark}"] = ~counted & condition(table, limits).fill_null(NO)
    if metric.money:
        currency = table.currency.fill_null("")
        found[f"m{place}"] = ibis.ifelse(counted, currency, ibis.null("string"))
    return found


def _per_row(table: ir.Table, measure: Measure, limits: Limits) -> ir.Value:
    if isinstance(measure, Distinct):
        return ibis.literal(1.0)
    value = table[measure] if isinstance(measure, str) else measure(table, limits)
    return (value.cast("int64") if value.type().is_boolean() else value).cast("float64")
