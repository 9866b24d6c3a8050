"""Rows that repeat another row of their file in every cell: counted, and said."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import duckdb

from crm_metrics.facts.connection import literal
from crm_metrics.intake.table import LINE, Issue
from crm_metrics.schema import kind_of

_AT_ONCE = 1_000_000  # rows whose hashes are held in memory together
_TELLING = frozenset({"email", "phone", "campaign_name", "url", "ts", "page", "keyword", "ad_name"})
_OF_DAYS = frozenset({"page_days", "traffic", "spend", "support_stats"})


def tell_apart(fields: Collection[str], grain: str) -> bool:
    """Whether two rows with the same fields would be one record, not two that look alike."""
    known = {name for name in fields if name in _TELLING or kind_of(name, grain) == "id"}
    return bool(known) or (grain in _OF_DAYS and "date" in fields)


def repeated(
    connection: duckdb.DuckDBPyConnection, raw: Path, columns: int, rows: int, beside: Path
) -> Issue | None:
    """How many rows of the raw Parquet repeat another, with the lines of three; None where none.

    Of more than a million rows hashes of 64 bits are written `beside` for the time of the call, and
    looked at in parts: memory stays the same however many rows there are.
    """
    cells = ", ".join(f"c{place}" for place in range(columns))
    source = f"(SELECT hash({cells}) AS own, {LINE} AS line FROM read_parquet({literal(str(raw))}))"
    parts = max(-(-rows // _AT_ONCE), 1)
    count, lines = 0, list[tuple[int, int]]()
    try:
        if parts > 1:
            connection.execute(f"COPY {source} TO {literal(str(beside))} (FORMAT parquet)")
            source = f"read_parquet({literal(str(beside))})"
        for part in range(parts):
            among = f"FROM {source} WHERE own % {parts} = {part}"
            found = connection.execute(f"SELECT count(*) - count(DISTINCT own) {among}").fetchone()
            if found and found[0]:
                count += found[0]
                lines += connection.execute(
                    f"SELECT min(line), max(line) {among} GROUP BY own HAVING count(*) > 1"
                    " ORDER BY min(line) LIMIT 3"
                ).fetchall()
    finally:
        beside.unlink(missing_ok=True)
    shown = tuple(f"{first} = {last}" for first, last in sorted(lines)[:3])
    return Issue("rows_repeat", count, shown) if count else None
