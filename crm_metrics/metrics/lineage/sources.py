"""Lines of data sets as they stand in their files, with people hidden."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import pyarrow.parquet as pq

from crm_metrics.facts import mask
from crm_metrics.intake.table import LINE
from crm_metrics.metrics.lineage.model import SourceLine
from crm_metrics.metrics.people import PEOPLE
from crm_metrics.store import Dataset

_TELLING = frozenset({"date", "sent_at", "created_at", "ts", "campaign_name", "order_id"})
"""By these a person knows the row again."""
_OF_EVENTS = frozenset({"event_type", "message_id", "campaign_id", *PEOPLE})
"""What tells of a line of a log, where a recipient was worked out from several."""


def in_files(lines: Iterable[SourceLine], datasets: Iterable[Dataset]) -> tuple[SourceLine, ...]:
    """The lines with the names of their files and the cells that the metric reads.

    A line of a data set that is not here, or whose rows are no longer kept, has no cells.
    """
    known = {item.id: item for item in datasets}
    lines = tuple(lines)
    cells = {
        name: _cells(known[name], [one for one in lines if one.dataset == name])
        for name in {one.dataset for one in lines}
        if name in known
    }
    return tuple(
        replace(
            one,
            file=known[one.dataset].table.file_name,
            table=known[one.dataset].table.name,
            cells=cells[one.dataset].get((one.line, one.question), {}),
        )
        if one.dataset in known
        else replace(one, file=one.dataset)
        for one in lines
    )


def _cells(
    dataset: Dataset, lines: Iterable[SourceLine]
) -> dict[tuple[int, str | None], Mapping[str, str]]:
    """By line and question the cells that are read, by their headers in the file's order."""
    table = dataset.table
    own = tuple(lines)
    numbers = {(one.line, one.question) for one in own}
    if not table.path.exists():
        return {}
    read = _TELLING.union(*(one.fields for one in own))
    if any(one.of_events for one in own):
        read |= _OF_EVENTS
    shown = [item for item in dataset.mapping.columns if item.field in read]
    columns = [f"c{item.column}" for item in shown]
    rows = pq.read_table(
        table.path, columns=[*columns, LINE], filters=[(LINE, "in", [one.line for one in own])]
    )
    asked = _columns_of_questions(dataset)
    return {
        (number, question): {
            item.name: mask(row[column], item.field)
            for item, column in zip(shown, columns, strict=True)
            if asked.get(item.column, question) == question
        }
        for row in rows.to_pylist()
        for number, question in numbers
        if number == row[LINE]
    }


def _columns_of_questions(dataset: Dataset) -> dict[int, str]:
    """The question of each column that has the answers to it alone, by the column's place."""
    asked = dataset.facts.questions if dataset.facts else ()
    return {one.column: one.question.text for one in asked if one.is_one_of_several}
