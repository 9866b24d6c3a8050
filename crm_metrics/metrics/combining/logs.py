"""Logs of message events: which files make one log, what it tells, and whose events are whose.

Sends, opens and clicks often come as files of their own: files that name the same campaigns are
one log. What a log holds no event of is not known from it, rather than never to have happened.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from crm_metrics.metrics.expressions import first_known
from crm_metrics.metrics.people import PEOPLE, person_of
from crm_metrics.store.together.record_keys import part_of_key

FLAG_OF: Mapping[str, str] = {
    "delivered": "delivered",
    "open": "opened",
    "click": "clicked",
    "bounce": "bounced",
    "unsubscribe": "unsubscribed",
    "complaint": "complained",
    "reply": "replied",
    "conversion": "converted",
}
"""The flag of a recipient that an event of each type sets."""
MESSAGE_EVENTS = ("sent", *FLAG_OF)
SENDS = ("sent", "delivered", "bounce")
"""Events by which a message is known to have been sent."""

_LABELS = ("message_id", "campaign_id", "campaign_name")
_COUNTED = (*_LABELS, *PEOPLE, "user_agent", "url", "value")
_NEARLY_ALL = 0.98
_SENT_TWICE = 0.01
_BETWEEN = "\x1f"
_Line = dict[str, object]


@dataclass(frozen=True, slots=True)
class Log:
    """Data sets whose events belong to the same messages.

    `types` are the events that it holds, by channel ("" where that is not known). A message is told
    by the first of `message` that a row has, and a person by the first of `people`. `partial` says
    that some events name no message or nobody, and are left out.
    """

    datasets: tuple[str, ...]
    types: Mapping[str, frozenset[str]]
    message: tuple[str, ...]
    people: tuple[str, ...]
    agents: bool
    links: bool
    partial: bool

    @property
    def channel(self) -> str:
        """The channel of rows that do not say theirs: the only one that others have."""
        known = [name for name in self.types if name]
        return known[0] if len(known) == 1 else ""


def message_events(events: ir.Table) -> ir.Table:
    """The events of messages to people; those of chats and visits are other things."""
    if "event_type" not in events.columns:
        return events.filter(ibis.literal(value=False))
    return events.filter(events.event_type.isin(MESSAGE_EVENTS))


def logs_of(events: ir.Table) -> list[Log]:
    """The logs that tell of messages, those left out that do not tell one message from another."""
    if "event_type" not in events.columns:
        return []
    rows = message_events(events)
    census = _census(rows)
    found = [_log(names, census) for names in _linked(rows, census)]
    return [log for log in found if log is not None and _tells_apart(rows, log, census)]


def message_of(rows: ir.Table, log: Log) -> ir.StringValue:
    """What tells a message (else its campaign) apart, null where a row names neither."""
    parts = [
        ibis.literal(f"{name[0]}{name[-1]}:") + part_of_key(rows, name) for name in log.message
    ]
    return first_known(*parts) if parts else ibis.literal("")


def whom(rows: ir.Table, log: Log) -> ir.StringValue:
    """The person of an event; "" throughout where the log names nobody."""
    return person_of(rows, log.people) if log.people else ibis.literal("")


def _census(rows: ir.Table) -> list[_Line]:
    """How many events each data set holds by channel and type, and how many have each column."""
    have = [name for name in _COUNTED if name in rows.columns]
    counts: dict[str, ir.Value] = {name: rows[name].count() for name in have}
    for name, columns in (("labeled", _LABELS), ("peopled", PEOPLE)):
        known = [rows[column].cast("string") for column in columns if column in have]
        counts[name] = first_known(*known).count() if known else ibis.literal(0)
    grouped = rows.group_by(
        data_set=rows["__dataset"].cast("string"),
        channel=rows.channel.cast("string").fill_null(""),
        type=rows.event_type,
    )
    found = grouped.aggregate(rows=rows.count(), **counts).to_pyarrow().to_pylist()
    return [dict.fromkeys(_COUNTED, 0) | line for line in found]


def _linked(rows: ir.Table, census: Sequence[_Line]) -> list[tuple[str, ...]]:
    """The data sets in groups: those of one group name the same campaigns, or messages."""
    names = sorted({str(line["data_set"]) for line in census})
    if len(names) < 2:
        return [(name,) for name in names]
    in_all = [
        column
        for column in ("campaign_id", "campaign_name", "message_id")
        if all(_total(_of([name], census), column) for name in names)
    ]
    columns = in_all[:1] or [column for column in _LABELS if column in rows.columns]
    group = {name: name for name in names}
    for column in columns:
        labels = rows.select(
            label=part_of_key(rows, column), data_set=rows["__dataset"].cast("string")
        )
        labels = labels.filter(labels.label.notnull()).distinct()
        other = labels.view()
        pairs = labels.inner_join(
            other, [labels.label == other.label, labels.data_set < other.data_set]
        )
        found = pairs.select(first=labels.data_set, second=other.data_set).distinct()
        for line in found.to_pyarrow().to_pylist():
            kept, gone = group[line["first"]], group[line["second"]]
            group = {name: kept if own == gone else own for name, own in group.items()}
    return [
        tuple(name for name in names if group[name] == first)
        for first in dict.fromkeys(group.values())
    ]


def _log(datasets: tuple[str, ...], census: Sequence[_Line]) -> Log | None:
    lines = [line for line in _of(datasets, census) if line["labeled"] or not _labeled(census)]
    if not lines:
        return None
    types: dict[str, set[str]] = {}
    for line in lines:
        types.setdefault(str(line["channel"]), set()).add(str(line["type"]))
    known = {channel: frozenset(own) for channel, own in types.items()}
    if len(known) == 2 and "" in known:
        # Files of one log of which some do not say their channel.
        both = frozenset().union(*known.values())
        known = {channel: both for channel in known if channel}
    own = _of(datasets, census)
    return Log(
        datasets=datasets,
        types=known,
        message=_message(lines),
        people=_people(lines),
        agents=_total(lines, "user_agent") > 0,
        links=_total([line for line in lines if line["type"] == "click"], "url") > 0,
        partial=any(_total(own, name) < _total(own, "rows") for name in ("labeled", "peopled")),
    )


def _labeled(census: Sequence[_Line]) -> int:
    return _total(census, "labeled")


def _message(lines: Sequence[_Line]) -> tuple[str, ...]:
    """The columns that name messages: one that all types of events have, else the first of all."""
    for name in _LABELS:
        if all(_int(line, name) >= _NEARLY_ALL * _int(line, "rows") for line in lines):
            return (name,)
    both = [
        line["campaign_id"] == line["rows"] or line["campaign_name"] == line["rows"]
        for line in lines
    ]
    filled = [name for name in _LABELS if _total(lines, name)]
    return tuple(name for name in filled if name != "message_id") if all(both) else tuple(filled)


def _people(lines: Sequence[_Line]) -> tuple[str, ...]:
    """The columns that name people, the one first that most events have."""
    filled = [name for name in PEOPLE if _total(lines, name)]
    return tuple(sorted(filled, key=lambda name: -_total(lines, name)))


def _tells_apart(rows: ir.Table, log: Log, census: Sequence[_Line]) -> bool:
    """Whether nearly no message is sent twice: else what a row names is no single message."""
    lines = _of(log.datasets, census)
    if log.message and _total(lines, "peopled"):
        return True
    sends = rows.filter(
        rows["__dataset"].cast("string").isin(log.datasets) & rows.event_type.isin(["sent"])
    )
    keys = sends.group_by(message=message_of(sends, log), person=whom(sends, log)).aggregate(
        moments=sends.ts.nunique() if "ts" in sends.columns else sends.count()
    )
    counts = keys.aggregate(keys=keys.count(), twice=(keys.moments > 1).sum()).to_pyarrow()
    line = counts.to_pylist()[0]
    return bool(line["keys"]) and (line["twice"] or 0) <= _SENT_TWICE * line["keys"]


def _of(datasets: Iterable[str], census: Sequence[_Line]) -> list[_Line]:
    names = set(datasets)
    return [line for line in census if line["data_set"] in names]


def _total(lines: Iterable[_Line], name: str) -> int:
    return sum(_int(line, name) for line in lines)


def _int(line: _Line, name: str) -> int:
    value = line[name]
    return int(value) if isinstance(value, int) else 0
