"""A DuckDB that can touch nothing but the folders it is given."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

MEMORY_LIMIT = "256MB"
THREADS = 2


def literal(text: str) -> str:
    """The text as an SQL string; a quote is the only character that DuckDB would not take as is."""
    return "'" + text.replace("'", "''") + "'"


def connect() -> duckdb.DuckDBPyConnection:
    """An open in-memory connection with the product's limits, not locked yet."""
    return duckdb.connect(
        config={
            "memory_limit": MEMORY_LIMIT,
            "threads": THREADS,
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
    )


def lock(connection: duckdb.DuckDBPyConnection, folders: list[Path]) -> None:
    """Leave only these folders readable and writable, for good."""
    allowed = ", ".join(literal(str(folder.resolve())) for folder in folders)
    connection.execute(f"SET allowed_directories = [{allowed}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


@contextmanager
def locked(*folders: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A locked connection for the length of a `with` block."""
    connection = connect()
    try:
        lock(connection, list(folders))
        yield connection
    finally:
        connection.close()
