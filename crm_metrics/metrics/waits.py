"""How long clients wait for an answer and a resolution, row by row, and for whom it counts."""

from __future__ import annotations

from collections.abc import Callable

import ibis
import ibis.expr.types as ir

from crm_metrics.metrics.expressions import NO, folded, not_negative, seconds_between
from crm_metrics.metrics.hours import open_seconds
from crm_metrics.metrics.model import Column, Condition, Limits
from crm_metrics.metrics.worked_out import BY_SILENCE, FROM_LOG, MERGED, WATCHED_UNTIL

_AGENTS = ("agent", "out", "outbound", "admin", "operator", "manager", "staff")
_BOTS = ("bot", "chatbot", "automation", "auto", "бот", "чат-бот", "робот", "ai agent")
_Limit = Callable[[Limits], float]


def by_bot(table: ir.Table, _: Limits) -> ir.BooleanValue:
    """Whether a machine began the conversation or is its agent."""
    began = folded(table.initiator).isin(_BOTS).fill_null(NO)
    return began | folded(table.agent).isin(_BOTS).fill_null(NO)


def by_agent(table: ir.Table, _: Limits) -> ir.BooleanValue:
    """Whether one of our people began it: there is no first reply to wait for."""
    return folded(table.initiator).isin(_AGENTS).fill_null(NO)


def by_client(table: ir.Table, limits: Limits) -> ir.BooleanValue:
    """Whether a client began it, as where nothing is said, and a person is to answer."""
    return ~by_agent(table, limits) & ~by_bot(table, limits)


def reply_raw(table: ir.Table) -> ir.Value:
    """Seconds to the first reply, below zero where the data say so."""
    between = seconds_between(table.first_reply_at, table.created_at)
    return ibis.coalesce(table.first_reply_time, between)


def reply(table: ir.Table, _: Limits) -> ir.Value:
    """Seconds to the first reply, null where there is none or it came before the question."""
    return not_negative(reply_raw(table))


def reply_before(table: ir.Table, _: Limits) -> ir.BooleanValue:
    """Whether the reply came before the question."""
    return reply_raw(table) < 0


def reply_in_hours(table: ir.Table, limits: Limits) -> ir.Value:
    """Seconds to the first reply in which people were at work; without a schedule the file's own.

    Zendesk and others count by a schedule of theirs, which the file does not tell.
    """
    if limits.hours is None:
        return not_negative(table.first_reply_business_time)
    started = table.created_at.cast("timestamp")
    ended = ibis.coalesce(
        table.first_reply_at.cast("timestamp"),
        # From the duration where the moment itself is not in the file.
        (started.epoch_seconds().cast("float64") + table.first_reply_time)
        .round()
        .cast("int64")
        .as_timestamp("s"),
    )
    return not_negative(open_seconds(started, ended, limits.hours))


def hours_of_file(table: ir.Table, limits: Limits) -> ir.BooleanValue:
    """Whether the time in business hours is the file's own."""
    return table.first_reply_business_time.notnull() if limits.hours is None else NO


def reply_so_far(table: ir.Table, limits: Limits) -> ir.Value:
    """Seconds to the first reply, or to the last moment at which there was none yet.

    Null where the file does not tell of replies.
    """
    so_far = _waited(table, table.resolved_at, table.closed_at)
    return _known(table.replied, reply(table, limits), so_far)


def reply_runs(table: ir.Table, _: Limits) -> ir.BooleanValue:
    """Whether the client still waits for the first reply."""
    return ~table.replied


def resolution_raw(table: ir.Table) -> ir.Value:
    """Seconds to the resolution, below zero where the data say so."""
    return ibis.coalesce(
        table.resolution_time,
        seconds_between(table.resolved_at, table.created_at),
        seconds_between(table.closed_at, table.created_at),
    )


def resolution(table: ir.Table, _: Limits) -> ir.Value:
    """Seconds to the resolution, null where there is none or it came before the beginning."""
    return not_negative(resolution_raw(table))


def solved(table: ir.Table, _: Limits) -> ir.BooleanValue:
    """Whether the conversation is resolved."""
    return table.solved


def resolution_so_far(table: ir.Table, limits: Limits) -> ir.Value:
    """Seconds to the resolution, or to the last moment at which there was none yet.

    Null where the file does not tell of resolutions, as a log of messages: none of them runs on.
    """
    return _known(table.solved, resolution(table, limits), _waited(table))


def resolution_runs(table: ir.Table, _: Limits) -> ir.BooleanValue:
    """Whether the conversation is still open."""
    return ~table.solved


def too_young(limit: _Limit) -> Condition:
    """Whether a conversation has been watched for less than the limit: it may yet be in time."""

    def is_young(table: ir.Table, limits: Limits) -> ir.BooleanValue:
        return (_watched(table) < limit(limits)).fill_null(NO)

    return is_young


def of_clients(limit: _Limit) -> Condition:
    """Conversations that a client began, and that were watched for as long as the limit is."""
    is_young = too_young(limit)

    def counts(table: ir.Table, limits: Limits) -> ir.BooleanValue:
        return by_client(table, limits) & ~is_young(table, limits)

    return counts


def within(wait: Column, ended: Condition, limit: _Limit) -> Column:
    """Whether the wait ended in time; null where that is not known or the wait is below zero."""

    def in_time(table: ir.Table, limits: Limits) -> ir.Value:
        time = wait(table, limits)
        done = ended(table, limits)
        # Ended, and yet without a time: before its beginning.
        unknown = done.isnull() | (done & time.isnull()).fill_null(NO)
        found = (time <= limit(limits)).fill_null(NO)
        return ibis.ifelse(unknown, ibis.null("boolean"), done & found)

    return in_time


def _watched(table: ir.Table) -> ir.Value:
    """Seconds from the beginning to the last moment that the data set tells of."""
    return seconds_between(table[WATCHED_UNTIL], table.created_at)


def _known(ended: ir.BooleanValue, time: ir.Value, so_far: ir.Value) -> ir.Value:
    """The time of a wait that ended, else how long it is so far; null where neither is known."""
    return ibis.cases((ended, time), (~ended, so_far), else_=ibis.null("float64"))


def _waited(table: ir.Table, *ends: ir.Value) -> ir.Value:
    """Seconds until the wait was given up or last seen; null where that is not known."""
    seen = table[WATCHED_UNTIL]
    given_up = [ibis.coalesce(end.cast("timestamp"), seen) for end in ends]
    # Spark has no least of one.
    until = ibis.least(seen, *given_up) if given_up else seen
    return not_negative(seconds_between(until, table.created_at))


NEGATIVE_REPLY = (("negative_left_out", reply_before),)
NEGATIVE_RESOLUTION = (("negative_left_out", lambda table, _: resolution_raw(table) < 0),)
BOT_LEFT_OUT: tuple[tuple[str, Condition], ...] = (
    ("agent_started_left_out", by_agent),
    ("bots_left_out", by_bot),
)
FROM_LOGS: tuple[tuple[str, Condition], ...] = (
    ("from_messages", lambda table, _: _flag(table, FROM_LOG)),
    ("by_silence", lambda table, _: _flag(table, BY_SILENCE)),
    ("tickets_merged", lambda table, _: _flag(table, MERGED)),
)


def _flag(table: ir.Table, name: str) -> ir.BooleanValue:
    """A column that the ground has where it holds for any row."""
    return table[name].fill_null(NO) if name in table.columns else NO
