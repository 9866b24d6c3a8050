"""What rules can be made of here: the fields that rows of people hold, and the values seen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from crm_metrics.metrics.ground import Engine, grains_of, ground, mapped_of
from crm_metrics.metrics.segments.persons import local_part, names_people
from crm_metrics.metrics.segments.segment import (
    MOST_VALUES,
    ROWS,
    SCORES,
    Measure,
    Operator,
    Rule,
    Shape,
    shape_of,
)
from crm_metrics.metrics.segments.traits import why_not
from crm_metrics.schema import fields_of, is_personal, kind_of

_ORDER = ("orders", "contacts", "recipients", "surveys", "deals", "conversations", "calls")
_FIRST: dict[str, str] = {
    "orders": "amount product category city status",
    "contacts": "city status consent lifecycle_stage created_at last_activity_at",
    "recipients": "opened clicked converted replied unsubscribed bounced",
    "surveys": "score survey_type question",
    "deals": "stage amount status pipeline created_at closed_at",
    "conversations": "status team score",
    "calls": "is_answered is_missed direction",
    "attendance": "attended event_name ticket_type",
}
"""The fields that are asked first, by kind of rows; other flags and words follow."""

_USUAL: dict[str, tuple[Measure, ...]] = {
    "flag": ("any", "last", "count"),
    "money": ("sum", "last"),
    "count": ("sum",),
    "number": ("last",),
    "date": ("last", "first"),
    "timestamp": ("last", "first"),
}
_NOT_OFFERED = frozenset({"currency", "platform"})
_FOLLOW = frozenset({"category", "flag"})


@dataclass(frozen=True, slots=True)
class Property:
    """Something that a rule can ask of a person."""

    grain: str
    field: str
    measure: Measure

    @property
    def shape(self) -> Shape:
        """What it is compared with."""
        return shape_of(self.grain, self.field, self.measure)

    @property
    def key(self) -> str:
        """A word for it."""
        return f"{self.grain}|{self.field}|{self.measure}"


def offered(engine: Engine) -> tuple[Property, ...]:
    """All that rules can ask of the people of these data, what is asked most often first."""
    part = local_part(engine)
    if part is None:
        return ()
    grains = [grain for grain in grains_of(part) if names_people(part, grain)]
    ordered = sorted(grains, key=lambda one: (_place(one), one))
    return tuple(one for grain in ordered for one in _of_grain(part, grain) if _is_here(part, one))


def values_seen(engine: Engine, grain: str, field: str) -> tuple[str, ...]:
    """The different words of a field, the commonest first; 200 at most."""
    part = local_part(engine)
    if part is None or grain not in grains_of(part) or is_personal(field):
        return ()
    table, _ = ground(part, grain)
    rows = table.select(word=table[field].cast("string").strip())
    rows = rows.filter(rows.word.nullif("").notnull())
    counted = rows.group_by("word").aggregate(times=rows.count())
    lines = counted.order_by([counted.times.desc(), counted.word]).limit(MOST_VALUES)
    words = lines.to_pyarrow().column("word").to_pylist()
    # "moscow" and "Moscow" are one word to a rule.
    return tuple({word.lower(): word for word in reversed(words)}.values())[::-1]


def _of_grain(engine: Engine, grain: str) -> Iterator[Property]:
    yield from (Property(grain, ROWS, measure) for measure in ("count", "last", "first"))
    first = tuple(_FIRST.get(grain, "").split())
    known = mapped_of(engine, grain)
    others = [
        name
        for name in fields_of(grain)
        if name in known and name not in first and kind_of(name, grain) in _FOLLOW
    ]
    for field in (*first, *others):
        if not is_personal(field) and field not in _NOT_OFFERED:
            for measure in _USUAL.get(kind_of(field, grain), ("any",)):
                yield Property(grain, field, measure)
    if grain == "orders":
        yield from (Property(grain, field, "score") for field in SCORES)


def _is_here(engine: Engine, one: Property) -> bool:
    operator: Operator = "at_least" if one.shape == "number" else "is_empty"
    return why_not(engine, Rule(one.grain, one.field, one.measure, operator)) is None


def _place(grain: str) -> int:
    return _ORDER.index(grain) if grain in _ORDER else len(_ORDER)
