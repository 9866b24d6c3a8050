"""A test read from a data set's rows, once for each question."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import streamlit as st

from crm_metrics.errors import CrmMetricsError
from crm_metrics.experiments import Other, Question, Trial, trial_from_table
from crm_metrics.experiments.model import Role
from crm_metrics.intake.table import Table
from crm_metrics.store import Dataset


@dataclass(frozen=True, slots=True)
class Watched:
    """A column that is watched beside the decision's: a share of people, or an amount."""

    header: str
    amount: bool = False
    role: Role = "secondary"

    def other(self) -> Other:
        """The same as the engine takes it."""
        if self.amount:
            return Other(Question(value=self.header), self.role)
        return Other(Question(success=self.header), self.role)


@dataclass(frozen=True, slots=True)
class Reading:
    """Which columns make the test, by their headers; `read_at` is when they were exported."""

    variant: str
    question: Question
    unit: str | None = None
    watched: tuple[Watched, ...] = ()
    segments: tuple[str, ...] = ()
    sent: str | None = None
    read_at: datetime | None = None


def trial_of(dataset: Dataset, reading: Reading) -> Trial:
    """The test; a watched column that can't be read so is left out. Raises as the engine does."""
    try:
        return _read(dataset, reading)
    except CrmMetricsError:
        if not reading.watched:
            raise
    readable = tuple(one for one in reading.watched if _readable(dataset, reading, one))
    return _read(dataset, replace(reading, watched=readable))


def with_control(trial: Trial, control: str) -> Trial:
    """The test with another control, which stands first in all of its parts."""
    names = [arm.name for arm in trial.arms]
    place = names.index(control)
    order = [place, *(i for i in range(len(names)) if i != place)]
    return Trial(
        replace(trial.setup, control=control),
        tuple(trial.arms[i] for i in order),
        tuple(replace(one, arms=tuple(one.arms[i] for i in order)) for one in trial.others),
        trial.beside.turned(order),
    )


def _readable(dataset: Dataset, reading: Reading, one: Watched) -> bool:
    try:
        _read(dataset, replace(reading, watched=(one,)))
    except CrmMetricsError:
        return False
    return True


def _read(dataset: Dataset, reading: Reading) -> Trial:
    fields = tuple(sorted(dataset.mapping.by_position.items()))
    found = _cached(dataset.id, fields, reading, dataset.table)
    if isinstance(found, CrmMetricsError):
        raise found
    return found


@st.cache_data(show_spinner=False, max_entries=64)
def _cached(
    dataset_id: str,  # noqa: ARG001 - the key: it follows from the file's content
    fields: tuple[tuple[int, str], ...],
    reading: Reading,
    _table: Table,
) -> Trial | CrmMetricsError:
    """The test, or why it can't be read: that is remembered too, the table is not read again."""
    try:
        return trial_from_table(
            _table,
            reading.question,
            variant=reading.variant,
            others=[one.other() for one in reading.watched],
            unit=reading.unit,
            segments=reading.segments,
            sent=reading.sent,
            read_at=reading.read_at,
            cap=reading.question.value is not None and reading.question.trials is None,
            fields=dict(fields),
        )
    except CrmMetricsError as error:
        return error
