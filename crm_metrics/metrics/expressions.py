"""Pieces that several declarations share: expressions over a grain's completed table."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import reduce
from operator import add, or_

import ibis
import ibis.expr.types as ir

from crm_metrics.metrics.model import Column, Condition, Limits

YES = ibis.literal(value=True)
NO = ibis.literal(value=False)


def one(_: ir.Table, _limits: Limits) -> ir.Value:
    """Each row counts as one."""
    return ibis.literal(1.0)


def first_known(*values: ir.Value) -> ir.Value:
    """The first of the values that is not null; not every engine has a coalesce of one."""
    return ibis.coalesce(*values) if values[1:] else values[0]


def at(*names: str) -> Column:
    """The first of these fields that is not null."""

    def first(table: ir.Table, _: Limits) -> ir.Value:
        return first_known(*(table[name] for name in names))

    return first


def sum_of(table: ir.Table, *names: str) -> ir.Value:
    """The sum of the fields that are not null; null where all are."""
    parts = [table[name] for name in names]
    total = parts[0].fill_null(0)
    for part in parts[1:]:
        total = total + part.fill_null(0)
    known = first_known(*(part.cast("float64") for part in parts)).notnull()
    return ibis.ifelse(known, total.cast("float64"), ibis.null("float64"))


def lacks(count: str, stand_in: str) -> Condition:
    """Whether a stand-in was used because the count itself is not there."""

    def condition(table: ir.Table, _: Limits) -> ir.BooleanValue:
        return table[count].isnull() & table[stand_in].notnull()

    return condition


def seconds_between(later: ir.Value, earlier: ir.Value) -> ir.Value:
    """The duration in seconds between two dates or timestamps, to the whole second."""
    first, last = earlier.cast("timestamp"), later.cast("timestamp")
    return (last.epoch_seconds() - first.epoch_seconds()).cast("float64")


def not_negative(value: ir.Value) -> ir.Value:
    """The duration, null where it is below zero: an error in the data, not a duration."""
    return ibis.ifelse(value >= 0, value, ibis.null("float64"))


def folded(column: ir.StringValue) -> ir.StringValue:
    """Text as it is compared: lower case, without spaces around."""
    return column.cast("string").strip().lower()


def any_true(conditions: Iterable[ir.BooleanValue]) -> ir.BooleanValue:
    """Whether one of the conditions holds, an unknown one not."""
    return reduce(or_, (one.fill_null(NO) for one in conditions))


def any_of(*conditions: Callable[[ir.Table, Limits], ir.BooleanValue]) -> Condition:
    """Whether one of the conditions holds (an unknown one does not)."""

    def either(table: ir.Table, limits: Limits) -> ir.BooleanValue:
        return any_true(condition(table, limits) for condition in conditions)

    return either


def count_or_rate(count: str | Column, rate: str, base: str | Column) -> Column:
    """The count; where it lacks, the rate times the base, which is a whole number."""

    def counted(table: ir.Table, limits: Limits) -> ir.Value:
        from_rate = (table[rate] * _read(table, limits, base)).round().cast("float64")
        return ibis.coalesce(_read(table, limits, count).cast("float64"), from_rate)

    return counted


def rate_without(rate: str, *counts: str | Column) -> Condition:
    """Whether there is a rate, and one of the counts behind it lacks: it can't be added."""

    def without(table: ir.Table, limits: Limits) -> ir.BooleanValue:
        found = NO
        for count in counts:
            found = found | _read(table, limits, count).isnull()
        return table[rate].notnull() & found

    return without


def interactions(*parts: str) -> Column:
    """Interactions with posts: the vendor's own sum, or else the sum of these parts."""

    def summed(table: ir.Table, _: Limits) -> ir.Value:
        return ibis.coalesce(table.engagements.cast("float64"), sum_of(table, *parts))

    return summed


def summed_interactions(table: ir.Table, _: Limits) -> ir.BooleanValue:
    """Whether the interactions were summed here, so that the vendor may count others too."""
    return table.engagements.isnull()


def divided(numerator: Column, denominator: Column) -> Column:
    """A ratio of each row's own; null where the denominator is not above zero."""

    def each(table: ir.Table, limits: Limits) -> ir.Value:
        y, x = numerator(table, limits), denominator(table, limits).cast("float64")
        return ibis.ifelse(x > 0, y / x, ibis.null("float64"))

    return each


def score(value: ir.Value, cuts: tuple[float, ...]) -> ir.IntegerValue:
    """1 and one more for each cut point that lies below the value."""
    return reduce(add, ((value > cut).cast("int8") for cut in cuts)) + 1


def known_account(table: ir.Table) -> ir.Value:
    """What tells accounts apart: the account, or the file where it is not named."""
    return ibis.coalesce(table.account, table["__dataset"].cast("string"))


def _read(table: ir.Table, limits: Limits, column: str | Column) -> ir.Value:
    return table[column] if isinstance(column, str) else column(table, limits)
