"""The rows that metrics count: a grain's table with every field present."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import Protocol, TypeVar

import ibis
import ibis.expr.types as ir

from crm_metrics.errors import NotFoundError
from crm_metrics.facts.model import QuestionColumn
from crm_metrics.facts.stray import Days
from crm_metrics.metrics.combining.adding import MESSAGE_GRAINS
from crm_metrics.metrics.combining.answers import ANSWERED, GIVEN, answers
from crm_metrics.metrics.combining.dialogs import Dialogs, dialogs_of, with_chats
from crm_metrics.metrics.combining.events import FromEvents, recipients_of
from crm_metrics.metrics.combining.logs import message_events
from crm_metrics.metrics.combining.maturity import last_day
from crm_metrics.metrics.combining.precedence import GivenWay, Marked, marked
from crm_metrics.metrics.dated import usual_span
from crm_metrics.metrics.hour_of_day import hour_of
from crm_metrics.metrics.observed import with_observed
from crm_metrics.metrics.outcomes import completed_outcomes
from crm_metrics.metrics.people import person_of
from crm_metrics.metrics.prepared import prepared
from crm_metrics.metrics.respondents import RESPONDENT
from crm_metrics.schema import fields_of, kind_of
from crm_metrics.store.aligning import TYPES, aligned
from crm_metrics.store.extents import Extent
from crm_metrics.store.together.authors import Authors

PERIODS = {"date": "D", "day": "D", "week": "W", "month": "M"}
BLANK_IS_NO = "blank_is_no"

_ALWAYS = ("channel", "platform", "currency", "__dataset")

_T = TypeVar("_T")


class Engine(Protocol):
    """What metrics ask of a store: `crm_metrics.store.Engine` is one.

    `cache` is a folder for what can be made again, None where nothing is to be kept; `authors` are
    the authors of chats of whom the user said who they are.
    """

    cache: Path | None
    authors: Authors

    @property
    def fingerprint(self) -> str:
        """A word for the facts and how they are counted: it changes when any of that does."""

    def again(self) -> AbstractContextManager[Engine]:
        """Another engine over the same facts, for another thread."""

    def stop(self) -> None:
        """Break off what another thread computes here; it raises there."""

    @property
    def grains(self) -> Collection[str]:
        """The grains of which there are facts."""

    def table(self, grain: str) -> ir.Table:
        """All facts of a grain."""

    def rows(self, grain: str) -> int:
        """How many facts of a grain its data sets hold, those that count elsewhere included."""

    def mapped(self, grain: str) -> Collection[str]:
        """The fields that some data set of this grain has."""

    def filled(self, grain: str) -> Mapping[str, frozenset[str]]:
        """The fields that each data set of a grain holds a value of."""

    def questions(self) -> Mapping[str, Sequence[QuestionColumn]]:
        """The questions of each data set of surveys that has a column for each."""

    def extents(self, grain: str) -> Mapping[str, Mapping[str, Extent]] | None:
        """What each column of each data set of a grain holds; None where only its rows tell."""

    @property
    def settled(self) -> Mapping[tuple[str, str], str]:
        """How pairs of data sets that tell of the same campaigns count, where that is decided.

        By their ids, the one of sums (or of events) first: "both", or "once_first" for the first.
        """

    def dimension(self, grain: str, name: str) -> str:
        """The column of a field or an original header; raises NotFoundError."""

    def once(self, name: str, make: Callable[[], _T]) -> _T:
        """What `make` gives, made once for the engine's facts."""

    def view(self, name: str, rows: ir.Table) -> ir.Table:
        """The same rows under a short name."""

    def saved(self, name: str, rows: ir.Table) -> ir.Table:
        """The same rows, worked out now and kept as long as the engine."""


def grains_of(engine: Engine) -> frozenset[str]:
    """The grains that metrics can count: those with facts, and what logs of events tell of."""
    parts = parts_of(engine)
    derived = {"recipients"} if any(map(_from_events, parts)) else set()
    derived |= {"conversations"} if any(map(_dialogs, parts)) else set()
    return frozenset(engine.grains) | derived


def mapped_of(engine: Engine, grain: str) -> frozenset[str]:
    """The fields of a grain that hold a value, in its own facts or worked out from events."""
    own = frozenset(engine.mapped(grain)) if grain in engine.grains else frozenset()
    if grain == "recipients":
        found = (_from_events(part) for part in parts_of(engine))
        own = own.union(*(events.fields for events in found if events))
    if grain == "conversations":
        talks = (_dialogs(part) for part in parts_of(engine))
        own = own.union(*(fields for one in talks if one for fields in one.given.values()))
    if grain == ANSWERED:
        again = any(map(_answer_again, parts_of(engine)))
        own |= GIVEN | ({RESPONDENT} if again else set())
    return own


def _answer_again(engine: Engine) -> bool:
    """Whether some respondent of a survey gave more than one score."""

    def found() -> bool:
        rows = ground(engine, ANSWERED)[0]
        people = rows[RESPONDENT]
        counts = rows.aggregate(
            scores=rows.score.count(), people=people.nunique(where=rows.score.notnull())
        ).to_pyarrow()
        scores, given = (counts.column(name)[0].as_py() or 0 for name in ("scores", "people"))
        return bool(scores > given)

    return ANSWERED in engine.grains and engine.once("answer_again", found)


def held(engine: Engine, grain: str) -> Mapping[str, frozenset[str]]:
    """The fields that each data set holds of a grain, in its own rows or in its log of events."""
    own = dict(engine.filled(grain)) if grain in engine.grains else {}
    events = _from_events(engine) if grain == "recipients" else None
    own = own | events.given if events else own
    talks = _dialogs(engine) if grain == "conversations" else None
    return own | talks.given if talks else own


def unread_logs(engine: Engine) -> tuple[str, ...]:
    """The data sets of message events that do not tell what was sent to whom."""

    def found() -> tuple[str, ...]:
        rows = message_events(engine.table("events"))
        names = rows.select(own=rows["__dataset"].cast("string")).distinct().to_pyarrow()
        read = _from_events(engine)
        given = read.given if read else {}
        return tuple(sorted(set(names.column(0).to_pylist()) - set(given)))

    return engine.once("unread_logs", found) if "events" in engine.grains else ()


def own_table(engine: Engine, grain: str) -> ir.Table:
    """A grain's facts with the columns that they have of their own; see `ground` for all."""
    derived = (
        grain == ANSWERED
        or (grain == "recipients" and _from_events(engine))
        or (grain == "conversations" and _dialogs(engine))
    )
    return ground(engine, grain)[0] if derived else engine.table(grain)


def rows_of(engine: Engine, grain: str) -> int:
    """How many facts of a grain there are, those that give way to others included."""

    def derived() -> int:
        events = _from_events(engine) if grain == "recipients" else None
        talks = _dialogs(engine) if grain == "conversations" else None
        rows = events.rows if events else talks.conversations if talks else None
        return 0 if rows is None else int(rows.count().to_pyarrow().as_py())

    own = engine.rows(grain) if grain in engine.grains else 0
    return own + engine.once(f"rows_of_events_{grain}", derived)


def given_way(engine: Engine, grain: str) -> tuple[GivenWay, ...]:
    """Why rows of a grain may not count: data sets of another that tell of the same campaigns."""
    return _precedence(engine).given_way.get(grain, ()) if grain in MESSAGE_GRAINS else ()


def end_of_messages(engine: Engine) -> date | None:
    """The last day that facts of messages tell of; None where they have no dates."""

    def found() -> date | None:
        grains = grains_of(engine).intersection(MESSAGE_GRAINS)
        days = [last_day(_completed(engine, grain)[0]) for grain in grains]
        return max((day for day in days if day), default=None)

    return engine.once("end_of_messages", found)


def days_of(engine: Engine, grain: str) -> Days | None:
    """The first and the last usual day of a grain's facts; None where they have no dates."""
    return engine.once(f"days_of_{grain}", lambda: usual_span(ground(engine, grain)[0]))


def parts_of(engine: Engine) -> tuple[Engine, ...]:
    """The engines that count each for themselves, where facts stand in several places."""
    return getattr(engine, "parts", (engine,))


def ground(engine: Engine, grain: str) -> tuple[ir.Table, frozenset[str]]:
    """A grain's facts made ready for metrics, and the flags whose blank cells were read as "no".

    Every field of the grain is a column (null where not mapped), outcomes are completed, and
    `replied` and `solved` (BOOLEAN: whether there was a first reply, and a resolution) and `spent`
    (FLOAT64: the revenue of a row that is one person, 0 where nothing was bought) are added. The
    recipients and conversations that logs of events tell of stand among those of files; see
    `combining.events`, `combining.conversations` and `combining.dialogs` for their columns.
    Surveys have a row an answer to a question: see `combining.answers`.
    """
    return engine.once(f"ground_{grain}", lambda: _ground(engine, grain))


def redated(table: ir.Table, field: str | None) -> ir.Table:
    """The rows with the day of another field as their date; as they are where none is named."""
    return table if field is None else table.mutate(date=table[field].cast("date"))


def _ground(engine: Engine, grain: str) -> tuple[ir.Table, frozenset[str]]:
    table, blanks = _completed(engine, grain)
    if grain in MESSAGE_GRAINS and (own := _precedence(engine).tables.get(grain)) is not None:
        table = engine.view(f"ground_{grain}", own)
    return table, blanks


def _precedence(engine: Engine) -> Marked:
    """Which rows of messages give way to another grain's, worked out once."""
    return engine.once("precedence", lambda: _found_precedence(engine))


def _found_precedence(engine: Engine) -> Marked:
    grains = grains_of(engine)
    events = _from_events(engine)
    if not (set(MESSAGE_GRAINS) <= grains or (events and "recipients" in engine.grains)):
        return Marked({}, {})
    tables = {grain: _completed(engine, grain)[0] for grain in MESSAGE_GRAINS if grain in grains}
    fields = {grain: held(engine, grain) for grain in tables}
    return marked(
        tables.get("campaigns"), tables.get("recipients"), fields, engine.settled, engine.saved
    )


def _completed(engine: Engine, grain: str) -> tuple[ir.Table, frozenset[str]]:
    return engine.once(f"completed_{grain}", lambda: _complete(engine, grain))


def _complete(engine: Engine, grain: str) -> tuple[ir.Table, frozenset[str]]:
    events = _from_events(engine) if grain == "recipients" else None
    parts, blanks = [], frozenset[str]()
    if grain in engine.grains:
        table = engine.table(grain)
        if grain == ANSWERED:
            table = answers(table, engine.questions(), engine.filled(grain))
        mapped = frozenset(table.columns) & frozenset(engine.mapped(grain))
        outcomes, blanks = completed_outcomes(table, grain, mapped, engine.extents(grain))
        own = _with_every_field(table, grain).mutate(**outcomes)
        if grain == ANSWERED:
            own = own.mutate(**{RESPONDENT: ibis.coalesce(person_of(own), own.response_id)})
        parts.append(prepared(own, grain))
    if events:
        parts.append(_with_every_field(events.rows, grain))
    if grain == "conversations" and (talks := _dialogs(engine)):
        parts.append(_with_every_field(talks.conversations, grain))
    if grain == "events":
        mapped = frozenset(engine.mapped(grain))
        rows = with_chats(engine.table(grain), _dialogs(engine), mapped, engine.authors)
        parts = [_with_every_field(part, grain) for part in rows]
    rows = engine.view(f"completed_{grain}", aligned(parts))
    if grain in engine.grains and "score" in engine.mapped(grain):
        rows = engine.view(f"scored_{grain}", with_observed(rows))
    return rows, blanks


def _with_every_field(table: ir.Table, grain: str) -> ir.Table:
    names = (*fields_of(grain), *_ALWAYS)
    return table.mutate(
        **{name: ibis.null(_type_of(name, grain)) for name in names if name not in table.columns}
    )


def _from_events(engine: Engine) -> FromEvents | None:
    """The recipients that the engine's logs of events tell of, worked out once."""
    if "events" not in engine.grains:
        return None
    return engine.once("from_events", lambda: _found_in_events(engine))


def _dialogs(engine: Engine) -> Dialogs | None:
    """The chats that the engine's logs of messages tell of, worked out once."""
    if "events" not in engine.grains:
        return None
    return engine.once(
        "dialogs",
        lambda: dialogs_of(
            engine.table("events"),
            frozenset(engine.mapped("events")),
            engine.saved,
            engine.authors,
        ),
    )


def _found_in_events(engine: Engine) -> FromEvents | None:
    found = recipients_of(engine.table("events"), frozenset(engine.mapped("events")))
    return found and FromEvents(engine.saved("recipients_of_events", found.rows), found.given)


def column_of(engine: Engine, grain: str, table: ir.Table, name: str) -> ir.Value | None:
    """The column to group or filter by, None where this grain has none.

    `name` is a field, a header of a file, date, week or month (the first day of each), weekday
    (0 is Monday) or hour (of the time that dates the row; null where only its day is known).
    """
    if name in PERIODS:
        return table.date.cast("date").truncate(PERIODS[name])
    if name == "weekday":
        return table.date.cast("date").day_of_week.index()
    if name == "hour" and (hour := hour_of(engine, grain, table)) is not None:
        return hour
    # What was worked out from events has the columns of both.
    for own in (grain, "events") if grain in ("recipients", "conversations") else (grain,):
        try:
            column = engine.dimension(own, name) if own in engine.grains else ""
        except NotFoundError:
            continue
        if column in table.columns:
            return table[column]
    given = GIVEN if grain == ANSWERED else ()
    worked_out = name in given or (grain not in engine.grains and name in fields_of(grain))
    return table[name] if name in _ALWAYS or worked_out else None


def _type_of(name: str, grain: str) -> str:
    return "string" if name in _ALWAYS else TYPES[kind_of(name, grain)]
