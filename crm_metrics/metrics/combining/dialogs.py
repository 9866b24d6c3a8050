"""Message logs of chats: who speaks to whom, in which conversation, and what it comes to."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

import ibis
import ibis.expr.types as ir

from crm_metrics.metrics.expressions import NO, YES, first_known, folded, seconds_between
from crm_metrics.metrics.people import PEOPLE, person_of
from crm_metrics.metrics.worked_out import (
    BY_SILENCE,
    FROM_LOG,
    MERGED,
    NEXT_REPLY,
    SIDE,
    TALK,
    WATCHED_UNTIL,
)
from crm_metrics.schema.grains import COMMON
from crm_metrics.store.together.authors import Authors

SILENCE = 86400.0
LATE = 7 * SILENCE  # a reply after as long a silence is another talk
_SIDES = {
    "customer": ("customer", "client", "user", "visitor", "contact", "lead"),
    "agent": ("agent", "operator", "manager", "admin", "staff"),
    "bot": ("bot", "system", "automation"),
}
_BY_EVENT = {"message_in": "customer", "message_out": "agent"}
_WHOLE = frozenset({"date", "time", "agent", "comment", "status", "url", "converted", "revenue"})


@dataclass(frozen=True, slots=True)
class Dialogs:
    """The messages of chats with TALK, SIDE and NEXT_REPLY, and the conversations they make."""

    messages: ir.Table
    conversations: ir.Table
    given: dict[str, frozenset[str]]


def untold(events: ir.Table, mapped: Collection[str]) -> ir.BooleanValue | None:
    """Whether a row is a message of which the file names the author and not whose it is.

    None where no row can be.
    """
    if "author" not in mapped:
        return None
    found = events.author.notnull()
    for name in ("author_type", "event_type"):
        if name in mapped:
            found = found & events[name].isnull()
    return found


def side_of(events: ir.Table, mapped: Collection[str], authors: Authors) -> ir.Value | None:
    """Who wrote each message of a chat, null for other events; None where nothing tells.

    Where a file names the author alone, `authors` say whose it is.
    """
    found: list[tuple[ir.BooleanValue, str]] = []
    if "author_type" in mapped:
        word = folded(events.author_type)
        found += [(word.isin(words), side) for side, words in _SIDES.items()]
    if "event_type" in mapped:
        word = folded(events.event_type)
        found += [(word == name, side) for name, side in _BY_EVENT.items()]
    if authors.ours and (named := untold(events, mapped)) is not None:
        own = folded(events.author)
        ours, bots = (
            [one.strip().lower() for one in names] for names in (authors.ours, authors.bots)
        )
        found += [(named & own.isin(bots), "bot")] if bots else []
        found += [(named & own.isin(ours), "agent"), (named, "customer")]
    if not found or not {"ts", "time", "date"} & set(mapped):
        return None
    pairs = [(met.fill_null(NO), ibis.literal(side)) for met, side in found]
    return ibis.cases(*pairs, else_=ibis.null("string"))


def messages_of(
    events: ir.Table, side: ir.Value, mapped: Collection[str], authors: Authors
) -> ir.Table:
    """The messages of chats alone, with TALK, SIDE, BY_SILENCE and NEXT_REPLY.

    A turn is what a client writes until somebody else does; bots neither end it nor answer it.
    """
    rows = events.mutate(**{SIDE: side, "moment": _moment(events, mapped)})
    rows = rows.filter(rows[SIDE].notnull() & rows.moment.notnull())
    rows = _with_talks(rows, mapped, authors)
    apart = [rows[TALK], rows[SIDE] == "bot"]
    order = [rows.moment, rows["__line"]]
    talk = ibis.window(group_by=apart, order_by=order)
    on = ibis.window(group_by=apart, order_by=order, preceding=0, following=None)
    replied = ibis.ifelse(rows[SIDE] == "agent", rows.moment, ibis.null("timestamp"))
    begins = (rows[SIDE] == "customer") & (rows[SIDE].lag().over(talk) != "customer").fill_null(YES)
    rows = rows.mutate(begins=begins, answer=replied.min().over(on))
    wait = seconds_between(rows.answer, rows.moment)
    turns = {NEXT_REPLY: ibis.ifelse(rows.begins, wait, ibis.null("float64"))}
    return rows.mutate(**turns).drop("begins", "answer")


def conversations_of(messages: ir.Table, mapped: Collection[str], authors: Authors) -> Dialogs:
    """The conversations of such messages, as rows of that grain.

    Chats of a messenger are a file each and exported together: they are watched until the last
    message of all of them, so that the one that ends unanswered is not too young to be counted.

    The first reply is the first message of a person after the client's first; who spoke first,
    bots aside, began it.
    """
    client = ibis.ifelse(messages[SIDE] == "customer", messages.moment, ibis.null("timestamp"))
    rows = messages.mutate(asked=client.min().over(ibis.window(group_by=messages[TALK])))
    agent = rows[SIDE] == "agent"
    after = agent & (rows.moment >= rows.asked)
    file = ibis.window(group_by=rows["__dataset"])
    last = rows.moment.max().over(file)
    if authors.ours and (chat := untold(rows, mapped)) is not None:
        rows = rows.mutate(chat=chat)
        of_chats = rows.moment.max().over(ibis.window(group_by=rows.chat))
        last = ibis.ifelse(rows.chat, of_chats, last)
    rows = rows.mutate(known=agent.any().over(file), last=last)
    carried = [name for name in COMMON if name in mapped and name not in _WHOLE]
    carried += [name for name in rows.columns if name.startswith("d_")]
    by = [name for name in ("agent", "author") if name in mapped]
    if by:
        who = first_known(*(rows[name].cast("string") for name in by))
        # Some engines take any row where no moment is known, so that others have no name here.
        named = ibis.ifelse(after, who, ibis.null("string"))
        spoken = named.argmin(ibis.ifelse(after, rows.moment, ibis.null("timestamp")))
    found = rows.group_by("__dataset", TALK).aggregate(
        asked=rows.asked.min(),
        first=rows.moment.min(),
        spoke=rows.moment.min(where=agent),
        first_reply_at=rows.moment.min(where=after),
        replies=agent.sum(),
        **({"agent": spoken} if by else {}),
        known=rows.known.any(),
        **{WATCHED_UNTIL: rows["last"].max(), "__line": rows["__line"].min()},
        **{BY_SILENCE: rows[BY_SILENCE].any()},
        **{name: rows[name].max() for name in dict.fromkeys(("channel", *carried))},
    )
    began = ibis.cases(
        (found.asked.isnull() & found.spoke.isnull(), "bot"),
        ((found.spoke < found.asked).fill_null(found.asked.isnull()), "agent"),
        else_="customer",
    )
    created = ibis.coalesce(found.asked, found["first"])
    replied = ibis.ifelse(found.known, found.first_reply_at.notnull(), ibis.null("boolean"))
    found = found.mutate(
        created_at=created,
        date=created.cast("date"),
        conversation_id=found[TALK],
        initiator=began,
        replied=replied,
        solved=ibis.null("boolean"),
        rated=ibis.null("boolean"),
        **{FROM_LOG: ibis.literal(value=True), MERGED: ibis.literal(value=False)},
    ).drop("asked", "first", "spoke", "known", TALK)
    own = messages.select(own=messages["__dataset"].cast("string")).distinct().to_pyarrow()
    fields = {"created_at", "first_reply_at", "replies", "conversation_id", "initiator", "date"}
    fields |= {"agent"} if by else set()
    given = frozenset({*fields, "channel", *carried} & {*COMMON, *fields})
    return Dialogs(messages, found, dict.fromkeys(own.column(0).to_pylist(), given))


def _with_talks(rows: ir.Table, mapped: Collection[str], authors: Authors) -> ir.Table:
    """TALK: the file's own id; else who the talk is with, anew after a day of silence.

    A messenger's id is of the chat, which never ends: there too a day of silence ends the talk.
    A client whom nobody has answered still waits, so that a reply within a week is of their talk.
    """
    file = rows["__dataset"].cast("string")
    people = [name for name in PEOPLE if name in mapped]
    person = person_of(rows, people) if people else ibis.null("string")
    own = rows.conversation_id.cast("string") if "conversation_id" in mapped else None
    base = ibis.coalesce(*([] if own is None else [own]), person, ibis.literal(""))
    silent = YES if own is None else own.isnull()
    if authors.ours and (chat := untold(rows, mapped)) is not None:
        silent = silent | chat
    rows = rows.mutate(**{TALK: file + ":" + base, BY_SILENCE: silent})
    window = _course(rows)
    gap = seconds_between(rows.moment, rows.moment.lag().over(window))
    rows = rows.mutate(gap=gap, anew=(rows[BY_SILENCE] & (gap > SILENCE)).fill_null(NO))
    rows = rows.mutate(part=rows.anew.cast("int64").sum().over(_course(rows, so_far=True)))
    part = ibis.window(group_by=[rows[TALK], rows["part"]])
    asked, heard = ((rows[SIDE] == side).any().over(part) for side in ("customer", "agent"))
    rows = rows.mutate(waits=asked & ~heard)
    late = (rows[SIDE] == "agent") & (rows.gap <= LATE)
    answers = late & rows.waits.lag().over(_course(rows)).fill_null(NO)
    rows = rows.mutate(begins_part=(rows.anew & ~answers).cast("int64"))
    number = rows.begins_part.sum().over(_course(rows, so_far=True))
    named = ibis.ifelse(rows[BY_SILENCE], rows[TALK] + "#" + number.cast("string"), rows[TALK])
    return rows.mutate(**{TALK: named}).drop("gap", "anew", "part", "waits", "begins_part")


def _course(rows: ir.Table, *, so_far: bool = False) -> ir.Value:
    """The messages of a talk in their order, all of them or up to each."""
    order = [rows.moment, rows["__line"]]
    if so_far:
        return ibis.window(group_by=rows[TALK], order_by=order, preceding=None, following=0)
    return ibis.window(group_by=rows[TALK], order_by=order)


def _moment(rows: ir.Table, mapped: Collection[str]) -> ir.Value:
    names = [name for name in ("ts", "time", "date") if name in mapped]
    return first_known(*(rows[name].cast("timestamp") for name in names))


def dialogs_of(
    events: ir.Table,
    mapped: Collection[str],
    saved: Callable[[str, ir.Table], ir.Table],
    authors: Authors,
) -> Dialogs | None:
    """The chats that a table of events tells of, kept by `saved`; None where it tells of none."""
    side = side_of(events, mapped, authors)
    if side is None or not bool(side.notnull().any().to_pyarrow().as_py()):
        return None
    messages = saved("messages_of_dialogs", messages_of(events, side, mapped, authors))
    found = conversations_of(messages, mapped, authors)
    return replace(found, conversations=saved("dialogs", found.conversations))


def with_chats(
    events: ir.Table,
    talks: Dialogs | None,
    mapped: Collection[str],
    authors: Authors,
) -> list[ir.Table]:
    """All events, the messages of chats among them with their conversation and next reply."""
    none = {TALK: ibis.null("string"), SIDE: ibis.null("string"), NEXT_REPLY: ibis.null("float64")}
    side = side_of(events, mapped, authors)
    if talks is None or side is None:
        return [events.mutate(**none)]
    return [events.filter(side.isnull()).mutate(**none), talks.messages]
