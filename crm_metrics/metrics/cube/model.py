"""A cube in memory: rows by day and dimensions, and the sums of metrics in each."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

DAY = "day"
_ABOUT = b"cube"
_BITS = 64

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Parts = Mapping[str, str]
"""For each part of a metric's sums ("p*_x", where * is the metric's place) its column."""


@dataclass(frozen=True, slots=True)
class Words:
    """A dimension: each row's place in `words`, whose last is None, the unknown."""

    codes: Ints
    words: tuple[str | None, ...]


@dataclass(frozen=True)
class Cube:
    """Sums by day and dimensions as one Arrow table.

    `dimensions` are its columns of words, DAY that of days; `parts` says for each metric, by key,
    which of the others hold its sums: numbers are added, flags hold where any does, of words
    (currencies) the first and the last are kept.
    """

    table: pa.Table
    dimensions: tuple[str, ...]
    parts: Mapping[str, Parts]

    @classmethod
    def read(cls, table: pa.Table) -> Cube:
        """The cube that an Arrow table of `described` holds; raises KeyError where it is none."""
        about = json.loads(table.schema.metadata[_ABOUT])
        return cls(table, tuple(about["dimensions"]), about["parts"])

    def described(self) -> pa.Table:
        """The table, with what its columns are in its schema."""
        about = {"dimensions": self.dimensions, "parts": self.parts}
        return self.table.replace_schema_metadata({_ABOUT: json.dumps(about).encode()})

    @cached_property
    def days(self) -> Ints:
        """Days since 1970 of each row, the least number where there is no date."""
        days = self.table[DAY].combine_chunks().cast("int32").cast("int64")
        return np.asarray(pc.fill_null(days, np.iinfo(np.int64).min))

    @cached_property
    def words(self) -> dict[str, Words]:
        """The dimensions by name."""
        return {name: _words(self.table[name]) for name in self.dimensions}

    @cached_property
    def numbers(self) -> tuple[dict[str, int], Floats]:
        """The places of the columns that are added, and a row of numbers for each row."""
        names = self._of(pa.types.is_floating)
        columns = [_filled(self.table[name], 0.0) for name in names]
        joined = np.column_stack(columns) if columns else np.empty((self.table.num_rows, 0))
        return {name: place for place, name in enumerate(names)}, joined

    @cached_property
    def flags(self) -> tuple[dict[str, int], npt.NDArray[np.uint64]]:
        """The bits of the flags, and a row of numbers of 64 bits for each row."""
        names = self._of(pa.types.is_boolean)
        packed = np.zeros((self.table.num_rows, len(names) // _BITS + 1), dtype=np.uint64)
        for place, name in enumerate(names):
            holds = _filled(self.table[name], fill=False).astype(np.uint64)
            packed[:, place // _BITS] |= holds << np.uint64(place % _BITS)
        return {name: place for place, name in enumerate(names)}, packed

    @cached_property
    def ends(self) -> dict[str, Words]:
        """The columns of words that are no dimension, in the order of the alphabet."""
        names = [name for name in self._of(pa.types.is_string) if name not in self.dimensions]
        return {name: _words(self.table[name]) for name in names}

    def _of(self, kind: object) -> list[str]:
        own = [field for field in self.table.schema if field.name != DAY]
        return [field.name for field in own if kind(field.type)]  # type: ignore[operator]


def flag(packed: npt.NDArray[np.uint64], place: int) -> list[bool]:
    """A flag by its place, of each row."""
    bits = packed[:, place // _BITS] >> np.uint64(place % _BITS)
    return (bits & np.uint64(1)).astype(bool).tolist()


def _filled(column: pa.ChunkedArray, fill: float | bool) -> np.ndarray:  # noqa: FBT001 - a cell
    return pc.fill_null(column, fill).to_numpy()


def _words(column: pa.ChunkedArray) -> Words:
    whole = column.combine_chunks().dictionary_encode()
    found: Sequence[str] = whole.dictionary.to_pylist()
    order = np.argsort(np.array(found, dtype=object)) if found else np.empty(0, dtype=np.int64)
    places = np.empty(len(found) + 1, dtype=np.int64)
    places[order] = np.arange(len(found))
    places[len(found)] = len(found)
    codes = np.asarray(pc.fill_null(whole.indices.cast("int64"), len(found)))
    return Words(places[codes], (*(found[place] for place in order), None))
