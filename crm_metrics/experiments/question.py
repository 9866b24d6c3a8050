"""What is compared, as columns of a table, and the SQL of each row's y, x and y²."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

import duckdb

from crm_metrics.errors import InputError, UsageError
from crm_metrics.experiments.model import Direction, MetricShape
from crm_metrics.experiments.success import (
    amount_of,
    column_named,
    direction_of,
    success_named,
    success_sql,
)
from crm_metrics.facts.connection import literal
from crm_metrics.facts.dates import timestamp_sql
from crm_metrics.facts.numbers import currency_conditions
from crm_metrics.intake.table import Table
from crm_metrics.mapping.cells.date_text import date_order
from crm_metrics.schema import FIELDS

MOST_SHAPES = 5_000
ANSWERS = frozenset(
    (
        *("opened", "clicked", "converted", "replied", "unsubscribed", "complained"),
        *("opens_total", "clicks_total"),
    )
)
"""What a message itself brings about can't be taken for what people did before it."""
_OPENS = re.compile(r"\bopen|откры|прочт", re.IGNORECASE)
_CLICKS = re.compile(r"click|клик|переход", re.IGNORECASE)
_NAMED = re.compile(r"(mean|ratio|totals):(.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Question:
    """One metric by the headers of its columns; one of `success`, `value`, `numerator`, `answered`.

    `success` is "COL" (yes/no, 1/0, a count, or filled/empty), "COL=VALUE" or "COL>NUMBER";
    `value` an amount per row; `numerator` over `denominator` a ratio of two amounts; `answered` a
    time of an answer, a success `within` so many hours of the column `sent`. With `trials` rows are
    totals, of `trials` recipients each: `success` a number of them, `value` the sum of amounts,
    whose standard deviation stands in `deviation`. `before` is what the recipient did before the
    test, in the unit of `value`.
    """

    success: str | None = None
    trials: str | None = None
    value: str | None = None
    deviation: str | None = None
    numerator: str | None = None
    denominator: str | None = None
    before: str | None = None
    answered: str | None = None
    within: float | None = None
    sent: str | None = None

    def __post_init__(self) -> None:
        ratio = self.numerator is not None or self.denominator is not None
        ways = (self.success is not None, self.value is not None, ratio, self.answered is not None)
        whole = not ratio or None not in (self.numerator, self.denominator)
        timed = self.answered is None or None not in (self.within, self.sent)
        totals = self.trials is None or not (ratio or self.answered)
        spread = self.deviation is None or None not in (self.value, self.trials)
        before = self.before is None or (self.value is not None and self.trials is None)
        if sum(ways) != 1 or not (whole and timed and totals and spread and before):
            raise UsageError("abtest_one_metric")


@dataclass(frozen=True, slots=True)
class Asked:
    """A metric, and SQL for a row's y and x (n for totals), null where it can't be read.

    `squares` is the SQL of y² where a row is not one recipient.
    """

    shape: MetricShape
    metric: str
    y: str
    x: str = "1"
    totals: bool = False
    squares: str | None = None
    covariate: bool = False
    direction: Direction = "up"
    field: str = ""
    base_field: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A table opened for questions: its rows as the view `source`, and its columns' fields.

    `known` keeps the `shapes` of columns that were looked at, `times` names those read as times:
    many questions ask for the same.
    """

    connection: duckdb.DuckDBPyConnection
    table: Table
    fields: Mapping[int, str] = field(default_factory=dict)
    known: dict[int, dict[str, str]] = field(default_factory=dict)
    times: list[str] = field(default_factory=list)

    def column(self, name: str) -> int:
        """The position of a header."""
        return column_named(name, self.table.headers)

    def header(self, name: str) -> str:
        """A header as the table writes it."""
        return self.table.headers[self.column(name)]

    def field_of(self, name: str) -> str:
        """The field of a header's column; empty without one."""
        return self.fields.get(self.column(name)) or ""

    def amount(self, name: str) -> str:
        """SQL for a column's amounts; raises InputError("arms_currencies")."""
        column = self.column(name)
        cells = self.shapes(column)
        if len({code for _, code in currency_conditions(f"c{column}", cells.values())}) > 1:
            raise InputError("arms_currencies", metric=self.table.headers[column])
        return amount_of(column, cells)

    def time(self, column: int) -> str:
        """A column's times, null where a cell is none: read once, and beside the rows from then on.

        One question asks for the same time up to seven times.
        """
        name = f"time{column}"
        if name not in self.times:
            cells = list(self.shapes(column).values())
            read = timestamp_sql(f"lower(trim(c{column}))", cells, date_order(cells).likely)
            own = self.connection.table("source").project(f"{read} AS {name}")
            own.create(f"{name}_read")
            self.times.append(name)
            beside = "".join(f" POSITIONAL JOIN {one}_read" for one in self.times)
            path = literal(str(self.table.path.resolve()))
            self.connection.execute(
                f"CREATE OR REPLACE VIEW source AS FROM read_parquet({path}){beside}"
            )
        return name

    def shapes(self, column: int) -> dict[str, str]:
        """One cell for each shape (digits read as 9) among the most frequent shapes.

        Cells that are one word of yes or no (0 and 1 among them) stand for themselves.
        """
        if column not in self.known:
            self.known[column] = _shapes(self.connection, column)
        return self.known[column]


def question_named(text: str) -> Question:
    """A metric in one line: a success as in `Question`, or one of its other kinds.

    "mean:COL", "ratio:COL/COL" and "totals:COL/COL"; the first "/" divides two columns.
    """
    named = _NAMED.fullmatch(text.strip())
    if named is None:
        return Question(success=text)
    first, _, second = named[2].partition("/")
    if named[1] == "mean":
        return Question(value=named[2])
    if not second:
        raise UsageError("abtest_one_metric")
    if named[1] == "ratio":
        return Question(numerator=first, denominator=second)
    return Question(success=first, trials=second)


def asked_of(source: Source, question: Question, read_at: datetime | None = None) -> Asked:
    """The question as SQL over the table's rows."""
    if question.value is not None:
        return _of_value(source, question, question.value)
    if question.numerator is not None and question.denominator is not None:
        metric = f"{source.header(question.numerator)} / {source.header(question.denominator)}"
        return Asked(
            "ratio",
            metric,
            source.amount(question.numerator),
            source.amount(question.denominator),
            direction=direction_of(source.field_of(question.numerator), question.numerator),
            field=source.field_of(question.numerator),
            base_field=source.field_of(question.denominator),
        )
    if question.answered is not None:
        return _within(source, question, read_at)
    assert question.success is not None
    if question.trials is not None:
        return _of_totals(source, question.success, question.trials)
    spec = success_named(question.success, source.table.headers)
    name = source.table.headers[spec.column]
    sign = {"filled": "", "equals": f" = {spec.value}", "above": f" > {spec.value}"}[spec.kind]
    y = success_sql(spec, name, source.shapes(spec.column))
    own = source.fields.get(spec.column) or ""
    direction = direction_of(own, name, denied=spec.denies)
    # A row's count of clicks above zero is a person who clicked: totals matter only when added.
    return Asked("proportion", name + sign, y, direction=direction, field=_single(own))


def _shapes(connection: duckdb.DuckDBPyConnection, column: int) -> dict[str, str]:
    name = f"c{column}"
    shape = f"CASE WHEN {name} IN ('0', '1') THEN {name} "
    # A quarter of the time of a pattern that says the same.
    shape += f"ELSE translate({name}, '012345678', '999999999') END"
    cells = connection.table("source").aggregate(
        f"{shape} AS shape, min({name}) AS cell, count(*) AS cells", "shape"
    )
    rows = cells.order("cells DESC, shape").limit(MOST_SHAPES).fetchall()
    return {row[0]: row[1] for row in rows}


def _of_value(source: Source, question: Question, value: str) -> Asked:
    own = source.field_of(value)
    y = source.amount(value)
    name = source.header(value)
    asked = Asked("mean", name, y, direction=direction_of(own, name), field=own)
    if question.trials is None:
        if question.before is None:
            return asked
        same = source.column(question.before) == source.column(value)
        if same or source.field_of(question.before) in ANSWERS:
            raise UsageError("before_is_after", column=source.header(question.before))
        return replace(asked, x=source.amount(question.before), covariate=True)
    n = source.amount(question.trials)
    squares = None
    if question.deviation is not None:
        deviation = source.amount(question.deviation)
        squares = f"({n} - 1) * {deviation} * {deviation} + {y} * {y} / {n}"
    name = f"{asked.metric} / {source.header(question.trials)}"
    return replace(asked, metric=name, x=n, totals=True, squares=squares)


def _of_totals(source: Source, success: str, trials: str) -> Asked:
    own, base = source.field_of(success), source.field_of(trials)
    names = source.header(success), source.header(trials)
    for name, kind in zip(names, (own, base), strict=True):
        if kind in FIELDS and FIELDS[kind].kind == "money":
            raise InputError("money_is_no_count", column=name)
    opens = base.startswith("open") or (not base and _OPENS.search(names[1]))
    clicks = own.startswith("click") or (not own and _CLICKS.search(names[0]))
    if opens and clicks:
        raise UsageError("share_of_opens", success=names[0], trials=names[1])
    return Asked(
        "proportion",
        f"{names[0]} / {names[1]}",
        source.amount(success),
        source.amount(trials),
        totals=True,
        direction=direction_of(own, names[0]),
        field=own,
        base_field=base,
    )


def _within(source: Source, question: Question, read_at: datetime | None) -> Asked:
    """Answered within the hours; who was not seen so long and has not answered is left out."""
    assert question.answered is not None
    assert question.sent is not None
    sent, answered = (source.time(source.column(n)) for n in (question.sent, question.answered))
    late = f"{sent} + to_seconds({3600 * float(question.within or 0)!r})"
    seen = "false" if read_at is None else f"{late} <= TIMESTAMP '{read_at.isoformat(sep=' ')}'"
    y = (
        f"CASE WHEN {sent} IS NULL OR {answered} < {sent} THEN NULL"
        f" WHEN {answered} <= {late} THEN 1"
        f" WHEN {answered} IS NOT NULL OR {seen} THEN 0 END"
    )
    name = f"{source.header(question.answered)} ≤ {question.within:g} h"
    return Asked("proportion", name, y, field=source.field_of(question.answered))


def _single(name: str) -> str:
    return {"clicks_total": "clicked", "opens_total": "opened"}.get(name, name)
