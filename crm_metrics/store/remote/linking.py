"""A remote table under a mapping: its first rows are understood, all are counted there."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Any

import ibis.expr.types as ir

from crm_metrics import facts
from crm_metrics.errors import InputError
from crm_metrics.facts.columns import Column, checked_grain, columns_of
from crm_metrics.facts.model import Facts, Recipe
from crm_metrics.intake.table import Issue, Table
from crm_metrics.mapping.model import Mapping
from crm_metrics.store.dataset import dimension_name
from crm_metrics.store.remote.configuration import Warehouse
from crm_metrics.store.remote.connecting import asked
from crm_metrics.store.remote.typing import Typed, typed

TYPED_THERE = "typed_there"
RATE_ASK = "rate_ask"
# What only the first rows were asked for says nothing of all of them.
_OF_SAMPLE = frozenset({"cells_failed", "columns_unread", "derived", "ids_rounded"})


@dataclass(frozen=True, slots=True)
class Link:
    """What a remote table gives: facts that tell of all its rows, or why there are none."""

    facts: Facts | None
    filled: tuple[str, ...]
    error: InputError | None


def remote_id(warehouse: Warehouse, table: str) -> str:
    """The same whenever the table is taken."""
    return hashlib.sha256(f"{warehouse.name}\0{table}".encode()).hexdigest()[:16]


def linked(warehouse: Warehouse, there: ir.Table, sample: Table, chosen: Mapping) -> Link:
    """The link under a mapping.

    Columns that the table no longer has are InputError("backend_columns"), what the engine refuses
    is InputError("backend_failed").
    """
    try:
        _check_columns(there, sample)
        grain = checked_grain(sample, chosen)
        target = sample.path.with_name(_facts_name(chosen))
        seen = facts.build(sample, chosen, out=target)
        columns = columns_of(sample, chosen, grain)
        here = rows_of(there, sample, chosen, seen)
        with asked(warehouse):
            counts = _counted(there.select(*sample.headers), here, columns)
    except InputError as refused:
        return Link(None, (), refused)
    return Link(_as_counted(seen, columns, here, counts), _filled(columns, here, counts), None)


def rows_of(there: ir.Table, sample: Table, chosen: Mapping, seen: Facts) -> Typed:
    """The typed rows of a linked table."""
    there = there.select(*sample.headers)
    recipes = {recipe.column: recipe for recipe in seen.recipes}
    columns = columns_of(sample, chosen, seen.grain)
    return typed(there, columns, recipes, seen.grain, chosen.constants)


def _check_columns(there: ir.Table, sample: Table) -> None:
    lost = [name for name in sample.headers if name not in there.columns]
    if lost:
        raise InputError("backend_columns", table=sample.name, columns=", ".join(lost[:3]))


def _facts_name(chosen: Mapping) -> str:
    return f"facts-{hashlib.sha256(repr(chosen).encode()).hexdigest()[:12]}.parquet"


def _counted(there: ir.Table, here: Typed, columns: tuple[Column, ...]) -> dict[str, Any]:
    """One query: all rows, their days, filled and readable cells, and the largest rates."""
    cells: dict[str, ir.Value] = {"day": here.day}
    for place, value in here.read.items():
        cells[f"f{place}"] = here.filled[place].cast("int64")
        if value is not None:
            cells[f"r{place}"] = value.notnull().cast("int64")
    rates = {f"m{place}": here.read[place] for place in _rates(columns)}
    cells |= {name: value for name, value in rates.items() if value is not None}
    narrow = there.select(**cells)
    sums = {name: narrow[name].sum() for name in cells if name[0] in "fr"}
    most = {name: narrow[name].max() for name in cells if name[0] == "m"}
    found = narrow.aggregate(
        rows=narrow.count(), first=narrow.day.min(), last=narrow.day.max(), **sums, **most
    )
    counts = found.to_pyarrow().to_pylist()[0]
    return {**counts, **{name: int(counts[name] or 0) for name in sums}}


def _rates(columns: tuple[Column, ...]) -> list[int]:
    """The columns of rates of which nothing but the first rows said what scale they have."""
    return [
        column.mapping.column
        for column in columns
        if column.kind == "rate" and column.mapping.unit is None
    ]


def _as_counted(
    seen: Facts, columns: tuple[Column, ...], here: Typed, counts: dict[str, Any]
) -> Facts:
    """The facts that the first rows gave, with all that was counted over all rows."""
    by_place = {column.mapping.column: column for column in columns}
    recipes = tuple(_recipe(recipe, by_place[recipe.column], counts) for recipe in seen.recipes)
    untyped = [by_place[place].mapping.name for place, value in here.read.items() if value is None]
    issues = [issue for issue in seen.issues if issue.code not in _OF_SAMPLE]
    if untyped:
        issues.insert(0, Issue(TYPED_THERE, len(untyped), tuple(untyped[:3])))
    parsers = {recipe.column: recipe.parser for recipe in recipes}
    # The first rows were taken for fractions, and further rows are above 1.
    above = [
        by_place[place].mapping.name
        for place in _rates(columns)
        if parsers[place] == "fraction" and (counts.get(f"m{place}") or 0) > 1
    ]
    if above:
        issues.append(Issue(RATE_ASK, len(above), tuple(above)))
    wrong = sorted((one for one in recipes if one.failed), key=lambda one: -one.failed)
    if wrong:
        count = sum(one.failed for one in wrong)
        issues.append(Issue("cells_failed", count, tuple(one.name for one in wrong[:3])))
    first = counts["first"]
    return replace(
        seen,
        rows=int(counts["rows"]),
        recipes=recipes,
        period=(first, counts["last"]) if first is not None else None,
        rejects=None,
        issues=tuple(issues),
    )


def _recipe(recipe: Recipe, column: Column, counts: dict[str, Any]) -> Recipe:
    place = column.mapping.column
    filled = counts[f"f{place}"]
    if column.kind in {"text", "id", "category"}:
        return replace(recipe, failed=0, filled=0, failed_forms=())
    failed = max(filled - counts.get(f"r{place}", 0), 0)
    return replace(recipe, failed=failed, filled=filled if failed else 0, failed_forms=())


def _filled(columns: tuple[Column, ...], here: Typed, counts: dict[str, Any]) -> tuple[str, ...]:
    """The columns of the typed rows that hold at least one value."""
    found = {
        column.target if column.field else dimension_name(column.mapping.name)
        for column in columns
        if counts.get(f"r{column.mapping.column}", 0) > 0
    }
    dated = {"date"} if counts["first"] is not None else set()
    return tuple(sorted((found - {"date"}) | here.given | dated))
