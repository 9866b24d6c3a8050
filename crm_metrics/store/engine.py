"""All facts of a workspace as one Ibis table per grain."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from hashlib import sha256
from itertools import permutations
from pathlib import Path

import ibis
import ibis.expr.types as ir

from crm_metrics.facts.columns import field_of
from crm_metrics.schema import fields_of
from crm_metrics.store.aligning import stacked
from crm_metrics.store.dataset import Dataset, with_facts
from crm_metrics.store.extents import Extent, extents_of
from crm_metrics.store.holding import OverSets
from crm_metrics.store.saving import saved, viewed
from crm_metrics.store.together.authors import Authors
from crm_metrics.store.together.comparing import differ_in_system
from crm_metrics.store.together.counting import counted_once, left_out
from crm_metrics.store.together.money import Money, converted
from crm_metrics.store.together.overlap import Overlap
from crm_metrics.store.together.parts import backend_for, part_of


class Engine(OverSets):
    """Facts that are here, behind one Ibis connection: DuckDB, locked to their folders.

    What data sets share is counted as `overlaps` say, amounts are converted as `money` says, and
    `authors` of chats are who they say.
    Close it, or use it in a `with` block. `cache` is a folder for what can be made from the facts
    again, None: nothing is kept.
    """

    def __init__(
        self,
        datasets: Iterable[Dataset],
        *,
        overlaps: Iterable[Overlap] = (),
        money: Money | None = None,
        authors: Authors | None = None,
        cache: Path | None = None,
    ) -> None:
        self.cache = cache
        self._overlaps = tuple(overlaps)
        self._money = money or Money()
        self.authors = authors or Authors()
        out = left_out(self._overlaps)
        super().__init__(item for item in with_facts(datasets) if item.id not in out)
        self.connection = self._duckdb()
        self._closed = False

    def close(self) -> None:
        """Give the connection back; a second call does nothing."""
        if not self._closed:
            self._closed = True
            self._made.clear()
            self.connection.disconnect()

    @cached_property
    def fingerprint(self) -> str:
        """A word for the facts and how they are counted: it changes when any of that does."""
        files = [item.facts.path.stat() for item in self._sets if item.facts]
        written = [(one.st_size, one.st_mtime_ns, one.st_ino) for one in files]
        made = [(item.id, item.facts) for item in self._sets]
        counted = repr((made, written, self._overlaps, self._money, self.authors))
        return sha256(counted.encode()).hexdigest()[:16]

    def again(self) -> Engine:
        """Another engine over the same facts, for another thread."""
        return Engine(
            self._sets,
            overlaps=self._overlaps,
            money=self._money,
            authors=self.authors,
            cache=self.cache,
        )

    def stop(self) -> None:
        """Break off what another thread computes here; it raises there."""
        self.connection.con.interrupt()

    def filled(self, grain: str) -> dict[str, frozenset[str]]:
        """The fields that each data set of a grain holds a value of, by its id."""
        known = frozenset(fields_of(grain))
        return {
            name: known.intersection(field_of(one) for one, extent in own.items() if extent.values)
            for name, own in self.extents(grain).items()
        }

    def extents(self, grain: str) -> dict[str, dict[str, Extent]]:
        """What each column of each data set holds, rows that count elsewhere included."""
        return self.once(
            f"extents_{grain}",
            lambda: {item.id: extents_of(facts) for item, facts in self._of(grain)},
        )

    @property
    def settled(self) -> dict[tuple[str, str], str]:
        """How data sets of messages of two grains count, where that does not go by the rule.

        By their ids, the one of sums (or of events) first: "both" where the user said so or they
        come from two systems, "once_first" where the first counts.
        """
        said = {(one.first, one.second): one.how for one in self._overlaps if one.kind == "finer"}
        return {
            (first.id, second.id): "both"
            for first, second in permutations(self._sets, 2)
            if differ_in_system(first, second)
        } | {pair: how for pair, how in said.items() if how != "once"}

    def view(self, name: str, rows: ir.Table) -> ir.Table:
        """The same rows as a view of that name, so that queries over them stay short."""
        return viewed(self.connection, name, rows)

    def saved(self, name: str, rows: ir.Table) -> ir.Table:
        """The same rows as a table of that name: they are worked out once, now."""
        return saved(self.connection, name, rows)

    def _duckdb(self) -> ibis.BaseBackend:
        return backend_for((item.facts for item in self._sets if item.facts), held=self._held())

    def _rows(self, grain: str) -> ir.Table:
        found = [part_of(self.connection, item) for item, _ in self._of(grain)]
        counted = counted_once(found, self._overlaps, self.saved)
        shown = (converted(part, self._money) for part in counted)
        return self.view(f"grain_{grain}", stacked(list(shown)))

    def _held(self) -> int:
        """How many lines of shared records and orders stay in memory, and keys to look up."""
        rows = {item.id: item.facts.rows for item in self._sets if item.facts}
        pairs = [
            one for one in self._overlaps if one.key and {one.first, one.second} <= rows.keys()
        ]
        keys = max((rows[one.first] + rows[one.second] for one in pairs), default=0)
        # Each customer's orders in their order, for what is asked of customers again and again.
        orders = sum(
            item.facts.rows for item in self._sets if item.facts and item.facts.grain == "orders"
        )
        return keys + sum(one.shared for one in pairs) + orders
