"""Which columns of a data set a test can be made of, as options of its choices."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from crm_metrics.experiments import value_counts, variant_columns
from crm_metrics.experiments.rows import PERSON_FIELDS
from crm_metrics.intake.table import Table
from crm_metrics.mapping.cells.blanks import fold
from crm_metrics.mapping.cells.profile import profile
from crm_metrics.mapping.cells.yes_no import NO, YES
from crm_metrics.mapping.headers.header import read_name
from crm_metrics.mapping.headers.synonyms import guesses
from crm_metrics.schema import is_personal
from crm_metrics.store import Dataset
from crm_metrics.ui.experiments.watched import RESULTS


@dataclass(frozen=True, slots=True)
class Columns:
    """A data set's columns: their fields, and names for options that no other data set has."""

    dataset: Dataset

    @property
    def table(self) -> str:
        """What the data set's own choices begin with in the address."""
        return self.dataset.id[:6]

    def option(self, column: int) -> str:
        """The option that a column is in a choice."""
        return f"{self.table}-{column}"

    def header(self, option: str) -> str:
        """The header of an option's column."""
        return self.dataset.table.headers[column_of(option)]

    def fields(self) -> dict[str, int]:
        """The column of each field."""
        return {key: item.column for key, item in self.dataset.mapping.fields.items()}

    def named(self, first: Sequence[str], words: re.Pattern[str] | None = None) -> list[int]:
        """The columns of the fields `first`, in their order, then those whose headers say it."""
        fields, headers = self.fields(), self.dataset.table.headers
        found = [fields[key] for key in first if key in fields]
        if words is not None:
            found += [i for i, header in enumerate(headers) if words.search(header)]
        return found

    def ordered(self, head: Sequence[int], without: Sequence[int]) -> list[str]:
        """All columns but `without` as options: `head` leads, persons' end the list."""
        fields, headers = self.fields(), self.dataset.table.headers
        persons = {fields[key] for key in fields if key in PERSON_FIELDS or is_personal(key)}
        columns = dict.fromkeys([*head, *sorted(range(len(headers)), key=lambda i: i in persons)])
        return [self.option(column) for column in columns if column not in without]


_VERSIONS = ("variant", "is_control")


def column_of(option: str) -> int:
    """The column that an option stands for."""
    return int(option.rpartition("-")[2])


def variants(dataset: Dataset) -> list[int]:
    """The columns that can name a version, those of its fields first; nobody's data."""
    personal = {item.column for item in dataset.mapping.columns if is_personal(item.field or "")}
    possible = [column for column in _possible(dataset.id, dataset.table) if column not in personal]
    first = [column for column in named_versions(dataset) if column in possible]
    return list(dict.fromkeys([*first, *possible]))


def named_versions(dataset: Dataset) -> list[int]:
    """The columns whose fields name a version; in a table of no known kind, whose headers do."""
    fields = dataset.mapping.fields
    known = [fields[key].column for key in _VERSIONS if key in fields]
    if known or dataset.mapping.grain is not None:
        return known
    possible = _possible(dataset.id, dataset.table)
    return [column for column in possible if _says(dataset, column)]


def _says(dataset: Dataset, column: int) -> bool:
    """Whether a column's header and values are those of versions, whatever a row is."""
    name = read_name(dataset.table.headers[column])
    found = guesses(name, profile(values_of(dataset, column)), calls=False)
    return any(one.field in _VERSIONS and one.level == "likely" for one in found)


def unnamed_answers(dataset: Dataset) -> list[str]:
    """The headers of columns of yes and no that no field stands for."""
    fields = dataset.mapping.by_position
    headers = dataset.table.headers
    told = {*YES, *NO}
    return [
        headers[column]
        for column in _possible(dataset.id, dataset.table)
        if column not in fields and told.issuperset(map(fold, values_of(dataset, column)))
    ]


def segment_columns(dataset: Dataset, used: Sequence[str]) -> list[str]:
    """Columns of few values that were there before the test: no results, nobody's data."""
    results = {item.column for key, item in dataset.mapping.fields.items() if key in RESULTS}
    headers = dataset.table.headers
    few = [column for column in variants(dataset) if column not in results]
    return [headers[column] for column in few if headers[column] not in used]


def values_of(dataset: Dataset, column: int) -> dict[str, int]:
    """What stands in a column's cells, and how often."""
    return _counted(dataset.id, column, dataset.table)


@st.cache_data(show_spinner=False, max_entries=64)
def _possible(dataset_id: str, _table: Table) -> list[int]:  # noqa: ARG001 - the key
    return variant_columns(_table)


@st.cache_data(show_spinner=False, max_entries=64)
def _counted(dataset_id: str, column: int, _table: Table) -> dict[str, int]:  # noqa: ARG001 - key
    return value_counts(_table, column)
