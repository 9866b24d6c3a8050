"""What reading a table's cells left open about their format, and the reading that was taken."""

from __future__ import annotations

from typing import Final, Literal

from crm_metrics.mapping.model import DateOrder, Decimal, Mapping
from crm_metrics.store import Dataset

Part = Literal["date_order", "decimal", "unit"]
PARTS: Final[dict[str, Part]] = {
    "date_order_ask": "date_order",
    "decimal_ask": "decimal",
    "duration_ask": "unit",
    "rate_ask": "unit",
}
"""The part of a format that settles a doubt, by the code of the doubt."""


def open_formats(dataset: Dataset) -> dict[int, str]:
    """The codes of the doubts that the facts were made with, by the column's position."""
    if dataset.facts is None:
        return {}
    places: dict[str, int] = {}
    for item in dataset.mapping.columns:
        places.setdefault(item.name, item.column)
    return {
        places[name]: issue.code
        for issue in dataset.facts.issues
        if issue.code in PARTS
        for name in issue.examples
        if name in places
    }


def with_readings_taken(dataset: Dataset, mapping: Mapping) -> Mapping:
    """The mapping with what was open settled as it was read, since it is confirmed as shown."""
    recipes = {recipe.column: recipe for recipe in dataset.facts.recipes} if dataset.facts else {}
    for column, code in open_formats(dataset).items():
        item, recipe = mapping.columns[column], recipes[column]
        if item.field != recipe.field:
            continue
        part = PARTS[code]
        if part == "unit" and item.unit is None:
            mapping = mapping.with_format(column, unit=recipe.unit)
        elif part == "date_order" and item.date_order is None:
            order: DateOrder | None = recipe.date_order  # type: ignore[assignment]
            mapping = mapping.with_format(column, date_order=order)
        elif part == "decimal" and item.decimal is None:
            mark: Decimal | None = recipe.decimal  # type: ignore[assignment]
            mapping = mapping.with_format(column, decimal=mark)
    return mapping
