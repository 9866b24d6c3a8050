"""How a column's dates and numbers are written: offered with what each reading makes of a cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import streamlit as st

from crm_metrics.mapping.cells.date_text import day_of
from crm_metrics.mapping.cells.number_text import NumberText, one_number, read_number
from crm_metrics.mapping.cells.profile import Profile
from crm_metrics.mapping.model import ColumnMapping, Mapping
from crm_metrics.schema import Kind, fields_of, kind_of
from crm_metrics.store import Dataset
from crm_metrics.texts import date_text, decimal_text, duration_text, integer_text, percent_text, t
from crm_metrics.ui.columns.column_edits import choose_format
from crm_metrics.ui.columns.seen import samples_of, seen
from crm_metrics.ui.open_formats import Part

_NUMBERS: Final = frozenset({"count", "money", "rate", "duration", "number"})
_DATES: Final = frozenset({"date", "timestamp"})
_UNITS: Final = {"rate": ("fraction", "points"), "duration": ("s", "min", "h", "d")}
_SECONDS: Final = {"s": 1, "min": 60, "h": 3600, "d": 86_400}
# A key of the texts can't be a mark.
_FORMS: Final = {"dmy": "dmy", "mdy": "mdy", "ymd": "ymd", ".": "point", ",": "comma"}


@dataclass(frozen=True, slots=True)
class FormatChoice:
    """One thing to say of how cells are written: the readings offered and the one in use."""

    part: Part
    offered: tuple[str, ...]
    now: str | None


def format_choices(dataset: Dataset, mapping: Mapping, item: ColumnMapping) -> list[FormatChoice]:
    """What can be said of the cells of a column: the unit, the decimal mark or the date order."""
    kind = _kind(mapping, item)
    recipes = dataset.facts.recipes if dataset.facts else ()
    recipe = next((found for found in recipes if found.column == item.column), None)
    choices: list[FormatChoice] = []
    if kind in _UNITS:
        unit = item.unit or (recipe.unit if recipe else None)
        choices.append(FormatChoice("unit", _UNITS[kind], unit))
    if kind in _DATES:
        order = item.date_order or (recipe.date_order if recipe else None)
        choices.append(FormatChoice("date_order", ("dmy", "mdy", "ymd"), order))
    elif kind in _NUMBERS:
        mark = item.decimal or (recipe.decimal if recipe else None)
        choices.append(FormatChoice("decimal", (".", ","), mark))
    return choices


def is_open(dataset: Dataset, mapping: Mapping, item: ColumnMapping, part: Part) -> bool:
    """Whether the cells that are seen and the mapping leave this part of the format unsaid."""
    kind, values = _kind(mapping, item), seen(dataset).profiles[item.column]
    if part == "date_order":
        return item.date_order is None and values.date_unclear
    if part == "decimal":
        return item.decimal is None and values.decimal_unclear and kind != "count"
    if item.unit is not None or values.kind != "number":
        return False
    return kind == "duration" or (kind == "rate" and _below_one(values))


def draw_format(
    dataset: Dataset, item: ColumnMapping, choice: FormatChoice, language: str, *, place: str
) -> None:
    """The select box of one choice; each reading shows what it makes of the column's cells."""
    names = {"unit": "unit", "date_order": "format", "decimal": "format"}
    key = f"{place}_{names[choice.part]}_{dataset.id}_{item.column}"
    st.session_state[key] = choice.now if choice.now in choice.offered else None
    cell = _telling(choice, samples_of(dataset, dataset.mapping, item.column), language)
    st.selectbox(
        t(f"columns.{choice.part}", language),
        choice.offered,
        format_func=lambda form: _form(choice, form, cell, language),
        key=key,
        placeholder=t("columns.from_cells", language),
        on_change=choose_format,
        args=(dataset.id, item.column, key, choice.part),
    )


def _kind(mapping: Mapping, item: ColumnMapping) -> Kind | None:
    grain = str(mapping.grain)
    if item.field is None or item.field not in fields_of(grain):
        return None
    return kind_of(item.field, grain)


def _below_one(values: Profile) -> bool:
    return values.high is not None and 0 < values.high <= 1


def _form(choice: FormatChoice, form: str, cell: str | None, language: str) -> str:
    if cell is None:
        return t(f"columns.form.{_FORMS.get(form, form)}", language)
    name = t(f"columns.form_short.{_FORMS.get(form, form)}", language)
    reading = _reading(choice, form, cell, language)
    if not reading:
        return name
    return t("columns.reading", language, form=name, cell=cell, read=reading)


def _telling(choice: FormatChoice, cells: Sequence[str], language: str) -> str | None:
    """A cell that the readings make most different things of; None where all say the same."""
    found: dict[str, int] = {}
    for cell in cells:
        readings = {_reading(choice, form, cell, language) for form in choice.offered}
        found[cell] = len(readings - {""})
    best = max(found, key=lambda cell: found[cell], default=None)
    return best if best is not None and found[best] > 1 else None


def _reading(choice: FormatChoice, form: str, cell: str, language: str) -> str:
    """What a cell says when it is read this way; "" where it can't be."""
    if choice.part == "date_order":
        day = day_of(cell, form)
        return date_text(day, language) if day else ""
    number: NumberText | None = read_number(one_number(cell, share=choice.part == "unit"))
    if number is None:
        return ""
    if choice.part == "decimal":
        value = number.value(form)
        return (
            integer_text(value, language)
            if value.is_integer()
            else decimal_text(value, language, 3)
        )
    value = number.value("," if "," in cell else ".")
    if form in _SECONDS:
        return duration_text(value * _SECONDS[form], language)
    share = value if form == "fraction" else value / 100
    return percent_text(share, language, 0 if (100 * share).is_integer() else 2)
