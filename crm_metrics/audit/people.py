"""Who rows are about, across kinds of rows, as checks join them."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from crm_metrics.audit.ground import FILE, LINE, Ground, places
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


def last_of_each(rows: ir.Table, day: str) -> ir.Table:
    """The last row of each person by this column, and of a day by its place."""
    order = [ibis.desc(name) for name in (day, FILE, LINE)]
    newest = ibis.row_number().over(ibis.window(group_by=PERSON, order_by=order))
    numbered = rows.mutate(newest=newest)
    return numbered.filter(numbered.newest == 0).drop("newest")


def names_someone(ground: Ground, grain: str) -> bool:
    """Whether there are rows of the grain and they say who they are about."""
    if not ground.has(grain) or not names_people(ground.engine, grain):
        return False
    known = persons(ground.engine)
    return known is not None and grain in known.names
