"""Who answers surveys: how many, of how many asked, how long it takes, how many are satisfied."""

from __future__ import annotations

from functools import partial

import ibis.expr.types as ir

from crm_metrics.metrics.catalogue.surveys import is_csat
from crm_metrics.metrics.expressions import NO, first_known, not_negative, one, seconds_between
from crm_metrics.metrics.model import Limits, Metric
from crm_metrics.metrics.people import PERSON, nameless
from crm_metrics.metrics.scales import in_top_box

_RESPONSE = "response_id"
_TOOK = "duration|responded_at|ended_at"
_BEGUN = "duration|started_at"


def _is_answer(table: ir.Table, _: Limits) -> ir.BooleanValue:
    """Whether the row has an answer to its question; a blank is none."""
    return table.is_answer


def _sent_blank(table: ir.Table, _: Limits) -> ir.BooleanValue:
    """Whether the form came in without a score or a comment: nobody answered anything."""
    sent = table.responded_at.notnull() | table.ended_at.notnull()
    return sent & ~table.is_answer


def _invited(table: ir.Table, _: Limits) -> ir.BooleanValue:
    return table.invited_at.notnull()


def _took_raw(table: ir.Table) -> ir.Value:
    return first_known(
        table.duration.cast("float64"),
        seconds_between(table.responded_at, table.started_at),
        seconds_between(table.ended_at, table.started_at),
    )


def _took(table: ir.Table, _: Limits) -> ir.Value:
    """Seconds from the first to the last of a survey, null where it ends before it begins."""
    return not_negative(_took_raw(table))


def _satisfied(table: ir.Table, limits: Limits) -> ir.BooleanValue:
    return (
        is_csat(table, limits).fill_null(NO)
        & in_top_box(table, limits).fill_null(NO)
        & ~nameless(table, limits)
    )


_total = partial(Metric, grain="surveys", kind="total", unit="count", direction="up", needs=())
_of_responses = partial(Metric, grain="surveys", per=_RESPONSE)
_duration = partial(
    _of_responses,
    kind="quantile",
    numerator=_took,
    denominator=one,
    unit="seconds",
    direction="down",
    needs=(_TOOK, _BEGUN),
    variant="of_survey_responses",
    left_out=(("negative_left_out", lambda table, _: _took_raw(table) < 0),),
)

METRICS = (
    _total(
        key="answers",
        numerator=one,
        where=_is_answer,
        variant="sum",
        formula="count(score or comment)",
    ),
    _total(
        key="survey_responses",
        numerator=_is_answer,
        per=_RESPONSE,
        at_least=1,
        where=_is_answer,
        left_out=(("blank_forms_left_out", _sent_blank),),
        variant="of_survey_responses",
        formula="count_distinct(response_id)",
    ),
    _of_responses(
        key="survey_response_rate",
        kind="proportion",
        numerator=_is_answer,
        at_least=1,
        where=_invited,
        marks=(("blank_forms_left_out", _sent_blank),),
        unit="share",
        direction="up",
        needs=("invited_at", "score|comment|responded_at|ended_at"),
        variant="of_invited",
        formula="count(responses) / count(invitations)",
        empty="none_invited",
    ),
    _duration(
        key="survey_duration_median", quantile=0.5, formula="median(responded_at - started_at)"
    ),
    _duration(key="survey_duration_p90", quantile=0.9, formula="p90(responded_at - started_at)"),
    Metric(
        key="satisfied_customers",
        grain="surveys",
        kind="total",
        numerator=_satisfied,
        per=PERSON,
        at_least=1,
        where=_satisfied,
        unit="count",
        direction="up",
        needs=("score", PERSON),
        variant="unique_people",
        formula="count_distinct(person where score in top_box)",
        empty="not_csat",
        left_out=(("nameless_left_out", nameless),),
    ),
)
