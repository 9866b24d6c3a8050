"""Answers from a cube: the rows that a question keeps, added up in its groups."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from crm_metrics.metrics.cube.model import Cube, Ints, Words, flag
from crm_metrics.metrics.model import Filters, Metric
from crm_metrics.metrics.sums import Line

_UNKNOWN_DAY = np.iinfo(np.int64).min
_MOST_CODES = 2**31

Column = Callable[[str], str | None]
"""The column that a name means, "" where it is null throughout, None where the cube has none."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a cube: groups, filters of which no row meets two, and what names mean."""

    by: tuple[str, ...]
    each: tuple[Filters, ...]
    column: Column


@dataclass(frozen=True)
class Cut:
    """A cube, the groups of a question, and for each row of the cube the period that keeps it.

    `periods` holds the number of the filters that a row meets, -1 where it meets none.
    """

    cube: Cube
    groups: tuple[Words, ...]
    periods: Ints
    several: bool
    held: frozenset[int]

    @property
    def empty(self) -> bool:
        """Whether no row of the cube is kept, and so none of the facts, which all are in it."""
        return not (self.periods >= 0).any()

    def holds(self, metric: Metric) -> bool:
        """Whether the metric's sums are in the cube: it is one of those that it was made of."""
        return id(metric) in self.held

    def sums(self, metrics: Sequence[Metric]) -> Added:
        """The metrics' sums in each group."""
        return Added(self, tuple(metrics))

    @cached_property
    def kept(self) -> tuple[Ints, Ints, list[Line]]:
        """Rows in the order of their groups, where each group begins, and the groups' names."""
        rows = np.flatnonzero(self.periods >= 0)
        columns: list[tuple[Ints, tuple[str | None, ...] | None]] = []
        if self.several:
            columns.append((self.periods[rows], None))
        columns += [(one.codes[rows], one.words) for one in self.groups]
        codes = np.zeros(len(rows), dtype=np.int64)
        for own, _ in columns:
            codes = codes * (own.max(initial=0) + 1) + own
            if codes.max(initial=0) > _MOST_CODES:
                codes = np.unique(codes, return_inverse=True)[1]
        order = np.argsort(codes, kind="stable")
        codes = codes[order]
        starts = np.flatnonzero(np.diff(codes, prepend=-1))
        first = order[starts]
        named = [
            [words[code] if words else code for code in own[first].tolist()]
            for own, words in columns
        ]
        names = [f"g{place}" for place in range(len(columns))]
        lines = [dict(zip(names, one, strict=True)) for one in zip(*named, strict=True)]
        return rows[order], starts, lines if columns else [{}] * len(starts)


@dataclass(frozen=True)
class Added:
    """Sums of metrics in the groups of a cut, under the names that an aggregate gives them."""

    cut: Cut
    metrics: tuple[Metric, ...]

    @cached_property
    def columns(self) -> dict[str, str]:
        """The cube's column for each name; the groups' names stand for themselves."""
        groups = len(self.cut.groups) + self.cut.several
        found = {f"g{place}": f"g{place}" for place in range(groups)}
        for place, metric in enumerate(self.metrics):
            for part, column in self.cut.cube.parts[metric.key].items():
                found[part.replace("*", str(place))] = column
        return found

    def lines(self) -> list[Line]:
        """A line a group that has any row; without groups one in any case."""
        rows, starts, groups = self.cut.kept
        if not len(rows):
            return [] if self.cut.groups or self.cut.several else [dict.fromkeys(self.columns)]
        added = self._added(rows, starts)
        named = {name: added[own] for name, own in self.columns.items() if own in added}
        values = zip(*named.values(), strict=True)
        return [
            group | dict(zip(named, own, strict=True))
            for group, own in zip(groups, values, strict=True)
        ]

    def _added(self, rows: Ints, starts: Ints) -> Mapping[str, Sequence[object]]:
        """Each wanted column of the cube by group."""
        cube, wanted = self.cut.cube, set(self.columns.values())
        found: dict[str, Sequence[object]] = {}
        places, numbers = cube.numbers
        own = [name for name in places if name in wanted]
        if own:
            chosen = numbers[rows][:, [places[name] for name in own]]
            sums = np.add.reduceat(chosen, starts, axis=0)
            found |= {name: sums[:, place].tolist() for place, name in enumerate(own)}
        bits, packed = cube.flags
        joined = np.bitwise_or.reduceat(packed[rows], starts, axis=0)
        found |= {name: flag(joined, place) for name, place in bits.items() if name in wanted}
        for name, ends in cube.ends.items():
            if name in wanted:
                found[name] = _end(ends, rows, starts, first=name.startswith("lo"))
        return found


def cut_of(cube: Cube, asked: Question, metrics: Sequence[Metric]) -> Cut | None:
    """The cube of these metrics cut as asked; None where it lacks a dimension that is named."""
    groups = [_group(cube, name, asked.column) for name in asked.by]
    kept = [_kept(cube, filters, asked.column) for filters in asked.each]
    periods = np.full(cube.table.num_rows, -1, dtype=np.int64)
    for place, rows in enumerate(kept):
        if rows is None:
            return None
        periods[rows] = place
    known = [one for one in groups if one is not None]
    if len(known) < len(groups):
        return None
    held = frozenset(id(metric) for metric in metrics if metric.key in cube.parts)
    return Cut(cube, tuple(known), periods, len(kept) > 1, held)


def _group(cube: Cube, name: str, column: Column) -> Words | None:
    if name in _FIRST_DAYS:
        return _spelt(_FIRST_DAYS[name](cube.days), cube.days == _UNKNOWN_DAY)
    return _dimension(cube, column(name))


def _dimension(cube: Cube, column: str | None) -> Words | None:
    if column == "":
        return Words(np.zeros(cube.table.num_rows, dtype=np.int64), (None,))
    return cube.words.get(column) if column else None


def _kept(cube: Cube, filters: Filters, column: Column) -> np.ndarray | None:
    """Which rows meet the filters."""
    dated = cube.days != _UNKNOWN_DAY
    rows = np.ones(cube.table.num_rows, dtype=bool)
    if filters.start is not None:
        rows &= dated & (cube.days >= _day(filters.start))
    if filters.end is not None:
        rows &= dated & (cube.days <= _day(filters.end))
    asked: list[tuple[tuple[str, ...], tuple[str, ...]]] = [
        ((name,), values) for name, values in filters.equal
    ]
    if filters.channels:
        asked.append((("channel",), filters.channels))
    if filters.campaigns:
        asked.append((("campaign_name", "campaign_id"), filters.campaigns))
    for names, values in asked:
        found = [_dimension(cube, column(name)) for name in names]
        met = np.zeros(cube.table.num_rows, dtype=bool)
        for words in found:
            if words is None:
                return None
            met |= np.array([word is not None and word in values for word in words.words])[
                words.codes
            ]
        rows &= met
    return rows


def _day(day: object) -> int:
    return int(np.datetime64(day, "D").astype(np.int64))  # type: ignore[call-overload]


def _of_week(days: Ints) -> Ints:
    """The Monday of each day; 1970 began on a Thursday."""
    return days - (days + 3) % 7


def _of_month(days: Ints) -> Ints:
    return (
        days.astype("datetime64[D]")
        .astype("datetime64[M]")
        .astype("datetime64[D]")
        .astype(np.int64)
    )


_FIRST_DAYS: dict[str, Callable[[Ints], Ints]] = {
    "date": lambda days: days,
    "day": lambda days: days,
    "week": _of_week,
    "month": _of_month,
}


def _spelt(days: Ints, unknown: np.ndarray) -> Words:
    """Days as words, in ISO's form."""
    different, codes = np.unique(days[~unknown], return_inverse=True)
    every = np.full(len(days), len(different), dtype=np.int64)
    every[~unknown] = codes
    return Words(every, (*np.datetime_as_string(different.astype("datetime64[D]")).tolist(), None))


def _end(ends: Words, rows: Ints, starts: Ints, *, first: bool) -> list[object]:
    """The first or the last word of each group; None where it has none."""
    unknown = len(ends.words) - 1
    codes = ends.codes[rows]
    if first:
        return [ends.words[code] for code in np.minimum.reduceat(codes, starts).tolist()]
    codes = np.where(codes == unknown, -1, codes)
    return [
        ends.words[code] if code >= 0 else None
        for code in np.maximum.reduceat(codes, starts).tolist()
    ]
