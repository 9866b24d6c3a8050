"""All facts that stay on one backend, as one Ibis table per grain."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import Self, TypeVar, cast

import ibis.expr.types as ir
from ibis.backends import BaseBackend

from crm_metrics.errors import NotFoundError
from crm_metrics.facts.model import Facts
from crm_metrics.schema import GRAINS, fields_of
from crm_metrics.store.aligning import stacked
from crm_metrics.store.dataset import Dataset, dimension_name, folded
from crm_metrics.store.remote.configuration import Warehouse
from crm_metrics.store.remote.connecting import connected
from crm_metrics.store.remote.linking import rows_of
from crm_metrics.store.remote.tables import opened
from crm_metrics.store.together.money import Money, converted
from crm_metrics.store.together.parts import Part

_T = TypeVar("_T")


class RemoteEngine:
    """Facts of linked tables behind a connection to their own backend, which is opened when asked.

    Nothing is created there; every query is a SELECT over the tables as they are now. Amounts are
    converted as `money` says. Raises, whenever it asks, what `connected` and `opened` raise.
    """

    # What tables elsewhere hold may change unseen, so nothing of it is kept.
    cache: Path | None = None
    fingerprint = ""

    def __init__(
        self, datasets: Iterable[Dataset], warehouse: Warehouse, *, money: Money | None = None
    ) -> None:
        self._sets = [item for item in datasets if item.remote and item.facts]
        self._warehouse = warehouse
        self._money = money or Money()
        self._connection: BaseBackend | None = None
        self._tables: dict[str, ir.Table] = {}
        self._made: dict[str, object] = {}
        self._making = RLock()

    @property
    def grains(self) -> tuple[str, ...]:
        """The grains of which there are facts, in the schema's order."""
        present = {item.facts.grain for item in self._sets if item.facts}
        return tuple(grain for grain in GRAINS if grain in present)

    @property
    def connection(self) -> BaseBackend:
        """The connection, opened the first time."""
        with self._making:
            if self._connection is None:
                self._connection = connected(self._warehouse)
            return self._connection

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def again(self) -> RemoteEngine:
        """Another engine over the same tables, for another thread."""
        return RemoteEngine(self._sets, self._warehouse, money=self._money)

    def stop(self) -> None:
        """Nothing is made of such tables in another thread, so that there is nothing to stop."""

    def close(self) -> None:
        """Give the connection back; a second call does nothing."""
        self._tables.clear()
        self._made.clear()
        opened_one, self._connection = self._connection, None
        if opened_one is not None:
            opened_one.disconnect()

    def table(self, grain: str) -> ir.Table:
        """All facts of a grain, one row each, with the columns of `Engine.table`.

        Raises NotFoundError("no_facts").
        """
        with self._making:
            if grain not in self._tables:
                self._tables[grain] = stacked(
                    [
                        converted(self._part(item, facts), self._money)
                        for item, facts in self._of(grain)
                    ]
                )
            return self._tables[grain]

    def mapped(self, grain: str) -> frozenset[str]:
        """The fields that hold at least one value."""
        return frozenset().union(*self.filled(grain).values())

    def filled(self, grain: str) -> dict[str, frozenset[str]]:
        """The fields that each data set of a grain holds a value of."""
        known = frozenset(fields_of(grain))
        return {
            item.id: frozenset(item.remote.filled) & known
            for item, _ in self._of(grain)
            if item.remote
        }

    @property
    def settled(self) -> dict[tuple[str, str], str]:
        """Nothing: what remote tables share was never asked about."""
        return {}

    def dimension(self, grain: str, name: str) -> str:
        """The column of a field's key or of a header; raises NotFoundError("unknown_column")."""
        wanted = folded(name)
        columns = self.table(grain).columns
        if wanted in columns and not wanted.startswith("d_"):
            return wanted
        for _, facts in self._of(grain):
            for recipe in facts.recipes:
                if recipe.field and folded(recipe.name) == wanted:
                    return recipe.field
        if dimension_name(name) in columns:
            return dimension_name(name)
        raise NotFoundError("unknown_column", column=name)

    def dimensions(self, grain: str) -> dict[str, str]:
        """The headers of unmapped columns by their column in `table(grain)`."""
        return {
            dimension_name(header): header
            for _, facts in self._of(grain)
            for header in facts.dimensions.values()
        }

    def once(self, name: str, make: Callable[[], _T]) -> _T:
        """What `make` gives, made once for this engine."""
        with self._making:
            if name not in self._made:
                self._made[name] = make()
            return cast("_T", self._made[name])

    def view(self, _name: str, rows: ir.Table) -> ir.Table:
        """The rows as they are: in a data base of the user's nothing is created."""
        return rows

    def saved(self, _name: str, rows: ir.Table) -> ir.Table:
        """The rows as they are, worked out again by each query."""
        return rows

    def _of(self, grain: str) -> list[tuple[Dataset, Facts]]:
        found = [(one, one.facts) for one in self._sets if one.facts and one.facts.grain == grain]
        if not found:
            raise NotFoundError("no_facts", grain=grain)
        return found

    def _part(self, item: Dataset, facts: Facts) -> Part:
        assert item.remote is not None
        there = opened(self.connection, self._warehouse, item.remote.table)
        return Part(item, facts, rows_of(there, item.table, item.mapping, facts).rows)
