"""A DuckDB that can touch nothing but the folders it is given."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from uuid import uuid4

import duckdb

MEMORY_MB = 256
THREADS = 2
# Writing Parquet books a few blocks for each column, most of which are never touched.
_FREE_COLUMNS = 50
_MB_PER_COLUMN = 2
# A number of a table in memory, and in the hash table of a join with it.
_BYTES_HELD = 64
_MOST_HELD_MB = 1024


def literal(text: str) -> str:
    """The text as an SQL string; a quote is the only character that DuckDB would not take as is."""
    return "'" + text.replace("'", "''") + "'"


def connect(columns: int = 0, *, held: int = 0) -> duckdb.DuckDBPyConnection:
    """An open in-memory connection with the limits for so many columns, not locked yet.

    `held` is how many numbers it will hold in memory all the time, beside its queries.
    """
    memory = MEMORY_MB + _MB_PER_COLUMN * max(0, columns - _FREE_COLUMNS)
    memory += min(held * _BYTES_HELD // 1_000_000, _MOST_HELD_MB)
    connection = duckdb.connect(
        config={
            "memory_limit": f"{memory}MB",
            "threads": THREADS,
            # Made when there is no more room in memory, and gone when the connection is closed.
            # Two connections that share a folder write over each other's data.
            "temp_directory": str(_scratch() / uuid4().hex),
            # Rows carry their line; to keep them in order would hold many of them in memory.
            "preserve_insertion_order": "false",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
    )
    # DuckDB takes a server without a terminal for a notebook, and draws a bar into its log.
    connection.execute("SET enable_progress_bar = false")
    return connection


def lock(connection: duckdb.DuckDBPyConnection, folders: list[Path]) -> None:
    """Leave only these folders readable and writable, for good."""
    allowed = ", ".join(literal(str(folder.resolve())) for folder in folders)
    connection.execute(f"SET allowed_directories = [{allowed}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


@cache
def _scratch() -> Path:
    """A folder that nobody else can read, as long as the process."""
    folder = Path(tempfile.mkdtemp(prefix="crm_metrics_"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@contextmanager
def locked(*folders: Path, columns: int = 0) -> Iterator[duckdb.DuckDBPyConnection]:
    """A locked connection for the length of a `with` block."""
    connection = connect(columns)
    try:
        lock(connection, list(folders))
        yield connection
    finally:
        connection.close()
