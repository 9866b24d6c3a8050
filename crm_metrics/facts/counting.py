"""How many cells of each column were read, and which words a column of raw text holds."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow.parquet as pq

from crm_metrics.facts.connection import locked
from crm_metrics.facts.model import Facts
from crm_metrics.intake.table import Table
from crm_metrics.mapping.cells.blanks import MISSING, fold


@dataclass(frozen=True, slots=True)
class WordCounts:
    """The distinct cells of a column with their counts, most frequent first.

    `counts` is by the folded text, as `ColumnMapping.values` names it; `spelled` gives the form in
    which most cells have it. `others` are the distinct texts above the limit, which stand in so
    many cells as `other_cells`.
    """

    counts: dict[str, int]
    spelled: dict[str, str]
    others: int = 0
    other_cells: int = 0


def read_cells(facts: Facts | None) -> dict[int, int]:
    """By position: how many cells of each mapped column have a value in the facts."""
    if facts is None:
        return {}
    metadata = pq.read_metadata(facts.path)
    names = {metadata.schema.column(at).name: at for at in range(metadata.num_columns)}
    groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
    found: dict[int, int] = {}
    asked = {question.column: question.name for question in facts.questions}
    for recipe in facts.recipes:
        name = asked.get(recipe.column, recipe.field)
        if name and name in names:
            chunks = [group.column(names[name]) for group in groups]
            empty = sum(chunk.statistics.null_count for chunk in chunks if chunk.statistics)
            found[recipe.column] = metadata.num_rows - empty
    return found


def word_counts(table: Table, column: int, *, most: int = 500) -> WordCounts:
    """The words of a column over all its rows, without the marks of a missing value."""
    name = f"c{column}"
    with locked(table.path.parent) as connection:
        rows = connection.execute(
            f"SELECT {name}, count(*) FROM read_parquet(?) WHERE {name} IS NOT NULL"
            f" GROUP BY {name} ORDER BY count(*) DESC, {name} LIMIT ?",
            [str(table.path), 10 * most],
        ).fetchall()
        distinct, cells = connection.execute(
            f"SELECT count(DISTINCT {name}), count({name}) FROM read_parquet(?)", [str(table.path)]
        ).fetchall()[0]
    counts: dict[str, int] = {}
    spelled: dict[str, str] = {}
    for text, count in rows:
        word = fold(text)
        counts[word] = counts.get(word, 0) + count
        spelled.setdefault(word, text.strip())
    kept = sorted(
        ((word, count) for word, count in counts.items() if word not in MISSING),
        key=lambda pair: (-pair[1], pair[0]),
    )
    shown = dict(kept[:most])
    beyond = kept[most:]
    return WordCounts(
        shown,
        {word: spelled[word] for word in shown},
        others=len(beyond) + distinct - len(rows),
        other_cells=sum(count for _, count in beyond) + cells - sum(count for _, count in rows),
    )
