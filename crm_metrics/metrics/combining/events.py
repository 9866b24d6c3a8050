"""A log of events reduced to its recipients: one row per message and person, as of its send."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

import ibis
import ibis.expr.types as ir

from crm_metrics.metrics.combining.logs import (
    FLAG_OF,
    SENDS,
    Log,
    logs_of,
    message_events,
    message_of,
    whom,
)
from crm_metrics.metrics.combining.machines import judged_clicks, open_by_machine
from crm_metrics.metrics.people import PEOPLE
from crm_metrics.schema.grains import COMMON

SENDLESS = "__sendless"
"""BOOLEAN: the file holds no send of this message to this person."""
PARTIAL = "__partial"
"""BOOLEAN: some events of the log name no message or nobody, and are left out."""
FROM_EVENTS = "__from_events"
"""BOOLEAN: the row was worked out from a log of events."""

_KEY = ("place", "message", "person")
_LINES = 1 << 40
_NOT_OF_THE_MESSAGE = frozenset(
    ["date", "time", "channel", "url", "converted", "converted_at", "revenue", "status", "comment"]
)
_TIME_OF = {
    "delivered": "delivered_at",
    "open": "opened_at",
    "click": "clicked_at",
    "unsubscribe": "unsubscribed_at",
    "reply": "replied_at",
    "conversion": "converted_at",
}
_COUNTED_AGAIN = ("open", "click", "conversion")
_NULL = ibis.null


@dataclass(frozen=True, slots=True)
class FromEvents:
    """The recipients of all logs, and the fields that each data set's log gives of them."""

    rows: ir.Table
    given: dict[str, frozenset[str]]

    @property
    def fields(self) -> frozenset[str]:
        """The fields of recipients that any log gives."""
        return frozenset().union(*self.given.values())


def recipients_of(events: ir.Table, mapped: Iterable[str]) -> FromEvents | None:
    """What a table of events tells of the people that messages were sent to; None where nothing.

    `mapped` are the fields of events that hold a value. Columns: those fields that recipients have
    too, the d_<hash> columns, and the flags, first times and totals of recipients (null where a log
    holds no event of that type); `date`, that of the send (R10: the cohort is the send's); of the
    file's lines `__line` and `__dataset` name the send, else the first event; `__sendless`,
    `__partial` and `__from_events`.
    """
    logs = logs_of(events)
    if not logs:
        return None
    own = [name for name in COMMON if name in mapped and name not in _NOT_OF_THE_MESSAGE]
    own += [name for name in events.columns if name.startswith("d_")]
    carried = ["message_id"] if "message_id" in mapped else []
    carried += [name for name in own if name in events.columns]
    rows = _keyed(events, logs, carried)
    reduced = _reduced(rows, carried)
    return FromEvents(_told(reduced, logs, carried), _given(logs, carried, mapped))


def _keyed(events: ir.Table, logs: Sequence[Log], carried: Sequence[str]) -> ir.Table:
    """The events that name their message and person, with what is read of each."""
    names = sorted({name for log in logs for name in log.datasets})
    parts = []
    for number, log in enumerate(logs):
        rows = message_events(events)
        rows = rows.filter(rows["__dataset"].cast("string").isin(log.datasets))
        channel = ibis.coalesce(rows.channel.cast("string").nullif(""), ibis.literal(log.channel))
        keyed = rows.select(
            place=ibis.literal(f"{number}:") + channel,
            message=message_of(rows, log),
            person=whom(rows, log),
            mailing=_mailing(rows, log),
            type=rows.event_type,
            channel=channel.nullif(""),
            moment=_moment(rows),
            day=rows.date.cast("date"),
            link=_text(rows, "url"),
            agent=_text(rows, "user_agent"),
            value=_column(rows, "value", "float64"),
            bounce=_text(rows, "bounce_type"),
            code=_codes(rows, names),
            **{f"a_{name}": rows[name] for name in carried},
        )
        parts.append(keyed.filter(keyed.message.notnull() & keyed.person.notnull()))
    whole = parts[0] if len(parts) == 1 else ibis.union(*parts)
    ms = whole.moment.truncate("s").epoch_seconds().cast("int64") * 1000
    return whole.mutate(ms=ms + whole.moment.millisecond().cast("int64"))


def _mailing(rows: ir.Table, log: Log) -> ir.StringValue:
    """The messages with the same links: the campaign, else the message."""
    campaign = [name for name in ("campaign_id", "campaign_name") if name in rows.columns]
    own = message_of(rows, log).fill_null("")
    return ibis.coalesce(*(rows[name].cast("string") for name in campaign), own)


def _reduced(rows: ir.Table, carried: Sequence[str]) -> ir.Table:
    """One row per message and person; a line that is there twice counts once."""
    once = [name for name in rows.columns if name != "code"]
    again = rows.filter(rows.type.isin(_COUNTED_AGAIN))
    again = again.group_by(once).aggregate(code=again.code.min())
    opens = again.filter(again.type == "open")
    others = again.filter(again.type == "conversion")
    rest = rows.filter(~rows.type.isin(_COUNTED_AGAIN))
    branches = [
        opens.mutate(machine=open_by_machine(opens)),
        judged_clicks(again.filter(again.type == "click"), _KEY),
        others.mutate(machine=_NULL("boolean")),
        rest.mutate(machine=_NULL("boolean")),
    ]
    columns = [*once, "code", "machine"]
    every = ibis.union(*(branch.select(*columns) for branch in branches))
    of = {name: every.type == name for name in ("sent", *FLAG_OF)}
    sent = reduce(or_, (of[name] for name in SENDS))
    machine = every.machine.fill_null(ibis.literal(value=False))
    unknown = every.machine.isnull()
    carried_on = {
        f"a_{name}": ibis.coalesce(every[f"a_{name}"].max(where=sent), every[f"a_{name}"].max())
        for name in carried
    }
    return every.group_by(list(_KEY)).aggregate(
        channel=every.channel.max(),
        sends=sent.sum(),
        sent_at=every.moment.min(where=of["sent"]),
        **{time: every.moment.min(where=of[name]) for name, time in _TIME_OF.items()},
        send_day=every.day.min(where=sent),
        first_day=every.day.min(),
        bounced=of["bounce"].any(),
        bounce_type=every.bounce.min(where=of["bounce"]),
        complained=of["complaint"].any(),
        opens_total=of["open"].sum(),
        opens_machine=(of["open"] & machine).sum(),
        opens_unknown=(of["open"] & unknown).sum(),
        clicks_total=of["click"].sum(),
        clicks_machine=(of["click"] & machine).sum(),
        clicks_unknown=(of["click"] & unknown).sum(),
        revenue=every.value.sum(where=of["conversion"]),
        code=ibis.coalesce(every.code.min(where=sent), every.code.min()),
        **carried_on,
    )


def _told(rows: ir.Table, logs: Sequence[Log], carried: Sequence[str]) -> ir.Table:
    """The fields of recipients: what a log holds no event of is null."""
    knows = _knowing(rows, logs)
    happened: dict[str, ir.Value] = {
        flag: rows[_TIME_OF[kind]].notnull() for kind, flag in FLAG_OF.items() if kind in _TIME_OF
    }
    happened |= {"bounced": rows.bounced, "complained": rows.complained}
    flags = {
        flag: ibis.ifelse(knows(kind), happened[flag], _NULL("boolean"))
        for kind, flag in FLAG_OF.items()
    }
    human_clicks = rows.clicks_total - rows.clicks_machine
    by_machine = ibis.cases(
        (~knows("open"), _NULL("boolean")),
        (rows.opens_total == 0, ibis.literal(value=False)),
        # Who clicks has opened, whatever fetched the pictures (Listrak).
        (human_clicks > 0, ibis.literal(value=False)),
        (rows.opens_machine + rows.opens_unknown < rows.opens_total, ibis.literal(value=False)),
        (rows.opens_unknown == 0, ibis.literal(value=True)),
        else_=_NULL("boolean"),
    )
    clicked_by_machine = ibis.cases(
        (~knows("click"), _NULL("boolean")),
        (rows.clicks_machine + rows.clicks_unknown < rows.clicks_total, ibis.literal(value=False)),
        (rows.clicks_total == 0, ibis.literal(value=False)),
        (rows.clicks_unknown == 0, ibis.literal(value=True)),
        else_=_NULL("boolean"),
    )
    judged = {
        "open_is_machine": _where(_in_places(rows, logs, lambda log, _: log.agents), by_machine),
        "click_is_machine": _where(
            _in_places(rows, logs, lambda log, _: log.agents or log.links), clicked_by_machine
        ),
    }
    names = sorted({name for log in logs for name in log.datasets})
    totals = {
        "opens_total": _where(knows("open"), rows.opens_total),
        "clicks_total": _where(knows("click"), rows.clicks_total),
        "revenue": _where(knows("conversion"), rows.revenue.fill_null(0)),
    }
    return rows.select(
        "channel",
        "sent_at",
        "bounce_type",
        *_TIME_OF.values(),
        date=ibis.coalesce(rows.send_day, rows.first_day),
        **flags,
        **judged,
        **totals,
        spent=totals["revenue"],
        **{name: rows[f"a_{name}"] for name in carried},
        **{
            "__line": rows.code % _LINES,
            "__dataset": ibis.cases(
                *((rows.code // _LINES == place, name) for place, name in enumerate(names)),
                else_=_NULL("string"),
            ),
            SENDLESS: rows.sends == 0,
            PARTIAL: _in_places(rows, logs, lambda log, _: log.partial),
            FROM_EVENTS: ibis.literal(value=True),
        },
    )


def _knowing(rows: ir.Table, logs: Sequence[Log]) -> Callable[[str], ir.BooleanValue]:
    """Whether the row's log holds events of a type on its channel."""
    return lambda kind: _in_places(rows, logs, lambda _, types: kind in types)


def _in_places(
    rows: ir.Table, logs: Sequence[Log], holds: Callable[[Log, frozenset[str]], bool]
) -> ir.BooleanValue:
    """Whether this holds of the row's log and of the types of events on its channel."""
    places = [
        f"{number}:{channel}"
        for number, log in enumerate(logs)
        for channel, types in log.types.items()
        if holds(log, types)
    ]
    return rows.place.isin(places) if places else ibis.literal(value=False)


def _given(
    logs: Sequence[Log], carried: Sequence[str], mapped: Iterable[str]
) -> dict[str, frozenset[str]]:
    """The fields of recipients by data set; what a log without sends gives has no base."""
    found: dict[str, frozenset[str]] = {}
    has_value = "value" in mapped
    for log in logs:
        types = frozenset().union(*log.types.values())
        fields = {FLAG_OF[kind] for kind in types if kind in FLAG_OF}
        fields |= {_TIME_OF[kind] for kind in types if kind in _TIME_OF}
        fields |= {"sent_at"} if "sent" in types else set()
        fields |= {"opens_total"} if "open" in types else set()
        fields |= {"clicks_total"} if "click" in types else set()
        fields |= {"open_is_machine"} if "open" in types and log.agents else set()
        fields |= {"click_is_machine"} if "click" in types and (log.agents or log.links) else set()
        fields |= {"revenue"} if "conversion" in types and has_value else set()
        fields |= {"bounce_type"} if "bounce" in types and "bounce_type" in mapped else set()
        fields |= {*carried, "date", "channel"} - (set(PEOPLE) - set(log.people))
        found |= dict.fromkeys(log.datasets, frozenset(fields))
    return found


def _moment(rows: ir.Table) -> ir.TimestampValue:
    day = rows.date.cast("timestamp")
    return ibis.coalesce(rows.ts.cast("timestamp"), day) if "ts" in rows.columns else day


def _codes(rows: ir.Table, names: Sequence[str]) -> ir.IntegerValue:
    """File and line of an event as one number, so that the least is one of them."""
    own = rows["__dataset"].cast("string")
    place = ibis.cases(*((own == name, number) for number, name in enumerate(names)), else_=0)
    return place.cast("int64") * _LINES + rows["__line"].cast("int64")


def _column(rows: ir.Table, name: str, kind: str) -> ir.Value:
    return rows[name].cast(kind) if name in rows.columns else _NULL(kind)


def _text(rows: ir.Table, name: str) -> ir.StringValue:
    return _column(rows, name, "string").strip().nullif("")


def _where(met: ir.BooleanValue, value: ir.Value) -> ir.Value:
    return ibis.ifelse(met, value, _NULL(value.type()))
