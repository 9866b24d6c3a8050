"""All facts of a workspace as one Ibis table per grain."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from hashlib import sha256
from itertools import permutations
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import Self, TypeVar, cast

import ibis
import ibis.expr.types as ir

from crm_metrics.errors import NotFoundError
from crm_metrics.facts.model import Facts
from crm_metrics.schema import GRAINS, fields_of
from crm_metrics.store.aligning import stacked
from crm_metrics.store.dataset import Dataset, dimension_name, folded, with_facts
from crm_metrics.store.together.comparing import differ_in_system
from crm_metrics.store.together.counting import counted_once, left_out
from crm_metrics.store.together.money import Money, converted
from crm_metrics.store.together.overlap import Overlap
from crm_metrics.store.together.parts import backend_for, filled_columns, part_of

_T = TypeVar("_T")


class Engine:
    """Facts that are here, behind one Ibis connection: DuckDB, locked to their folders.

    What data sets share is counted as `overlaps` say, and amounts are converted as `money` says.
    Close it, or use it in a `with` block. `cache` is a folder for what can be made from the facts
    again, None: nothing is kept.
    """

    def __init__(
        self,
        datasets: Iterable[Dataset],
        *,
        overlaps: Iterable[Overlap] = (),
        money: Money | None = None,
        cache: Path | None = None,
    ) -> None:
        self.cache = cache
        self._overlaps = tuple(overlaps)
        self._money = money or Money()
        out = left_out(self._overlaps)
        self._sets = [item for item in with_facts(datasets) if item.id not in out]
        self.connection = self._duckdb()
        self._tables: dict[str, ir.Table] = {}
        self._mapped: dict[str, frozenset[str]] = {}
        self._made: dict[str, object] = {}
        self._making = RLock()
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the connection back; a second call does nothing."""
        if not self._closed:
            self._closed = True
            self._tables.clear()
            self._made.clear()
            self.connection.disconnect()

    @cached_property
    def fingerprint(self) -> str:
        """A word for the facts and how they are counted: it changes when any of that does."""
        files = [item.facts.path.stat() for item in self._sets if item.facts]
        written = [(one.st_size, one.st_mtime_ns, one.st_ino) for one in files]
        made = [(item.id, item.facts) for item in self._sets]
        counted = repr((made, written, self._overlaps, self._money))
        return sha256(counted.encode()).hexdigest()[:16]

    def again(self) -> Engine:
        """Another engine over the same facts, for another thread."""
        return Engine(self._sets, overlaps=self._overlaps, money=self._money, cache=self.cache)

    def stop(self) -> None:
        """Break off what another thread computes here; it raises there."""
        self.connection.con.interrupt()

    @property
    def grains(self) -> tuple[str, ...]:
        """The grains of which there are facts, in the schema's order."""
        present = {item.facts.grain for item in self._sets if item.facts}
        return tuple(grain for grain in GRAINS if grain in present)

    def table(self, grain: str) -> ir.Table:
        """All facts of a grain, one row each.

        Columns: the fields that any data set has (null where another lacks them), always `date`,
        `channel`, `platform`, `currency`; VARCHAR d_<hash> for each header of an unmapped column
        (see `dimension`); BIGINT `__line` and VARCHAR `__dataset`, where the row came from.
        Raises NotFoundError("no_facts").
        """
        if grain not in self._tables:
            self._tables[grain] = self.view(f"grain_{grain}", self._union(grain))
        return self._tables[grain]

    def mapped(self, grain: str) -> frozenset[str]:
        """The fields that hold at least one value, from columns, constants or derived."""
        if grain not in self._mapped:
            known = frozenset(fields_of(grain))
            filled = [filled_columns(facts) for _, facts in self._of(grain)]
            self._mapped[grain] = frozenset().union(*filled) & known
        return self._mapped[grain]

    def filled(self, grain: str) -> dict[str, frozenset[str]]:
        """The fields that each data set of a grain holds a value of, by its id."""
        known = frozenset(fields_of(grain))
        return {item.id: filled_columns(facts) & known for item, facts in self._of(grain)}

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

    def dimension(self, grain: str, name: str) -> str:
        """The column of `table(grain)` that a field's key or a file's header means, in any case.

        Raises NotFoundError("unknown_column").
        """
        wanted = folded(name)
        columns = self.table(grain).columns
        if wanted in columns and not wanted.startswith("d_"):
            return wanted
        for _, facts in self._of(grain):
            for recipe in facts.recipes:
                if recipe.field and folded(recipe.name) == wanted:
                    return recipe.field
        column = dimension_name(name)
        if column in columns:
            return column
        raise NotFoundError("unknown_column", column=name)

    def dimensions(self, grain: str) -> dict[str, str]:
        """The headers of unmapped columns by their column in `table(grain)`."""
        return {
            dimension_name(header): header
            for _, facts in self._of(grain)
            for header in facts.dimensions.values()
        }

    def once(self, name: str, make: Callable[[], _T]) -> _T:
        """What `make` gives, made once: the facts behind an engine never change."""
        with self._making:
            if name not in self._made:
                self._made[name] = make()
            return cast("_T", self._made[name])

    def view(self, name: str, rows: ir.Table) -> ir.Table:
        """The same rows as a view of that name, so that queries over them stay short."""
        return self.connection.create_view(name, rows, overwrite=True)

    def saved(self, name: str, rows: ir.Table) -> ir.Table:
        """The same rows as a table of that name: they are worked out once, now."""
        return self.connection.create_table(name, rows, overwrite=True)

    def _of(self, grain: str) -> list[tuple[Dataset, Facts]]:
        found = [
            (item, item.facts) for item in self._sets if item.facts and item.facts.grain == grain
        ]
        if not found:
            raise NotFoundError("no_facts", grain=grain)
        return found

    def _duckdb(self) -> ibis.BaseBackend:
        return backend_for((item.facts for item in self._sets if item.facts), held=self._held())

    def _union(self, grain: str) -> ir.Table:
        found = [part_of(self.connection, item) for item, _ in self._of(grain)]
        counted = counted_once(found, self._overlaps, self.saved)
        shown = (converted(part, self._money) for part in counted)
        return stacked(list(shown))

    def _held(self) -> int:
        """How many lines of shared records stay in memory, and keys while they are looked up."""
        rows = {item.id: item.facts.rows for item in self._sets if item.facts}
        pairs = [
            one for one in self._overlaps if one.key and {one.first, one.second} <= rows.keys()
        ]
        keys = max((rows[one.first] + rows[one.second] for one in pairs), default=0)
        return keys + sum(one.shared for one in pairs)
