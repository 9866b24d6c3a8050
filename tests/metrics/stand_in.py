"""A small engine over pandas frames, with the contract of `crm_metrics.store.Engine`."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from itertools import count
from typing import TypeVar

import ibis
import pandas as pd
import pyarrow as pa

from crm_metrics.errors import NotFoundError
from crm_metrics.store import Authors

_T = TypeVar("_T")
_numbers = count()
_ALWAYS = {"date": "datetime64[us]", "channel": "str", "platform": "str", "currency": "str"}


@cache
def _connection() -> ibis.BaseBackend:
    """One for all tests: opening one takes longer than most of them."""
    return ibis.duckdb.connect()


class FrameEngine:
    cache = None
    fingerprint = ""
    authors = Authors()

    def __init__(self, **frames: pd.DataFrame) -> None:
        self._tables = {}
        self._mapped = {}
        self._names = {}
        self._made = {}
        self._filled = {}
        self.settled: dict[tuple[str, str], str] = {}
        for grain, frame in frames.items():
            full = frame.copy()
            names = {name: name for name in frame.columns}
            for place, name in enumerate(frame.columns):
                if " " in name or name[0].isupper():
                    names[name] = f"c{place}"
            full = full.rename(columns=names)
            self._names[grain] = names
            self._mapped[grain] = frozenset(full.columns)
            for name, kind in _ALWAYS.items():
                if name not in full:
                    full[name] = pd.Series([None] * len(full), dtype=kind)
            if "__dataset" not in full:
                full["__dataset"] = "file"
            parts = full.groupby("__dataset")
            self._filled[grain] = {
                str(name): frozenset(part.columns[part.notna().any()]) for name, part in parts
            }
            if "__line" not in full:
                full["__line"] = range(2, len(full) + 2)
            rows = pa.Table.from_pandas(full, preserve_index=False)
            self._tables[grain] = _connection().create_table(f"t{next(_numbers)}", rows)
        self.grains = tuple(frames)
        self._number = next(_numbers)

    def table(self, grain: str) -> ibis.Table:
        return self._tables[grain]

    def rows(self, grain: str) -> int:
        return self._tables[grain].count().to_pyarrow().as_py()

    def mapped(self, grain: str) -> frozenset[str]:
        return self._mapped[grain]

    def filled(self, grain: str) -> dict[str, frozenset[str]]:
        return self._filled[grain]

    def questions(self) -> dict[str, tuple[()]]:
        return {}

    def extents(self, _grain: str) -> None:
        return None

    def dimension(self, grain: str, name: str) -> str:
        if name in self._names[grain]:
            return self._names[grain][name]
        if name in _ALWAYS:
            return name
        raise NotFoundError("unknown_column", column=name)

    def once(self, name: str, make: Callable[[], _T]) -> _T:
        if name not in self._made:
            self._made[name] = make()
        return self._made[name]

    def again(self) -> AbstractContextManager[FrameEngine]:
        return nullcontext(self)

    def stop(self) -> None:
        pass

    def view(self, _name: str, rows: ibis.Table) -> ibis.Table:
        # Of a table with a short name queries are made several times as fast.
        return _connection().create_view(f"view{next(_numbers)}", rows)

    def saved(self, name: str, rows: ibis.Table) -> ibis.Table:
        # One name is one table, as in the engine: what is saved under it again takes its place.
        return _connection().create_table(f"{name}_{self._number}", rows, overwrite=True)


class TableEngine:
    """The same over tables of any backend, whose columns are the fields."""

    cache = None
    fingerprint = ""
    authors = Authors()

    def __init__(self, tables: dict[str, ibis.Table]) -> None:
        self._tables = tables
        self._made: dict[str, object] = {}
        self.grains = tuple(tables)

    def table(self, grain: str) -> ibis.Table:
        return self._tables[grain]

    def rows(self, grain: str) -> int:
        return self._tables[grain].count().to_pyarrow().as_py()

    def mapped(self, grain: str) -> frozenset[str]:
        return frozenset(self._tables[grain].columns)

    def questions(self) -> dict[str, tuple[()]]:
        return {}

    def extents(self, _grain: str) -> None:
        return None

    def dimension(self, grain: str, name: str) -> str:
        if name in self._tables[grain].columns:
            return name
        raise NotFoundError("unknown_column", column=name)

    def once(self, name: str, make: Callable[[], _T]) -> _T:
        if name not in self._made:
            self._made[name] = make()
        return self._made[name]

    def again(self) -> AbstractContextManager[TableEngine]:
        return nullcontext(self)

    @property
    def settled(self) -> dict[tuple[str, str], str]:
        return {}

    def filled(self, grain: str) -> dict[str, frozenset[str]]:
        return self.once(f"filled_{grain}", lambda: self._filled(grain))

    def _filled(self, grain: str) -> dict[str, frozenset[str]]:
        names = self._tables[grain].select("__dataset").distinct().to_pyarrow()
        return dict.fromkeys(names.column(0).to_pylist(), self.mapped(grain))

    def view(self, _name: str, rows: ibis.Table) -> ibis.Table:
        return rows

    def saved(self, _name: str, rows: ibis.Table) -> ibis.Table:
        return rows
