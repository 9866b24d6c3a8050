"""What a table was understood to be: the value that the user confirms on the Columns page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from dataclasses import field as made
from datetime import date
from typing import Any, Literal

from crm_metrics.errors import NotFoundError
from crm_metrics.schema import field_named, grain_named

Level = Literal["sure", "likely", "ask", "none"]
DateOrder = Literal["dmy", "mdy", "ymd"]
Decimal = Literal[".", ","]
SurveyType = Literal["nps", "csat", "ces", "other"]
Polarity = Literal["high", "low"]

ANSWERS = ("score", "comment")
"""The fields of a survey that several columns can have, each with the answers to its question."""
SURVEY = ("survey_type", "scale_min", "scale_max", "polarity")
"""The constants that say of all scores of a file what a `Question` says of one column's."""


@dataclass(frozen=True, slots=True)
class Why:
    """A reason in words: `why.<code>` in texts, filled with `params`."""

    code: str
    params: dict[str, str] = made(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Question:
    """What the answers in a column were asked for.

    `text` are the question's words, "" for the column's header. Of a score: the kind of survey, the
    ends of its scale, and `polarity`, the end that is good for us ("high" or "low"). None: not
    told; what the whole file says (`Mapping.constants`) holds then.
    """

    text: str = ""
    survey_type: SurveyType | None = None
    scale_min: float | None = None
    scale_max: float | None = None
    polarity: Polarity | None = None


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """What one column means.

    `column` is its position, `name` its header. `field` is None where it stays an extra dimension
    under its own name. `kind` is what its values look like (text, number, date, ...). `values`
    gives raw values (folded to lower case, stripped) their canonical word: stage -> won|lost|open,
    event words -> event_type, channel names -> channel. `unit` scales durations ("s", "min", "h",
    "d") and rates ("fraction", "points"); None means decide from the cells. `question` is that of a
    column of answers to a survey (`ANSWERS`), None where nothing but its header is known.
    """

    column: int
    name: str
    field: str | None
    level: Level
    why: Why
    kind: str = "text"
    values: dict[str, str] = made(default_factory=dict)
    unit: str | None = None
    date_order: DateOrder | None = None
    decimal: Decimal | None = None
    question: Question | None = None

    @property
    def meaning(self) -> tuple[object, ...]:
        """What facts are made of; columns that differ in the rest give the same values."""
        return self.field, self.date_order, self.decimal, self.unit, self.values, self.question


@dataclass(frozen=True, slots=True)
class Applied:
    """The template that a mapping was made by, and how the table differs from it.

    `name` is "" for a mapping confirmed without a name. `new`, `missing` and `renamed` (before,
    now) are headers; `lost` are the missing headers whose field no column gives any more, with it.
    """

    name: str
    saved: date
    new: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    lost: tuple[tuple[str, str], ...] = ()


PERIOD = ("date", "period_end")
"""Constants that say which days a report without dates covers: true of one file, of no template."""
_OF_PERIODS = frozenset({"campaigns", "page_days", "traffic", "spend", "support_stats"})


@dataclass(frozen=True, slots=True)
class Mapping:
    """A table's meaning: system, export, grain and a field per column.

    `system` and `export` are the names used in `systems/*.toml` or None. `constants` are fields
    with one value for all rows (channel, platform, currency, survey_type, scale_min, scale_max), or
    the first and the last day that the file covers (`PERIOD`).
    `fingerprint` identifies the header, so that a confirmed mapping is applied again. `applied` is
    the template that it was made by, if any. `rivals` are the (system, export) pairs that fit
    equally well: until the user names one of them, the level is "ask", `export` is None, and only
    the fields that all of them agree on are mapped.
    A table that is `left_out` has no facts, whatever its columns mean: the user wants it so, or its
    export is known for one without records that count, such as the hosts of a webinar.
    """

    fingerprint: str
    grain: str | None
    columns: tuple[ColumnMapping, ...]
    system: str | None = None
    export: str | None = None
    level: Level = "ask"
    why: Why = Why("no_system")
    constants: dict[str, str] = made(default_factory=dict)
    applied: Applied | None = None
    rivals: tuple[tuple[str, str], ...] = ()
    left_out: bool = False

    @property
    def fields(self) -> dict[str, ColumnMapping]:
        """The mapped columns by field key."""
        return {column.field: column for column in self.columns if column.field}

    @property
    def by_position(self) -> dict[int, str]:
        """The fields of the mapped columns, by the column's position."""
        return {column.column: column.field for column in self.columns if column.field}

    @property
    def given(self) -> frozenset[str]:
        """The fields that columns or constants give."""
        return frozenset({*self.fields, *self.constants})

    @property
    def is_undated_report(self) -> bool:
        """Whether rows are sums over a period, not people or records, and no column dates them."""
        if self.grain not in _OF_PERIODS:
            return False
        return self.fields.keys().isdisjoint({"date", *grain_named(self.grain).dated_by})

    def covering(self, start: date, end: date) -> Mapping:
        """A copy whose rows are those of a report from the one day to the other."""
        days = dict(zip(PERIOD, (start.isoformat(), end.isoformat()), strict=True))
        return replace(self, constants={**self.constants, **days})

    @property
    def unmet(self) -> tuple[tuple[str, ...], ...]:
        """Groups of fields of which the grain needs one each, and has none; () without a grain."""
        return grain_named(self.grain).unmet(self.given) if self.grain else ()

    def with_field(self, column: int, key: str | None) -> Mapping:
        """A copy in which the user gave this column a field (None: an extra dimension).

        Another column that held the field loses it, since a field has one source; but answers to
        several questions of a survey are all kept. Raises NotFoundError("unknown_field") or
        NotFoundError("unknown_column").
        """
        if key is not None:
            field_named(key)
        if not any(item.column == column for item in self.columns):
            raise NotFoundError("unknown_column", column=str(column + 1))
        chosen = Why("chosen")
        several = key in ANSWERS and self.asks_by_column
        columns = tuple(
            replace(item, field=key, level="sure", why=chosen, values={}, question=None)
            if item.column == column and item.field != key
            else replace(item, level="sure", why=chosen)
            if item.column == column
            else replace(item, field=None, level="sure", why=chosen)
            if key is not None and item.field == key and not several
            else item
            for item in self.columns
        )
        return replace(self, columns=columns)

    @property
    def asks_by_column(self) -> bool:
        """Whether each column of answers has its own question: a survey whose rows name none."""
        return self.grain == "surveys" and "question" not in self.given

    @property
    def questions(self) -> tuple[ColumnMapping, ...]:
        """The columns with answers to a question each; none where a column names the question."""
        if not self.asks_by_column:
            return ()
        return tuple(item for item in self.columns if item.field in ANSWERS)

    @property
    def told(self) -> frozenset[str]:
        """The fields that columns, constants or the questions of a survey give.

        The kind of survey is one where a number follows from it: of effort, with its good end.
        """
        asked = [self.asked(item.column) for item in self.questions]
        effort = any(one.survey_type == "ces" and one.polarity for one in asked)
        return self.given | {"question"} | {"survey_type"} if effort else self.given

    def asked(self, column: int) -> Question:
        """What a column's answers were asked for, its words filled in, as far as anything tells."""
        item = self.columns[column]
        own = item.question or Question()
        own = replace(own, text=own.text or item.name)
        if item.field != "score":
            return own
        told: dict[str, Any] = {
            key: float(text) if key.startswith("scale") else text
            for key, text in self.constants.items()
            if key in SURVEY and getattr(own, key) is None
        }
        return replace(own, **told)

    def with_question(self, column: int, question: Question) -> Mapping:
        """A copy in which the user said what the answers in a column were asked for.

        Constants that said so of the whole file go: a question has its own.
        """
        columns = tuple(
            replace(item, question=question, level="sure", why=Why("chosen"))
            if item.column == column
            else item
            for item in self.columns
        )
        constants = {key: text for key, text in self.constants.items() if key not in SURVEY}
        return replace(self, columns=columns, constants=constants)

    def with_grain(self, grain: str) -> Mapping:
        """A copy for another grain; raises NotFoundError("unknown_grain").

        Rivals that agree on the grain stay: saying it again does not tell which of them it is.
        """
        grain_named(grain)
        if self.rivals and grain == self.grain:
            return self
        return replace(self, grain=grain, level="sure", why=Why("chosen"), rivals=())

    def with_format(
        self,
        column: int,
        *,
        date_order: DateOrder | None = None,
        decimal: Decimal | None = None,
        unit: str | None = None,
    ) -> Mapping:
        """A copy in which the user settled how a column's dates or numbers are written."""
        columns = tuple(
            replace(
                item,
                date_order=date_order or item.date_order,
                decimal=decimal or item.decimal,
                unit=unit or item.unit,
            )
            if item.column == column
            else item
            for item in self.columns
        )
        return replace(self, columns=columns)
