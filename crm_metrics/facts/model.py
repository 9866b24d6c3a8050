"""Typed facts of one table, the recipe that made them, and the cells that did not parse."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from crm_metrics.intake.table import Issue
from crm_metrics.mapping.model import Question

MOST_FAILED = 0.2
"""The share of a column's filled cells above which their failing is said loudly."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one column's text became values; decided per column, never per cell.

    `field` is None for an extra dimension (kept as text). `parser` is the field's kind, refined:
    "text", "integer", "number", "percent", "fraction", "money", "duration", "flag", "date",
    "timestamp". `failed` counts the cells that did not parse, of `filled` that are not missing (0
    where none failed: nothing was counted); `failed_forms` are their most frequent texts (at most
    five, personal data masked) with counts. `timed` tells that cells have a time of day, `zoned`
    that they say how far it is from UTC.
    """

    column: int
    name: str
    field: str | None
    parser: str
    date_order: str | None = None
    decimal: str | None = None
    unit: str | None = None
    failed: int = 0
    filled: int = 0
    failed_forms: tuple[tuple[str, int], ...] = ()
    timed: bool = False
    zoned: bool = False

    @property
    def unread(self) -> bool:
        """Whether so many cells failed that what is left no longer stands for the column."""
        return self.failed > MOST_FAILED * self.filled


@dataclass(frozen=True, slots=True)
class QuestionColumn:
    """A column of survey facts with the answers to one question, its words filled in.

    `name` is the field ("score", "comment"), or where several columns of the file have that field,
    the field and the column's place: "score_7". `column` is the place in the file, from 0, and
    `header` what stands there.
    """

    name: str
    field: str
    column: int
    question: Question
    header: str = ""

    @property
    def is_one_of_several(self) -> bool:
        """Whether other columns of the file have answers to other questions under this field."""
        return self.name != self.field


@dataclass(frozen=True, slots=True)
class Facts:
    """A typed table in Parquet at `path`.

    Its columns: one per mapped field under the field's key, typed by the field's kind (see
    `schema.fields`); one VARCHAR per unmapped column, named c<i>, with its header in `dimensions`;
    BIGINT `__line`; and always DATE `date`, VARCHAR `channel`, `platform`, `currency` (null where
    unknown). Rows stand in no order: `__line` tells it. Cells that did not parse are null in `path`
    and kept as text in the Parquet at `rejects` (columns: line, column, name, text), or None when
    there are none. `derived` lists the fields that were computed from others or are constants of
    the mapping. A count column in which a vendor writes fractions (modelled conversions) is DOUBLE.
    `zone` is that to which times were moved, None where they stand as they were written (those with
    an offset in UTC). `period` is that of the rows' dates (without strays, see `stray`), else
    what the lines above the header state. `questions` are those of a survey: where several columns
    have scores (or comments) the facts hold each under its own name, typed as the field is, and
    none as `score`.
    """

    path: Path
    grain: str
    rows: int
    recipes: tuple[Recipe, ...]
    dimensions: dict[str, str]
    period: tuple[date, date] | None
    rejects: Path | None = None
    issues: tuple[Issue, ...] = ()
    derived: tuple[str, ...] = ()
    zone: str | None = None
    questions: tuple[QuestionColumn, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """Keys of the fields that came from columns."""
        return tuple(recipe.field for recipe in self.recipes if recipe.field)

    @property
    def timed(self) -> tuple[Recipe, ...]:
        """The mapped columns with times of day."""
        return tuple(recipe for recipe in self.recipes if recipe.field and recipe.timed)

    @property
    def failed(self) -> int:
        """How many cells did not parse, over all columns."""
        return sum(recipe.failed for recipe in self.recipes)
