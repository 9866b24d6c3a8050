"""What is decided for one column: the SQL that turns its text into values, and how that reads."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Plan:
    """A decision for one column.

    `expression` is null for cells that are missing or do not parse; `missing` is true for the
    missing ones. Both name only the column c<i>. `doubts` are issue codes. `currencies` are pairs
    of a condition and the ISO code that its rows are in. `stamp` is SQL of the TIMESTAMP where
    cells have a time of day, `zoned` tells that they carry their own offset (UTC then).
    """

    expression: str
    missing: str
    parser: str
    date_order: str | None = None
    decimal: str | None = None
    unit: str | None = None
    doubts: tuple[str, ...] = ()
    currencies: tuple[tuple[str, str], ...] = ()
    missing_is_false: bool = field(default=False)
    stamp: str | None = None
    zoned: bool = False
