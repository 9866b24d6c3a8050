"""The rows of data sets that overlap, so that what they share is counted once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import ibis
import ibis.expr.types as ir

from crm_metrics.intake.table import LINE
from crm_metrics.store.together.overlap import Overlap
from crm_metrics.store.together.parts import Part
from crm_metrics.store.together.record_keys import OF_SUMS, key_of

Save = Callable[[str, ir.Table], ir.Table]
"""Keeps a small table of lines under a name, so that it is worked out only once."""


def left_out(overlaps: Iterable[Overlap]) -> frozenset[str]:
    """The ids of data sets that do not count at all.

    One that is left out itself leaves out no other: of several versions one always counts.
    """
    out: set[str] = set()
    for overlap in overlaps:
        gone = overlap.left_out
        if gone is not None and not out & {overlap.first, overlap.second}:
            out.add(gone)
    return frozenset(out)


def in_force(overlaps: Sequence[Overlap]) -> list[Overlap]:
    """The overlaps that change what is counted: not those of a data set that is left out anyway."""
    out = left_out(overlaps)
    return [one for one in overlaps if one.left_out in out or not out & {one.first, one.second}]


def counted_once(
    parts: Sequence[Part],
    overlaps: Iterable[Overlap],
    save: Save,
) -> list[Part]:
    """The parts of a grain without what another of them counts already.

    What other grains tell of the same campaigns is no matter of rows alone: it depends on the
    metric, see `metrics.combining.precedence`.
    """
    kept = {part.id: part for part in parts}
    silent: dict[str, frozenset[str]] = {part.id: frozenset() for part in parts}
    for number, overlap in enumerate(overlaps):
        pair = overlap.first, overlap.second
        if overlap.how not in {"once", "once_first"} or not kept.keys() >= set(pair):
            continue
        loser, winner = (kept[name] for name in (pair if overlap.how == "once" else pair[::-1]))
        shared = (loser.measures & winner.measures) - silent[winner.id]
        rows = loser.rows
        if overlap.kind == "cut":
            # A measure that the winner gives up for a third data set must be told here.
            silent[loser.id] |= shared
            rows = _blanked(rows, shared, ibis.literal(value=True))
        elif overlap.kind == "records":
            found = shared_rows(rows, winner.rows, overlap).select(LINE)
            lines = save(f"shared_{number}_{loser.id}", found)
            only_here = loser.measures - winner.measures
            if only_here and loser.facts.grain in OF_SUMS:
                rows = _blanked(rows, shared, rows[LINE].isin(lines[LINE]))
            else:
                rows = rows.anti_join(lines, LINE)
        kept[loser.id] = replace(loser, rows=rows)
    return list(kept.values())


def shared_rows(rows: ir.Table, others: ir.Table, overlap: Overlap) -> ir.Table:
    """The rows whose key the others have too."""
    keyed = rows.mutate(__key=key_of(rows, overlap.key, overlap.beside))
    keys = others.select(__key=key_of(others, overlap.key, overlap.beside))
    return keyed.semi_join(keys, "__key").drop("__key")


def _blanked(rows: ir.Table, measures: Iterable[str], where: ir.BooleanValue) -> ir.Table:
    return rows.mutate(
        **{
            name: ibis.ifelse(where, ibis.null(rows[name].type()), rows[name])
            for name in sorted(measures)
        }
    )
