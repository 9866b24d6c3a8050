"""Phone calls, one row each."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from crm_metrics.metrics.expressions import NO, folded, one
from crm_metrics.metrics.model import Limits, Metric

# Asterisk's dispositions and the words of Russian and English call logs.
_ANSWERED = ("answered", "completed", "отвечен", "отвеченный", "принят", "принятый", "состоялся")
_MISSED = (
    *("missed", "no_answer", "no answer", "busy", "abandoned", "failed", "congestion"),
    *("пропущен", "пропущенный", "не отвечен", "неотвеченный", "нет ответа", "занято", "потерян"),
)


def _answered(table: ir.Table, _: Limits) -> ir.BooleanValue:
    word = folded(table.status)
    by_word = ibis.cases((word.isin(_ANSWERED), True), (word.isin(_MISSED), False))
    return ibis.coalesce(table.is_answered, ~table.is_missed, by_word)


def _not_outbound(table: ir.Table, _: Limits) -> ir.BooleanValue:
    return ~folded(table.direction).isin(("out", "outbound", "outgoing", "internal")).fill_null(NO)


def _talked(table: ir.Table, _: Limits) -> ir.BooleanValue:
    return table.talk_time > 0


METRICS = (
    Metric(
        key="calls",
        grain="calls",
        kind="total",
        numerator=one,
        unit="count",
        direction="neutral",
        needs=(),
        variant="sum",
        formula="count(*)",
    ),
    Metric(
        key="call_answer_rate",
        grain="calls",
        kind="proportion",
        numerator=_answered,
        denominator=one,
        unit="share",
        direction="up",
        needs=("is_answered|is_missed|status",),
        variant="of_inbound",
        formula="count(is_answered) / count(direction = in)",
        where=_not_outbound,
        marks=(("direction_unknown", lambda table, _: table.direction.isnull()),),
    ),
    Metric(
        key="conversion_rate",
        grain="calls",
        kind="proportion",
        numerator="converted",
        denominator=one,
        unit="share",
        direction="up",
        needs=("converted|converted_at",),
        variant="of_calls",
        formula="count(converted) / count(*)",
    ),
    Metric(
        key="aht_median",
        grain="calls",
        kind="quantile",
        quantile=0.5,
        numerator="talk_time",
        unit="seconds",
        direction="neutral",
        needs=("talk_time",),
        variant="of_talked",
        formula="median(talk_time)",
        where=_talked,
    ),
    Metric(
        key="wait_median",
        grain="calls",
        kind="quantile",
        quantile=0.5,
        numerator="wait_time",
        unit="seconds",
        direction="down",
        needs=("wait_time",),
        variant="of_inbound",
        formula="median(wait_time)",
        where=_not_outbound,
    ),
)
