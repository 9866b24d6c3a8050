"""How many messages of a campaign went out, arrived and came back, from the counts that it has."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from crm_metrics.metrics.expressions import count_or_rate, sum_of
from crm_metrics.metrics.model import Column, Condition, Limits

BOUNCES = "bounces|bounces_hard|bounces_soft"
LEAST_FOR_COMPLAINTS = 1280
"""Messages of which none with a complaint says that the share is under 0.3 %: Wilson, 95 %."""
BASE = "delivered|sent"


def bounces(table: ir.Table) -> ir.Value:
    """The bounces, or else the hard and the soft ones together."""
    known = table.bounces.cast("float64")
    return ibis.coalesce(known, sum_of(table, "bounces_hard", "bounces_soft"))


def sent(table: ir.Table, _: Limits) -> ir.Value:
    """The sent, or the delivered and the bounces together."""
    return ibis.coalesce(table.sent.cast("float64"), table.delivered + bounces(table))


def delivered(table: ir.Table, _: Limits) -> ir.Value:
    """The delivered, or the sent without the bounces; null where neither is known."""
    return ibis.coalesce(table.delivered.cast("float64"), table.sent - bounces(table))


def base(table: ir.Table, limits: Limits) -> ir.Value:
    """The delivered; where nothing says how many they are, the sent (and then a flag says so)."""
    return ibis.coalesce(delivered(table, limits), table.sent.cast("float64"))


def bounced(table: ir.Table, limits: Limits) -> ir.Value:
    """The bounces; what was sent and did not arrive; or the rate of it times the sent."""
    rate = (table.bounce_rate * sent(table, limits)).round().cast("float64")
    return ibis.coalesce(bounces(table), (table.sent - table.delivered).cast("float64"), rate)


def bounced_as(count: str, other: str) -> Column:
    """The bounces of one type; where they lack, all without those of the other type."""

    def of_type(table: ir.Table, _: Limits) -> ir.Value:
        known = table[count].cast("float64")
        return ibis.coalesce(known, (table.bounces - table[other]).cast("float64"))

    return of_type


def people(count: str | Column, rate: str) -> Column:
    """The count; where it lacks, the rate times the base, which is whole people."""
    return count_or_rate(count, rate, base)


def base_derived(table: ir.Table, limits: Limits) -> ir.BooleanValue:
    """Whether the delivered are worked out from the sent and the bounces."""
    return table.delivered.isnull() & delivered(table, limits).notnull()


def base_sent(table: ir.Table, limits: Limits) -> ir.BooleanValue:
    """Whether the sent stand in for the delivered."""
    return delivered(table, limits).isnull() & table.sent.notnull()


BASE_MARKS: tuple[tuple[str, Condition], ...] = (
    ("derived", base_derived),
    ("base_sent", base_sent),
)


def rate_alone(count: str, rate: str) -> Condition:
    """Whether there is a rate without any base, a row that can't be added to others."""

    def alone(table: ir.Table, limits: Limits) -> ir.BooleanValue:
        return table[rate].notnull() & table[count].isnull() & base(table, limits).isnull()

    return alone
