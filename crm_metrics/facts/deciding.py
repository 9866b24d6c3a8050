"""One decision per column: parser, decimal mark, date order, unit; and the SQL that follows."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from crm_metrics.facts import dates, numbers
from crm_metrics.facts.cells import (
    MISSING,
    MISSING_TEXT,
    fold,
    is_missing,
    missing_sql,
    plain_sql,
)
from crm_metrics.facts.columns import NO_VALUE
from crm_metrics.facts.durations import duration_sql
from crm_metrics.facts.flags import flag_sql
from crm_metrics.facts.plan import Plan
from crm_metrics.facts.rates import fraction_or_points
from crm_metrics.mapping.model import ColumnMapping
from crm_metrics.schema import Kind

# What Excel makes of a number of more than eleven digits.
_ROUNDED = re.compile(r" *[0-9](?:[.,][0-9]+)?[eE]\+[0-9]{2} *")


@dataclass(frozen=True, slots=True)
class Cells:
    """What is known of a column: its field and kind, SQL of its text, and distinct cells.

    `source` is the column, or the lookup of its value words; `values` are the cells after that
    lookup, without the missing ones. `search` finds telling cells among all rows.
    """

    mapping: ColumnMapping
    field: str | None
    kind: Kind
    source: str
    values: tuple[str, ...]
    search: Callable[[str], list[str]]


@dataclass(frozen=True, slots=True)
class Habits:
    """How the rest of the table writes numbers and dates, for columns that do not show it."""

    decimal: str | None = None
    order: str | None = None


def filled(words: dict[str, str], values: Sequence[str]) -> tuple[str, ...]:
    """The cells with value words applied, without the missing ones."""
    known = {raw: "" if word in NO_VALUE else word for raw, word in words.items()}
    mapped = (known.get(fold(value), value) for value in values)
    return tuple(value for value in mapped if not is_missing(value))


def decimal_of(cells: Cells) -> str | None:
    """The decimal mark that the column's own cells or its mapping show."""
    if cells.mapping.decimal:
        return cells.mapping.decimal
    mark = numbers.decimal_mark(cells.values)
    if mark.decimal is None and mark.ambiguous:
        mark = numbers.decimal_mark(cells.search(numbers.DECISIVE))
    return mark.decimal


def order_of(cells: Cells) -> str | None:
    """The order of day and month that the column's own cells or its mapping show."""
    if cells.mapping.date_order in {"dmy", "mdy"}:
        return cells.mapping.date_order
    order = dates.date_order(cells.values)
    if order.order is None and order.open_:
        order = dates.date_order(cells.search(dates.DECISIVE))
    return order.order


def decide(cells: Cells, habits: Habits, quotient: float | None = None) -> Plan:
    """The plan of one column; `quotient` is that of `rates.fraction_or_points`."""
    if cells.kind in {"text", "id", "category"}:
        return _text(cells)
    source = plain_sql(cells.source, cells.values)
    missing = missing_sql(plain_sql(cells.source, cells.values, always_trim=True))
    if cells.kind == "flag":
        expression, absent_is_no = flag_sql(source, cells.values)
        if "+" in cells.values:
            missing = f"{source} = ''"
        if absent_is_no:
            expression = f"CASE WHEN {missing} THEN false ELSE {expression} END"
        return Plan(expression, missing, "flag", missing_is_false=absent_is_no)
    if cells.kind in {"date", "timestamp"}:
        return _dated(cells, habits, source, missing)
    return _number(cells, habits, source, missing, quotient)


def _text(cells: Cells) -> Plan:
    source = plain_sql(cells.source, cells.values, always_trim=True)
    marks = MISSING_TEXT if cells.kind == "text" and cells.field else MISSING
    missing = missing_sql(source, marks)
    rounded = cells.kind == "id" and any(map(_ROUNDED.fullmatch, cells.values))
    doubts = ("ids_rounded",) if rounded else ()
    return Plan(f"CASE WHEN {missing} THEN NULL ELSE {source} END", missing, "text", doubts=doubts)


def _dated(cells: Cells, habits: Habits, source: str, missing: str) -> Plan:
    if cells.kind == "timestamp" and cells.values and all(map(dates.is_clock, cells.values)):
        return Plan(dates.clock_sql(source), missing, "time")
    own = dates.date_order(cells.values)
    order, doubts = order_of(cells), ["date_order_mixed"] if own.conflict else []
    if order is None and own.open_:
        order = habits.order
        if order is None and own.open_ != ".":
            doubts.append("date_order_ask")
    used = order or ("mdy" if own.open_ == "/" else "dmy")
    stamp = dates.timestamp_sql(source, cells.values, used)
    shown = used if own.open_ else None
    if cells.kind == "date":
        return Plan(f"CAST({stamp} AS DATE)", missing, "date", shown, doubts=tuple(doubts))
    return Plan(stamp, missing, "timestamp", shown, doubts=tuple(doubts))


def _number(
    cells: Cells, habits: Habits, source: str, missing: str, quotient: float | None
) -> Plan:
    values = cells.values
    own = numbers.decimal_mark(values)
    decimal, doubts = decimal_of(cells), ["decimal_mixed"] if own.conflict else []
    if decimal is None and own.ambiguous:
        if cells.kind == "count":
            # 1,751 messages are a thousand and more: a count has no decimals.
            decimal = "." if own.ambiguous == "," else ","
        else:
            decimal = habits.decimal
            doubts += [] if decimal else ["decimal_ask"]
    decimal = decimal or "."
    shown = decimal if own.decimal or own.ambiguous else None
    if cells.kind == "count":
        whole = numbers.is_whole(values, decimal)
        text = numbers.number_sql(cells.source, values, decimal, whole=whole)
        parser = "integer" if whole else "number"
        return Plan(text, missing, parser, decimal=shown, doubts=tuple(doubts))
    if cells.kind == "duration":
        text, unit, guessed = duration_sql(
            source, values, unit=cells.mapping.unit, header=cells.mapping.name, decimal=decimal
        )
        doubts += ["duration_ask"] if guessed else []
        return Plan(text, missing, "duration", decimal=shown, unit=unit, doubts=tuple(doubts))
    number = numbers.number_sql(cells.source, values, decimal)
    if cells.kind == "rate":
        unit, disagree = fraction_or_points(
            values,
            header=cells.mapping.name,
            decimal=decimal,
            unit=cells.mapping.unit,
            quotient=quotient,
        )
        doubts += ["rate_disagrees"] if disagree else []
        points = unit == "points"
        return Plan(
            f"{number} / 100" if points else number,
            missing,
            "percent" if points else "fraction",
            decimal=shown,
            unit=unit,
            doubts=tuple(doubts),
        )
    currencies: tuple[tuple[str, str], ...] = ()
    if cells.kind == "money":
        currencies = numbers.currency_conditions(cells.source, values)
        doubts += ["currency_mixed"] if len({code for _, code in currencies}) > 1 else []
    parser = "money" if cells.kind == "money" else "number"
    return Plan(number, missing, parser, decimal=shown, doubts=tuple(doubts), currencies=currencies)
