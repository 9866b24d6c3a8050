"""Who is in a segment, how many are left after each rule, and the rows that are theirs."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field, replace
from datetime import date
from functools import reduce
from itertools import count
from operator import and_, or_
from threading import Lock
from typing import TYPE_CHECKING

import ibis.expr.types as ir

from crm_metrics.metrics.expressions import NO
from crm_metrics.metrics.segments.persons import (
    Persons,
    local_part,
    name_of,
    names_people,
    persons,
)
from crm_metrics.metrics.segments.segment import Rule, Segment
from crm_metrics.metrics.segments.traits import holds, last_day, traits_of, why_not

if TYPE_CHECKING:
    from crm_metrics.metrics.ground import Engine

_IN_MEMORY = 8  # sets of people for each engine, the latest used


@dataclass(frozen=True, slots=True)
class Size:
    """How many people a segment has, and of how many.

    `after` are those left after each rule (of "any": those that the rules so far have brought),
    `alone` those who meet each rule by itself. `unmet` names, by a rule's place, why it can be laid
    to nobody here; `ends` is the last day of each kind of rows, from which days are counted back.
    `nameless` counts rows that name nobody, `silent` are the kinds none of whose rows names one,
    and `elsewhere` says that rows in a data base are outside.
    """

    people: int = 0
    of: int = 0
    after: tuple[int, ...] = ()
    alone: tuple[int, ...] = ()
    unmet: tuple[tuple[int, str], ...] = ()
    ends: tuple[tuple[str, date], ...] = ()
    nameless: int = 0
    silent: tuple[str, ...] = ()
    elsewhere: bool = False

    @property
    def emptied_by(self) -> int | None:
        """The place of the rule that left nobody; None where there is somebody."""
        return None if self.people or 0 not in self.after else self.after.index(0)


@dataclass(frozen=True, slots=True)
class _Members:
    """The `people` of a segment (person) in the tables of its `place`."""

    people: ir.Table
    size: Size
    place: int
    made: dict[str, ir.Table] = field(default_factory=dict)

    def names(self, part: Engine, known: Persons, grain: str) -> ir.Table:
        """The names under which rows of a kind name them: name."""
        if grain not in self.made:
            own = known.names[grain].semi_join(self.people, "person").select("name")
            self.made[grain] = part.saved(f"segment_names_{self.place}_{grain}", own)
        return self.made[grain]

    def keys(self, part: Engine, known: Persons) -> ir.Table:
        """All their keys: key."""
        if "" not in self.made:
            own = known.keys.semi_join(self.people, "person").select("key")
            self.made[""] = part.saved(f"segment_keys_{self.place}", own)
        return self.made[""]


@dataclass
class _Kept:
    """The sets of an engine's latest segments, each in tables of its own place."""

    found: OrderedDict[tuple[object, ...], _Members] = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)

    def place(self) -> int:
        """A place that no set takes any more."""
        while len(self.found) >= _IN_MEMORY:
            self.found.popitem(last=False)
        taken = {one.place for one in self.found.values()}
        return next(place for place in count() if place not in taken)


def size_of(engine: Engine, segment: Segment) -> Size:
    """How many people are in a segment; all zeros where no row names anybody."""
    known, part = persons(engine), local_part(engine)
    elsewhere = part is not engine
    if known is None or part is None:
        return Size(elsewhere=elsewhere)
    return replace(_members(part, known, segment).size, elsewhere=elsewhere)


def people_in(engine: Engine, segment: Segment) -> ir.Table | None:
    """The people of a segment (`person`, as `Persons` have it); None where no row names anybody."""
    known, part = persons(engine), local_part(engine)
    return _members(part, known, segment).people if known and part else None


def can_keep(engine: Engine, grain: str) -> bool:
    """Whether rows of a kind can be told by their people, here and now."""
    return local_part(engine) is engine and names_people(engine, grain)


def is_of(engine: Engine, grain: str, table: ir.Table, segment: Segment) -> ir.BooleanValue | None:
    """Whether each row is of one of the segment's people (null where it names nobody).

    None where rows of this kind do not name people, or stay in a data base.
    """
    known = persons(engine) if can_keep(engine, grain) else None
    if known is None:
        return None
    names = _members(engine, known, segment).names(engine, known, grain)
    return name_of(engine, grain, table).isin(names["name"])


def who_is_in(engine: Engine, segment: Segment) -> ir.Table | None:
    """The keys (`key`) of a segment's people; None where no row names anybody."""
    known, part = persons(engine), local_part(engine)
    return _members(part, known, segment).keys(part, known) if known and part else None


def _members(part: Engine, known: Persons, segment: Segment) -> _Members:
    """The set of a segment's people, made once while it is among the latest."""
    kept = part.once("segments", _Kept)
    what = (segment.rules, segment.match)
    with kept.lock:
        if what in kept.found:
            kept.found.move_to_end(what)
            return kept.found[what]
        found = _found(part, known, segment, kept.place())
        kept.found[what] = found
        return found


def _found(part: Engine, known: Persons, segment: Segment, place: int) -> _Members:
    unmet = {at: why for at, rule in enumerate(segment.rules) if (why := why_not(part, rule))}
    by_grain: dict[str, dict[int, Rule]] = {}
    for at, rule in enumerate(segment.rules):
        if at not in unmet:
            by_grain.setdefault(rule.grain, {})[at] = rule
    people = known.keys.select("person").distinct()
    ends = {grain: last_day(part, grain) for grain in by_grain}
    for grain, rules in by_grain.items():
        own, traits = traits_of(part, grain, rules, known.names[grain])
        joined = people.left_join(own, "person")
        met = {f"r{at}": holds(joined, rule, traits[at], ends[grain]) for at, rule in rules.items()}
        columns = [name for name in people.columns if name.startswith("r")]
        people = joined.select("person", *columns, **met)
    conditions = {
        f"r{at}": NO if at in unmet else people[f"r{at}"] for at in range(len(segment.rules))
    }
    answers = part.saved(f"segment_answers_{place}", people.select("person", **conditions))
    size = replace(
        _size(answers, known, segment),
        unmet=tuple(unmet.items()),
        ends=tuple((grain, day) for grain, day in ends.items() if day),
    )
    chosen = answers.filter(_joined(answers, segment, len(segment.rules))).select("person")
    return _Members(chosen, size, place)


def _joined(answers: ir.Table, segment: Segment, rules: int) -> ir.BooleanValue:
    """Whether people meet the first so many rules, all or any of them."""
    conditions = [answers[f"r{at}"] for at in range(rules)]
    return reduce(and_ if segment.match == "all" else or_, conditions)


def _size(answers: ir.Table, known: Persons, segment: Segment) -> Size:
    rules = range(len(segment.rules))
    sums = {f"after{at}": _joined(answers, segment, at + 1).sum() for at in rules}
    sums |= {f"alone{at}": answers[f"r{at}"].sum() for at in rules}
    (line,) = answers.aggregate(**sums).to_pyarrow().to_pylist()
    after = tuple(int(line[f"after{at}"] or 0) for at in rules)
    return Size(
        people=after[-1],
        of=known.people,
        after=after,
        alone=tuple(int(line[f"alone{at}"] or 0) for at in rules),
        nameless=sum(known.nameless.values()),
        silent=known.silent,
    )
