"""Who rows are about, across kinds of rows, as checks join them."""

from __future__ import annotations

import ibis.expr.types as ir

from crm_metrics.audit.ground import Ground, places
from crm_metrics.metrics.segments.persons import name_of, names_people, persons

PERSON = "person"


def with_person(
    ground: Ground, grain: str, table: ir.Table | None = None, **columns: ir.Value
) -> ir.Table:
    """The rows that name a person, with their places, `person` (INT64) and these columns."""
    rows = ground.table(grain) if table is None else table
    known = persons(ground.engine)
    assert known is not None, "somebody is named"
    names = known.names[grain]
    named = rows.select(**places(rows), name=name_of(ground.engine, grain, rows), **columns)
    return named.inner_join(names.filter(names.person.notnull()), "name").drop("name")


def names_someone(ground: Ground, grain: str) -> bool:
    """Whether there are rows of the grain and they say who they are about."""
    if not ground.has(grain) or not names_people(ground.engine, grain):
        return False
    known = persons(ground.engine)
    return known is not None and grain in known.names
