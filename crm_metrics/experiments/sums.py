"""Sums of every metric of a test by arm: one pass over the rows, persons first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import duckdb

from crm_metrics.errors import InputError
from crm_metrics.experiments.model import Arm
from crm_metrics.experiments.question import Asked
from crm_metrics.facts.cells import missing_sql, plain_sql
from crm_metrics.intake.table import LINE

PEOPLE = "people"
Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Extra:
    """Other columns of a person: a name, the SQL of a row's value, how a person's rows are one."""

    name: str
    sql: str
    joined: str = "min"


def person_sql(column: int | None) -> str | None:
    """SQL for the person; a row that names nobody stands for itself.

    E-mails lose their case; other ids keep it, since Salesforce tells ids by it.
    """
    if column is None:
        return None
    source = f"trim(c{column})"
    return (
        f"CASE WHEN {missing_sql(source)} THEN 'line ' || {LINE}"
        f" WHEN contains({source}, '@') THEN lower({source}) ELSE {source} END"
    )


def filled_sql(column: int, cells: Sequence[str]) -> str:
    """SQL for a name in a cell (an arm's, a segment's); null where the row has none."""
    source = plain_sql(f"c{column}", cells)
    return f"CASE WHEN {missing_sql(source)} THEN NULL ELSE {source} END"


def gather(
    connection: duckdb.DuckDBPyConnection,
    asked: Sequence[Asked],
    extras: Sequence[Extra],
    *,
    arm: str,
    person: str | None,
) -> None:
    """Make the table `people`: a row a person (or a row, without one), with its state.

    Columns: state (used, duplicate, unassigned), key, arm, rows; y0, x0, q0 (y²) of the first
    metric and so on, null where it can't be read; the extras.
    """
    parts = [(f"y{i}", item.y, _joined(item)) for i, item in enumerate(asked)]
    parts += [(f"x{i}", item.x, _base_joined(item)) for i, item in enumerate(asked)]
    parts += [(f"q{i}", item.squares, "sum") for i, item in enumerate(asked) if item.squares]
    parts += [(extra.name, extra.sql, extra.joined) for extra in extras]
    names = [name for name, _, _ in parts]
    rows = connection.table("source").project(
        f"{arm} AS arm, {person or 'NULL'} AS person, "
        + ", ".join(f"{sql} AS {name}" for name, sql, _ in parts)
    )
    if person is None:
        people = rows.project(
            f"arm, lower(arm) AS key, 1 AS rows, false AS several, {', '.join(names)}"
        )
    else:
        people = rows.aggregate(
            "min(arm) AS arm, min(lower(arm)) AS key, count(*) AS rows,"
            " min(lower(arm)) <> max(lower(arm)) AS several, "
            + ", ".join(f"{how}({name}) AS {name}" for name, _, how in parts),
            "person, arm IS NULL",
        )
    values = []
    for i, item in enumerate(asked):
        y, x = f"CAST(y{i} AS DOUBLE)", f"CAST(x{i} AS DOUBLE)"
        values.append(f"CASE WHEN x{i} IS NOT NULL THEN {y} END AS y{i}")
        values.append(f"CASE WHEN y{i} IS NOT NULL THEN {x} END AS x{i}")
        if item.squares:
            values.append(f"CAST(q{i} AS DOUBLE) AS q{i}")
    values += [extra.name for extra in extras]
    people.project(
        "CASE WHEN key IS NULL THEN 'unassigned' WHEN several THEN 'duplicate' ELSE 'used' END"
        f" AS state, key, arm, rows, {', '.join(values)}"
    ).create(PEOPLE)


def sums(
    connection: duckdb.DuckDBPyConnection,
    asked: Sequence[Asked],
    *,
    by: str = "state, key",
    where: str = "true",
    y: str = "y{i}",
    table: str = PEOPLE,
) -> list[Row]:
    """Each group's name, people, rows, and per metric i: n{i}, y{i}, yy{i}, x{i}, xx{i}, xy{i}."""
    parts = ["min(arm) AS name", "count(*) AS people", "CAST(sum(rows) AS BIGINT) AS all_rows"]
    for i, item in enumerate(asked):
        own, x = y.format(i=i), f"x{i}"
        square = f"q{i}" if item.squares else f"{own} * {own}"
        parts += [
            f"count(y{i}) AS n{i}",
            f"CAST(sum(rows) FILTER (y{i} IS NOT NULL) AS BIGINT) AS rows{i}",
            f"sum({own}) AS y{i}",
            f"sum({square}) AS yy{i}",
            f"sum({x}) AS x{i}",
            f"sum({x} * {x}) AS xx{i}",
            f"sum({x} * {own}) AS xy{i}",
            f"count(*) FILTER (y{i} <> 0) AS filled{i}",
            f"count(*) FILTER (y{i} < 0) AS negatives{i}",
        ]
    grouped = connection.table(table).filter(where).aggregate(f"{by}, {', '.join(parts)}", by)
    found = grouped.order(by)
    return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]


def arm_of(place: int, asked: Asked, row: Row | None, name: str) -> Arm:
    """The arm's sums of the metric at a place; an empty arm where there is no row."""
    held = row or {}
    y, yy, x, xx, xy = (
        _number(held.get(f"{part}{place}")) for part in ("y", "yy", "x", "xx", "xy")
    )
    n, filled = whole(held.get(f"n{place}")), whole(held.get(f"filled{place}"))
    if asked.totals:
        counts = asked.shape == "proportion"
        if not (x.is_integer() and (y.is_integer() or not counts)):
            raise InputError("totals_not_whole", column=asked.metric)
        if counts:
            return Arm(name, int(x), successes=int(y))
        return Arm(name, int(x), total=y, squares=yy if asked.squares else None)
    if asked.shape == "proportion":
        return Arm(name, n, successes=filled)
    arm = Arm(name, n, successes=filled, total=y, squares=yy)
    if asked.shape == "mean" and not asked.covariate:
        return arm
    return replace(arm, base=x, base_squares=xx, products=xy)


def whole(value: object) -> int:
    """A count of SQL; 0 where it has none."""
    return int(str(value)) if value is not None else 0


def _number(value: object) -> float:
    return float(str(value)) if value is not None else 0.0


def _joined(item: Asked) -> str:
    """How a person's rows are one: any success, the sum of amounts."""
    return "max" if item.shape == "proportion" and not item.totals else "sum"


def _base_joined(item: Asked) -> str:
    return "sum" if item.totals or item.shape == "ratio" else "max"
