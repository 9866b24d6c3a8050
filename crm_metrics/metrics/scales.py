"""Which scale a score was given on, and which of its ends is the good one.

The scale is the one stated, or else the smallest usual one that holds all scores: where it is
assumed, values say so ("scale_assumed"). Which end is good is never assumed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from functools import partial
from typing import Final

import ibis
import ibis.expr.types as ir

from crm_metrics.metrics.expressions import NO, folded
from crm_metrics.metrics.model import Condition, Limits, Metric
from crm_metrics.metrics.observed import given, has_two_answers, highest, lowest

HIGH_GOOD: Final = "high"
LOW_GOOD: Final = "low"

# How many of the best scores count as satisfied, by the top of the scale (Formbricks' rule).
TOP_BOX = ((3, 1), (7, 2), (10, 3))
USUAL = (3, 5, 7, 10)
_TOPS = (*USUAL, 4, 6, 9, 100)
_MANY = 30  # answers of which the lowest of the scale would be one
_TOP, _BOTTOM = SCALE_MARKS = ("scale_to_", "scale_from_")

PROMOTER, DETRACTOR = 9, 6
"""On 0 to 10: who gives that much or more recommends, who gives that little or less does not."""


def usual_top(highest: float) -> float | None:
    """The top of the smallest usual scale that holds a score; None where none does."""
    return next((float(top) for top in USUAL if highest <= top), None)


def usual_bottom(lowest: float) -> float:
    """Where such a scale begins: at 0 where that was given, else at 1."""
    return 0.0 if lowest < 1 else 1.0


def nobody_chose_zero(table: ir.Table, _: Limits) -> ir.BooleanValue:
    """Whether the scale may begin at 1: where it begins is not stated, and of many none gave 0."""
    unsaid = stated(table, "scale_min").isnull()
    return (unsaid & (lowest(table) == 1) & (given(table) >= _MANY)).fill_null(NO)


def two_ends(table: ir.Table, _: Limits) -> ir.BooleanValue:
    """Whether the question got the two ends of its scale and nothing between: good or bad.

    Words like these are no grades: their mean depends on the numbers that are taken for them.
    """
    low, high = lowest(table), highest(table)
    at_ends = (low == scale_bottom(table)) & (high == scale_top(table))
    no_or_yes = (low == 0) & (high == 1)
    return (has_two_answers(table) & (at_ends | no_or_yes)).fill_null(NO)


def scale_top(table: ir.Table) -> ir.Value:
    """The scale's top on each row; null where no usual scale holds the scores."""
    seen = highest(table)
    usual = ibis.cases(*((seen <= top, float(top)) for top in USUAL))
    return ibis.coalesce(stated(table, "scale_max"), usual)


def scale_bottom(table: ir.Table) -> ir.Value:
    """The scale's lowest score on each row: as stated, else 0 where one was given, else 1."""
    low = ibis.ifelse(lowest(table) < 1, 0.0, 1.0)
    return ibis.coalesce(stated(table, "scale_min"), low)


def stated(table: ir.Table, name: str, kind: str = "float64") -> ir.Value:
    """A column that says something of a score, null where the table has none."""
    return table[name].cast(kind) if name in table.columns else ibis.null(kind)


def oriented(table: ir.Table) -> ir.Value:
    """The score with its good end up: turned round within the scale where the low end is good.

    As it stands where nothing is said of that; null where it is to be turned round and the scale's
    ends are not told.
    """
    if "polarity" not in table.columns:
        return table.score
    turned = table.scale_min + table.scale_max - table.score
    return ibis.ifelse((_polarity(table) == LOW_GOOD).fill_null(NO), turned, table.score)


def with_scales(metric: Metric) -> Metric:
    """A mean of scores whose values tell which scales these are on; see `scales_of`."""
    if metric.kind != "mean" or metric.unit != "score":
        return metric
    tops: list[tuple[str, Condition]] = [
        (f"{_TOP}{top}", partial(_ends_at, scale_top, top)) for top in _TOPS
    ]
    tops.append((f"{_TOP}other", _other_top))
    bottoms = [(f"{_BOTTOM}{low}", partial(_ends_at, scale_bottom, low)) for low in (0, 1)]
    return replace(metric, marks=(*metric.marks, *tops, *bottoms))


def scales_of(marks: Collection[str]) -> tuple[list[str], list[str]]:
    """The lower and the upper ends of the scales that rows with these marks are on."""
    found = (
        [mark.removeprefix(begin) for mark in marks if mark.startswith(begin)]
        for begin in (_BOTTOM, _TOP)
    )
    bottoms, tops = found
    return bottoms, tops


def _ends_at(
    end: Callable[[ir.Table], ir.Value], where: int, table: ir.Table, _: Limits
) -> ir.BooleanValue:
    return (end(table) == where).fill_null(NO)


def _other_top(table: ir.Table, _: Limits) -> ir.BooleanValue:
    return ~scale_top(table).isin([float(top) for top in _TOPS]).fill_null(NO)


def assumed_scale(table: ir.Table, _: Limits) -> ir.BooleanValue:
    """Whether the row's scale is not stated."""
    return stated(table, "scale_max").isnull() & table.score.notnull()


def high_is_good(table: ir.Table, _: Limits) -> ir.BooleanValue:
    """Whether the high end of the row's question is said to be the good one."""
    return _polarity(table) == HIGH_GOOD


def low_is_good(table: ir.Table, _: Limits) -> ir.BooleanValue:
    """Whether the low end of the row's question is said to be the good one."""
    return (_polarity(table) == LOW_GOOD).fill_null(NO)


def boxes(top: ir.Value) -> ir.Value:
    """How many scores at an end of the scale are its box: 1 to 3, 2 to 7, 3 to 10."""
    return ibis.cases(*((top <= limit, float(count)) for limit, count in TOP_BOX))


def in_top_box(table: ir.Table, _: Limits) -> ir.BooleanValue:
    """Whether a score counts as satisfied: 3 of 3, the top two of 4 to 7, the top three of 10."""
    top = scale_top(table)
    return oriented(table) > top - boxes(top)


def in_bottom_box(table: ir.Table, _: Limits) -> ir.BooleanValue:
    """Whether a score counts as dissatisfied: as many scores at the bottom as the top box has."""
    return oriented(table) < scale_bottom(table) + boxes(scale_top(table))


def _polarity(table: ir.Table) -> ir.Value:
    return folded(stated(table, "polarity", "string"))
