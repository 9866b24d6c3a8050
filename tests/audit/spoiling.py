"""What the makers of defects share: a CRM in the making, and rows that nothing has spoilt yet."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from tests.audit.crm import Crm, lines_of
from tests.audit.made_sales import NOW

BLANKS = (None, "", "-", "нет", "n/a")
LEAST = 4


@dataclass(slots=True)
class Making:
    """Frames with what was told to be found in them, and the rows of each still to be had."""

    crm: Crm
    random: np.random.Generator
    used: dict[str, set[int]] = field(default_factory=dict)
    quiet: tuple[pd.Timestamp, ...] = ()

    @property
    def deals(self) -> pd.DataFrame:
        """The deals as they are now."""
        return self.crm.frames["deals"]

    @property
    def acts(self) -> pd.DataFrame:
        """The activities as they are now."""
        return self.crm.frames["activities"]

    @property
    def contacts(self) -> pd.DataFrame:
        """The contacts as they are now."""
        return self.crm.frames["contacts"]

    def take(self, grain: str, of: pd.Series, share: float, *, least: int = LEAST) -> list[int]:
        """Places of a share of these rows (of as many as there are), that nothing has spoilt."""
        used = self.used.setdefault(grain, set())
        free = [int(one) for one in self.random.permutation(np.flatnonzero(of)) if one not in used]
        own = free[: max(int(of.sum() * share), least)]
        assert len(own) >= least, "a larger CRM is needed"
        used.update(own)
        return own

    def put(self, grain: str, own: Iterable[int], column: str, values: object) -> None:
        """Write into a column of these rows: a value, as many of them, or what a function gives."""
        frame, own = self.crm.frames[grain], list(own)
        if callable(values):
            values = [values(frame.loc[place]) for place in own]
        elif not isinstance(values, list | np.ndarray | pd.Series | pd.Index):
            values = [values] * len(own)
        frame.loc[own, column] = pd.Series(list(values), index=own, dtype=frame[column].dtype)

    def spoil(
        self,
        check: str,
        grain: str,
        column: str,
        values: object,
        *,
        share: float,
        of: pd.Series | None = None,
        part: str = "",
    ) -> list[int]:
        """Spoil a column in a share of rows, which the check should find; their places."""
        frame = self.crm.frames[grain]
        own = self.take(grain, pd.Series(True, frame.index) if of is None else of, share)
        self.put(grain, own, column, values)
        self.crm.tell(check, f"{grain}:{part}" if part else grain, lines_of(own))
        return own

    def tell(self, check: str, grain: str, places: Iterable[int]) -> None:
        """Say that a check should find the rows at these places."""
        self.crm.tell(check, grain, lines_of(places))

    def any_of(self, values: Collection[object]) -> Callable[[object], object]:
        """A maker of one of these values for each row."""
        each = list(values)
        return lambda _: each[int(self.random.integers(len(each)))]

    def add(self, grain: str, rows: pd.DataFrame) -> list[int]:
        """Append rows; their places, which nothing else will spoil."""
        frame = self.crm.frames[grain]
        first = len(frame)
        own = rows.astype({name: frame[name].dtype for name in rows})
        self.crm.frames[grain] = pd.concat([frame, own], ignore_index=True)
        places = list(range(first, first + len(rows)))
        self.used.setdefault(grain, set()).update(places)
        return places

    def acts_of(self, deals: Iterable[int], *, by_person: bool = True) -> pd.Series:
        """Which activities are of these deals; of people alone, or of machines as well."""
        own = self.acts.object_id.isin(self.deals.deal_id.loc[list(deals)])
        return own & (self.acts.origin == "person") if by_person else own

    def drop_acts(self, which: pd.Series) -> None:
        """Leave activities out; before any is told of, as places change."""
        assert not any(scope.startswith("activities") for _, scope in self.crm.bad)
        kept = np.flatnonzero(~which)
        new = {int(old): place for place, old in enumerate(kept)}
        self.used["activities"] = {
            new[one] for one in self.used.get("activities", ()) if one in new
        }
        self.crm.frames["activities"] = self.acts.loc[kept].reset_index(drop=True)


def days_ago(making: Making, low: int, high: int, count: int) -> pd.Index:
    """So many days, from `low` to `high` days before today."""
    return NOW - pd.to_timedelta(making.random.integers(low, high + 1, count), unit="D")
