"""A made-up CRM of several grains, with what every check should find in it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

Kind = tuple[str, str]
"""A check's key and its grain."""
Scope = tuple[str, str]
"""A check's key and the scope of its finding: the grain, or "grain:part"."""


@dataclass(frozen=True, slots=True)
class Crm:
    """Frames by grain, and by check and scope the units that it should find.

    A unit is the line of a file's row, as files count theirs (the first row is line 2); where a
    finding is of no rows, the value that `recall.NAMED_BY` names it by (a user), or several of them
    as a tuple. `persons` names each contact's true person, `lists` are the user's, as
    the audit is asked with.
    """

    frames: dict[str, pd.DataFrame]
    bad: dict[Scope, set[Hashable]] = field(default_factory=dict)
    persons: np.ndarray = field(default_factory=lambda: np.empty(0))
    lists: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def tell(self, check: str, scope: str, units: Iterable[Hashable]) -> None:
        """Add units that a check should find in a scope."""
        self.bad.setdefault((check, scope), set()).update(units)


def lines_of(places: Iterable[int]) -> set[Hashable]:
    """The lines of rows at these places of a frame."""
    return {int(place) + 2 for place in places}
