"""Survey answers, one row each: promoters, satisfaction, and nothing from an unfit scale.

What a row is, and what counts a response once, is told in `combining.answers`.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from crm_metrics.metrics.expressions import NO, folded, one
from crm_metrics.metrics.model import Limits, Metric
from crm_metrics.metrics.scales import (
    assumed_scale,
    in_top_box,
    observed_top,
    oriented,
    scale_top,
)


def _on_ten(table: ir.Table) -> ir.BooleanValue:
    """Whether the scale can be 0 to 10: it is stated so, or nothing contradicts it."""
    stated = (table.scale_min == 0) & (table.scale_max == 10)
    seen = observed_top(table)
    fits = (
        (table.scale_min.fill_null(0) == 0)
        & (table.scale_max.fill_null(10) == 10)
        & (seen > 7)
        & (seen <= 10)
    )
    return stated.fill_null(NO) | fits.fill_null(NO)


def _is_nps(table: ir.Table, _: Limits) -> ir.BooleanValue:
    """Said to be NPS and not on another scale, or, where nothing is said, on a scale of 0 to 10."""
    kind = folded(table.survey_type)
    other_scale = (table.scale_max != 10) | (table.scale_min > 0) | (observed_top(table) > 10)
    said = (kind == "nps") & ~other_scale.fill_null(NO)
    return ibis.ifelse(kind.isnull(), _on_ten(table), said)


def _is_csat(table: ir.Table, limits: Limits) -> ir.BooleanValue:
    kind = folded(table.survey_type)
    unsaid = observed_top(table).notnull() & ~_is_nps(table, limits)
    return ibis.ifelse(kind.isnull(), unsaid, kind == "csat")


def _is_answer(table: ir.Table, _: Limits) -> ir.BooleanValue:
    return table.is_answer


METRICS = (
    Metric(
        key="answers",
        grain="surveys",
        kind="total",
        numerator=one,
        unit="count",
        direction="up",
        needs=(),
        variant="sum",
        formula="count(score or comment)",
        where=_is_answer,
    ),
    Metric(
        key="nps",
        grain="surveys",
        kind="nps",
        numerator="score",
        unit="points",
        direction="up",
        needs=("score",),
        variant="scale_0_10",
        formula="100 * (count(score >= 9) - count(score <= 6)) / count(score)",
        where=_is_nps,
        marks=(
            (
                "scale_assumed",
                lambda table, _: table.survey_type.isnull() & table.scale_max.isnull(),
            ),
        ),
        empty="not_nps",
    ),
    Metric(
        key="csat",
        grain="surveys",
        kind="proportion",
        numerator=lambda table, _: in_top_box(oriented(table), scale_top(table)),
        denominator=one,
        unit="share",
        direction="up",
        needs=("score",),
        variant="top_box",
        formula="count(score in top_box) / count(score)",
        where=_is_csat,
        marks=(("scale_assumed", assumed_scale),),
        empty="not_csat",
    ),
    Metric(
        key="csat_mean",
        grain="surveys",
        kind="mean",
        numerator="score",
        unit="score",
        direction="up",
        needs=("score",),
        variant="mean_score",
        formula="mean(score)",
        where=_is_csat,
        empty="not_csat",
    ),
)
