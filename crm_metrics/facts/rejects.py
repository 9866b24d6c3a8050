"""Cells that did not parse: counted, kept with their line, shown by their commonest forms."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from crm_metrics.facts.connection import literal
from crm_metrics.facts.masking import mask
from crm_metrics.facts.plan import Plan

_SHOWN = 80
_TOP = 5


def failures(
    connection: duckdb.DuckDBPyConnection,
    raw: Path,
    facts: Path,
    plans: dict[str, tuple[str, Plan]],
) -> dict[str, tuple[int, int]]:
    """How many cells of each raw column did not parse, and of how many that are not missing.

    Columns without such cells are left out. `plans` gives by raw column the facts column it became
    and its plan. Nulls are counted by the Parquet's own statistics, so that only columns with nulls
    are read again.
    """
    nulls = _nulls(facts)
    doubtful = {
        column: plan
        for column, (name, plan) in plans.items()
        if nulls.get(name, 0) and plan.parser != "text"
    }
    if not doubtful:
        return {}
    counts = ", ".join(f"count(*) FILTER ({plan.missing})" for plan in doubtful.values())
    counts += ", count(*)"
    row = connection.execute(f"SELECT {counts} FROM read_parquet({literal(str(raw))})").fetchone()
    assert row is not None
    failed: dict[str, tuple[int, int]] = {}
    for (column, plan), missing in zip(doubtful.items(), row[:-1], strict=True):
        empty = 0 if plan.missing_is_false else missing
        count = nulls[plans[column][0]] - empty
        if count:
            failed[column] = count, row[-1] - missing
    return failed


def failed_texts(
    connection: duckdb.DuckDBPyConnection, raw: Path, column: str, plan: Plan, limit: int = 500
) -> list[tuple[str, int]]:
    """Distinct cells of the column that did not parse, with counts, most frequent first."""
    return connection.execute(
        f"SELECT {column}, count(*) FROM read_parquet({literal(str(raw))})"
        f" WHERE NOT ({plan.missing}) AND ({plan.expression}) IS NULL"
        f" GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {limit}"
    ).fetchall()


def shown_forms(texts: list[tuple[str, int]], field: str | None) -> tuple[tuple[str, int], ...]:
    """The commonest forms as they may be shown: masked, and not longer than a line."""
    return tuple((mask(text, field)[:_SHOWN], count) for text, count in texts[:_TOP])


def write_rejects(
    connection: duckdb.DuckDBPyConnection,
    raw: Path,
    plans: dict[str, Plan],
    headers: dict[str, str],
    out: Path,
) -> None:
    """Write the cells of these raw columns that did not parse: line, column, name, text."""
    connection.execute("CREATE OR REPLACE TEMP TABLE header (position INTEGER, name VARCHAR)")
    connection.executemany(
        "INSERT INTO header VALUES (?, ?)", [[int(c[1:]), headers[c]] for c in plans]
    )
    parts = " UNION ALL ".join(
        f"SELECT __line AS line, {int(column[1:])} AS position, {column} AS text"
        f" FROM read_parquet({literal(str(raw))})"
        f" WHERE NOT ({plan.missing}) AND ({plan.expression}) IS NULL"
        for column, plan in plans.items()
    )
    connection.execute(
        f"COPY (SELECT line, position AS column, name, text FROM ({parts}) JOIN header"
        f" USING (position) ORDER BY position, line) TO {literal(str(out))}"
        " (FORMAT parquet, COMPRESSION zstd)"
    )


def _nulls(path: Path) -> dict[str, int]:
    with pq.ParquetFile(path) as file:
        metadata = file.metadata
        names = file.schema_arrow.names
    counts = dict.fromkeys(names, 0)
    for group in range(metadata.num_row_groups):
        for position, name in enumerate(names):
            statistics = metadata.row_group(group).column(position).statistics
            counts[name] += statistics.null_count if statistics else 0
    return counts
