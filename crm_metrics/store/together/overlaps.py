"""Every overlap among data sets, with how each is to be counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import combinations, permutations

import duckdb
import ibis
import pyarrow as pa

from crm_metrics.intake.table import LINE
from crm_metrics.schema import FIELDS
from crm_metrics.store.dataset import Dataset, with_facts
from crm_metrics.store.together.counting import shared_rows
from crm_metrics.store.together.cuts import shared_sums
from crm_metrics.store.together.overlap import How, Overlap
from crm_metrics.store.together.parts import Part, opened
from crm_metrics.store.together.reconciling import pair_of, reconciled
from crm_metrics.store.together.record_keys import OF_A_PERIOD, key_of
from crm_metrics.store.together.same_records import days_alone, shared_records

Pair = tuple[str, str]
Found = MutableMapping[Pair, Overlap | None]


def overlaps(
    datasets: Sequence[Dataset],
    chosen: Mapping[Pair, How] | None = None,
    known: Found | None = None,
) -> list[Overlap]:
    """The overlaps of data sets with facts, those of the oldest data sets first.

    The data sets stand in the order of adding; of two the newer is that whose period ends later,
    else the one added later. `chosen` says by pair of ids how it is counted. `known` remembers what
    was found, by the pair of the facts' files.
    """
    found = {} if known is None else known
    pairs = [*_pairs(datasets), *_levels(datasets)]
    absent = [pair for pair in pairs if _name(pair) not in found]
    if absent:
        _compare(absent, found)
    current = [found[_name(pair)] for pair in pairs]
    names = {_name(pair) for pair in pairs}
    for gone in [name for name in found if name not in names]:
        del found[gone]
    return [_as_chosen(overlap, chosen or {}) for overlap in current if overlap is not None]


def shared_of(datasets: Sequence[Dataset], overlap: Overlap, limit: int | None = None) -> pa.Table:
    """The records that both data sets of an overlap have, those of one key together.

    Columns: `__dataset` and `__line`, where the record came from, and the mapped fields that
    either has. `limit` is the most records of the first data set.
    """
    pair = [item for item in datasets if item.id in overlap.pair]
    with opened(pair) as parts:
        first, second = parts[overlap.first], parts[overlap.second]
        ours = shared_rows(first.rows, second.rows, overlap)
        if limit is not None:
            ours = ours.order_by(LINE).limit(limit)
        theirs = shared_rows(second.rows, ours, overlap)
        sides = []
        for part, rows in ((first, ours), (second, theirs)):
            keyed = rows.mutate(__key=key_of(rows, overlap.key, overlap.beside))
            fields = sorted(set(FIELDS) & (first.filled | second.filled))
            shown = {
                name: rows[name].cast("string") if name in rows.columns else ibis.null("string")
                for name in fields
            }
            place = int(part is second)
            sides.append(
                keyed.select("__key", LINE, place=place, __dataset=ibis.literal(part.id), **shown)
            )
        both = ibis.union(*sides).order_by(["__key", "place", LINE])
        return both.drop("__key", "place").to_pyarrow()


def _pairs(datasets: Sequence[Dataset]) -> Iterable[tuple[Dataset, Dataset]]:
    """The pairs of one grain, the older data set first."""
    newest_last = sorted(with_facts(datasets), key=_last_day)
    return (
        (first, second)
        for first, second in combinations(newest_last, 2)
        if first.facts and second.facts and first.facts.grain == second.facts.grain
    )


def _levels(datasets: Sequence[Dataset]) -> Iterable[tuple[Dataset, Dataset]]:
    """The pairs of grains that tell of the same things, the coarser first."""
    return (
        (first, second)
        for first, second in permutations(with_facts(datasets), 2)
        if first.facts and second.facts and pair_of(first.facts.grain, second.facts.grain)
    )


def _last_day(dataset: Dataset) -> date:
    period = dataset.facts.period if dataset.facts else None
    return period[1] if period else date.min


def _name(pair: tuple[Dataset, Dataset]) -> Pair:
    first, second = pair
    return _facts_name(first), _facts_name(second)


def _facts_name(dataset: Dataset) -> str:
    """What changes whenever the facts do; a workspace may move to another folder."""
    assert dataset.facts
    return f"{dataset.id}/{dataset.facts.path.name}"


def _compare(pairs: Sequence[tuple[Dataset, Dataset]], found: Found) -> None:
    sets = [item for pair in pairs for item in pair]
    most = max(sum(item.facts.rows for item in pair if item.facts) for pair in pairs)
    with opened(sets, held=most) as parts:
        for pair in pairs:
            first, second = (parts[item.id] for item in pair)
            try:
                found[_name(pair)] = _overlap(first, second)
            except duckdb.OutOfMemoryException:
                found[_name(pair)] = days_alone(first, second, doubt="too_large")


def _overlap(first: Part, second: Part) -> Overlap | None:
    if first.facts.grain != second.facts.grain:
        return reconciled(first, second)
    if first.facts.grain in OF_A_PERIOD:
        return shared_sums(first, second)
    return shared_records(first, second)


def _as_chosen(overlap: Overlap, chosen: Mapping[Pair, How]) -> Overlap:
    how = chosen.get(overlap.pair)
    if how is None or how not in overlap.options:
        return overlap
    return replace(overlap, answer=how)
