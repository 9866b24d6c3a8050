"""A segment: a name, and rules over what the rows of a person say."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from crm_metrics.errors import InputError
from crm_metrics.schema import GRAINS, fields_of, is_personal, kind_of

Measure = Literal["any", "last", "first", "count", "sum", "score"]
Operator = Literal[
    "is",
    "is_not",
    "contains",
    "more",
    "at_least",
    "less",
    "at_most",
    "before",
    "after",
    "in_last",
    "not_in_last",
    "is_empty",
]
Match = Literal["all", "any"]
Shape = Literal["text", "number", "date", "flag"]
"""What a person's value is, and with it which operators fit."""

ROWS = "rows"
"""The field of a rule that is about the rows themselves."""
SCORES = ("recency", "frequency", "money")
"""What a rule can score from 1 to 5 over the orders of all people."""
YES, NO = "yes", "no"

OPERATORS: dict[Shape, tuple[Operator, ...]] = {
    "text": ("is", "is_not", "contains", "is_empty"),
    "number": ("at_least", "at_most", "more", "less", "is", "is_not", "is_empty"),
    "date": ("in_last", "not_in_last", "after", "before", "is_empty"),
    "flag": ("is", "is_empty"),
}
_SEVERAL = frozenset({("text", "is"), ("text", "is_not")})
_MEASURED = frozenset({"count", "money", "rate", "duration", "number"})
_TIMED = frozenset({"date", "timestamp"})
_LONGEST_NAME = 80
_MOST_RULES = 20
_MOST_DAYS = 36_500
MOST_VALUES = 200
BETWEEN = "="
"""Stands between the name and the value of a group in an address, and so in no segment's name."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One condition on a person, by their rows of one kind.

    `field` is one of the kind's fields, or `rows` for the rows themselves. `measure` makes one
    value of a person's rows: "any" row of them, the "last" or the "first" known by time, their
    "count", their "sum", or the "score" of a customer (1 to 5, of orders' recency, frequency and
    money). The last of a flag, and of `rows`, is the day of the last such row. `values` are texts:
    numbers with a point, days in ISO's form, "yes" and "no", or how many days back is still "in
    the last"; several are alternatives.
    """

    grain: str
    field: str
    measure: Measure
    operator: Operator
    values: tuple[str, ...] = ()

    @property
    def shape(self) -> Shape:
        """What the rule compares."""
        return shape_of(self.grain, self.field, self.measure)

    @property
    def is_of_behaviour(self) -> bool:
        """Whether it asks what people did, and not what they are: buying, opening, answering."""
        counts = self.measure in ("count", "sum", "score")
        return self.grain != "contacts" and (counts or self.shape != "text")


@dataclass(frozen=True, slots=True)
class Segment:
    """People who meet all rules, or any of them."""

    name: str
    rules: tuple[Rule, ...]
    match: Match = "all"


def shape_of(grain: str, field: str, measure: Measure) -> Shape:
    """What a measure makes of a field."""
    if measure in ("count", "sum", "score"):
        return "number"
    if field == ROWS:
        return "date"
    kind = kind_of(field, grain)
    if kind == "flag":
        return "flag" if measure == "any" else "date"
    if kind in _TIMED:
        return "date"
    return "number" if kind in _MEASURED else "text"


def measures_of(grain: str, field: str) -> tuple[Measure, ...]:
    """The measures that a field of a kind of rows has, the usual first."""
    if field == ROWS:
        return ("count", "last", "first")
    if grain == "orders" and field in SCORES:
        return ("score",)
    kind = kind_of(field, grain)
    if kind == "flag":
        return ("any", "last", "first", "count")
    if kind in _TIMED:
        return ("last", "first")
    if kind in _MEASURED:
        return ("sum", "last", "first") if kind in ("money", "count") else ("last", "first")
    return ("any", "last", "first")


def checked(segment: Segment) -> Segment:
    """The segment where each of its rules can be laid to a person.

    Raises InputError: segment_name for none, a long one or one with "=", segment_rules for none or
    over twenty, segment_field for a kind of rows, field or measure that is not there,
    segment_personal for a field that names a person, segment_operator for one that does not fit
    the values, segment_value for values that are no numbers, days or words of the operator's.
    """
    name = segment.name.strip()
    if not name or len(name) > _LONGEST_NAME or BETWEEN in name or name != segment.name:
        raise InputError("segment_name", limit=_LONGEST_NAME)
    if not segment.rules or len(segment.rules) > _MOST_RULES:
        raise InputError("segment_rules", name=name, limit=_MOST_RULES)
    if segment.match not in get_args(Match):
        raise InputError("segment_match", name=name)
    for place, rule in enumerate(segment.rules, 1):
        _check(rule, place)
    return segment


def _check(rule: Rule, place: int) -> None:
    own = (ROWS, *(SCORES if rule.grain == "orders" else ()))
    known = rule.grain in GRAINS and (rule.field in own or rule.field in fields_of(rule.grain))
    if not known or rule.measure not in measures_of(rule.grain, rule.field):
        raise InputError("segment_field", place=place, grain=rule.grain, field=rule.field)
    if is_personal(rule.field):
        raise InputError("segment_personal", place=place, field=rule.field)
    if rule.operator not in OPERATORS[rule.shape]:
        raise InputError("segment_operator", place=place, operator=rule.operator)
    if not _fits(rule):
        raise InputError("segment_value", place=place, value=", ".join(rule.values))


def _fits(rule: Rule) -> bool:
    """Whether there are as many values as the operator needs, and each can be read."""
    if rule.operator == "is_empty":
        return not rule.values
    several = (rule.shape, rule.operator) in _SEVERAL
    if not 1 <= len(rule.values) <= (MOST_VALUES if several else 1):
        return False
    read = _counts_back if rule.operator in ("in_last", "not_in_last") else _READ[rule.shape]
    return all(map(read, rule.values))


def _counts_back(text: str) -> bool:
    """Whether a text is a number of days."""
    return text.isascii() and text.isdecimal() and 0 < int(text) <= _MOST_DAYS


def number_of(text: str) -> float | None:
    """The number that a rule's text says, None where it is none."""
    try:
        found = float(text)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def day_of(text: str) -> date | None:
    """The day that a rule's text says, None where it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


_READ: dict[Shape, Callable[[str], bool]] = {
    "text": lambda text: bool(text.strip()),
    "number": lambda text: number_of(text) is not None,
    "date": lambda text: day_of(text) is not None,
    "flag": lambda text: text in (YES, NO),
}


def with_segment(
    segments: tuple[Segment, ...], segment: Segment, *, instead: str | None = None
) -> tuple[Segment, ...]:
    """The segments with this one, in the place of the one named `instead` or of the same name.

    Raises what `checked` raises, and InputError("segment_taken") where another has the name.
    """
    checked(segment)
    names = [one.name for one in segments]
    place = instead if instead in names else segment.name
    if segment.name != place and segment.name in names:
        raise InputError("segment_taken", name=segment.name)
    if place not in names:
        return (*segments, segment)
    return tuple(segment if one.name == place else one for one in segments)


def without_segment(segments: tuple[Segment, ...], name: str) -> tuple[Segment, ...]:
    """The segments without the one of this name."""
    return tuple(one for one in segments if one.name != name)
