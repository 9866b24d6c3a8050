"""How deals went through their stages, and whether their title speaks of another kind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import reduce
from operator import add

import ibis
import numpy as np
import pyarrow as pa

from crm_metrics.audit.conditions import vague
from crm_metrics.audit.ground import FILE, LINE, Ground, places
from crm_metrics.audit.model import Check, Violations
from crm_metrics.metrics.deals.book import Book, Bools, Ints, book
from crm_metrics.metrics.deals.stages import order, telling
from crm_metrics.metrics.deals_state import STATE
from crm_metrics.metrics.expressions import NO, folded

_KINDS = ("deal_type", "product")
_LEAST_STAGES = 2
_MOST_KINDS = 60
_SHORTEST_KIND = 4
# Endings of Russian words change: what is longer than this is looked for without its last letter.
_LONG_WORD = 5
_NO_WORD = r"[^\p{L}\p{N}]+"


def _passing(ground: Ground) -> pa.Table | None:
    """Deals of which days by stage are known: their places, `back` and `skipped`."""
    deals = book(ground.engine)
    if deals is None or deals.stamps is None or not deals.stamps.dated:
        return None
    back, skipped, there = (np.zeros(len(deals.lines), dtype=bool) for _ in range(3))
    pipelines = _pipelines(ground, deals)
    for number in np.unique(pipelines):
        own = pipelines == number
        told = _passed(deals.of(own))
        if told is not None:
            back[own], skipped[own], there[own] = told
    if not there.any():
        return None
    every = pa.table(
        {
            FILE: pa.array(deals.files.astype(str)),
            LINE: pa.array(deals.lines),
            "back": back,
            "skipped": skipped,
        }
    )
    return every.filter(pa.array(there))


def _pipelines(ground: Ground, deals: Book) -> Ints:
    """A number for each deal's pipeline: each has stages of its own, in an order of its own."""
    table = ground.table("deals")
    rows = table.select(**places(table), pipeline=folded(table.pipeline)).to_pyarrow()
    each = zip(*(rows[name].to_pylist() for name in (FILE, LINE, "pipeline")), strict=True)
    named = {(file, line): pipeline or "" for file, line, pipeline in each}
    own = zip(deals.files.astype(str), deals.lines, strict=True)
    return np.unique([named[place] for place in own], return_inverse=True)[1]


def _passed(deals: Book) -> tuple[Bools, Bools, Bools] | None:
    """Of the deals of one pipeline: came back, skipped a stage, were at any; None if none tells.

    A deal came back where it was at an earlier stage after it had been at a later one.
    """
    assert deals.stamps
    names, ordered = order(deals)
    if ordered == "age" or telling(deals, names) != "history":
        return None
    columns = [deals.stamps.stages.index(name) for name in names]
    there = ~np.isnat(deals.stamps.days[:, columns])
    columns = [columns[place] for place in np.flatnonzero(np.any(there, axis=0))]
    if len(columns) < _LEAST_STAGES:
        return None
    never = np.iinfo(np.int64).max
    there = ~np.isnat(deals.stamps.days[:, columns])
    first = np.where(there, deals.stamps.days[:, columns].astype("int64"), never)
    last = np.where(there, deals.stamps.last[:, columns].astype("int64"), -never)
    soonest_beyond = np.minimum.accumulate(first[:, ::-1], axis=1)[:, ::-1]
    beyond = np.maximum.accumulate(there[:, ::-1], axis=1)[:, ::-1]
    back = np.any(last[:, :-1] > soonest_beyond[:, 1:], axis=1)
    skipped = np.any(~there[:, :-1] & beyond[:, 1:], axis=1)
    return back, skipped, np.any(there, axis=1)


def _history(ground: Ground, which: str) -> Violations:
    found = ground.engine.once("audit_passing", lambda: _passing(ground))
    if found is None:
        return ground.nothing("deals")
    bad = found.filter(found[which]).select([FILE, LINE])
    return Violations(rows=ibis.memtable(bad), base=found.num_rows)


def _misclassified(ground: Ground) -> Iterator[Violations]:
    for name in _KINDS:
        if ground.has("deals", name):
            yield _titled(ground, name)


def _titled(ground: Ground, name: str) -> Violations:
    """Deals whose title names one kind alone, and another one than their own."""
    table = ground.rows_with("deals", "title", name)
    rows = table.filter(~vague(table[name]) & table.title.notnull())
    kinds = rows.select(kind=folded(rows[name])).distinct().limit(_MOST_KINDS + 1).to_pyarrow()
    known = sorted(kind for kind in kinds.column(0).to_pylist() if len(kind) >= _SHORTEST_KIND)
    words = ibis.literal(" ") + rows.title.lower().re_replace(_NO_WORD, " ")
    rows = rows.select(**places(rows), date=rows.date, own=folded(rows[name]), words=words)
    stems = [" " + _stem(kind) for kind in known]
    # Most titles name no kind: one pattern of all tells that sooner than each kind by itself.
    some = "|".join(map(re.escape, stems))
    rows = rows.filter(rows.words.re_search(some)) if some else rows.limit(0)
    if len(kinds) > _MOST_KINDS:
        rows = rows.limit(0)
    named = [rows.words.contains(ibis.literal(stem)) for stem in stems] or [NO]
    count = reduce(add, (one.cast("int64") for one in named))
    said = ibis.cases(*zip(named, map(ibis.literal, known or [""]), strict=True), else_="")
    rows = rows.select(FILE, LINE, "date", "own", count=count, said=said)
    clear = ground.engine.saved(f"audit_titled_{name}", rows.filter(rows["count"] == 1))
    bad = clear.filter(clear.said != clear.own)
    return Violations(
        rows=bad.select(FILE, LINE, "date", suggestion=bad.said),
        base=clear.select("date"),
        scope=name,
    )


def _stem(kind: str) -> str:
    plain = " ".join("".join(c if c.isalnum() else " " for c in kind).split())
    return plain[:-1] if len(plain) > _LONG_WORD else plain


CHECKS = (
    Check(
        key="stage_backwards",
        grain="deals",
        needs=(STATE,),
        severity=2,
        effort="M",
        rule=lambda ground: _history(ground, "back"),
    ),
    Check(
        key="stage_skipped",
        grain="deals",
        needs=(STATE,),
        severity=2,
        effort="M",
        rule=lambda ground: _history(ground, "skipped"),
    ),
    Check(
        key="deal_misclassified",
        grain="deals",
        needs=("title", "deal_type|product"),
        severity=2,
        effort="M",
        rule=_misclassified,
    ),
)
