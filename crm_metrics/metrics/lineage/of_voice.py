"""The lines behind what clients say: answers, comments, and the link of waits with scores."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import ibis
import ibis.expr.types as ir
import numpy as np

from crm_metrics.metrics.expressions import NO
from crm_metrics.metrics.filtering import kept
from crm_metrics.metrics.ground import Engine, grains_of, ground, parts_of
from crm_metrics.metrics.lineage.asking import Behind, Counted, Source
from crm_metrics.metrics.lineage.given import (
    FILE,
    LINE,
    QUESTION,
    X,
    Y,
    joined,
    of_arrays,
    of_table,
)
from crm_metrics.metrics.lineage.model import Lineage
from crm_metrics.metrics.model import Filters, Value
from crm_metrics.metrics.themes.dictionary import Dictionary
from crm_metrics.metrics.themes.model import Themes
from crm_metrics.metrics.themes.quotes import lines_of
from crm_metrics.metrics.themes.sources import asked_in
from crm_metrics.metrics.voice.link import Bucket, Link, link
from crm_metrics.metrics.voice.pairs import SURVEYS, Measure, scored_rows

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


def of_bucket(engine: Engine, found: Link, bucket: Bucket, behind: Behind, first: int) -> Lineage:
    """The conversations of a bucket of waits: what each adds to the score, of as many."""
    return joined(
        (
            _of_place(rows.filter(_waited(rows, bucket)), first, found.measure)
            for rows in _tables(engine, behind, found.measure)
        ),
        first,
    )


def of_answers(
    engine: Engine, question: str | None, filters: Filters, first: int, *, in_words: bool
) -> Lineage:
    """The answers to a question of surveys: the score of each, or 1 where it is one in words."""
    return joined(
        (
            _answers(part, question, filters, first, in_words=in_words)
            for part in parts_of(engine)
            if SURVEYS in grains_of(part)
        ),
        first,
    )


def of_theme(
    engine: Engine,
    found: Themes,
    dictionary: Dictionary,
    theme: str | None,
    *,
    filters: Filters,
    first: int,
) -> Lineage:
    """The comments that mention a theme of a dictionary, None: that mention none of its themes."""
    source, rest = asked_in(engine, found.source, filters)
    places = lines_of(engine, source, dictionary, theme, rest)
    fields = frozenset({source.field, "score"})
    return of_arrays(places, np.ones(len(places[0])), None, fields, first)


def _scored(engine: Engine, behind: Behind, measure: Measure, first: int) -> Lineage:
    """Those of every place whose scores are of the measure that is held against waits."""
    tables = _tables(engine, behind, measure)
    return joined((_of_place(rows, first) for rows in tables), first)


def _tables(engine: Engine, behind: Behind, measure: Measure) -> Iterator[ir.Table]:
    for part in parts_of(engine):
        found = scored_rows(part, behind.filters, behind.wait)
        if found is not None and found[0] == measure:
            rows = found[1]
            yield rows.filter(rows["wait"].notnull() & rows.score.notnull())


def _of_place(rows: ir.Table, first: int, measure: Measure | None = None) -> Lineage:
    """Conversations by their waits; of a measure by what each adds to it."""
    if measure is None:
        own = rows.select(FILE, LINE, **{Y: rows["wait"]})
        return of_table(own, _FIELDS, first, adds_up=False)
    adds = rows.good if measure == "csat" else rows.good - rows.bad.fill_null(0.0)
    own = rows.select(FILE, LINE, **{Y: adds, X: ibis.literal(1.0)})
    return of_table(own, _FIELDS, first)


def _waited(rows: ir.Table, bucket: Bucket) -> ir.BooleanValue:
    long_enough = rows["wait"] >= bucket.start
    return long_enough if bucket.end is None else long_enough & (rows["wait"] < bucket.end)


def _answers(
    part: Engine, question: str | None, filters: Filters, first: int, *, in_words: bool
) -> Lineage:
    table, _ = ground(part, SURVEYS)
    keep = kept(part, SURVEYS, table, filters)
    asked = table.question.isnull() if question is None else table.question == question
    answer = table.comment if in_words else table.score
    rows = table.filter((NO if keep is None else keep) & asked & answer.notnull())
    y = ibis.literal(1.0) if in_words else rows.score.cast("float64")
    columns = {FILE: rows["__dataset"], LINE: rows["__line"], QUESTION: rows.question, Y: y}
    return of_table(rows.select(**columns), frozenset({"score", "comment", "question"}), first)
