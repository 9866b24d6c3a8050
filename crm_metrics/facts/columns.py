"""The columns of one build: which field and kind each has, and where its text comes from."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping as Lookup
from collections.abc import Sequence
from dataclasses import dataclass, replace

import duckdb

from crm_metrics.errors import InputError
from crm_metrics.facts.cells import plain_sql
from crm_metrics.facts.model import QuestionColumn
from crm_metrics.intake.table import Table
from crm_metrics.mapping.cells.words import choices, meanings
from crm_metrics.mapping.model import ANSWERS, ColumnMapping, Mapping, Question, Why
from crm_metrics.schema import Kind, kind_of

# Value words that mean "no value": Zendesk's "Offered" is not an answer.
NO_VALUE = frozenset({"", "null", "none"})
# A second field that a column's words give: a stage says how the deal stands, and the name of a
# channel on which network it is.
_GIVES = {"stage": "status", "channel": "platform"}
_NUMBERED_FIELD = re.compile(rf"({'|'.join(ANSWERS)})_\d+")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the raw Parquet and what it becomes.

    `words` are its value words by folded raw value; `second_words` those that give the field
    `second` besides. A stage keeps its own text. `numbered` says that the file has answers to
    several questions under the field. `unsaid` is the column that gives this field where no word
    of its own does: a stage tells of a deal whose status is blank, or only says "active".
    """

    mapping: ColumnMapping
    field: str | None
    kind: Kind
    words: dict[str, str]
    second: str | None
    second_words: dict[str, str]
    numbered: bool = False
    unsaid: Column | None = None

    @property
    def raw(self) -> str:
        """Its name in the raw Parquet."""
        return f"c{self.mapping.column}"

    @property
    def target(self) -> str:
        """Its name in the facts: the field's key, or the raw name of a dimension."""
        own = f"{self.field}_{self.mapping.column}" if self.numbered else self.field
        return own or self.raw


def field_of(target: str) -> str:
    """The field of a column of facts, which bears a number where several have the field."""
    numbered = _NUMBERED_FIELD.fullmatch(target)
    return numbered[1] if numbered else target


def checked_grain(table: Table, mapping: Mapping) -> str:
    """The mapping's grain, where its fields make a row of it.

    Raises InputError("left_out" or "nothing_to_count"), InputError("grain_missing") or
    InputError("required_missing", needs=...).
    """
    if mapping.left_out:
        known = mapping.grain is None and mapping.system is not None
        raise InputError("nothing_to_count" if known else "left_out", table=table.name)
    if mapping.grain is None:
        raise InputError("grain_missing", table=table.name)
    if needs := tuple("|".join(group) for group in mapping.unmet):
        raise InputError("required_missing", table=table.name, grain=mapping.grain, needs=needs)
    return mapping.grain


def columns_of(table: Table, mapping: Mapping, grain: str) -> tuple[Column, ...]:
    """Every column of the table in order; one that the mapping does not name stays a dimension."""
    named = {item.column: item for item in mapping.columns}
    holders = {item.field: item.column for item in reversed(mapping.columns) if item.field}
    asked = {item.column: item.field for item in mapping.questions}
    several = {field for field, count in Counter(asked.values()).items() if count > 1}
    columns = []
    for position, header in enumerate(table.headers):
        item = named.get(position) or ColumnMapping(position, header, None, "none", Why("unknown"))
        # A field has one source: of two columns the first, unless each answers its own question.
        own = position in asked or (item.field and holders[item.field] == position)
        field = item.field if own else None
        kind: Kind = kind_of(field, grain) if field else "category"
        second = _GIVES.get(field or "")
        if second in mapping.constants or (second in holders and field != "stage"):
            second = None
        given = _second_words(second, item) if second else {}
        words = {} if not field or (field == "stage" and given) else item.values
        numbered = position in asked and field in several
        columns.append(Column(item, field, kind, words, second if given else None, given, numbered))
    return _with_unsaid(columns, grain)


def _with_unsaid(columns: Sequence[Column], grain: str) -> tuple[Column, ...]:
    """The columns, each field given twice by its own column first and by the other's words then."""
    own = {column.field for column in columns if column.field}
    others = {column.second: column for column in columns if column.second and column.second in own}
    made = []
    for column in columns:
        if column.second in own:
            made.append(replace(column, second=None))
        elif column.field and (other := others.get(column.field)):
            plain = {word: word for word in choices(other.second or "", grain)}
            made.append(replace(column, words=plain | column.words, unsaid=other))
        else:
            made.append(column)
    return tuple(made)


def questions_of(mapping: Mapping, columns: tuple[Column, ...]) -> tuple[QuestionColumn, ...]:
    """The questions of a survey, each with the column of the facts that has its answers."""
    asked = {item.column for item in mapping.questions}
    return tuple(
        QuestionColumn(
            column.target,
            column.field,
            column.mapping.column,
            replace(question, text=question.text or column.mapping.name),
            column.mapping.name,
        )
        for column in columns
        if column.field and column.mapping.column in asked
        for question in [column.mapping.question or Question()]
    )


def _second_words(field: str, item: ColumnMapping) -> dict[str, str]:
    return item.values if field == "status" else meanings(field, item.values)


def bind_words(connection: duckdb.DuckDBPyConnection, columns: tuple[Column, ...]) -> None:
    """Give the connection each column's value words as a variable: they never stand in SQL."""
    for column in columns:
        for name, words in (("words", column.words), ("second", column.second_words)):
            if words:
                connection.execute(
                    f"SET VARIABLE {name}_{column.raw} = map(?::VARCHAR[], ?::VARCHAR[])",
                    [list(words), ["" if word in NO_VALUE else word for word in words.values()]],
                )


def bind_constants(connection: duckdb.DuckDBPyConnection, constants: dict[str, str]) -> None:
    """Give the connection each constant of the mapping as a variable."""
    for field, value in constants.items():
        connection.execute(f"SET VARIABLE constant_{field} = ?", [value])


def source_sql(column: Column, seen: Lookup[str, Sequence[str]]) -> str:
    """SQL for a column's text after its value words; values that no word names stay themselves.

    `seen` has cells of each raw column.
    """
    own = [_looked_up("words", column, tuple(seen[column.raw]))] if column.words else []
    if other := column.unsaid:
        said = _looked_up("second", other, tuple(seen[other.raw]))
        own = [*(f"nullif({text}, '')" for text in own), f"nullif({said}, '')", *own]
    return f"coalesce({', '.join([*own, column.raw])})" if own else column.raw


def second_sql(column: Column, values: tuple[str, ...]) -> str:
    """SQL for the second field that a column's words give; null where none does."""
    return f"nullif({_looked_up('second', column, values)}, '')"


def _looked_up(name: str, column: Column, values: tuple[str, ...]) -> str:
    return f"getvariable('{name}_{column.raw}')[lower({plain_sql(column.raw, values)})]"
