"""The files behind a report: each table's lines, its mapping and its period, without any cell."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from crm_metrics.findings.report import Source, SourceColumn

if TYPE_CHECKING:
    from crm_metrics.store import Dataset


def source_rows(datasets: Iterable[Dataset]) -> tuple[Source, ...]:
    """One source a data set, in the order in which they were added."""
    return tuple(_source(dataset) for dataset in datasets)


def _source(dataset: Dataset) -> Source:
    table, mapping, facts = dataset.table, dataset.mapping, dataset.facts
    return Source(
        file_name=table.file_name,
        table=table.name,
        sha256=table.sha256,
        lines=table.account.lines,
        records=table.account.records,
        set_aside={str(reason): n for reason, n in table.account.set_aside.items()},
        repaired=table.account.repaired,
        failed=facts.failed if facts else 0,
        system=mapping.system,
        export=mapping.export,
        grain=mapping.grain,
        period=facts.period if facts else None,
        used=facts is not None,
        columns=_columns(dataset),
    )


def _columns(dataset: Dataset) -> tuple[SourceColumn, ...]:
    recipes = {recipe.column: recipe for recipe in dataset.facts.recipes} if dataset.facts else {}
    rows = []
    for column in dataset.mapping.columns:
        recipe = recipes.get(column.column)
        rows.append(
            SourceColumn(
                header=column.name,
                field=column.field,
                level=column.level,
                parser=recipe.parser if recipe else None,
                date_order=recipe.date_order if recipe else None,
                decimal=recipe.decimal if recipe else None,
                failed=recipe.failed if recipe else 0,
            )
        )
    return tuple(rows)
