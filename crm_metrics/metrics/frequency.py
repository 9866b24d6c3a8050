"""How often people are written to: each person's fullest week, and how many people have which."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from crm_metrics.metrics.components import per_unit
from crm_metrics.metrics.compute import metric_named
from crm_metrics.metrics.counting import Question, asked_rows
from crm_metrics.metrics.ground import Engine, grains_of, ground, mapped_of, parts_of
from crm_metrics.metrics.model import Filters, Limits, lacking
from crm_metrics.metrics.rows import Asked, unit_of
from crm_metrics.metrics.standing import standing

_SHARE = metric_named("over_contacted_rate")


def fullest_weeks(engine: Engine, filters: Filters | None = None) -> list[tuple[int, int]]:
    """(messages in a person's fullest calendar week, people with so many), fewest messages first.

    The people and weeks of `over_contacted_rate`, from lists and from logs of events, before its
    limit is laid to them: whoever is over it there is so here. A person in several engines counts
    in each. Empty where no file says who got a message, and when.
    """
    found: Counter[int] = Counter()
    for part in parts_of(engine):
        found.update(_in(part, filters or Filters()))
    return sorted(found.items())


def _in(engine: Engine, filters: Filters) -> dict[int, int]:
    """How many people of one engine have a fullest week of so many messages."""
    grain = _SHARE.grain
    if grain not in grains_of(engine) or lacking(_SHARE, mapped_of(engine, grain)):
        return {}
    own = standing(engine, _SHARE, ground(engine, grain)[0])
    asked = asked_rows(engine, [own], Question((), (filters,), Limits()))
    if not isinstance(asked, Asked) or (unit := unit_of(asked, own)) is None:
        return {}
    people, _ = per_unit(asked, [replace(own, above=None)], unit)
    people = people.filter(people["y0"].notnull())
    lines = people.group_by("y0").aggregate(people=people.count()).to_pyarrow().to_pylist()
    return {int(line["y0"]): int(line["people"]) for line in lines}
