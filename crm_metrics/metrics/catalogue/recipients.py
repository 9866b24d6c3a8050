"""Outbound messages, one row per message and person: what each person did."""

from __future__ import annotations

from functools import partial

import ibis
import ibis.expr.types as ir

from crm_metrics.metrics.expressions import NO, YES, folded, one
from crm_metrics.metrics.model import Condition, Limits, Metric

_REACHED = ("delivered", "opened", "clicked", "read")
_FAILED = ("bounced", "hard_bounce", "soft_bounce", "failed", "undelivered")
_DELIVERY = "delivered|delivered_at|bounced|status"


def _delivered(table: ir.Table, _: Limits) -> ir.BooleanValue:
    word = folded(table.status)
    by_word = ibis.cases((word.isin(_REACHED), True), (word.isin(_FAILED), False))
    return ibis.coalesce(table.delivered, ~table.bounced, by_word)


def _base(table: ir.Table, limits: Limits) -> ir.BooleanValue:
    """Whether the message reached the person; where nothing says, every message counts."""
    return _delivered(table, limits).fill_null(YES)


def _base_sent(table: ir.Table, limits: Limits) -> ir.BooleanValue:
    return _delivered(table, limits).isnull()


def _without_filter(table: ir.Table, _: Limits) -> ir.BooleanValue:
    return table.open_is_machine.isnull()


def _by_person(table: ir.Table, _: Limits) -> ir.BooleanValue:
    return table.opened & ~table.open_is_machine.fill_null(NO)


def _not_machine(table: ir.Table, limits: Limits) -> ir.BooleanValue:
    return _base(table, limits) & ~table.open_is_machine.fill_null(NO)


_share = partial(
    Metric,
    grain="recipients",
    kind="proportion",
    unit="share",
    denominator=_base,
    variant="of_delivered",
)
_BASE_SENT: tuple[tuple[str, Condition], ...] = (("base_sent", _base_sent),)

METRICS = (
    Metric(
        key="messages_sent",
        grain="recipients",
        kind="total",
        numerator=one,
        unit="count",
        direction="neutral",
        needs=(),
        variant="sum",
        formula="count(*)",
    ),
    _share(
        key="delivery_rate",
        numerator=_delivered,
        denominator=one,
        direction="up",
        needs=(_DELIVERY,),
        variant="of_sent",
        formula="count(delivered) / count(*)",
        marks=(("derived", lambda table, _: table.delivered.isnull()),),
    ),
    _share(
        key="open_rate",
        numerator="opened",
        direction="up",
        needs=("opened|opened_at",),
        formula="count(opened) / count(delivered)",
        marks=(*_BASE_SENT, ("mpp_raw", _without_filter)),
    ),
    _share(
        key="open_rate_adj",
        numerator=_by_person,
        denominator=_not_machine,
        direction="up",
        needs=("opened|opened_at", "open_is_machine"),
        variant="people_only",
        formula="count(opened - open_is_machine) / count(delivered - open_is_machine)",
        marks=_BASE_SENT,
    ),
    _share(
        key="click_rate",
        numerator="clicked",
        direction="up",
        needs=("clicked|clicked_at",),
        formula="count(clicked) / count(delivered)",
        marks=_BASE_SENT,
    ),
    _share(
        key="ctor",
        numerator="clicked",
        denominator="opened",
        direction="up",
        needs=("clicked|clicked_at", "opened|opened_at"),
        variant="of_openers",
        formula="count(clicked) / count(opened)",
        marks=(("mpp_raw", _without_filter),),
    ),
    _share(
        key="unsub_rate",
        numerator="unsubscribed",
        direction="down",
        needs=("unsubscribed|unsubscribed_at",),
        formula="count(unsubscribed) / count(delivered)",
        marks=_BASE_SENT,
    ),
    _share(
        key="complaint_rate",
        numerator="complained",
        direction="down",
        needs=("complained",),
        formula="count(complained) / count(delivered)",
        marks=_BASE_SENT,
    ),
    _share(
        key="conversion_rate",
        numerator="converted",
        direction="up",
        needs=("converted|converted_at",),
        formula="count(converted) / count(delivered)",
        marks=_BASE_SENT,
    ),
)
