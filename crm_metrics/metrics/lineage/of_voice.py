"""The lines behind the link of response times with scores."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import ibis.expr.types as ir

from crm_metrics.metrics.ground import Engine, parts_of
from crm_metrics.metrics.lineage.asking import Behind, Counted, Source
from crm_metrics.metrics.lineage.given import FILE, LINE, Y, joined, of_table
from crm_metrics.metrics.lineage.model import Lineage
from crm_metrics.metrics.model import Value
from crm_metrics.metrics.voice.link import link
from crm_metrics.metrics.voice.pairs import Measure, scored_rows

_FIELDS = frozenset(
    {"conversation_id", "score", "first_reply_time", "first_reply_at", "resolved_at"}
)


def of_link(engine: Engine, _: Value, behind: Behind) -> Iterator[tuple[str, Source]]:
    """The conversations with a score and a wait; of weeks, agents or channels those of both."""
    found = link(engine, behind.filters, behind.wait)
    if found is None:
        return
    if found.level == "conversation":
        yield "scored", partial(_scored, engine, behind, found.measure)
        return
    for name, one in (("times", found.points[0].time), ("scores", found.points[0].score)):
        yield name, Counted(one.metric, one.grain, one.variant, behind.filters)


def _scored(engine: Engine, behind: Behind, measure: Measure, first: int) -> Lineage:
    """Those of every place whose scores are of the measure that is held against waits."""
    tables = (scored_rows(part, behind.filters, behind.wait) for part in parts_of(engine))
    alike = (one[1] for one in tables if one is not None and one[0] == measure)
    return joined((_of_place(rows, first) for rows in alike), first)


def _of_place(rows: ir.Table, first: int) -> Lineage:
    full = rows.filter(rows["wait"].notnull() & rows.score.notnull())
    return of_table(full.select(FILE, LINE, **{Y: full["wait"]}), _FIELDS, first, adds_up=False)
