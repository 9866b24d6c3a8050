"""The facts of one data set as a table whose columns have the same names in every data set."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TypeVar, cast

import ibis
import ibis.expr.types as ir
import sqlglot as sg
import sqlglot.expressions as sge

from crm_metrics.facts.connection import connect, lock
from crm_metrics.facts.model import Facts
from crm_metrics.schema import fields_of, kind_of
from crm_metrics.store.dataset import Dataset, dimension_name
from crm_metrics.store.extents import filled_columns
from crm_metrics.store.saving import named

_T = TypeVar("_T")
_MEASURED = frozenset({"count", "money", "rate", "duration", "number"})


@dataclass(frozen=True)
class Part:
    """A data set with facts and its rows; an unmapped column is named d_<hash of its header>."""

    dataset: Dataset
    facts: Facts
    rows: ir.Table
    # A copy with other rows begins with none.
    _made: dict[Hashable, object] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    @property
    def id(self) -> str:
        """The data set's id."""
        return self.dataset.id

    @cached_property
    def filled(self) -> frozenset[str]:
        """The columns of `rows` that hold at least one value."""
        if self.dataset.remote:
            return frozenset(self.dataset.remote.filled)
        named = {raw: dimension_name(header) for raw, header in self.facts.dimensions.items()}
        return frozenset(named.get(column, column) for column in filled_columns(self.facts))

    @cached_property
    def measures(self) -> frozenset[str]:
        """The filled fields that are numbers to count."""
        grain = self.facts.grain
        own = self.filled.intersection(fields_of(grain))
        return frozenset(name for name in own if kind_of(name, grain) in _MEASURED)

    def once(self, name: Hashable, make: Callable[[], _T]) -> _T:
        """What `make` gives, made once for these rows: a data set is compared with many others."""
        if name not in self._made:
            self._made[name] = make()
        return cast("_T", self._made[name])


def part_of(connection: ibis.BaseBackend, dataset: Dataset) -> Part:
    """The part of a data set that has facts."""
    facts = dataset.facts
    assert facts is not None
    rows = _seen_by_cursors(connection, facts.path, f"facts_{dataset.id}")
    renamed: dict[str, str] = {}
    for column, header in facts.dimensions.items():
        renamed.setdefault(dimension_name(header), column)
    fields = [column for column in rows.columns if column not in facts.dimensions]
    return Part(
        dataset, facts, rows.select(*fields, **{new: rows[old] for new, old in renamed.items()})
    )


def _seen_by_cursors(connection: ibis.BaseBackend, path: Path, name: str) -> ir.Table:
    """A file of facts as a view; Ibis's own would be a temporary one, of this cursor alone."""
    file = sg.func("read_parquet", sge.convert(str(path)), dialect="duckdb")
    view, rows = sg.to_identifier(name), sg.select("*").from_(file)
    made = sge.Create(this=view, kind="VIEW", replace=True, expression=rows)
    connection.con.execute(made.sql("duckdb"))
    return named(connection, name)


@contextmanager
def opened(datasets: Iterable[Dataset], *, held: int = 0) -> Iterator[dict[str, Part]]:
    """The parts of data sets by id, on a connection that reaches their folders alone.

    `held` is how many keys its queries hold in memory.
    """
    sets = {item.id: item for item in datasets}
    backend = backend_for((item.facts for item in sets.values() if item.facts), held=held)
    try:
        yield {name: part_of(backend, item) for name, item in sets.items()}
    finally:
        backend.disconnect()


def backend_for(every: Iterable[Facts], *, held: int = 0) -> ibis.BaseBackend:
    """DuckDB in memory, locked to the folders of these facts; `held` as in `opened`."""
    facts = list(every)
    connection = connect(max((len(one.recipes) for one in facts), default=0), held=held)
    backend = ibis.duckdb.from_connection(connection)
    lock(connection, sorted({one.path.parent for one in facts}))
    return backend
