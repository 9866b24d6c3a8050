"""Outbound messages, one row per message and person: what each person did."""

from __future__ import annotations

from functools import partial

import ibis
import ibis.expr.types as ir

from crm_metrics.metrics.deliveries import LEAST_FOR_COMPLAINTS
from crm_metrics.metrics.expressions import NO, YES, folded, one
from crm_metrics.metrics.model import Column, Condition, Direction, Limits, Metric

_Marks = tuple[tuple[str, Condition], ...]

_REACHED = ("delivered", "opened", "clicked", "read", "converted", "unsubscribed", "complained")
_FAILED = ("bounced", "hard_bounce", "soft_bounce", "failed", "undelivered")
_DELIVERY = "delivered|delivered_at|bounced|status"


def _delivered(table: ir.Table, _: Limits) -> ir.BooleanValue:
    word = folded(table.status)
    by_word = ibis.cases((word.isin(_REACHED), True), (word.isin(_FAILED), False))
    return ibis.coalesce(table.delivered, ~table.bounced, by_word)


def _bounced(table: ir.Table, limits: Limits) -> ir.BooleanValue:
    return ibis.coalesce(table.bounced, ~_delivered(table, limits))


def _bounced_as(kind: str) -> Column:
    """Whether it bounced in this way; a bounce without a type counts as neither."""

    def of_type(table: ir.Table, limits: Limits) -> ir.BooleanValue:
        return _bounced(table, limits) & (folded(table.bounce_type) == kind).fill_null(NO)

    return of_type


def _typeless(table: ir.Table, limits: Limits) -> ir.BooleanValue:
    known = folded(table.bounce_type).isin(("hard", "soft")).fill_null(NO)
    return _bounced(table, limits).fill_null(NO) & ~known


def base(table: ir.Table, limits: Limits) -> ir.BooleanValue:
    """Whether the message reached the person; where nothing says, every message counts."""
    return _delivered(table, limits).fill_null(YES)


def _base_sent(table: ir.Table, limits: Limits) -> ir.BooleanValue:
    return _delivered(table, limits).isnull()


def _unfiltered(table: ir.Table, _: Limits) -> ir.BooleanValue:
    return table.open_is_machine.isnull()


def clicked_by_person(table: ir.Table, _: Limits) -> ir.BooleanValue:
    """Whether the person clicked, as far as is known."""
    return table.clicked & ~table.click_is_machine.fill_null(NO)


def _unjudged(table: ir.Table, _: Limits) -> ir.BooleanValue:
    return table.clicked.fill_null(NO) & table.click_is_machine.isnull()


def _converted_unclicked(table: ir.Table, _: Limits) -> ir.BooleanValue:
    return table.converted.fill_null(NO) & ~table.clicked


def _machine(table: ir.Table) -> ir.BooleanValue:
    """Whether a program opened it and no click shows that the person did as well (Listrak)."""
    clicked = table.clicked.fill_null(NO) & ~table.click_is_machine.fill_null(NO)
    return table.open_is_machine.fill_null(NO) & ~clicked


def opened_by_person(table: ir.Table, _: Limits) -> ir.BooleanValue:
    """Whether the person opened it, as far as is known."""
    return table.opened & ~_machine(table)


def _not_machine(table: ir.Table, limits: Limits) -> ir.BooleanValue:
    return base(table, limits) & ~_machine(table)


_total = partial(
    Metric, grain="recipients", kind="total", unit="count", direction="neutral", variant="sum"
)
_share = partial(
    Metric,
    grain="recipients",
    kind="proportion",
    unit="share",
    denominator=base,
    variant="of_delivered",
)
BASE_SENT: _Marks = (("base_sent", _base_sent),)
_MPP: _Marks = (("mpp_raw", _unfiltered),)


def _of_delivered(
    key: str,
    flag: str,
    needs: str,
    *,
    direction: Direction,
    extra: _Marks = (),
    minimum_n: int = 0,
) -> Metric:
    return _share(
        key=key,
        numerator=flag,
        direction=direction,
        needs=(needs,),
        formula=f"count({flag}) / count(delivered)",
        marks=(*BASE_SENT, *extra),
        minimum_n=minimum_n,
    )


def _bounced_of_type(key: str, kind: str) -> Metric:
    return _share(
        key=key,
        numerator=_bounced_as(kind),
        denominator=one,
        direction="down",
        needs=("bounce_type", _DELIVERY),
        variant="of_sent",
        formula=f"count(bounced as {kind}) / count(*)",
        marks=(("bounce_type_unknown", _typeless),),
    )


METRICS = (
    _total(key="messages_sent", numerator=one, needs=(), formula="count(*)"),
    _total(
        key="messages_delivered",
        numerator=_delivered,
        needs=(_DELIVERY,),
        formula="count(delivered)",
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
        key="bounce_rate",
        numerator=_bounced,
        denominator=one,
        direction="down",
        needs=(_DELIVERY,),
        variant="of_sent",
        formula="count(bounced) / count(*)",
        marks=(("derived", lambda table, _: table.bounced.isnull()),),
    ),
    _bounced_of_type("hard_bounce_rate", "hard"),
    _bounced_of_type("soft_bounce_rate", "soft"),
    _of_delivered("open_rate", "opened", "opened|opened_at", direction="up", extra=_MPP),
    _share(
        key="open_rate_adj",
        numerator=opened_by_person,
        denominator=_not_machine,
        direction="up",
        needs=("opened|opened_at", "open_is_machine"),
        variant="people_only",
        formula="count(opened - open_is_machine) / count(delivered - open_is_machine)",
        marks=BASE_SENT,
    ),
    _share(
        key="open_rate_least",
        numerator=opened_by_person,
        direction="up",
        needs=("opened|opened_at", "open_is_machine"),
        variant="machines_in_base",
        formula="count(opened - open_is_machine) / count(delivered)",
        marks=BASE_SENT,
    ),
    _of_delivered("click_rate", "clicked", "clicked|clicked_at", direction="up"),
    _share(
        key="click_rate_adj",
        numerator=clicked_by_person,
        direction="up",
        needs=("clicked|clicked_at", "click_is_machine"),
        variant="machines_in_base",
        formula="count(clicked - click_is_machine) / count(delivered)",
        marks=(*BASE_SENT, ("clicks_unjudged", _unjudged)),
    ),
    _share(
        key="machine_click_share",
        numerator="click_is_machine",
        denominator="clicked",
        where=lambda table, _: table.clicked,
        direction="neutral",
        needs=("clicked|clicked_at", "click_is_machine"),
        variant="of_clickers",
        formula="count(click_is_machine) / count(clicked)",
        left_out=(("clicks_unjudged_left_out", _unjudged),),
    ),
    _share(
        key="ctor",
        numerator="clicked",
        denominator="opened",
        direction="up",
        needs=("clicked|clicked_at", "opened|opened_at"),
        variant="of_openers",
        formula="count(clicked) / count(opened)",
        marks=_MPP,
    ),
    _of_delivered("reply_rate", "replied", "replied|replied_at", direction="up"),
    _of_delivered("unsub_rate", "unsubscribed", "unsubscribed|unsubscribed_at", direction="down"),
    _of_delivered(
        "complaint_rate",
        "complained",
        "complained",
        direction="down",
        minimum_n=LEAST_FOR_COMPLAINTS,
    ),
    _of_delivered("conversion_rate", "converted", "converted|converted_at", direction="up"),
    _share(
        key="click_conversion_rate",
        numerator="converted",
        denominator="clicked",
        where=lambda table, _: table.clicked,
        direction="up",
        needs=("converted|converted_at", "clicked|clicked_at"),
        variant="clickers_alone",
        formula="count(converted and clicked) / count(clicked)",
        left_out=(("converted_unclicked_left_out", _converted_unclicked),),
    ),
)
