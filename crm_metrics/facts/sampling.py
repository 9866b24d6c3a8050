"""The cells from which a recipe is decided: a spread sample, and a search for telling ones."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow.compute as pc
import pyarrow.parquet as pq

from crm_metrics.facts.cells import matches

_PER_GROUP = 1_000
_GROUPS = 6
_DISTINCT = 1_000


def sample(path: Path, columns: Sequence[str]) -> dict[str, list[str]]:
    """Distinct cells of each column, most frequent first, from the heads of up to 6 row groups."""
    with pq.ParquetFile(path) as file:
        count = file.metadata.num_row_groups
        groups = sorted({i * (count - 1) // max(_GROUPS - 1, 1) for i in range(_GROUPS)})
        batches = [
            next(file.iter_batches(_PER_GROUP, row_groups=[group], columns=list(columns)), None)
            for group in groups
            if count
        ]
    values: dict[str, dict[str, int]] = {name: {} for name in columns}
    for batch in batches:
        if batch is None:
            continue
        for name in columns:
            known = values[name]
            for item in pc.value_counts(batch.column(name)).to_pylist():
                known[item["values"]] = known.get(item["values"], 0) + item["counts"]
    return {
        name: [text for text, _ in sorted(found.items(), key=lambda item: (-item[1], item[0]))][
            :_DISTINCT
        ]
        for name, found in values.items()
    }


def search(
    connection: duckdb.DuckDBPyConnection, path: Path, column: str, pattern: str
) -> list[str]:
    """Up to 50 distinct cells of the whole column that fit the pattern."""
    rows = connection.execute(
        f"SELECT DISTINCT {column} FROM read_parquet(?)"
        f" WHERE {matches(column, pattern)} ORDER BY 1 LIMIT 50",
        [str(path)],
    ).fetchall()
    return [text for (text,) in rows]
