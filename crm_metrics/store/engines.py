"""Facts that stand in several places, each counted where it stands."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path

import ibis.expr.types as ir

from crm_metrics.errors import NotFoundError
from crm_metrics.facts.model import QuestionColumn
from crm_metrics.schema import GRAINS
from crm_metrics.store.dataset import Dataset
from crm_metrics.store.engine import Engine
from crm_metrics.store.extents import Extent
from crm_metrics.store.holding import Open
from crm_metrics.store.remote.configuration import Warehouse
from crm_metrics.store.remote.engine import RemoteEngine
from crm_metrics.store.together.money import Money


def beside(
    local: Engine, datasets: Iterable[Dataset], warehouse: Warehouse | None, money: Money
) -> Engine | Engines:
    """The files' engine, with that of the warehouse beside it where data sets have rows there."""
    there = [item for item in datasets if item.remote and item.facts]
    if not there or warehouse is None:
        return local
    return Engines(local, RemoteEngine(there, warehouse, money=money, authors=local.authors))


class Engines(Open):
    """The files' engine and that of a backend, side by side: `parts`.

    Metrics count each part by itself and add the components. What asks for one table gets that of
    the first part that has such facts.
    """

    # Each part keeps what it can itself.
    cache: Path | None = None
    fingerprint = ""

    def __init__(self, *parts: Engine | RemoteEngine) -> None:
        super().__init__()
        self.parts = parts
        self.authors = parts[0].authors

    def again(self) -> Engines:
        """Other engines over the same facts, for another thread."""
        return Engines(*(part.again() for part in self.parts))

    def stop(self) -> None:
        """Break off what another thread computes here; it raises there."""
        for part in self.parts:
            part.stop()

    def close(self) -> None:
        """Give all connections back; a second call does nothing."""
        with ExitStack() as stack:
            for part in self.parts:
                stack.callback(part.close)

    @property
    def grains(self) -> tuple[str, ...]:
        """The grains of which there are facts anywhere, in the schema's order."""
        present = {grain for part in self.parts for grain in part.grains}
        return tuple(grain for grain in GRAINS if grain in present)

    def table(self, grain: str) -> ir.Table:
        """The facts of a grain where they are first found; raises NotFoundError("no_facts")."""
        return self._of(grain)[0].table(grain)

    def rows(self, grain: str) -> int:
        """How many facts of a grain there are."""
        return sum(part.rows(grain) for part in self._of(grain))

    def mapped(self, grain: str) -> frozenset[str]:
        """The fields that hold a value anywhere."""
        return frozenset().union(*(part.mapped(grain) for part in self._of(grain)))

    def filled(self, grain: str) -> dict[str, frozenset[str]]:
        """The fields that each data set of a grain holds a value of."""
        found: dict[str, frozenset[str]] = {}
        for part in self._of(grain):
            found |= part.filled(grain)
        return found

    def extents(self, grain: str) -> dict[str, dict[str, Extent]] | None:
        """What each column of each data set holds; None where only its rows tell."""
        found: dict[str, dict[str, Extent]] = {}
        for part in self._of(grain):
            own = part.extents(grain)
            if own is None:
                return None
            found |= own
        return found

    @property
    def settled(self) -> dict[tuple[str, str], str]:
        """How pairs of data sets of one part count, where that is decided."""
        return {pair: how for part in self.parts for pair, how in part.settled.items()}

    def questions(self) -> dict[str, tuple[QuestionColumn, ...]]:
        """The questions of each data set of surveys, by its id."""
        return {name: asked for part in self.parts for name, asked in part.questions().items()}

    def dimension(self, grain: str, name: str) -> str:
        """The column of a field or a header; raises NotFoundError("unknown_column")."""
        for part in self._of(grain):
            try:
                return part.dimension(grain, name)
            except NotFoundError:
                continue
        raise NotFoundError("unknown_column", column=name)

    def dimensions(self, grain: str) -> dict[str, str]:
        """The headers of unmapped columns by their column."""
        found: dict[str, str] = {}
        for part in self._of(grain):
            found |= part.dimensions(grain)
        return found

    def view(self, _name: str, rows: ir.Table) -> ir.Table:
        """The rows as they are."""
        return rows

    def saved(self, _name: str, rows: ir.Table) -> ir.Table:
        """The rows as they are."""
        return rows

    def _of(self, grain: str) -> list[Engine | RemoteEngine]:
        found = [part for part in self.parts if grain in part.grains]
        if not found:
            raise NotFoundError("no_facts", grain=grain)
        return found
