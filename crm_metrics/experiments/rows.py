"""From a table's rows to a test: the setup, each arm's sums, and what the rows say besides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

import duckdb

from crm_metrics.errors import InputError, UsageError
from crm_metrics.experiments import around
from crm_metrics.experiments.beside import Beside
from crm_metrics.experiments.control import control_among
from crm_metrics.experiments.model import MOST_ARMS, Arm, Margin, Measured, Metric, Role, Setup
from crm_metrics.experiments.question import Asked, Question, Source, asked_of
from crm_metrics.experiments.sums import Row, arm_of, filled_sql, gather, person_sql, sums, whole
from crm_metrics.facts.connection import connect, literal, lock
from crm_metrics.intake.table import Table
from crm_metrics.mapping.cells.blanks import fold

PERSON_FIELDS = ("customer_id", "email", "phone", "contact_id")


class Other(NamedTuple):
    """A metric beside the decision's, to be read from the same rows."""

    question: Question
    role: Role = "secondary"
    margin: Margin | None = None


class Trial(NamedTuple):
    """What `analyse` takes."""

    setup: Setup
    arms: tuple[Arm, ...]
    others: tuple[Measured, ...] = ()
    beside: Beside = Beside()


def trial_from_table(
    table: Table,
    question: Question,
    *,
    variant: str,
    others: Sequence[Other] = (),
    unit: str | None = None,
    control: str | None = None,
    segments: Sequence[str] = (),
    sent: str | None = None,
    read_at: datetime | None = None,
    cap: bool = False,
    fields: Mapping[int, str] | None = None,
) -> Trial:
    """A test from a table: arms (the control first), other metrics, and all that stands beside.

    Columns are named by their headers; `fields` are the columns' fields by position, from which the
    time of sending, opens and clicks are found. With `unit` (a column that names the person) a
    person's rows are one: any success, or the amounts' sum; people in several arms are left out and
    counted. The control is guessed where it isn't given: a name like "control" or "A", else the
    first by name. `segments` are columns by whose values the effect is held apart. `cap` adds the
    sums with amounts cut down to the pooled 99th percentile. `read_at` is when the data were
    exported: by default the last time in them.

    Raises NotFoundError: unknown_column, unknown_arm; UsageError: share_of_opens, before_is_after,
    abtest_one_metric, one_arm, too_many_arms; InputError: success_needs_value, bad_number,
    nothing_read, arm_unread, rows_are_totals, totals_not_whole, arms_currencies.
    """
    with _opened(table) as connection:
        source = Source(connection, table, fields or {})
        named = source.column(variant)
        person = None if unit is None else source.column(unit)
        wish = around.Wish(source, question, segments=tuple(segments), sent=sent, cap=cap)
        end = read_at or wish.last_time()
        asked = [asked_of(source, item, end) for item in (question, *(o.question for o in others))]
        gather(
            connection,
            asked,
            wish.extras(),
            arm=filled_sql(named, list(source.shapes(named).values())),
            person=person_sql(person),
        )
        rows = sums(connection, asked)
        setup, order = _setup(asked[0], rows, control, table.headers[named])
        if question.trials is None and all(whole(row["all_rows"]) == 1 for row in order):
            raise InputError("rows_are_totals", column=asked[0].metric)
        setup = replace(setup, people_known=person is not None)
        arms = [
            tuple(arm_of(i, item, row, str(row["name"])) for row in order)
            for i, item in enumerate(asked)
        ]
        beside = wish.read(asked, [str(row["key"]) for row in order], arms[0], end)
    around_it = tuple(
        Measured(_metric(item, other), own)
        for item, other, own in zip(asked[1:], others, arms[1:], strict=True)
    )
    return Trial(setup, arms[0], around_it, beside)


def person_column(fields: Mapping[int, str]) -> int | None:
    """The column that names the person by its field, the surest first; None where none does."""
    columns = {field: column for column, field in fields.items()}
    return next((columns[field] for field in PERSON_FIELDS if field in columns), None)


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


def _setup(
    asked: Asked, rows: list[Row], control: str | None, header: str
) -> tuple[Setup, list[Row]]:
    """The setup, and the rows of sums of the arms, the control's first."""
    used = [row for row in rows if row["state"] == "used" and whole(row["n0"])]
    keys = {row["key"] for row in rows if row["state"] == "used"}
    if not used:
        raise InputError("nothing_read", column=asked.metric)
    silent = [row for row in rows if row["state"] == "used" and not whole(row["n0"])]
    unread = tuple((str(row["name"]), whole(row["all_rows"])) for row in silent)
    if unread and len(used) == 1:
        name, count = unread[0]
        raise InputError("arm_unread", arm=name, count=count, column=asked.metric)
    if len(keys) > MOST_ARMS:
        raise UsageError("too_many_arms", count=len(keys), most=MOST_ARMS, column=header)
    arms = {fold(str(row["name"])): row for row in used}
    chosen = arms.pop(control_among([str(row["name"]) for row in arms.values()], control))
    people, read = _count(rows, "used", "people"), _count(rows, "used", "n0")
    added = read if asked.totals and read > len(used) else 0
    setup = Setup(
        control=str(chosen["name"]),
        metric=asked.metric,
        shape=asked.shape,
        direction=asked.direction,
        field=asked.field,
        base_field=asked.base_field,
        duplicates=_count(rows, "duplicate", "people"),
        repeated=_count(rows, "used", "rows0") - read,
        unassigned=_count(rows, "unassigned", "all_rows"),
        unread=people - read - sum(whole(row["people"]) for row in silent),
        unread_arms=unread,
        added=added,
        negatives=0 if asked.totals else _count(rows, "used", "negatives0"),
    )
    return setup, [chosen, *arms.values()]


def _metric(asked: Asked, other: Other) -> Metric:
    return Metric(asked.metric, asked.shape, other.role, asked.direction, other.margin, asked.field)


def _count(rows: list[Row], state: str, key: str) -> int:
    return sum(whole(row[key]) for row in rows if row["state"] == state)
