"""SQLite behind Ibis: a file that is only read, with what Ibis has no SQL for there."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from statistics import median
from typing import Any

from ibis.backends.sqlite import Backend

from crm_metrics.store.remote.dialects import MEDIAN_OF_SQLITE, ForSQLite


class SQLiteTables(Backend):
    """Ibis over a SQLite file."""

    compiler = ForSQLite()


class _Median:
    """The median of the numbers of a group, null where it has none."""

    def __init__(self) -> None:
        self._values: list[float] = []

    def step(self, value: float | None, /) -> None:
        """One more row."""
        if value is not None:
            self._values.append(value)

    def finalize(self) -> Any:
        """What SQLite gets: typeshed knows of whole numbers alone."""
        return median(self._values) if self._values else None


def over_file(path: Path) -> SQLiteTables:
    """The backend over a file that is there; raises what sqlite3 raises."""
    # Pages are drawn by one thread after the other.
    address = f"{path.resolve().as_uri()}?mode=ro"
    connection = sqlite3.connect(address, uri=True, check_same_thread=False)
    connection.create_aggregate(MEDIAN_OF_SQLITE, 1, _Median)
    return SQLiteTables.from_connection(connection)
