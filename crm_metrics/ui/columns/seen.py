"""What a table's first rows show, kept while the table stays: profiles, guesses and samples."""

from __future__ import annotations

from itertools import islice
from typing import Final

import streamlit as st

from crm_metrics.facts import mask
from crm_metrics.intake.table import Table
from crm_metrics.mapping.look import Seen, look
from crm_metrics.mapping.model import Mapping
from crm_metrics.store import Dataset

_LOOK_AT: Final = 200
_KEPT: Final = 12
_SAMPLES: Final = 3


def seen(dataset: Dataset) -> Seen:
    """What `mapping.look` sees of the data set's table."""
    return _look(*_key(dataset.table), dataset.table)


def samples_of(dataset: Dataset, mapping: Mapping, column: int) -> tuple[str, ...]:
    """The first distinct cells of a column that are not empty, masked by what it now means."""
    field = mapping.columns[column].field
    cells = _samples(*_key(dataset.table), dataset.table)[column]
    return tuple(islice(dict.fromkeys(mask(cell, field) for cell in cells), _SAMPLES))


@st.cache_resource(show_spinner=False, max_entries=16)
def _look(path: str, read_at: int, _table: Table) -> Seen:  # noqa: ARG001 - they are the key
    return look(_table)


@st.cache_resource(show_spinner=False, max_entries=32)
def _samples(path: str, read_at: int, _table: Table) -> list[tuple[str, ...]]:  # noqa: ARG001
    frame = _table.frame(_LOOK_AT)
    found = []
    for place in range(len(_table.headers)):
        filled = (value for value in frame.iloc[:, place] if value.strip())
        found.append(tuple(islice(dict.fromkeys(filled), _KEPT)))
    return found


def _key(table: Table) -> tuple[str, int]:
    return str(table.path), table.path.stat().st_mtime_ns
