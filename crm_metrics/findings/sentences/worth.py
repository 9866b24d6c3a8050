"""What a change comes to in money over the period, where revenue or cost is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crm_metrics.findings.report import ChannelRow
from crm_metrics.metrics import metric_named
from crm_metrics.metrics.combining.adding import comparable

_SALES = "conversion_rate"
_TOTALS = ("revenue", "spend", "cost")
_PER = {"ratio": "x", "mean": "n"}  # the component that money is per


@dataclass(frozen=True, slots=True)
class Worth:
    """Money of a change at this period's volume, with the ends of the change's 95 % interval.

    `share` is its part of all money that is known in that currency, from 0 to 1.
    """

    value: float
    low: float
    high: float
    currency: str | None
    share: float


def worth_of(row: ChannelRow, rows: Sequence[ChannelRow]) -> Worth | None:
    """The change of a row times what it is a change per; None where no money is known.

    For money per something (revenue per message, cost per lead, ROAS) that is the something; for
    a conversion rate the people it is a rate of, each at the revenue per conversion of this period.
    Arithmetic at the present volume, no forecast: what else would change is not in it.
    """
    shift = row.shift
    if shift is None or shift.value is None or shift.low is None or shift.high is None:
        return None
    scale = _scale(row, rows)
    if scale is None:
        return None
    value, low, high = (scale * part for part in (shift.value, shift.low, shift.high))
    known = _known_money(row, rows)
    share = min(abs(value) / known, 1.0) if known > 0 else 0.0
    return Worth(value, low, high, _currency(row, rows), share)


def _scale(row: ChannelRow, rows: Sequence[ChannelRow]) -> float | None:
    metric, parts = metric_named(row.metric, row.now.grain), row.now.components
    if metric.money and row.kind in _PER:
        return parts.get(_PER[row.kind])
    revenue = _revenue(row, rows)
    if row.metric != _SALES or row.kind != "proportion" or revenue is None:
        return None
    sales, people = parts.get("x"), parts.get("n")
    if not sales or not people or not revenue.now.value:
        return None
    return people * revenue.now.value / sales


def _revenue(row: ChannelRow, rows: Sequence[ChannelRow]) -> ChannelRow | None:
    """The revenue of the same channel's same rows."""
    return next(
        (
            one
            for one in rows
            if one.metric == "revenue"
            and one.channel == row.channel
            and comparable(one.now.grain, row.now.grain)
        ),
        None,
    )


def _currency(row: ChannelRow, rows: Sequence[ChannelRow]) -> str | None:
    if row.now.currency:
        return row.now.currency
    revenue = _revenue(row, rows)
    return revenue.now.currency if revenue else None


def _known_money(row: ChannelRow, rows: Sequence[ChannelRow]) -> float:
    """All money of the period in the row's currency: totals, or what the metric itself adds."""
    currency = _currency(row, rows)
    alike = [one for one in rows if one.now.currency == currency]
    totals = sum(abs(one.now.value or 0.0) for one in alike if one.metric in _TOTALS)
    own = sum(_amount(one) for one in alike if one.metric == row.metric and one.unit == "money")
    return max(totals, own)


def _amount(row: ChannelRow) -> float:
    parts = row.now.components
    return abs(parts.get("y", parts.get("sum", 0.0)))
