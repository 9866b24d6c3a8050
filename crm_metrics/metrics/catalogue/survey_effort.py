"""How easy it was (CES), once it is said which end of the scale means easy.

In the wording of 2010 ("how much effort did you have to put forth", 1 to 5) low is good; in that
of CES 2.0 ("the company made it easy for me", 1 to 7) high is good (Dixon, Freeman and Toman,
2010; CEB, 2013). The numbers look alike, so nothing is counted before that is known.
"""

from __future__ import annotations

from functools import partial

import ibis
import ibis.expr.types as ir

from crm_metrics.metrics.expressions import NO, any_of, folded, one
from crm_metrics.metrics.model import Condition, Limits, Metric
from crm_metrics.metrics.respondents import RESPONDENT
from crm_metrics.metrics.scales import (
    assumed_scale,
    high_is_good,
    low_is_good,
    scale_bottom,
    scale_top,
)


def _of_effort(which: Condition) -> Condition:
    def counts(table: ir.Table, limits: Limits) -> ir.BooleanValue:
        return _asks_effort(table) & which(table, limits).fill_null(NO)

    return counts


def _asks_effort(table: ir.Table) -> ir.BooleanValue:
    return (folded(table.survey_type) == "ces").fill_null(NO) & table.score.notnull()


def _either_end_unsaid(table: ir.Table, limits: Limits) -> ir.BooleanValue:
    return _asks_effort(table) & ~any_of(high_is_good, low_is_good)(table, limits)


def _was_easy(table: ir.Table, limits: Limits) -> ir.BooleanValue:
    """Whether the score is on the easy side of the scale's middle: 5 to 7 of 1 to 7."""
    middle = (scale_top(table) + scale_bottom(table)) / 2
    return ibis.ifelse(low_is_good(table, limits), table.score < middle, table.score > middle)


_effort = partial(
    Metric,
    grain="surveys",
    clusters=RESPONDENT,
    needs=("score", "survey_type"),
    left_out=(("polarity_unknown", _either_end_unsaid),),
    empty="not_ces",
)
_mean = partial(_effort, kind="mean", numerator="score", unit="score", formula="mean(score)")

METRICS = (
    _mean(key="ces", direction="up", variant="high_is_easy", where=_of_effort(high_is_good)),
    _mean(key="ces_2010", direction="down", variant="low_is_easy", where=_of_effort(low_is_good)),
    _effort(
        key="ces_easy_share",
        kind="proportion",
        numerator=_was_easy,
        denominator=one,
        unit="share",
        direction="up",
        variant="beyond_middle",
        formula="count(score on the easy side of the middle) / count(score)",
        where=_of_effort(any_of(high_is_good, low_is_good)),
        marks=(("scale_assumed", assumed_scale),),
    ),
)
