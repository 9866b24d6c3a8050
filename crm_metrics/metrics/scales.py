"""Which scale a score was given on: the one stated, or else the smallest usual one that holds all.

Where the scale is assumed, values say so ("scale_assumed").
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from crm_metrics.metrics.expressions import NO
from crm_metrics.metrics.model import Limits

# How many of the best scores count as satisfied, by the top of the scale (Formbricks' rule).
_TOP_BOX = ((3, 1), (7, 2), (10, 3))
_USUAL = (3, 5, 7, 10)


def observed_top(table: ir.Table) -> ir.Value:
    """The highest score that the data set has for the row's question."""
    question = table["question"] if "question" in table.columns else ibis.literal("")
    return table.score.max().over(ibis.window(group_by=[table["__dataset"], question]))


def scale_top(table: ir.Table) -> ir.Value:
    """The scale's top on each row; null where no usual scale holds the scores."""
    seen = observed_top(table)
    usual = ibis.cases(*((seen <= top, float(top)) for top in _USUAL))
    stated = table["scale_max"] if "scale_max" in table.columns else ibis.null("float64")
    return ibis.coalesce(stated, usual)


def oriented(table: ir.Table) -> ir.Value:
    """The score with its good end up: turned round within the scale where the low end is good.

    As it stands where nothing is said of that; null where it is to be turned round and the scale's
    ends are not told.
    """
    if "polarity" not in table.columns:
        return table.score
    turned = table.scale_min + table.scale_max - table.score
    return ibis.ifelse((table.polarity == "low").fill_null(NO), turned, table.score)


def assumed_scale(table: ir.Table, _: Limits) -> ir.BooleanValue:
    """Whether the row's scale is not stated."""
    if "scale_max" not in table.columns:
        return table.score.notnull()
    return table.scale_max.isnull() & table.score.notnull()


def in_top_box(score: ir.Value, top: ir.Value) -> ir.BooleanValue:
    """Whether a score counts as satisfied: 3 of 3, the top two of 4 to 7, the top three of 10."""
    boxes = ibis.cases(*((top <= limit, float(count)) for limit, count in _TOP_BOX))
    return score > top - boxes
