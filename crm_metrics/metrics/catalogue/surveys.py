"""Scores of surveys: promoters, satisfaction, and nothing from an unfit scale.

What a row is, and what counts a response once, is told in `combining.answers`.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from crm_metrics.metrics.expressions import NO, folded
from crm_metrics.metrics.model import Condition, Limits, Metric
from crm_metrics.metrics.observed import highest
from crm_metrics.metrics.respondents import RESPONDENT
from crm_metrics.metrics.scales import nobody_chose_zero
from crm_metrics.metrics.scores import scored

_CERTAIN_TOP = 7  # who asks on 0 to 10 gets an 8 before long; up to here it may be a shorter scale


def _on_ten(table: ir.Table) -> ir.BooleanValue:
    """Whether the scale can be 0 to 10: it is stated so, or nothing contradicts it."""
    stated = (table.scale_min == 0) & (table.scale_max == 10)
    seen = highest(table)
    fits = (
        (table.scale_min.fill_null(0) == 0)
        & (table.scale_max.fill_null(10) == 10)
        & (seen > _CERTAIN_TOP)
        & (seen <= 10)
    )
    return stated.fill_null(NO) | fits.fill_null(NO)


def _other_scale(table: ir.Table) -> ir.BooleanValue:
    """Whether the scale is another than 0 to 10, or may well be: nothing is said, no score over 7.

    Shorter scales have no 9 and 10: everybody would be a detractor.
    """
    seen = highest(table)
    short = table.scale_max.isnull() & (seen <= _CERTAIN_TOP)
    return ((table.scale_max != 10) | (table.scale_min > 0) | (seen > 10) | short).fill_null(NO)


def is_nps(table: ir.Table, _: Limits) -> ir.BooleanValue:
    """Said to be NPS and not on another scale, or, where nothing is said, on a scale of 0 to 10."""
    kind = folded(table.survey_type)
    said = (kind == "nps") & ~_other_scale(table)
    return ibis.ifelse(kind.isnull(), _on_ten(table), said)


def _said_nps_on(low: float, high: float) -> Condition:
    """Whether a question said to be NPS was asked on a scale that ends between these."""

    def asked(table: ir.Table, _: Limits) -> ir.BooleanValue:
        top = ibis.coalesce(table.scale_max, highest(table))
        said = (folded(table.survey_type) == "nps") & _other_scale(table) & table.score.notnull()
        return (said & (top > low) & (top <= high)).fill_null(NO)

    return asked


def is_csat(table: ir.Table, limits: Limits) -> ir.BooleanValue:
    """Whether the score is one of satisfaction: said so, or nothing is said and it is no NPS."""
    kind = folded(table.survey_type)
    unsaid = highest(table).notnull() & ~is_nps(table, limits)
    return ibis.ifelse(kind.isnull(), unsaid, kind == "csat")


METRICS = (
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
        where=is_nps,
        clusters=RESPONDENT,
        marks=(
            (
                "scale_assumed",
                lambda table, _: table.survey_type.isnull() & table.scale_max.isnull(),
            ),
            ("nobody_chose_zero", nobody_chose_zero),
        ),
        left_out=(
            ("nps_of_five", _said_nps_on(0, 5)),
            ("nps_of_seven", _said_nps_on(5, 7)),
            ("nps_from_one", _said_nps_on(7, 10)),
            ("nps_of_more", _said_nps_on(10, float("inf"))),
        ),
        empty="not_nps",
    ),
    *scored("surveys", where=is_csat, empty="not_csat"),
)
