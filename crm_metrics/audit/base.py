"""The base of contacts told apart: by how they can be reached, and by how long ago anything was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

import ibis
import ibis.expr.types as ir
import numpy as np

from crm_metrics.metrics import intervals
from crm_metrics.metrics.ground import Engine, grains_of, ground, mapped_of
from crm_metrics.metrics.segments.persons import local_part

Cut = Literal["reach", "recency"]
RECENT: Final = (90, 365)
"""Days since the last activity that part recent contacts from quiet ones, and those from old."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of the base: so many of `base` contacts, with Goodman's simultaneous interval."""

    cut: Cut
    key: str
    count: int
    base: int
    share: float
    low: float
    high: float


def segments_of_base(engine: Engine, today: date) -> tuple[Segment, ...]:
    """The parts of each cut that the columns allow, every part of a cut named, also an empty one.

    The same person in several rows counts in each of them, as the checks do.
    """
    part = local_part(engine)
    if part is None or "contacts" not in grains_of(part):
        return ()
    table, _ = ground(part, "contacts")
    mapped = mapped_of(part, "contacts")
    cuts: dict[Cut, tuple[ir.StringValue, tuple[str, ...]]] = {}
    if {"phone", "email"} & mapped:
        cuts["reach"] = (_reach(table), ("both", "email", "phone", "neither"))
    if "last_activity_at" in mapped:
        cuts["recency"] = (_recency(table, today), ("recent", "quiet", "old", "never"))
    return tuple(one for cut, (key, keys) in cuts.items() for one in _parts(table, cut, key, keys))


def _reach(table: ir.Table) -> ir.StringValue:
    email, phone = (table[name].cast("string").fill_null("") != "" for name in ("email", "phone"))
    return ibis.cases((email & phone, "both"), (email, "email"), (phone, "phone"), else_="neither")


def _recency(table: ir.Table, today: date) -> ir.StringValue:
    last = table.last_activity_at.cast("date")
    first, second = (ibis.literal(today - timedelta(days=days)) for days in RECENT)
    return ibis.cases(
        (last.isnull(), "never"), (last >= first, "recent"), (last >= second, "quiet"), else_="old"
    )


def _parts(table: ir.Table, cut: Cut, key: ir.StringValue, keys: tuple[str, ...]) -> list[Segment]:
    rows = table.select(key=key)
    lines = rows.group_by("key").aggregate(n=rows.count()).to_pyarrow().to_pylist()
    found = {line["key"]: int(line["n"]) for line in lines}
    counts = np.array([found.get(name, 0) for name in keys], dtype=float)
    base = int(counts.sum())
    if not base:
        return []
    low, high = intervals.shares_of_count(counts)
    return [
        Segment(cut, name, int(count), base, count / base, float(low[at]), float(high[at]))
        for at, (name, count) in enumerate(zip(keys, counts.tolist(), strict=True))
    ]
