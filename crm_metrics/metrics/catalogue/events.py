"""A log of events: what is counted of single events; messages are counted by their recipients."""

from __future__ import annotations

from functools import partial

import ibis.expr.types as ir

from crm_metrics.metrics.expressions import folded, one
from crm_metrics.metrics.model import Condition, Limits, Metric
from crm_metrics.metrics.people import PERSON, nameless
from crm_metrics.metrics.worked_out import NEXT_REPLY, SIDE, TALK


def _of_type(name: str) -> Condition:
    def condition(table: ir.Table, _: Limits) -> ir.BooleanValue:
        return folded(table.event_type) == name

    return condition


_is_click = _of_type("click")


def _click_of_someone(table: ir.Table, limits: Limits) -> ir.BooleanValue:
    return _is_click(table, limits) & ~nameless(table, limits)


def _click_of_nobody(table: ir.Table, limits: Limits) -> ir.BooleanValue:
    return _is_click(table, limits) & nameless(table, limits)


def _of_somebody(table: ir.Table, _: Limits) -> ir.BooleanValue:
    """Whether an author is named of whom nothing says whether they are ours."""
    return table[SIDE].isnull() & table.author.notnull()


_total = partial(
    Metric,
    grain="events",
    kind="total",
    numerator=one,
    unit="count",
    direction="up",
    needs=("event_type",),
    variant="sum",
)

METRICS = (
    _total(key="visits", where=_of_type("visit"), formula="count(visit)"),
    _total(key="conversions", where=_of_type("conversion"), formula="count(conversion)"),
    Metric(
        key="clicks_per_clicker",
        grain="events",
        kind="ratio",
        numerator=one,
        per=PERSON,
        where=_click_of_someone,
        left_out=(("nameless_left_out", _click_of_nobody),),
        unit="times",
        direction="neutral",
        needs=("event_type", PERSON),
        variant="of_clickers",
        formula="count(click) / count_distinct(person of a click)",
    ),
    Metric(
        key="next_reply_median",
        grain="events",
        kind="quantile",
        quantile=0.5,
        numerator=NEXT_REPLY,
        clusters=TALK,
        unit="seconds",
        direction="down",
        needs=("ts|time|date", "author_type|author|conversation_id"),
        variant="of_turns",
        formula="median(next message_out - first message_in of a turn)",
        empty="no_dialogs",
        left_out=(
            ("author_unknown_left_out", _of_somebody),
            ("bots_left_out", lambda table, _: table[SIDE] == "bot"),
        ),
    ),
)
