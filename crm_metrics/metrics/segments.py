"""What a grain's rows can be told apart by: the fields and headers with a few different values."""

from __future__ import annotations

from typing import Protocol

from crm_metrics.metrics.ground import Engine
from crm_metrics.schema import kind_of

MOST_VALUES = 200
_KINDS = frozenset({"category"})
_FIELDS = ("subject", "adset_name", "ad_name", "event_name", "lost_reason", "is_control", "is_paid")
# The first two are levels of their own; an amount's currency is a unit, no part of the audience.
_NEVER = frozenset({"channel", "campaign_name", "currency"})


class Headed(Engine, Protocol):
    """An engine that knows the headers of the files behind it."""

    def dimensions(self, grain: str) -> dict[str, str]:
        """The headers of unmapped columns by their column in the grain's table."""


def segment_names(engine: Headed, grain: str) -> tuple[str, ...]:
    """The names that `compute` can group this grain by, with 2 to 200 different values.

    Categories first, then headers of columns that mean no field. Fields that name a person are
    never among them; counts are approximate.
    """
    return engine.once(f"segments_{grain}", lambda: _found(engine, grain))


def _found(engine: Headed, grain: str) -> tuple[str, ...]:
    table = engine.table(grain)
    fields = [
        name
        for name in engine.mapped(grain)
        if name in table.columns
        and name not in _NEVER
        and (name in _FIELDS or kind_of(name, grain) in _KINDS)
    ]
    columns = dict(zip(sorted(fields), sorted(fields), strict=True))
    columns |= {
        column: header
        for column, header in sorted(engine.dimensions(grain).items(), key=lambda pair: pair[1])
        if column in table.columns
    }
    if not columns:
        return ()
    counted = table.aggregate(**{name: table[name].approx_nunique() for name in columns})
    (numbers,) = counted.to_pyarrow().to_pylist()
    return tuple(
        name for column, name in columns.items() if 2 <= (numbers[column] or 0) <= MOST_VALUES
    )
