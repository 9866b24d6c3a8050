"""All facts that stay on one backend, as one Ibis table per grain."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import ibis.expr.types as ir
from ibis.backends import BaseBackend

from crm_metrics.facts.columns import field_of
from crm_metrics.facts.model import Facts
from crm_metrics.schema import fields_of
from crm_metrics.store.aligning import stacked
from crm_metrics.store.dataset import Dataset
from crm_metrics.store.holding import OverSets
from crm_metrics.store.remote.configuration import Warehouse
from crm_metrics.store.remote.connecting import connected
from crm_metrics.store.remote.linking import rows_of
from crm_metrics.store.remote.tables import opened
from crm_metrics.store.together.authors import Authors
from crm_metrics.store.together.money import Money, converted
from crm_metrics.store.together.parts import Part


class RemoteEngine(OverSets):
    """Facts of linked tables behind a connection to their own backend, which is opened when asked.

    Nothing is created there; every query is a SELECT over the tables as they are now. Amounts are
    converted as `money` says. Raises, whenever it asks, what `connected` and `opened` raise.
    """

    # What tables elsewhere hold may change unseen, so nothing of it is kept.
    cache: Path | None = None
    fingerprint = ""

    def __init__(
        self,
        datasets: Iterable[Dataset],
        warehouse: Warehouse,
        *,
        money: Money | None = None,
        authors: Authors | None = None,
    ) -> None:
        super().__init__(item for item in datasets if item.remote and item.facts)
        self._warehouse = warehouse
        self._money = money or Money()
        self.authors = authors or Authors()
        self._connection: BaseBackend | None = None

    @property
    def connection(self) -> BaseBackend:
        """The connection, opened the first time."""
        with self._making:
            if self._connection is None:
                self._connection = connected(self._warehouse)
            return self._connection

    def again(self) -> RemoteEngine:
        """Another engine over the same tables, for another thread."""
        return RemoteEngine(self._sets, self._warehouse, money=self._money, authors=self.authors)

    def stop(self) -> None:
        """Nothing is made of such tables in another thread, so that there is nothing to stop."""

    def close(self) -> None:
        """Give the connection back; a second call does nothing."""
        self._made.clear()
        opened_one, self._connection = self._connection, None
        if opened_one is not None:
            opened_one.disconnect()

    def filled(self, grain: str) -> dict[str, frozenset[str]]:
        """The fields that each data set of a grain holds a value of."""
        known = frozenset(fields_of(grain))
        return {
            item.id: known.intersection(map(field_of, item.remote.filled))
            for item, _ in self._of(grain)
            if item.remote
        }

    @property
    def settled(self) -> dict[tuple[str, str], str]:
        """Nothing: what remote tables share was never asked about."""
        return {}

    def view(self, _name: str, rows: ir.Table) -> ir.Table:
        """The rows as they are: in a data base of the user's nothing is created."""
        return rows

    def saved(self, _name: str, rows: ir.Table) -> ir.Table:
        """The rows as they are, worked out again by each query."""
        return rows

    def _rows(self, grain: str) -> ir.Table:
        parts = [self._part(item, facts) for item, facts in self._of(grain)]
        return stacked([converted(part, self._money) for part in parts])

    def _part(self, item: Dataset, facts: Facts) -> Part:
        assert item.remote is not None
        there = opened(self.connection, self._warehouse, item.remote.table)
        return Part(item, facts, rows_of(there, item.table, item.mapping, facts).rows)
