"""Outbound messages, one row per campaign: how many, and what share of people did what."""

from __future__ import annotations

from functools import partial

import ibis
import ibis.expr.types as ir

from crm_metrics.metrics.deliveries import (
    BASE,
    BASE_MARKS,
    BOUNCES,
    LEAST_FOR_COMPLAINTS,
    base,
    base_derived,
    base_sent,
    bounced,
    bounced_as,
    bounces,
    delivered,
    people,
    rate_alone,
    sent,
)
from crm_metrics.metrics.expressions import YES, any_of, at, count_or_rate, lacks, rate_without
from crm_metrics.metrics.model import Condition, Direction, Limits, Metric

_Marks = tuple[tuple[str, Condition], ...]

# Of those who opened hardly more than half click; more is the work of link scanners.
_LIKE_MACHINES = 0.6
_ENOUGH_CLICKS = 20  # under it the share is too uncertain to suspect anyone


def _unfiltered(table: ir.Table, _: Limits) -> ir.BooleanValue:
    return table.opens_machine.isnull()


def _clicked_like_machines(table: ir.Table, _: Limits) -> ir.BooleanValue:
    many = table.clicks_unique >= _ENOUGH_CLICKS
    return many & (table.clicks_unique > _LIKE_MACHINES * table.opens_unique)


def _opened_by_people(table: ir.Table, _: Limits) -> ir.Value:
    return table.opens_unique - table.opens_machine


def _without_machines(table: ir.Table, limits: Limits) -> ir.Value:
    return base(table, limits) - table.opens_machine


_openers = people("opens_unique", "open_rate")
# Of two rates that may stand in for a count, that of the delivered goes first.
_clickers = count_or_rate(people("clicks_unique", "click_rate"), "ctor", _openers)
# Of who converted only the orders may be known.
_converted = people(at("conversions", "orders"), "conversion_rate")


def _converted_derived(table: ir.Table, _: Limits) -> ir.BooleanValue:
    return ibis.coalesce(table.conversions, table.orders).isnull()


_ORDERS: _Marks = (("orders_as_people", lacks("conversions", "orders")),)
_MPP: _Marks = (("mpp_raw", _unfiltered),)
_SCANNERS: _Marks = (("clicks_like_machines", _clicked_like_machines),)

_ARRIVED = (f"delivered|{BOUNCES}", "delivered|sent")

_total = partial(
    Metric, grain="campaigns", kind="total", unit="count", direction="neutral", variant="sum"
)
_share = partial(Metric, grain="campaigns", kind="proportion", unit="share")


def _of_delivered(
    key: str,
    count: str,
    rate: str | None = None,
    *,
    direction: Direction,
    extra: _Marks = (),
    minimum_n: int = 0,
) -> Metric:
    derived = any_of(lacks(count, rate), base_derived) if rate else base_derived
    return _share(
        key=key,
        numerator=people(count, rate) if rate else count,
        denominator=base,
        direction=direction,
        needs=(f"{count}|{rate}" if rate else count, BASE),
        variant="of_delivered",
        formula=f"sum({count}) / sum(delivered)",
        marks=(("derived", derived), ("base_sent", base_sent), *extra),
        left_out=(("rate_only", rate_alone(count, rate)),) if rate else (),
        stated=rate,
        minimum_n=minimum_n,
    )


def _bounced_of_type(key: str, count: str, other: str) -> Metric:
    return _share(
        key=key,
        numerator=bounced_as(count, other),
        denominator=sent,
        direction="down",
        needs=("sent|delivered", f"{count}|bounces", f"{count}|{other}"),
        variant="of_sent",
        formula=f"sum({count}) / sum(sent)",
        marks=(("derived", lambda table, _: table[count].isnull() | table.sent.isnull()),),
    )


METRICS = (
    _total(key="messages_sent", numerator=sent, needs=("sent|delivered",), formula="sum(sent)"),
    _total(
        key="messages_delivered",
        numerator=delivered,
        needs=_ARRIVED,
        formula="sum(delivered)",
        marks=(("derived", base_derived),),
    ),
    _total(
        key="people_reached",
        numerator=delivered,
        needs=_ARRIVED,
        variant="sum_of_campaigns",
        formula="sum(delivered)",
        marks=(("derived", base_derived), ("upper_bound", lambda *_: YES)),
    ),
    _share(
        key="delivery_rate",
        numerator=delivered,
        denominator=sent,
        direction="up",
        needs=("sent", f"delivered|{BOUNCES}"),
        variant="of_sent",
        formula="sum(delivered) / sum(sent)",
        marks=(("derived", base_derived),),
    ),
    _share(
        key="bounce_rate",
        numerator=bounced,
        denominator=sent,
        direction="down",
        needs=("sent", f"{BOUNCES}|delivered|bounce_rate"),
        variant="of_sent",
        formula="sum(bounces) / sum(sent)",
        marks=(("derived", lambda table, _: bounces(table).isnull() & table.sent.notnull()),),
    ),
    _bounced_of_type("hard_bounce_rate", "bounces_hard", "bounces_soft"),
    _bounced_of_type("soft_bounce_rate", "bounces_soft", "bounces_hard"),
    _of_delivered("open_rate", "opens_unique", "open_rate", direction="up", extra=_MPP),
    _share(
        key="open_rate_adj",
        numerator=_opened_by_people,
        denominator=_without_machines,
        direction="up",
        needs=("opens_unique", "opens_machine", BASE),
        variant="people_only",
        formula="sum(opens_unique - opens_machine) / sum(delivered - opens_machine)",
        marks=BASE_MARKS,
    ),
    _share(
        key="open_rate_least",
        numerator=_opened_by_people,
        denominator=base,
        direction="up",
        needs=("opens_unique", "opens_machine", BASE),
        variant="machines_in_base",
        formula="sum(opens_unique - opens_machine) / sum(delivered)",
        marks=BASE_MARKS,
    ),
    _of_delivered("click_rate", "clicks_unique", "click_rate", direction="up", extra=_SCANNERS),
    _share(
        key="ctor",
        numerator=_clickers,
        denominator=_openers,
        direction="up",
        needs=(
            "clicks_unique|click_rate|ctor",
            "opens_unique|open_rate",
            f"clicks_unique|ctor|{BASE}",
            f"opens_unique|{BASE}",
        ),
        variant="of_openers",
        formula="sum(clicks_unique) / sum(opens_unique)",
        marks=(
            (
                "derived",
                lambda table, _: table.clicks_unique.isnull() | table.opens_unique.isnull(),
            ),
            *_MPP,
            *_SCANNERS,
        ),
        left_out=(("rate_only", rate_without("ctor", _clickers, _openers)),),
        stated="ctor",
    ),
    _of_delivered("reply_rate", "replies", direction="up"),
    _of_delivered("read_rate", "reads", direction="up"),
    _of_delivered("unsub_rate", "unsubscribes", "unsubscribe_rate", direction="down"),
    _of_delivered(
        "complaint_rate",
        "complaints",
        "complaint_rate",
        direction="down",
        minimum_n=LEAST_FOR_COMPLAINTS,
    ),
    _share(
        key="conversion_rate",
        numerator=_converted,
        denominator=base,
        direction="up",
        needs=("conversions|orders|conversion_rate", BASE),
        variant="of_delivered",
        formula="sum(conversions) / sum(delivered)",
        marks=(
            *_ORDERS,
            ("derived", any_of(_converted_derived, base_derived)),
            ("base_sent", base_sent),
        ),
        left_out=(
            (
                "rate_only",
                lambda table, limits: (
                    table.conversion_rate.notnull() & _converted(table, limits).isnull()
                ),
            ),
        ),
        stated="conversion_rate",
    ),
    _share(
        key="click_conversion_rate",
        numerator=_converted,
        denominator=people("clicks_unique", "click_rate"),
        direction="up",
        needs=(
            "conversions|orders|conversion_rate",
            "clicks_unique|click_rate",
            f"conversions|orders|{BASE}",
            f"clicks_unique|{BASE}",
        ),
        variant="of_clickers",
        formula="sum(conversions) / sum(clicks_unique)",
        marks=(
            *_ORDERS,
            ("derived", any_of(_converted_derived, lacks("clicks_unique", "click_rate"))),
            *_SCANNERS,
        ),
    ),
)
