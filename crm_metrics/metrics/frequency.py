"""How often people are written to: each person's fullest week, and how many people have which."""

from __future__ import annotations

from crm_metrics.metrics.catalogue.recipients import base
from crm_metrics.metrics.expressions import NO
from crm_metrics.metrics.ground import Engine, ground, kept
from crm_metrics.metrics.model import Filters, Limits
from crm_metrics.metrics.people import PERSON, nameless, person_of

_GRAIN = "recipients"


def fullest_weeks(engine: Engine, filters: Filters | None = None) -> list[tuple[int, int]]:
    """(messages in a person's fullest calendar week, people with so many), fewest messages first.

    Of messages that reached a named person and have a date; weeks begin on Monday. The same people
    and weeks as those of `over_contacted_rate`. Empty where no file says who got a message.
    """
    if _GRAIN not in engine.grains:
        return []
    table, _ = ground(engine, _GRAIN)
    keep = kept(engine, _GRAIN, table, filters or Filters())
    unit = next((name for name in PERSON.split("|") if name in engine.mapped(_GRAIN)), None)
    if keep is None or unit is None:
        return []
    rows = table.select(
        person=person_of(table),
        week=table.date.cast("date").truncate("W"),
        counts=keep & base(table, Limits()) & ~nameless(table, Limits()),
    )
    rows = rows.filter(rows.counts.fill_null(NO) & rows.week.notnull())
    weeks = rows.group_by(["person", "week"]).aggregate(messages=rows.count())
    people = weeks.group_by("person").aggregate(messages=weeks.messages.max())
    found = people.group_by("messages").aggregate(people=people.count())
    lines = found.order_by("messages").to_pyarrow().to_pylist()
    return [(int(line["messages"]), int(line["people"])) for line in lines]
