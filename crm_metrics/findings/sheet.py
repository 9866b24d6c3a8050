"""A table of a report: headings with the shape of their cells, rows, and the words around them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from crm_metrics.findings.report import Report
from crm_metrics.metrics.model import Unit
from crm_metrics.texts import has, t

HEADER_ROW: Final = 4  # in a workbook: title, note, an empty row for the eye, then the table
Cell = str | float | int | date | None
Shape = Literal["text", "long", "number", "value", "change", "share", "date", "raw"]
Rows = tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A column: its key, the title that is shown, and what its cells are.

    "value" and "change" take their number format from the unit of their row; "share" is a signed
    relative change; "raw" shows all digits; "long" wraps.
    """

    key: str
    title: str
    shape: Shape = "text"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table; `units` holds the unit of each row where its numbers follow one."""

    key: str
    name: str
    title: str
    note: str
    headings: tuple[Heading, ...]
    rows: Rows
    units: tuple[Unit, ...] = ()


def sheet_of(
    report: Report,
    key: str,
    headings: tuple[Heading, ...],
    rows: Rows,
    *,
    units: tuple[Unit, ...] = (),
    **params: str,
) -> Sheet:
    """A table with its tab's name, its title and its note in the report's language."""
    lang = report.lang
    name, title = t(f"report.tab.{key}", lang), t(f"report.title.{key}", lang)
    return Sheet(key, name, title, t(f"report.note.{key}", lang, **params), headings, rows, units)


def headings_of(lang: str, keys: str, **shapes: str) -> tuple[Heading, ...]:
    """Headings by key; `shapes` names the keys of a shape (number="n lines"), others are text.

    Keys are words in a string.
    """
    by_key = {key: shape for shape, names in shapes.items() for key in names.split()}
    return tuple(
        Heading(key, t(f"report.column.{key}", lang), by_key.get(key, "text"))  # type: ignore[arg-type]  # the shapes are keywords of calls in this room
        for key in keys.split()
    )


def text_or(key: str, fallback: str, lang: str) -> str:
    """The text of a key made from data, or the fallback where there is none."""
    return t(key, lang) if has(key, lang) else fallback
