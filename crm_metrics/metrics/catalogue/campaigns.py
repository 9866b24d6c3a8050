"""Outbound messages, one row per campaign: counts of people, and the rates where counts lack."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from crm_metrics.metrics.expressions import any_of, at, lacks, sum_of
from crm_metrics.metrics.model import Column, Condition, Limits, Metric

_BOUNCES = "bounces|bounces_hard|bounces_soft"
_BASE = "delivered|sent"


def _bounces(table: ir.Table) -> ir.Value:
    known = table.bounces.cast("float64")
    return ibis.coalesce(known, sum_of(table, "bounces_hard", "bounces_soft"))


def _sent(table: ir.Table, _: Limits) -> ir.Value:
    return ibis.coalesce(table.sent.cast("float64"), table.delivered + _bounces(table))


def delivered(table: ir.Table, _: Limits) -> ir.Value:
    """The delivered, or the sent without the bounces; null where neither is known."""
    return ibis.coalesce(table.delivered.cast("float64"), table.sent - _bounces(table))


def _base(table: ir.Table, limits: Limits) -> ir.Value:
    """The delivered; where nothing says how many they are, the sent (and then a flag says so)."""
    return ibis.coalesce(delivered(table, limits), table.sent.cast("float64"))


def _bounced(table: ir.Table, limits: Limits) -> ir.Value:
    rate = (table.bounce_rate * _sent(table, limits)).round().cast("float64")
    return ibis.coalesce(_bounces(table), (table.sent - table.delivered).cast("float64"), rate)


def _count_or_rate(count: str, rate: str) -> Column:
    """The count; where it lacks, the rate times the base, which is whole people."""

    def people(table: ir.Table, limits: Limits) -> ir.Value:
        from_rate = (table[rate] * _base(table, limits)).round().cast("float64")
        return ibis.coalesce(table[count].cast("float64"), from_rate)

    return people


def _base_derived(table: ir.Table, limits: Limits) -> ir.BooleanValue:
    return table.delivered.isnull() & delivered(table, limits).notnull()


def _base_sent(table: ir.Table, limits: Limits) -> ir.BooleanValue:
    return delivered(table, limits).isnull() & table.sent.notnull()


def _rate_alone(count: str, rate: str) -> Condition:
    """Whether there is a rate without any base, a row that can't be added to others."""

    def alone(table: ir.Table, limits: Limits) -> ir.BooleanValue:
        return table[rate].notnull() & table[count].isnull() & _base(table, limits).isnull()

    return alone


def _without_filter(table: ir.Table, _: Limits) -> ir.BooleanValue:
    return table.opens_machine.isnull()


def _share_of_delivered(
    key: str,
    count: str,
    rate: str,
    *,
    direction: str,
    extra: tuple[tuple[str, Condition], ...] = (),
) -> Metric:
    return Metric(
        key=key,
        grain="campaigns",
        kind="proportion",
        numerator=_count_or_rate(count, rate),
        denominator=_base,
        unit="share",
        direction="up" if direction == "up" else "down",
        needs=(f"{count}|{rate}", _BASE),
        variant="of_delivered",
        formula=f"sum({count}) / sum(delivered)",
        marks=(
            ("derived", any_of(lacks(count, rate), _base_derived)),
            ("base_sent", _base_sent),
            *extra,
        ),
        left_out=(("rate_only", _rate_alone(count, rate)),),
    )


METRICS = (
    Metric(
        key="messages_sent",
        grain="campaigns",
        kind="total",
        numerator=_sent,
        unit="count",
        direction="neutral",
        needs=("sent|delivered",),
        variant="sum",
        formula="sum(sent)",
    ),
    Metric(
        key="delivery_rate",
        grain="campaigns",
        kind="proportion",
        numerator=delivered,
        denominator=_sent,
        unit="share",
        direction="up",
        needs=("sent", f"delivered|{_BOUNCES}"),
        variant="of_sent",
        formula="sum(delivered) / sum(sent)",
        marks=(("derived", _base_derived),),
    ),
    Metric(
        key="bounce_rate",
        grain="campaigns",
        kind="proportion",
        numerator=_bounced,
        denominator=_sent,
        unit="share",
        direction="down",
        needs=("sent", f"{_BOUNCES}|delivered|bounce_rate"),
        variant="of_sent",
        formula="sum(bounces) / sum(sent)",
        marks=(("derived", lambda table, _: _bounces(table).isnull() & table.sent.notnull()),),
    ),
    _share_of_delivered(
        "open_rate",
        "opens_unique",
        "open_rate",
        direction="up",
        extra=(("mpp_raw", _without_filter),),
    ),
    Metric(
        key="open_rate_adj",
        grain="campaigns",
        kind="proportion",
        numerator=lambda table, _: table.opens_unique - table.opens_machine,
        denominator=lambda table, limits: _base(table, limits) - table.opens_machine,
        unit="share",
        direction="up",
        needs=("opens_unique", "opens_machine", _BASE),
        variant="people_only",
        formula="sum(opens_unique - opens_machine) / sum(delivered - opens_machine)",
        marks=(("derived", _base_derived), ("base_sent", _base_sent)),
    ),
    _share_of_delivered("click_rate", "clicks_unique", "click_rate", direction="up"),
    Metric(
        key="ctor",
        grain="campaigns",
        kind="proportion",
        numerator=_count_or_rate("clicks_unique", "click_rate"),
        denominator=_count_or_rate("opens_unique", "open_rate"),
        unit="share",
        direction="up",
        needs=(
            "clicks_unique|click_rate",
            "opens_unique|open_rate",
            f"clicks_unique|{_BASE}",
            f"opens_unique|{_BASE}",
        ),
        variant="of_openers",
        formula="sum(clicks_unique) / sum(opens_unique)",
        marks=(
            (
                "derived",
                any_of(lacks("clicks_unique", "click_rate"), lacks("opens_unique", "open_rate")),
            ),
            ("mpp_raw", _without_filter),
        ),
    ),
    _share_of_delivered("unsub_rate", "unsubscribes", "unsubscribe_rate", direction="down"),
    _share_of_delivered("complaint_rate", "complaints", "complaint_rate", direction="down"),
    Metric(
        key="conversion_rate",
        grain="campaigns",
        kind="proportion",
        numerator=lambda table, limits: ibis.coalesce(
            table.conversions.cast("float64"),
            table.orders.cast("float64"),
            (table.conversion_rate * _base(table, limits)).round().cast("float64"),
        ),
        denominator=_base,
        unit="share",
        direction="up",
        needs=("conversions|orders|conversion_rate", _BASE),
        variant="of_delivered",
        formula="sum(conversions) / sum(delivered)",
        marks=(
            ("orders_as_people", lacks("conversions", "orders")),
            (
                "derived",
                any_of(
                    lambda table, _: ibis.coalesce(table.conversions, table.orders).isnull(),
                    _base_derived,
                ),
            ),
            ("base_sent", _base_sent),
        ),
    ),
    Metric(
        key="revenue_per_message",
        grain="campaigns",
        kind="ratio",
        numerator=at("revenue"),
        denominator=_base,
        unit="money",
        direction="up",
        needs=("revenue", _BASE),
        variant="of_delivered",
        formula="sum(revenue) / sum(delivered)",
        marks=(("derived", _base_derived), ("base_sent", _base_sent)),
        money=True,
    ),
    Metric(
        key="revenue",
        grain="campaigns",
        kind="total",
        numerator="revenue",
        unit="money",
        direction="up",
        needs=("revenue",),
        variant="sum",
        formula="sum(revenue)",
        money=True,
    ),
)
