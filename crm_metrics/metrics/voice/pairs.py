"""Conversations with how long the client waited and what score they gave, counted.

The score is the one in the conversation's own row; where it has none, that of survey answers which
name the conversation. Both may be the same answer, so they are never counted twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import ibis
import ibis.expr.types as ir
import numpy as np
from numpy.typing import NDArray

from crm_metrics.metrics.catalogue.surveys import is_csat, is_nps
from crm_metrics.metrics.expressions import NO
from crm_metrics.metrics.filtering import kept
from crm_metrics.metrics.ground import Engine, grains_of, ground, mapped_of, parts_of
from crm_metrics.metrics.model import Filters, Limits
from crm_metrics.metrics.scales import (
    DETRACTOR,
    PROMOTER,
    boxes,
    in_top_box,
    oriented,
    scale_bottom,
    scale_top,
)
from crm_metrics.metrics.waits import by_client, reply, resolution

Wait = Literal["first_reply", "resolution"]
Measure = Literal["csat", "nps"]
CONVERSATIONS, SURVEYS, KEY = "conversations", "surveys", "conversation_id"
_WAITS: Final = {"first_reply": reply, "resolution": resolution}
_MOST_LINES = 200_000
_MINUTE = 60.0
_COUNTS = ("conversations", "scored", "silent", "joined", "twice")


@dataclass(frozen=True, slots=True)
class Pairs:
    """Scored conversations that ended their wait, a line for each different pair.

    Arrays of one length: `wait` in seconds, `score` between the ends of its scale (0 to 1), `good`
    and `bad` (1.0 or 0.0: in the top and the bottom box; a promoter, a detractor), `times` how many
    conversations are so. `conversations` are those of clients, `scored` those of them with a score,
    `silent` the scored ones without an end of the wait, `joined` those whose score stands in a
    survey alone, `twice` those that have one in both places. `in_minutes` says that the waits were
    cut to whole minutes, being too many.
    """

    measure: Measure
    wait: NDArray[np.float64]
    score: NDArray[np.float64]
    good: NDArray[np.float64]
    bad: NDArray[np.float64]
    times: NDArray[np.float64]
    conversations: int
    scored: int
    silent: int
    joined: int
    twice: int
    in_minutes: bool = False

    @property
    def n(self) -> int:
        """How many conversations the lines are of."""
        return int(self.times.sum())


def pairs(
    engine: Engine, filters: Filters, wait: Wait, *, most_lines: int = _MOST_LINES
) -> Pairs | None:
    """What the conversations of all engines tell; None where none of them can have a score."""
    found = [one for part in parts_of(engine) if (one := _of_part(part, filters, wait, most_lines))]
    if not found:
        return None
    measure = found[0].measure
    alike = [one for one in found if one.measure == measure]

    def column(name: str) -> NDArray[np.float64]:
        return np.concatenate([getattr(one, name) for one in alike])

    def count(name: str) -> int:
        return sum(getattr(one, name) for one in alike)

    return Pairs(
        measure=measure,
        wait=column("wait"),
        score=column("score"),
        good=column("good"),
        bad=column("bad"),
        times=column("times"),
        conversations=count("conversations"),
        scored=count("scored"),
        silent=count("silent"),
        joined=count("joined"),
        twice=count("twice"),
        in_minutes=any(one.in_minutes for one in alike),
    )


def scored_rows(part: Engine, filters: Filters, wait: Wait) -> tuple[Measure, ir.Table] | None:
    """A row a conversation of a client in one place, by the measure that its scores are of.

    Columns: from_file, from_line, wait (seconds), score (0 to 1), good, bad, own, other, with nulls
    where there is no end of the wait or no score. None where no conversation can have a score.
    """
    if CONVERSATIONS not in grains_of(part):
        return None
    talks, _ = ground(part, CONVERSATIONS)
    keep = kept(part, CONVERSATIONS, talks, filters)
    own = "score" in mapped_of(part, CONVERSATIONS)
    elsewhere = _of_surveys(part)
    if keep is None or not (own or elsewhere):
        return None
    measure: Measure = "csat" if own or elsewhere is None else elsewhere[0]
    joined = elsewhere[1] if elsewhere and measure == elsewhere[0] else None
    return measure, _rows(talks, wait, keep, _ends(talks, scored=own), joined)


def _of_part(part: Engine, filters: Filters, wait: Wait, most_lines: int) -> Pairs | None:
    found = scored_rows(part, filters, wait)
    if found is None:
        return None
    measure, rows = found
    counts = _counts(rows)
    if not counts[0]:
        return None
    (waits, score, good, bad, times), in_minutes = _lines(rows, most_lines)
    return Pairs(measure, waits, score, good, bad, times, *counts, in_minutes=in_minutes)


def _rows(
    talks: ir.Table,
    wait: Wait,
    keep: ir.BooleanValue,
    ends: tuple[ir.Value, ir.Value],
    elsewhere: ir.Table | None,
) -> ir.Table:
    """A row a conversation of a client: its wait and its scores, nulls where there are none."""
    limits = Limits()
    bottom, top = ends
    rows = talks.select(
        from_file=talks["__dataset"],
        from_line=talks["__line"],
        key=talks[KEY].cast("string"),
        wait=_WAITS[wait](talks, limits).cast("float64"),
        score=_within(talks.score.cast("float64"), bottom, top),
        good=(talks.score > top - boxes(top)).cast("int64").cast("float64"),
        kept=keep & by_client(talks, limits),
    )
    rows = rows.filter(rows.kept).drop("kept").mutate(bad=ibis.null("float64"))
    rows = rows.mutate(own=rows.score.notnull())
    if elsewhere is None:
        return rows.mutate(other=NO)
    joined = rows.left_join(elsewhere, rows.key == elsewhere.said_of)
    return joined.select(
        "from_file",
        "from_line",
        wait=joined.wait,
        own=joined.own,
        other=joined.said_score.notnull(),
        score=ibis.coalesce(joined.score, joined.said_score),
        good=ibis.ifelse(joined.own, joined.good, joined.said_good),
        bad=ibis.ifelse(joined.own, joined.bad, joined.said_bad),
    )


def _ends(talks: ir.Table, *, scored: bool) -> tuple[ir.Value, ir.Value]:
    """The ends of the scale on each row; nulls where conversations have no scores."""
    none = ibis.null("float64")
    return (scale_bottom(talks), scale_top(talks)) if scored else (none, none)


def _of_surveys(part: Engine) -> tuple[Measure, ir.Table] | None:
    """Answers by the conversation that they name: of satisfaction, else of recommending.

    A client who answered several times counts once, satisfied where every answer is.
    """
    if SURVEYS not in grains_of(part) or KEY not in mapped_of(part, CONVERSATIONS):
        return None
    if not {KEY, "score"} <= mapped_of(part, SURVEYS):
        return None
    table, _ = ground(part, SURVEYS)
    limits = Limits()
    named = table[KEY].notnull() & table.score.notnull()
    score = oriented(table).cast("float64")
    # Kinds and scales are seen over all rows, before any is dropped.
    rows = table.select(
        said_of=table[KEY].cast("string"),
        csat=(named & is_csat(table, limits)).fill_null(NO),
        nps=(named & is_nps(table, limits)).fill_null(NO),
        boxed=in_top_box(table, limits).cast("int64").cast("float64"),
        raw=score,
        score=_within(score, scale_bottom(table), scale_top(table)),
    )
    (line,) = rows.aggregate(csat=rows.csat.any(), nps=rows.nps.any()).to_pyarrow().to_pylist()
    if not (line["csat"] or line["nps"]):
        return None
    measure: Measure = "csat" if line["csat"] else "nps"
    answers = rows.filter(rows[measure])
    promoters = (answers.raw >= PROMOTER).cast("int64").cast("float64")
    good = answers.boxed if measure == "csat" else promoters
    once = answers.group_by("said_of").aggregate(
        said_score=answers.score.mean(),
        said_good=good.min(),
        said_bad=(answers.raw <= DETRACTOR).cast("int64").cast("float64").max(),
    )
    return measure, once


def _counts(rows: ir.Table) -> tuple[int, int, int, int, int]:
    """In the order of `_COUNTS`."""
    scored = rows.score.notnull()
    found = rows.aggregate(
        conversations=rows.count(),
        scored=scored.sum(),
        silent=(scored & rows["wait"].isnull()).sum(),
        joined=(~rows.own & rows.other).sum(),
        twice=(rows.own & rows.other).sum(),
    )
    (line,) = found.to_pyarrow().to_pylist()
    conversations, with_score, silent, joined, twice = (int(line[name] or 0) for name in _COUNTS)
    return conversations, with_score, silent, joined, twice


def _lines(rows: ir.Table, most: int) -> tuple[list[NDArray[np.float64]], bool]:
    """How often each pair stands; waits in whole minutes where that is too many lines."""
    full = rows.filter(rows["wait"].notnull() & rows.score.notnull())
    full = full.mutate(score=full.score.round(6), bad=full.bad.fill_null(0.0))
    names = ["wait", "score", "good", "bad"]
    found = full.group_by(names).aggregate(times=full.count()).limit(most + 1).to_pyarrow()
    in_minutes = found.num_rows > most
    if in_minutes:
        # Cut, not rounded: who waited less than an hour still did.
        cut = full.mutate(wait=(full["wait"] / _MINUTE).floor().cast("float64") * _MINUTE)
        found = cut.group_by(names).aggregate(times=cut.count()).to_pyarrow()
    columns = [np.asarray(found[name].to_numpy(), dtype=float) for name in (*names, "times")]
    return columns, in_minutes


def _within(score: ir.Value, bottom: ir.Value, top: ir.Value) -> ir.Value:
    """Where a score stands between the ends of its scale, so that scales can be held together."""
    return ibis.ifelse(top > bottom, (score - bottom) / (top - bottom), ibis.null("float64"))
