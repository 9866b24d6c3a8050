"""People behind outbound messages: how many were reached, how often, and who responded."""

from __future__ import annotations

from functools import partial

import ibis
import ibis.expr.types as ir

from crm_metrics.metrics.catalogue.recipients import (
    BASE_SENT,
    base,
    clicked_by_person,
    opened_by_person,
)
from crm_metrics.metrics.expressions import any_of, at, first_known
from crm_metrics.metrics.model import Column, Limits, Metric, Weeks
from crm_metrics.metrics.people import PERSON, nameless

_ACTS = "clicked|clicked_at|replied|replied_at|converted|converted_at"
_DATED = "date|sent_at|delivered_at"
_RESPONSES = (clicked_by_person, at("replied"), at("converted"))


def _reached(table: ir.Table, limits: Limits) -> ir.BooleanValue:
    return base(table, limits) & ~nameless(table, limits)


def _undated(table: ir.Table, _: Limits) -> ir.BooleanValue:
    return table.date.isnull()


def _did_any(*acts: Column) -> Column:
    """Whether the person did one of these; null where none of them is known."""

    def did(table: ir.Table, limits: Limits) -> ir.BooleanValue:
        known = first_known(*(act(table, limits) for act in acts)).notnull()
        return ibis.ifelse(known, any_of(*acts)(table, limits), ibis.null("boolean"))

    return did


_of_people = partial(
    Metric,
    grain="recipients",
    per=PERSON,
    where=_reached,
    marks=BASE_SENT,
    left_out=(("nameless_left_out", nameless),),
)
_engaged = partial(_of_people, kind="proportion", at_least=1, unit="share", direction="up")
_frequency = partial(
    _of_people,
    numerator=base,
    where=lambda table, limits: _reached(table, limits) & ~_undated(table, limits),
    direction="neutral",
    needs=(PERSON, _DATED),
    left_out=(("nameless_left_out", nameless), ("undated_left_out", _undated)),
)

METRICS = (
    _of_people(
        key="people_reached",
        kind="total",
        numerator=base,
        at_least=1,
        unit="count",
        direction="neutral",
        needs=(PERSON,),
        variant="unique_people",
        formula="count_distinct(person where delivered)",
    ),
    _engaged(
        key="engaged_audience_rate",
        numerator=_did_any(*_RESPONSES),
        needs=(_ACTS, PERSON),
        variant="of_people_reached",
        formula="count_distinct(person where clicked, replied or converted)"
        " / count_distinct(person where delivered)",
    ),
    _engaged(
        key="engaged_or_opened_rate",
        numerator=_did_any(opened_by_person, *_RESPONSES),
        needs=(f"opened|opened_at|{_ACTS}", "opened|opened_at", PERSON),
        variant="of_people_reached",
        formula="count_distinct(person where opened, clicked, replied or converted)"
        " / count_distinct(person where delivered)",
    ),
    _frequency(
        key="contact_frequency",
        kind="ratio",
        denominator=Weeks(),
        unit="times",
        variant="per_person_week",
        formula="count(delivered) / (count_distinct(person) * weeks)",
    ),
    _frequency(
        key="contact_frequency_p90",
        kind="quantile",
        quantile=0.9,
        denominator=Weeks(),
        unit="times",
        variant="per_person_week",
        formula="percentile_90(count(delivered) of a person / weeks)",
    ),
    _frequency(
        key="over_contacted_rate",
        kind="proportion",
        above=lambda limits: limits.contacts_per_week,
        fullest="week",
        unit="share",
        variant="of_people_reached",
        formula="count_distinct(person with a week of more than the limit)"
        " / count_distinct(person)",
    ),
)
