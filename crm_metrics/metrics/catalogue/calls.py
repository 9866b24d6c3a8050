"""Phone calls, one row each."""

from __future__ import annotations

from functools import partial

import ibis
import ibis.expr.types as ir

from crm_metrics.metrics.expressions import NO, folded, not_negative, one
from crm_metrics.metrics.model import Limits, Metric
from crm_metrics.metrics.scores import scored

# Asterisk's dispositions and the words of Russian and English call logs.
_ANSWERED = ("answered", "completed", "отвечен", "отвеченный", "принят", "принятый", "состоялся")
_MISSED = (
    *("missed", "no_answer", "no answer", "busy", "abandoned", "failed", "congestion"),
    *("cancelled", "canceled", "no-answer", "unanswered", "cancel"),
    *("пропущен", "пропущенный", "не отвечен", "неотвеченный", "нет ответа", "занято", "потерян"),
)

_NO_LINE = ("busy", "failed", "congestion", "занято")


def _answered(table: ir.Table, _: Limits) -> ir.BooleanValue:
    word = folded(table.status)
    by_word = ibis.cases((word.isin(_ANSWERED), True), (word.isin(_MISSED), False))
    return ibis.coalesce(table.is_answered, ~table.is_missed, by_word)


def _not_outbound(table: ir.Table, _: Limits) -> ir.BooleanValue:
    return ~folded(table.direction).isin(("out", "outbound", "outgoing", "internal")).fill_null(NO)


def _talked(table: ir.Table, _: Limits) -> ir.BooleanValue:
    return table.talk_time > 0


def _hung_up(table: ir.Table, limits: Limits) -> ir.BooleanValue:
    """Whether the caller was not put through; a busy or failed line is not their doing."""
    word = folded(table.status)
    return ~_answered(table, limits) & ~word.isin(_NO_LINE).fill_null(NO)


def _hung_up_soon(table: ir.Table, limits: Limits) -> ir.BooleanValue:
    soon = (table.wait_time < limits.short_abandon).fill_null(NO)
    return _hung_up(table, limits).fill_null(NO) & soon


def _picked_up_soon(table: ir.Table, limits: Limits) -> ir.Value:
    """Null where it is answered and nobody knows after how long."""
    answered = _answered(table, limits)
    in_time = table.wait_time <= limits.call_answer
    return ibis.ifelse(answered, in_time, answered)


def _waited_long(table: ir.Table, limits: Limits) -> ir.BooleanValue:
    return _not_outbound(table, limits) & ~_hung_up_soon(table, limits)


def _inbound_answered(table: ir.Table, limits: Limits) -> ir.BooleanValue:
    return _not_outbound(table, limits) & _answered(table, limits).fill_null(NO)


_UNKNOWN = (("direction_unknown", lambda table, _: table.direction.isnull()),)
_service_level = partial(
    Metric,
    grain="calls",
    kind="proportion",
    numerator=_picked_up_soon,
    denominator=one,
    unit="share",
    direction="up",
    needs=("wait_time", "is_answered|is_missed|status"),
    marks=_UNKNOWN,
    limit="call_answer",
)
_wait = partial(
    Metric,
    grain="calls",
    kind="quantile",
    quantile=0.5,
    unit="seconds",
    direction="down",
)

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
        marks=_UNKNOWN,
    ),
    Metric(
        key="abandon_rate",
        grain="calls",
        kind="proportion",
        numerator=_hung_up,
        denominator=one,
        unit="share",
        direction="down",
        needs=("is_answered|is_missed|status",),
        variant="of_inbound",
        formula="count(not answered, line not busy) / count(direction = in)",
        where=_not_outbound,
        marks=_UNKNOWN,
    ),
    _service_level(
        key="call_service_level",
        variant="of_inbound",
        formula="count(answered, wait_time <= limit) / count(direction = in)",
        where=_not_outbound,
    ),
    _service_level(
        key="call_service_level_long",
        variant="without_short",
        formula="count(answered, wait_time <= limit) / count(direction = in, not lost soon)",
        where=_waited_long,
        left_out=(("short_left_out", _hung_up_soon),),
    ),
    _service_level(
        key="call_service_level_answered",
        variant="of_answered",
        formula="count(answered, wait_time <= limit) / count(answered)",
        where=_inbound_answered,
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
    _wait(
        key="wait_median",
        numerator="wait_time",
        needs=("wait_time",),
        variant="of_inbound",
        formula="median(wait_time)",
        where=_not_outbound,
    ),
    _wait(
        key="asa_median",
        numerator="wait_time",
        needs=("wait_time", "is_answered|is_missed|status"),
        variant="of_answered",
        formula="median(wait_time of answered)",
        where=_inbound_answered,
    ),
    _wait(
        key="callback_median",
        numerator=lambda table, _: not_negative(table.callback_time),
        needs=("callback_time",),
        variant="of_called_back",
        formula="median(callback_time)",
        where=_not_outbound,
        left_out=(("negative_left_out", lambda table, _: table.callback_time < 0),),
    ),
    *scored("calls"),
)
