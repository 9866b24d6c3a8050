"""What a grain's rows can be told apart by: the fields and headers with a few different values."""

from __future__ import annotations

from typing import Protocol

import ibis.expr.types as ir

from crm_metrics.metrics.ground import Engine
from crm_metrics.schema import kind_of

MOST_VALUES = 200
_KINDS = frozenset({"category"})
_FIELDS = ("subject", "adset_name", "ad_name", "event_name", "lost_reason", "is_control", "is_paid")
# The first two are levels of their own; an amount's currency is a unit, no part of the audience.
_NEVER = frozenset({"channel", "campaign_name", "currency"})
_NUMBER = r"^\s*-?[0-9]+([.,][0-9]+)?\s*%?\s*$"
_MEASURE = r"[.,][0-9]"
_NUMBERS, _MEASURES = "__numbers", "__measures"  # after the column's name in the answer


class Headed(Engine, Protocol):
    """An engine that knows the headers of the files behind it."""

    def dimensions(self, grain: str) -> dict[str, str]:
        """The headers of unmapped columns by their column in the grain's table."""


def segment_names(engine: Headed, grain: str) -> tuple[str, ...]:
    """The names that `compute` can group this grain by, with 2 to 200 different values.

    Categories first, then headers of columns that mean no field: those of words before those of
    whole numbers; measured numbers such as 4.4 are no groups. Fields that name a person are never
    among them; counts are approximate.
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
    asked: dict[str, ir.Scalar] = {name: table[name].approx_nunique() for name in columns}
    for column in columns.keys() - fields:
        text = table[column].cast("string")
        asked[f"{column}{_NUMBERS}"] = text.re_search(_NUMBER).all()
        asked[f"{column}{_MEASURES}"] = text.re_search(_MEASURE).any()
    (known,) = table.aggregate(**asked).to_pyarrow().to_pylist()
    few = [column for column in columns if 2 <= (known[column] or 0) <= MOST_VALUES]
    numbers = [column for column in few if known.get(f"{column}{_NUMBERS}")]
    words = [column for column in few if column not in numbers]
    whole = [column for column in numbers if not known[f"{column}{_MEASURES}"]]
    return tuple(columns[column] for column in (*words, *whole))
