"""Satisfaction by scores, wherever they stand: of a survey, a conversation, a call.

A score that stands in the ticket and again in a file of survey answers is one answer twice: values
of different kinds of rows are never added.
"""

from __future__ import annotations

from functools import partial

import ibis.expr.types as ir

from crm_metrics.metrics.expressions import NO, one
from crm_metrics.metrics.model import Condition, Limits, Metric
from crm_metrics.metrics.respondents import RESPONDENT
from crm_metrics.metrics.scales import assumed_scale, in_bottom_box, in_top_box, oriented, two_ends

NOT_GRADES = "two_answers"
"""The flag of a mean over words that are no grades."""


def _score(table: ir.Table, _: Limits) -> ir.Value:
    return oriented(table)


def _graded(where: Condition | None, table: ir.Table, limits: Limits) -> ir.BooleanValue:
    own = ~two_ends(table, limits)
    return own if where is None else where(table, limits) & own


def _of_two(where: Condition | None, table: ir.Table, limits: Limits) -> ir.BooleanValue:
    """Whether a score is one of the metric's but for its question, which got two answers alone."""
    own = two_ends(table, limits) & table.score.notnull()
    return (own if where is None else where(table, limits) & own).fill_null(NO)


def scored(
    grain: str, *, where: Condition | None = None, empty: str = "no_data"
) -> tuple[Metric, ...]:
    """The share of the satisfied, that of the dissatisfied, and the mean score of a grain."""
    made = partial(
        Metric, grain=grain, needs=("score",), where=where, empty=empty, clusters=RESPONDENT
    )
    share = partial(
        made,
        kind="proportion",
        denominator=one,
        unit="share",
        marks=(("scale_assumed", assumed_scale),),
    )
    return (
        share(
            key="csat",
            numerator=in_top_box,
            direction="up",
            variant="top_box",
            formula="count(score in top_box) / count(score)",
        ),
        share(
            key="csat_bottom2",
            numerator=in_bottom_box,
            direction="down",
            variant="bottom_box",
            formula="count(score in bottom_box) / count(score)",
        ),
        made(
            key="csat_mean",
            kind="mean",
            numerator=_score,
            unit="score",
            direction="up",
            variant="mean_score",
            formula="mean(score)",
            where=partial(_graded, where),
            empty="no_data",
            left_out=((NOT_GRADES, partial(_of_two, where)),),
        ),
    )
