"""Amounts of several files that name no currency: taken to be the same, which has to be said."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import ibis.expr.types as ir

from crm_metrics.metrics.expressions import NO
from crm_metrics.metrics.model import Condition, Metric
from crm_metrics.metrics.scales import SCALE_MARKS
from crm_metrics.schema import fields_of, kind_of

_MARK = "unnamed_currency_"


def unnamed(grain: str, filled: Mapping[str, Collection[str]]) -> tuple[str, ...]:
    """The data sets with amounts of which none names its currency."""
    money = {name for name in fields_of(grain) if kind_of(name, grain) == "money"}
    found = (
        name for name, own in filled.items() if "currency" not in own and not money.isdisjoint(own)
    )
    return tuple(sorted(found))


def with_unnamed(metric: Metric, files: Sequence[str]) -> Metric:
    """A metric of money whose values tell whether rows of several of these data sets count.

    A mark for each digit of a file's number, of which two files differ in one at least.
    """
    if not metric.money or len(files) < 2:
        return metric
    marks = [
        (f"{_MARK}{place}_{digit}", _among([*_with(files, place, digit)]))
        for place in range((len(files) - 1).bit_length())
        for digit in (0, 1)
    ]
    return replace(metric, marks=(*metric.marks, *marks))


def of_several(marks: Collection[str]) -> bool:
    """Whether the marks are of rows of two data sets or more."""
    places = {mark[:-1] for mark in marks if mark.startswith(_MARK)}
    return any({f"{place}0", f"{place}1"} <= set(marks) for place in places)


def said(marks: Sequence[str]) -> list[str]:
    """The marks that a value says: these are no flags of their own."""
    return [mark for mark in marks if not mark.startswith((_MARK, *SCALE_MARKS))]


def _with(files: Sequence[str], place: int, digit: int) -> list[str]:
    return [name for number, name in enumerate(files) if number >> place & 1 == digit]


def _among(files: Sequence[str]) -> Condition:
    def among(table: ir.Table, _: object) -> ir.BooleanValue:
        name = table["__dataset"].cast("string")
        return (name.isin(files) & table.currency.isnull()).fill_null(NO)

    return among
