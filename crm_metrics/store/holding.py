"""What engines do alike, wherever the rows of their data sets stand."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from threading import RLock
from types import TracebackType
from typing import Self, TypeVar, cast

import ibis.expr.types as ir

from crm_metrics.errors import NotFoundError
from crm_metrics.facts.model import Facts, QuestionColumn
from crm_metrics.schema import GRAINS
from crm_metrics.store.dataset import Dataset, dimension_name, folded
from crm_metrics.store.extents import Extent

_T = TypeVar("_T")


class Open(ABC):
    """What is closed at the end of its `with` block, and makes things once until then."""

    def __init__(self) -> None:
        self._made: dict[str, object] = {}
        self._making = RLock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @abstractmethod
    def close(self) -> None:
        """Give all connections back; a second call does nothing."""

    def once(self, name: str, make: Callable[[], _T]) -> _T:
        """What `make` gives, made once: the facts behind an engine never change."""
        with self._making:
            if name not in self._made:
                self._made[name] = make()
            return cast("_T", self._made[name])


class OverSets(Open):
    """Facts of data sets as one table a grain, whose columns have the same names everywhere."""

    def __init__(self, datasets: Iterable[Dataset]) -> None:
        super().__init__()
        self._sets = list(datasets)

    def table(self, grain: str) -> ir.Table:
        """All facts of a grain, one row each.

        Columns: the fields that any data set has (null where another lacks them), always `date`,
        `channel`, `platform`, `currency`; VARCHAR d_<hash> for each header of an unmapped column
        (see `dimension`); `__line` and VARCHAR `__dataset`, where the row came from.
        Raises NotFoundError("no_facts").
        """
        return self.once(f"table_{grain}", lambda: self._rows(grain))

    @abstractmethod
    def filled(self, grain: str) -> dict[str, frozenset[str]]:
        """The fields that each data set of a grain holds a value of, by its id."""

    def extents(self, _grain: str) -> dict[str, dict[str, Extent]] | None:
        """What each column of each data set holds; None where only its rows tell."""
        return None

    @property
    def grains(self) -> tuple[str, ...]:
        """The grains of which there are facts, in the schema's order."""
        present = {item.facts.grain for item in self._sets if item.facts}
        return tuple(grain for grain in GRAINS if grain in present)

    def rows(self, grain: str) -> int:
        """How many facts of a grain its data sets hold, those that count elsewhere included."""
        return sum(facts.rows for _, facts in self._of(grain))

    def mapped(self, grain: str) -> frozenset[str]:
        """The fields that hold at least one value, from columns, constants or derived."""
        return self.once(f"mapped_{grain}", lambda: frozenset().union(*self.filled(grain).values()))

    def questions(self) -> dict[str, tuple[QuestionColumn, ...]]:
        """The questions of each data set of surveys, by its id; where rows name theirs, none."""
        return {
            item.id: item.facts.questions
            for item in self._sets
            if item.facts and item.facts.grain == "surveys"
        }

    def dimension(self, grain: str, name: str) -> str:
        """The column of `table(grain)` that a field's key or a file's header means, in any case.

        Raises NotFoundError("unknown_column").
        """
        wanted = folded(name)
        columns = self.table(grain).columns
        if wanted in columns and not wanted.startswith("d_"):
            return wanted
        for _, facts in self._of(grain):
            apart = {one.column for one in facts.questions if one.is_one_of_several}
            for recipe in facts.recipes:
                if recipe.column in apart and folded(recipe.name) == wanted:
                    # Answers beside which others are looked at: metrics have them so.
                    return dimension_name(name)
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

    @abstractmethod
    def _rows(self, grain: str) -> ir.Table:
        """What `table` gives, made anew."""

    def _of(self, grain: str) -> list[tuple[Dataset, Facts]]:
        found = [
            (item, item.facts) for item in self._sets if item.facts and item.facts.grain == grain
        ]
        if not found:
            raise NotFoundError("no_facts", grain=grain)
        return found
