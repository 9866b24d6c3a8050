"""From a table's rows to the sums of each arm, by one aggregate over its Parquet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace

import duckdb

from crm_metrics.errors import InputError, NotFoundError, UsageError
from crm_metrics.experiments.model import MOST_ARMS, Arm, MetricShape, Setup
from crm_metrics.experiments.success import amount_of, column_named, success_named, success_sql
from crm_metrics.facts.cells import missing_sql, plain_sql
from crm_metrics.facts.connection import connect, literal, lock
from crm_metrics.facts.numbers import currency_conditions
from crm_metrics.intake.table import LINE, Table
from crm_metrics.mapping.cells.blanks import fold

MOST_SHAPES = 5_000
# Over folded names; the letter A in both alphabets. What is called a control is one before what is
# only the first of several.
_CONTROL = re.compile(
    r"(.*[\W_])?(control|ctrl|hold[\W_]?out|baseline|контрол\w*)([\W_].*)?"
    r"|кг|base|original|old|0|стар(ый|ая|ое)|без рассылки|no (message|e-?mail|treatment)"
)
_FIRST = re.compile(
    r"[aа](\W.*)?|(variant|variation|version|group|вариант|вариация|версия|группа)[ _]?[aа1]"
)


@dataclass(frozen=True, slots=True)
class _Asked:
    """Columns by position, and SQL for a row's y, x (or 1) and n, null where it can't be read."""

    shape: MetricShape
    metric: str
    y: str
    x: str
    totals: bool


def arms_from_table(
    table: Table,
    *,
    variant: str,
    success: str | None = None,
    trials: str | None = None,
    value: str | None = None,
    numerator: str | None = None,
    denominator: str | None = None,
    unit: str | None = None,
    control: str | None = None,
) -> tuple[Setup, tuple[Arm, ...]]:
    """The setup (complete but for split, looks and level) and the arms, the control first.

    Columns are named by their headers. `success` is "COL" (yes/no, 1/0, a count, or filled/empty),
    "COL=VALUE" or "COL>NUMBER"; with `trials` both columns hold totals that are added per arm.
    `value` is an amount per row, `numerator` and `denominator` two amounts of a ratio. With `unit`
    (a column that names the person) a person's rows are one: any success, or the amounts' sum;
    people in several arms are left out and counted. The control is guessed where it isn't given:
    a name like "control" or "A", else the first by name.

    Raises NotFoundError: unknown_column, unknown_arm; UsageError: abtest_one_metric, one_arm,
    too_many_arms; InputError: success_needs_value, bad_number, nothing_read, totals_not_whole,
    arms_currencies.
    """
    named = column_named(variant, table.headers)
    person = None if unit is None else column_named(unit, table.headers)
    with _opened(table) as connection:
        asked = _asked(
            connection,
            table,
            success=success,
            trials=trials,
            value=value,
            numerator=numerator,
            denominator=denominator,
        )
        rows = _summed(connection, asked, _arm_sql(connection, named), _person_sql(person))
    setup, arms = _arms(asked, rows, control, table.headers[named])
    return replace(setup, people_known=person is not None), arms


def value_counts(table: Table, column: int, *, most: int = 50) -> dict[str, int]:
    """The most frequent filled cells of a column, as text, with their numbers of rows."""
    with _opened(table) as connection:
        name = f"trim(c{column})"
        cells = connection.table("source").filter(f"{name} <> ''")
        rows = cells.aggregate(f"{name} AS cell, count(*) AS rows", "cell")
        return dict(rows.order("rows DESC, cell").limit(most).fetchall())


def variant_columns(table: Table) -> list[int]:
    """Columns that could name a test's version: two to ten different filled cells."""
    with _opened(table) as connection:
        # Folded as arms are, so that "a" and "A" are one; the approximate count sorts out most.
        cells = [f"nullif(lower(trim(c{i})), '')" for i in range(len(table.headers))]
        rough = connection.table("source").aggregate(
            ", ".join(f"approx_count_distinct({cell})" for cell in cells)
        )
        near = [i for i, count in enumerate(rough.fetchall()[0]) if 1 < count <= 2 * MOST_ARMS]
        if not near:
            return []
        exact = connection.table("source").aggregate(
            ", ".join(f"count(DISTINCT {cells[i]})" for i in near)
        )
        counts = zip(near, exact.fetchall()[0], strict=True)
        return [i for i, count in counts if 2 <= count <= MOST_ARMS]


def guessed_control(names: list[str]) -> str:
    """The arm whose name says that it is the control, else the first by name."""
    ordered = sorted(names, key=lambda name: (len(name) if name.isdigit() else 0, fold(name)))
    found = (name for form in (_CONTROL, _FIRST) for name in ordered if form.fullmatch(fold(name)))
    return next(found, ordered[0])


@contextmanager
def _opened(table: Table) -> Iterator[duckdb.DuckDBPyConnection]:
    """A locked connection with the table's rows as the view `source`."""
    with closing(connect()) as connection:
        # Sums of doubles depend on their order: one thread gives the same file the same bytes.
        connection.execute("SET threads = 1")
        lock(connection, [table.path.parent])
        path = literal(str(table.path.resolve()))
        connection.execute(f"CREATE VIEW source AS FROM read_parquet({path})")
        yield connection


def _asked(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    *,
    success: str | None,
    trials: str | None,
    value: str | None,
    numerator: str | None,
    denominator: str | None,
) -> _Asked:
    ratio = numerator is not None or denominator is not None
    if sum((success is not None, value is not None, ratio)) != 1:
        raise UsageError("abtest_one_metric")
    if (ratio and None in (numerator, denominator)) or (trials is not None and success is None):
        raise UsageError("abtest_one_metric")

    def number(name: str) -> str:
        column = column_named(name, table.headers)
        shapes = _shapes(connection, column)
        if len({code for _, code in currency_conditions(f"c{column}", shapes.values())}) > 1:
            raise InputError("arms_currencies", metric=table.headers[column])
        return amount_of(column, shapes)

    def header(name: str) -> str:
        return table.headers[column_named(name, table.headers)]

    if value is not None:
        return _Asked("mean", header(value), number(value), "1", totals=False)
    if numerator is not None and denominator is not None:
        metric = f"{header(numerator)} / {header(denominator)}"
        return _Asked("ratio", metric, number(numerator), number(denominator), totals=False)
    assert success is not None
    if trials is not None:
        metric = f"{header(success)} / {header(trials)}"
        return _Asked("proportion", metric, number(success), number(trials), totals=True)
    spec = success_named(success, table.headers)
    name = table.headers[spec.column]
    sign = {"filled": "", "equals": f" = {spec.value}", "above": f" > {spec.value}"}[spec.kind]
    y = success_sql(spec, name, _shapes(connection, spec.column))
    return _Asked("proportion", name + sign, y, "1", totals=False)


def _shapes(connection: duckdb.DuckDBPyConnection, column: int) -> dict[str, str]:
    """One cell for each shape (digits read as 9) among the most frequent shapes.

    Cells that are one word of yes or no (0 and 1 among them) stand for themselves.
    """
    name = f"c{column}"
    shape = f"CASE WHEN {name} IN ('0', '1') THEN {name} "
    shape += f"ELSE regexp_replace({name}, '[0-9]', '9', 'g') END"
    cells = connection.table("source").aggregate(
        f"{shape} AS shape, min({name}) AS cell, count(*) AS cells", "shape"
    )
    rows = cells.order("cells DESC, shape").limit(MOST_SHAPES).fetchall()
    return {row[0]: row[1] for row in rows}


def _arm_sql(connection: duckdb.DuckDBPyConnection, column: int) -> str:
    """SQL for the arm's name; null where the row has none."""
    source = plain_sql(f"c{column}", _shapes(connection, column).values())
    return f"CASE WHEN {missing_sql(source)} THEN NULL ELSE {source} END"


def _person_sql(column: int | None) -> str | None:
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


def _summed(
    connection: duckdb.DuckDBPyConnection, asked: _Asked, arm: str, person: str | None
) -> list[dict[str, object]]:
    """One row per arm and state (used, unread, duplicate, unassigned) with its sums."""
    source = connection.table("source")
    rows = source.project(
        f"{arm} AS arm, {asked.y} AS y, {asked.x} AS x, {person or 'NULL'} AS person"
    )
    if person is None:
        people = rows.project("arm, lower(arm) AS key, y, x, 1 AS rows, false AS several")
    else:
        once = asked.shape == "proportion" and not asked.totals
        y, x = ("max", "max") if once else ("sum", "max" if asked.x == "1" else "sum")
        people = rows.aggregate(
            f"min(arm) AS arm, min(lower(arm)) AS key, {y}(y) AS y, {x}(x) AS x,"
            " count(*) AS rows, min(lower(arm)) <> max(lower(arm)) AS several",
            "person, arm IS NULL",
        )
    typed = people.project(
        "arm, key, CAST(y AS DOUBLE) AS y, CAST(x AS DOUBLE) AS x, rows,"
        " CASE WHEN key IS NULL THEN 'unassigned' WHEN several THEN 'duplicate'"
        " WHEN y IS NULL OR x IS NULL THEN 'unread' ELSE 'used' END AS state"
    )
    sums = typed.aggregate(
        "state, key, min(arm) AS name, count(*) AS n, CAST(sum(rows) AS BIGINT) AS rows,"
        " sum(y) AS y, sum(y * y) AS yy, sum(x) AS x, sum(x * x) AS xx, sum(x * y) AS xy,"
        " count(*) FILTER (y <> 0) AS filled, count(*) FILTER (y < 0) AS negatives",
        "state, key",
    ).order("key, state")
    return [dict(zip(sums.columns, row, strict=True)) for row in sums.fetchall()]


def _arms(
    asked: _Asked, rows: list[dict[str, object]], control: str | None, header: str
) -> tuple[Setup, tuple[Arm, ...]]:
    used = [row for row in rows if row["state"] == "used"]
    keys = {row["key"] for row in rows if row["key"] is not None and row["state"] != "duplicate"}
    if not used:
        raise InputError("nothing_read", column=asked.metric)
    if len(keys) > MOST_ARMS:
        raise UsageError("too_many_arms", count=len(keys), most=MOST_ARMS, column=header)
    arms = {fold(str(row["name"])): _arm(asked, row) for row in used}
    names = [arm.name for arm in arms.values()]
    if len(arms) < 2:
        raise UsageError("one_arm", arm=names[0])
    first = guessed_control(names) if control is None else control
    if fold(first) not in arms:
        raise NotFoundError("unknown_arm", arm=first, arms=", ".join(names))
    chosen = arms.pop(fold(first))
    setup = Setup(
        control=chosen.name,
        metric=asked.metric,
        shape=asked.shape,
        duplicates=_count(rows, "duplicate", "n"),
        repeated=_count(rows, "used", "rows") - _count(rows, "used", "n"),
        unassigned=_count(rows, "unassigned", "rows"),
        unread=_count(rows, "unread", "n"),
        negatives=0 if asked.totals else _count(rows, "used", "negatives"),
    )
    return setup, (chosen, *arms.values())


def _arm(asked: _Asked, row: dict[str, object]) -> Arm:
    name, n = str(row["name"]), int(str(row["n"]))
    if asked.totals:
        people, events = float(str(row["x"])), float(str(row["y"]))
        if not (people.is_integer() and events.is_integer()):
            raise InputError("totals_not_whole", column=asked.metric)
        return Arm(name, int(people), successes=int(events))
    filled = int(str(row["filled"]))
    if asked.shape == "proportion":
        return Arm(name, n, successes=filled)
    y, yy, x, xx, xy = (float(str(row[key])) for key in ("y", "yy", "x", "xx", "xy"))
    arm = Arm(name, n, successes=filled, total=y, squares=yy)
    if asked.shape == "mean":
        return arm
    return replace(arm, base=x, base_squares=xx, products=xy)


def _count(rows: list[dict[str, object]], state: str, key: str) -> int:
    return sum(int(str(row[key])) for row in rows if row["state"] == state)
