"""What comparing returns: a split of a change, a paradox in it, groups against the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from crm_metrics.metrics.comparing.several import Adjustment
from crm_metrics.metrics.model import Change, Value

SimpsonCode = Literal["total_falls_groups_rise", "total_rises_groups_fall"]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a change, with its 95 % interval; `clear` where that excludes 0."""

    value: float | None
    low: float | None
    high: float | None
    clear: bool


@dataclass(frozen=True, slots=True)
class GroupPart:
    """What one group adds to a change.

    `now` and `before` are its rates, None on a side where it has nothing; `weight_now` and
    `weight_before` its shares of the denominator. `within` is what its own rate adds, `mix` what
    its share adds, measured from the average of all groups: a group that is above the average and
    grows adds. A group that `appeared` or `vanished` has no rate to change: all is mix. `change` is
    the group's own change, None where one side lacks.
    """

    group: dict[str, str | None]
    now: float | None
    before: float | None
    weight_now: float
    weight_before: float
    within: float
    mix: float
    appeared: bool
    vanished: bool
    change: Change | None


@dataclass(frozen=True, slots=True)
class Split:
    """A change of all groups together as what their rates and what their shares did.

    `total.difference` is `within.value` + `mix.value`, exactly. Where it can't be told apart,
    both are without a value, `groups` is empty, and `flags` says why.
    """

    metric: str
    grain: str
    total: Change
    within: Part
    mix: Part
    groups: tuple[GroupPart, ...]
    flags: tuple[str, ...] = ()

    @property
    def reversed(self) -> bool:
        """Whether the total surely goes one way and the rates surely go the other."""
        if not (self.total.clear and self.within.clear):
            return False
        return ((self.total.difference or 0) > 0) != ((self.within.value or 0) > 0)


@dataclass(frozen=True, slots=True)
class Simpson:
    """Simpson's paradox in a split: the total goes one way, every group the other.

    `clear` says that the data carry it: the total's change and each group's are clear; otherwise
    it is so in the figures only. `groups` counts the groups with a rate on both sides, `one_sided`
    those that appeared or vanished. `difference` is the total's, `within` and `mix` its parts.
    """

    code: SimpsonCode
    clear: bool
    groups: int
    one_sided: int
    difference: float
    within: float
    mix: float


@dataclass(frozen=True, slots=True)
class AgainstRest:
    """One group against all others together, with an interval at its own level.

    `rest` and `rest_n` are the others' value and n, None where there are none to compare with.
    `low` and `high` are at the level 1 - `level`, which stands for all comparisons of the family
    together; the interval excludes 0 exactly when `clear`, and exactly when `pvalue_adjusted` <
    0.05. `good` is as in `Change`. Groups that are too small to be judged (`small_n`, `few_units`)
    are in the rest of others, but not in the family: their interval is at 95 %, and they are never
    clear.
    """

    value: Value
    rest: float | None
    rest_n: float | None
    difference: float | None
    low: float | None
    high: float | None
    pvalue: float | None
    pvalue_adjusted: float | None
    level: float
    adjustment: Adjustment
    clear: bool
    good: bool | None
    flags: tuple[str, ...] = ()
