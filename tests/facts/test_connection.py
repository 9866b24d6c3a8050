"""Connections that have no more room in memory, several at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest

from crm_metrics.facts.connection import connect, lock

ROWS = 2_500_000


def test_connections_that_spill_at_once_keep_their_own_data_and_leave_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    def spilled(own: int) -> tuple[int, Path, bool]:
        connection = connect()
        connection.execute("SET memory_limit = '20MB'")
        lock(connection, [])
        connection.execute(
            f"CREATE TABLE t AS SELECT i, hash(i, {own}) AS h FROM range({ROWS}) r(i)"
        )
        (total,) = connection.execute("SELECT sum(h) FROM t").fetchall()[0]
        (folder,) = connection.execute("SELECT current_setting('temp_directory')").fetchall()[0]
        used = Path(folder).exists()
        connection.close()
        return int(total), Path(folder), used

    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(spilled, range(3)))
    with duckdb.connect() as plain:
        for own, (total, folder, used) in enumerate(found):
            query = f"SELECT sum(hash(i, {own})) FROM range({ROWS}) r(i)"
            assert plain.execute(query).fetchall()[0][0] == total
            assert used, "nothing was spilled"
            assert not folder.exists()
    assert not list(tmp_path.iterdir())
