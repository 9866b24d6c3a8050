"""What two data sets have in common, how it is counted, and what else could be chosen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

Kind = Literal["records", "cut", "period", "finer", "totals"]
How = Literal["once", "once_first", "both", "without_first", "without_second"]
_AGREE = 0.02
HOWS: Final[tuple[How, ...]] = ("once", "once_first", "both", "without_first", "without_second")


@dataclass(frozen=True, slots=True)
class Total:
    """The sum of a measure in either data set, over what they share."""

    field: str
    first: float
    second: float

    def agrees(self, within: float) -> bool:
        """Whether the sums differ by no more than this share of the larger."""
        return abs(self.first - self.second) <= within * max(abs(self.first), abs(self.second))


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two data sets of one grain that count something in common.

    `first` and `second` are ids of data sets; of what both have the second counts, the newer one.
    `kind` is "records" where records share the columns of `key` (fields, or `dimension_name` of a
    header), each of them filled, and those of `beside`; "cut" where the same sums are broken down
    by other columns (`key`: those that only one has; `measures`: the fields that both sum);
    "period" where only the days are known to be shared. Counts are of records: of the first
    `same + changed` are shared and `only_first` not; `only_second` of the second are new.
    Of different grains, `first` is the coarser: "finer" where the second tells of the same
    campaigns (`same` of them) person by person, and so counts before it; "totals" where sums of the
    same days should agree. Such are never summed with each other, and `totals` are compared.

    `is_version` says that the second is the same report as the first, exported again. `lost` are
    fields that only the first has. `doubt` is the code of what speaks against counting once, None
    where nothing does.

    `default` is how it is counted unless the user gave an `answer`: "once" (what is shared counts
    as in the second), "once_first" (as in the first), "both", or without one of them.
    """

    grain: str
    first: str
    second: str
    kind: Kind
    key: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    same: int = 0
    changed: int = 0
    only_first: int = 0
    only_second: int = 0
    period: tuple[date, date] | None = None
    measures: tuple[str, ...] = ()
    totals: tuple[Total, ...] = ()
    lost: tuple[str, ...] = ()
    is_version: bool = False
    doubt: str | None = None
    default: How = "once"
    answer: How | None = None

    @property
    def how(self) -> How:
        """How it is counted."""
        return self.answer or self.default

    @property
    def chosen(self) -> bool:
        """Whether the user said how it is counted."""
        return self.answer is not None

    @property
    def shared(self) -> int:
        """The records of the first that the second has too."""
        return self.same + self.changed

    @property
    def pair(self) -> tuple[str, str]:
        """The ids of the two data sets in a fixed order."""
        low, high = sorted((self.first, self.second))
        return low, high

    @property
    def left_out(self) -> str | None:
        """The id of the data set that does not count at all."""
        return {"without_first": self.first, "without_second": self.second}.get(self.how)

    @property
    def options(self) -> tuple[How, ...]:
        """How it can be counted."""
        match self.kind:
            case "period":
                return HOWS[2:]
            case "finer":
                return "once", "once_first", "both", "without_first"
            case "totals":
                return ("both",)
        return HOWS

    @property
    def agrees(self) -> bool:
        """Whether every total is the same in both data sets, within 2 %."""
        return all(total.agrees(_AGREE) for total in self.totals)
