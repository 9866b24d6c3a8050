"""A mapping template: what the columns of an export mean, by header, for its next file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from dataclasses import field as made
from datetime import date
from typing import Literal

from crm_metrics.errors import InputError
from crm_metrics.intake.table import Layout, Table
from crm_metrics.mapping.cells.value_choices import usual_meaning
from crm_metrics.mapping.cells.words import asks, words_of
from crm_metrics.mapping.fingerprint import fingerprint
from crm_metrics.mapping.look import Seen, kind_on
from crm_metrics.mapping.model import PERIOD, ColumnMapping, DateOrder, Decimal, Mapping, Question
from crm_metrics.schema import fields_of, is_personal, kind_of

Doubt = Literal["likely", "ask"]
LONGEST_NAME = 80
MOST_WORDS = 400
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
# A word that reaches a person: wherever it stands, it is no meaning to keep.
_REACHES = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+|\+?\d[\d\s()\-]{8,}\d")


@dataclass(frozen=True, slots=True)
class TemplateColumn:
    """One header and what it means; the parts are those of `ColumnMapping`.

    `kind` is what its values looked like, `currency` the one that the header or the cells showed.
    `unknown` are words of its cells that had no meaning, where such a word is otherwise asked.
    `doubt` is the level of a field that was a guess nobody had answered yet.
    """

    header: str
    field: str | None = None
    kind: str = ""
    values: dict[str, str] = made(default_factory=dict)
    unknown: tuple[str, ...] = ()
    unit: str | None = None
    date_order: DateOrder | None = None
    decimal: Decimal | None = None
    currency: str | None = None
    doubt: Doubt | None = None
    question: Question | None = None


@dataclass(frozen=True, slots=True)
class Template:
    """The meaning of an export's columns, free of any one file's rows.

    `name` is "" for a mapping that was confirmed and not named. `layout` and `sheet` (of a
    workbook, "" for none) hint at where such a table stands. `confirmed` is False where the
    mapping was saved as it was suggested: a recognised system then knows better.
    """

    name: str
    created: date
    grain: str
    columns: tuple[TemplateColumn, ...]
    system: str | None = None
    export: str | None = None
    layout: Layout = "table"
    sheet: str = ""
    constants: dict[str, str] = made(default_factory=dict)
    confirmed: bool = True

    @property
    def headers(self) -> tuple[str, ...]:
        """The headers in the order of the file that it was made from."""
        return tuple(column.header for column in self.columns)

    @property
    def fingerprint(self) -> str:
        """The fingerprint of its headers."""
        return fingerprint(self.headers)

    @property
    def nameless_columns(self) -> bool:
        """Whether the columns have numbers for names: only their order tells them apart."""
        return is_numbered(self.headers)

    def named(self, name: str) -> Template:
        """The same under a name; raises InputError("template_name") for one without letters."""
        return replace(self, name=plain_name(name))


def plain_name(text: str) -> str:
    """A template's name on one line of at most 80 characters.

    Raises InputError("template_name") where nothing is left of it.
    """
    name = " ".join(_CONTROL.sub(" ", text).split())[:LONGEST_NAME].strip()
    if not name:
        raise InputError("template_name")
    return name


def template_of(
    mapping: Mapping,
    *,
    created: date,
    name: str = "",
    table: Table | None = None,
    seen: Seen | None = None,
    confirmed: bool = True,
) -> Template:
    """The template of a mapping; raises InputError("template_no_grain") where it has no grain.

    Of the cells only the words with a meaning are kept (a stage that is won, a channel's name),
    and none of a column that holds people.
    """
    if mapping.grain is None:
        raise InputError("template_no_grain")
    allowed = frozenset(fields_of(mapping.grain))
    columns = tuple(
        _column(item, mapping.grain, allowed, seen)
        for item in sorted(mapping.columns, key=lambda item: item.column)
    )
    return Template(
        name=plain_name(name) if name else "",
        created=created,
        grain=mapping.grain,
        columns=columns,
        system=mapping.system,
        export=mapping.export,
        layout=table.layout if table else "table",
        sheet=sheet_of(table) if table else "",
        constants={
            key: text
            for key, text in mapping.constants.items()
            if key in allowed and key not in PERIOD and not is_personal(key)
        },
        confirmed=confirmed,
    )


def sheet_of(table: Table) -> str:
    """The sheet of a workbook that a table stands in; "" for one of a text, which has an encoding.

    Files in an archive are called otherwise each month.
    """
    return table.part if table.how.encoding is None else ""


def is_numbered(headers: Iterable[str]) -> bool:
    """Whether the headers are 1, 2, 3, ..., as of a table without a header."""
    return all(header == str(place) for place, header in enumerate(headers, start=1))


def currency_shown(seen: Seen, column: int) -> str | None:
    """The currency that a column's header or cells name."""
    return seen.names[column].currency or seen.profiles[column].currency


def _column(
    item: ColumnMapping, grain: str, allowed: frozenset[str], seen: Seen | None
) -> TemplateColumn:
    if item.field not in allowed:
        return TemplateColumn(item.name, kind=item.kind)
    money = kind_on(item.field, grain) == "money"
    return TemplateColumn(
        item.name,
        item.field,
        item.kind,
        {} if is_personal(item.field) else _words(item.values),
        tuple(_unknown(item, grain, seen)) if seen else (),
        item.unit,
        item.date_order,
        item.decimal,
        currency_shown(seen, item.column) if seen and money else None,
        doubt=item.level if item.level in ("ask", "likely") else None,
        question=item.question,
    )


def words_asked(field: str, grain: str, *, given: bool) -> bool:
    """Whether a word of such a column that has no meaning is asked; `given`: others have one."""
    if field == "stage" or kind_of(field, grain) == "flag":
        return given
    return asks(field, grain)


def _unknown(item: ColumnMapping, grain: str, seen: Seen) -> list[str]:
    field = str(item.field)
    if is_personal(field) or not words_asked(field, grain, given=bool(item.values)):
        return []
    words = words_of(seen.table, item.column)
    return [
        word
        for word in words
        if word not in item.values
        and usual_meaning(field, word, grain) is None
        and not _REACHES.fullmatch(word)
    ]


def _words(values: dict[str, str]) -> dict[str, str]:
    """The words to keep; where there are too many, those that only say "open" go first."""
    kept = [(raw, word) for raw, word in values.items() if not _REACHES.fullmatch(raw)]
    return dict(sorted(kept, key=lambda pair: pair[1] == "open")[:MOST_WORDS])
