"""One decision per column: parser, decimal mark, date order, unit; and the SQL that follows."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from crm_metrics.facts import dates, numbers
from crm_metrics.facts.cells import missing_sql, plain_sql
from crm_metrics.facts.columns import NO_VALUE
from crm_metrics.facts.connection import literal
from crm_metrics.facts.durations import duration_sql
from crm_metrics.facts.flags import flag_sql
from crm_metrics.facts.plan import Plan
from crm_metrics.facts.rates import ABOVE_ONE, scale_of
from crm_metrics.mapping.cells.blanks import (
    MISSING,
    MISSING_DATES,
    MISSING_SCORES,
    MISSING_TEXT,
    MISSING_WORDS,
    fold,
)
from crm_metrics.mapping.cells.currencies import currency_code
from crm_metrics.mapping.cells.date_text import DECISIVE as DECISIVE_DATES
from crm_metrics.mapping.cells.date_text import date_order, is_clock, is_range
from crm_metrics.mapping.cells.duration_text import amounts_in
from crm_metrics.mapping.cells.number_text import DECISIVE, any_scaled, decimal_mark
from crm_metrics.mapping.headers.header import read_name
from crm_metrics.mapping.model import ColumnMapping
from crm_metrics.schema import Kind

# What Excel makes of a number of more than eleven digits.
_ROUNDED = re.compile(r" *[0-9](?:[.,][0-9]+)?[eE]\+[0-9]{2} *")
_EXACT = 15
# So many zeros in a row, where any digit could stand, are no chance.
_TELLING = 4


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


def filled(words: dict[str, str], values: Sequence[str], marks: Sequence[str]) -> tuple[str, ...]:
    """The cells with value words applied, without those that are one of the missing marks."""
    known = {raw: "" if word in NO_VALUE else word for raw, word in words.items()}
    mapped = (known.get(fold(value), value) for value in values)
    return tuple(value for value in mapped if fold(value) not in marks)


def missing_marks(kind: Kind, field: str | None) -> tuple[str, ...]:
    """What says "no value" in a column of this kind; `field` is None for a dimension."""
    if kind == "text" and field:
        return MISSING_TEXT
    if kind in {"text", "id", "category"}:
        return MISSING_WORDS
    if kind in {"date", "timestamp"}:
        return MISSING_DATES
    return MISSING_SCORES if field == "score" else MISSING


def decimal_of(cells: Cells) -> str | None:
    """The decimal mark that the column's own cells or its mapping show."""
    if cells.mapping.decimal:
        return cells.mapping.decimal
    mark = decimal_mark(_marked(cells))
    if mark.decimal is None and mark.ambiguous:
        mark = decimal_mark(cells.search(DECISIVE))
    return mark.decimal


def order_of(cells: Cells) -> str | None:
    """The order of day and month that the column's own cells or its mapping show."""
    if cells.mapping.date_order in {"dmy", "mdy"}:
        return cells.mapping.date_order
    order = date_order(cells.values)
    if order.year_first and cells.mapping.date_order == "ymd":
        return "ymd"
    if order.order is None and order.open_ and not order.year_first:
        order = date_order(cells.search(DECISIVE_DATES))
    return order.order


def decide(cells: Cells, habits: Habits, quotient: float | None = None) -> Plan:
    """The plan of one column; `quotient` is that of `rates.fraction_or_points`."""
    if cells.kind in {"text", "id", "category"}:
        return _text(cells)
    source = plain_sql(cells.source, cells.values)
    marks = missing_marks(cells.kind, cells.field)
    missing = missing_sql(plain_sql(cells.source, cells.values, always_trim=True), marks)
    if cells.kind == "flag":
        expression, absent_is_no = flag_sql(source, cells.values, field=cells.field)
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
    missing = missing_sql(source, missing_marks(cells.kind, cells.field))
    doubts = ("ids_rounded",) if cells.kind == "id" and _are_rounded(cells.values) else ()
    text = _currency(cells, source) if cells.field == "currency" else source
    return Plan(f"CASE WHEN {missing} THEN NULL ELSE {text} END", missing, "text", doubts=doubts)


def _currency(cells: Cells, source: str) -> str:
    """SQL of the ISO code: a rouble by its name is the rouble by its code, and they add up."""
    named = {value.strip(): currency_code(value) for value in cells.values}
    whens = " ".join(
        f"WHEN {literal(value)} THEN {literal(code)}" for value, code in named.items() if code
    )
    return f"CASE {source} {whens} ELSE {source} END" if whens else source


def _dated(cells: Cells, habits: Habits, source: str, missing: str) -> Plan:
    if cells.kind == "timestamp" and cells.values and all(map(is_clock, cells.values)):
        return Plan(dates.clock_sql(source), missing, "time")
    own = date_order(cells.values)
    order, doubts = order_of(cells), []
    if own.conflict or (own.order and own.order != order):
        doubts.append("date_order_mixed")
    if order is None and own.open_:
        order = habits.order
        if order is None and own.open_ != ".":
            doubts.append("date_order_ask")
    doubts += ["date_ranges"] if any(map(is_range, cells.values)) else []
    used = order or own.likely
    stamp = dates.timestamp_sql(source, cells.values, used)
    shown = used if own.open_ else None
    is_day = cells.kind == "date"
    return Plan(
        f"CAST({stamp} AS DATE)" if is_day else stamp,
        missing,
        "date" if is_day else "timestamp",
        shown,
        doubts=tuple(doubts),
        stamp=stamp if any(map(dates.has_clock, cells.values)) else None,
        zoned=any(map(dates.has_zone, cells.values)),
    )


def _number(
    cells: Cells, habits: Habits, source: str, missing: str, quotient: float | None
) -> Plan:
    values = cells.values
    own = decimal_mark(_marked(cells))
    decimal, doubts = decimal_of(cells), []
    if own.conflict or (own.decimal and own.decimal != decimal):
        doubts.append("decimal_mixed")
    if decimal is None and own.ambiguous:
        if cells.kind == "count":
            # 1,751 messages are a thousand and more: a count has no decimals.
            decimal = "." if own.ambiguous == "," else ","
        elif cells.kind == "rate":
            # No share is in the thousands.
            decimal = own.ambiguous
        else:
            decimal = habits.decimal
            doubts += [] if decimal else ["decimal_ask"]
    decimal = decimal or "."
    shown = decimal if own.decimal or own.ambiguous else None
    scale = 1.0 if any_scaled(values) else read_name(cells.mapping.name).scale
    if scale != 1 and cells.kind in {"count", "money", "number"}:
        doubts.append("header_scale")
    if cells.kind == "count":
        whole = numbers.is_whole(values, decimal) and scale == 1
        text = numbers.number_sql(cells.source, values, decimal, whole=whole, percent=False)
        parser = "integer" if whole else "number"
        return Plan(_times(text, scale), missing, parser, decimal=shown, doubts=tuple(doubts))
    if cells.kind == "duration":
        duration = duration_sql(
            source,
            values,
            unit=cells.mapping.unit,
            header=cells.mapping.name,
            field=cells.field,
            decimal=decimal,
        )
        doubts += duration.doubts
        return Plan(
            duration.sql,
            missing,
            "duration",
            decimal=shown,
            unit=duration.unit,
            doubts=tuple(doubts),
        )
    if cells.kind == "rate":
        rate = _rate(cells, missing, decimal, quotient)
        return replace(rate, decimal=shown, doubts=(*doubts, *rate.doubts))
    currencies: tuple[tuple[str, str], ...] = ()
    money = cells.kind == "money"
    if money:
        currencies = numbers.currency_conditions(cells.source, values)
        doubts += ["currency_mixed"] if len({code for _, code in currencies}) > 1 else []
    return Plan(
        _times(numbers.number_sql(cells.source, values, decimal, percent=not money), scale),
        missing,
        "money" if money else "number",
        decimal=shown,
        doubts=tuple(doubts),
        currencies=currencies,
    )


def _times(sql: str, scale: float) -> str:
    """SQL for a number under a header that counts in thousands or millions."""
    return sql if scale == 1 else f"round({sql} * {scale:.0f}, 6)"


def _rate(cells: Cells, missing: str, decimal: str, quotient: float | None) -> Plan:
    number = numbers.number_sql(cells.source, cells.values, decimal, share=True)
    scale_by = partial(
        scale_of,
        header=cells.mapping.name,
        decimal=decimal,
        unit=cells.mapping.unit,
        quotient=quotient,
    )
    scale = scale_by(cells.values)
    if scale.by_size and scale.unit == "fraction":
        # One cell above 1, wherever it stands, makes them all points.
        scale = scale_by((*cells.values, *cells.search(ABOVE_ONE)))
    points = scale.unit == "points"
    return Plan(
        f"{number} / 100" if points else number,
        missing,
        "percent" if points else "fraction",
        unit=scale.unit,
        doubts=scale.doubts,
    )


def _marked(cells: Cells) -> Sequence[str]:
    """The cells that show the column's decimal mark: of durations in words the numbers alone."""
    return amounts_in(cells.values) if cells.kind == "duration" else cells.values


def _are_rounded(values: Sequence[str]) -> bool:
    """Whether Excel, which keeps 15 digits, has been at these ids."""
    if any(map(_ROUNDED.fullmatch, values)):
        return True
    long = [value for value in values if len(value) > _EXACT and value.isdecimal()]
    zeros = sum(len(value) - _EXACT for value in long)
    return zeros >= _TELLING and all(set(value[_EXACT:]) == {"0"} for value in long)
