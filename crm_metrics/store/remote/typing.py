"""A mapping as typed columns of a remote table: casts and cases that its own engine computes."""

from __future__ import annotations

from collections.abc import Mapping as Lookup
from collections.abc import Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
from ibis.backends import BaseBackend

from crm_metrics.facts.columns import NO_VALUE, Column
from crm_metrics.facts.deciding import missing_marks
from crm_metrics.facts.durations import SECONDS
from crm_metrics.facts.model import Recipe
from crm_metrics.intake.table import LINE
from crm_metrics.mapping.cells.yes_no import NO, YES
from crm_metrics.mapping.headers.header import read_name
from crm_metrics.schema import Kind, grain_named, kind_of
from crm_metrics.store.aligning import TYPES
from crm_metrics.store.dataset import dimension_name

_PLAIN_NUMBERS = frozenset({"integer", "number", "money", "percent", "fraction", "duration"})
_PLAIN_DATES = frozenset({"date", "timestamp"})


@dataclass(frozen=True, slots=True)
class Typed:
    """The rows of a remote table as facts are named and typed.

    `read` has for each position the column as it became, None where its text is of a form that has
    to be typed in the data base itself; `filled` where its cells hold anything. `day` is the date
    of a row over the remote table's own columns; `given` are fields that no column alone gives.
    """

    rows: ir.Table
    read: dict[int, ir.Value | None]
    filled: dict[int, ir.BooleanValue]
    day: ir.DateValue
    given: frozenset[str]


def typed(
    there: ir.Table,
    columns: Sequence[Column],
    recipes: Lookup[int, Recipe],
    grain: str,
    constants: Lookup[str, str],
) -> Typed:
    """The columns of a mapping over a remote table; `recipes` are what its first rows showed.

    `rows` has the mapped fields, d_<hash> for the others, always `date`, `channel`, `platform`,
    `currency`, and `__line`: a name of the row, made only where it is asked for.
    """
    backend = there.get_backend()
    read: dict[int, ir.Value | None] = {}
    filled: dict[int, ir.BooleanValue] = {}
    made: dict[str, ir.Value] = {}
    for column in columns:
        place = column.mapping.column
        raw = there[there.columns[place]]
        filled[place] = _is_filled(raw, column)
        value = _value(raw, column, recipes[place], backend)
        read[place] = value
        if column.field is None:
            made.setdefault(dimension_name(column.mapping.name), _text(raw, column))
        elif value is not None:
            made[column.target] = value
            if other := column.unsaid:
                said = _by_words(there[there.columns[other.mapping.column]], other.second_words)
                own = [_by_words(raw, column.words)] if column.words else []
                made[column.target] = ibis.coalesce(*own, said, value)
            if column.second:
                given = _by_words(raw, column.second_words)
                made.setdefault(column.second, given)
    fixed = {field: value for field, value in constants.items() if field not in made}
    for field, text in fixed.items():
        if field != "channel":
            made[field] = _constant(text, kind_of(field, grain))
    given = {*fixed, *(column.second for column in columns if column.second)}
    given |= {"channel"} if constants.get("channel") or grain_named(grain).channel else set()
    made["channel"] = _channel(made.get("channel"), grain, constants.get("channel"))
    for field in ("platform", "currency"):
        made.setdefault(field, ibis.null("string"))
    made["date"] = _date(made, grain)
    made[LINE] = _row_name(backend)
    return Typed(there.select(**made), read, filled, made["date"], frozenset(given))


@ibis.udf.scalar.builtin(name="uuid")
def _sparks_uuid() -> str:  # type: ignore[empty-body]
    """Spark's own, for which Ibis 12 has no word."""


def _row_name(backend: BaseBackend) -> ir.StringValue:
    """A name that no other row has."""
    if backend.has_operation(ops.RandomUUID):
        return ibis.uuid().cast("string")
    return _sparks_uuid() if backend.name == "pyspark" else ibis.random().cast("string")


def _is_filled(raw: ir.Value, column: Column) -> ir.BooleanValue:
    if not raw.type().is_string():
        return raw.notnull()
    marks = missing_marks(column.kind, column.field)
    return raw.notnull() & ~_folded(raw).isin(marks)


def _value(raw: ir.Value, column: Column, recipe: Recipe, backend: BaseBackend) -> ir.Value | None:
    """The column as a value of its kind, None where that is for its own data base to do."""
    kind = column.kind
    if kind in {"text", "id", "category"}:
        return _text(raw, column)
    if kind == "flag":
        return _flag(raw, column)
    if kind in {"date", "timestamp"}:
        return _moment(raw, kind, recipe, backend)
    number = _number(raw, recipe, backend)
    words = {word: text for word, text in column.words.items() if _is_number(text)}
    if words and raw.type().is_string():
        graded = _numbers_of_words(raw, words)
        number = graded if number is None else ibis.coalesce(graded, number)
    if number is None:
        return None
    if kind == "count" and raw.type().is_integer():
        return raw.cast("int64")
    factor = read_name(column.mapping.name).scale
    if kind == "rate":
        factor = 0.01 if recipe.parser == "percent" else 1.0
    elif kind == "duration":
        factor = SECONDS[recipe.unit or "s"]
    return number if factor == 1 else number * ibis.literal(factor, "float64")


def _number(raw: ir.Value, recipe: Recipe, backend: BaseBackend) -> ir.Value | None:
    if raw.type().is_numeric():
        return raw.cast("float64")
    plain = recipe.parser in _PLAIN_NUMBERS and recipe.decimal in {None, "."}
    if raw.type().is_string() and plain and backend.has_operation(ops.TryCast):
        return raw.strip().try_cast("float64")
    return None


def _moment(raw: ir.Value, kind: Kind, recipe: Recipe, backend: BaseBackend) -> ir.Value | None:
    wanted = TYPES[kind]
    if raw.type().is_timestamp() or raw.type().is_date():
        return raw.cast("timestamp").cast(wanted)
    # A year in front is written one way; what else a cell can be is not for a cast to guess.
    plain = recipe.parser in _PLAIN_DATES and recipe.date_order in {None, "ymd"}
    if raw.type().is_string() and plain and backend.has_operation(ops.TryCast):
        return raw.strip().try_cast("timestamp").cast(wanted)
    return None


def _flag(raw: ir.Value, column: Column) -> ir.Value | None:
    kind = raw.type()
    if kind.is_boolean():
        return raw
    if kind.is_numeric():
        return raw > 0
    if kind.is_timestamp() or kind.is_date():
        return raw.notnull()
    if not kind.is_string():
        return None
    words = {word: word for word in (*YES, *NO)} | column.words
    said = _looked_up(raw, words)
    return ibis.cases((said.isin(YES), True), (said.isin(NO), False))


def _text(raw: ir.Value, column: Column) -> ir.Value:
    """Text without blanks at its edges, null where it says that there is none, words as meant."""
    own = raw.cast("string").strip()
    text = ibis.ifelse(_is_filled(raw, column), own, ibis.null("string"))
    if column.words:
        text = ibis.coalesce(_looked_up(raw, column.words), text).nullif("")
    if column.field == "currency":
        # Codes in any case; a currency by its name is for the meanings of values.
        text = text.upper()
    return text


def _by_words(raw: ir.Value, words: Lookup[str, str]) -> ir.Value:
    return _looked_up(raw, words).nullif("")


def _looked_up(raw: ir.Value, words: Lookup[str, str]) -> ir.Value:
    """The canonical word of a cell, "" where it says that there is none, null where none is known.

    Words with one meaning stand together, so that a column of many words stays one short case.
    """
    cell = _folded(raw)
    by_meaning: dict[str, list[str]] = {}
    for word, meaning in words.items():
        by_meaning.setdefault("" if meaning in NO_VALUE else meaning, []).append(word)
    return ibis.cases(*((cell.isin(own), meaning) for meaning, own in by_meaning.items()))


def _numbers_of_words(raw: ir.Value, words: Lookup[str, str]) -> ir.Value:
    """The number that a cell's word stands for, as "agree" for 4; null for any other."""
    said = _looked_up(raw, words)
    return ibis.cases(*((said == text, float(text)) for text in sorted(set(words.values()))))


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdecimal()


def _folded(raw: ir.Value) -> ir.StringValue:
    return raw.cast("string").strip().lower()


def _constant(value: str, kind: Kind) -> ir.Value:
    if kind in {"text", "id", "category"}:
        return ibis.literal(value)
    if kind == "flag":
        return ibis.literal(value.strip().lower() in YES)
    if kind in {"date", "timestamp"}:
        return ibis.literal(value).cast(TYPES[kind])
    return ibis.literal(float(value)).cast(TYPES[kind])


def _channel(column: ir.Value | None, grain: str, constant: str | None) -> ir.Value:
    default = constant or grain_named(grain).channel
    if column is None:
        return ibis.literal(default) if default else ibis.null("string")
    return column.fill_null(default) if default else column


def _date(made: Lookup[str, ir.Value], grain: str) -> ir.Value:
    days = [made[key].cast("date") for key in grain_named(grain).dated_by if key in made]
    # SQLite has no coalesce of one.
    return ibis.coalesce(*days) if len(days) > 1 else (*days, ibis.null("date"))[0]
