"""Rows kept as a table: their types, a table made from itself, rows that are here."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pytest

from crm_metrics.store.saving import saved


@pytest.fixture
def connection():
    backend = ibis.duckdb.connect()
    yield backend
    backend.disconnect()


def _rows(*numbers: int) -> ir.Table:
    return ibis.memtable(pa.table({"n": numbers}))


def test_columns_are_of_the_types_that_ibis_tells_and_stay_so_in_the_data_base(connection) -> None:
    given = ibis.memtable(pa.table({"n": pa.array([1, 2, None], pa.int8()), 'a "name"': ["x"] * 3}))
    own = saved(connection, "given", given)
    whole = own.aggregate(total=own.n.sum(), half=own.n.max() * ibis.literal(0.5))
    made = saved(connection, "whole", whole)
    assert made.schema() == whole.schema() == connection.table("whole").schema()
    assert own.schema() == connection.table("given").schema()
    assert made.to_pyarrow().to_pylist() == [{"total": 3, "half": 1.0}]


def test_rows_may_come_from_the_table_whose_place_they_take(connection) -> None:
    own = saved(connection, "rows", _rows(1, 2, 3))
    again = saved(connection, "rows", own.filter(own.n > 1))
    assert sorted(again.n.to_pyarrow().to_pylist()) == [2, 3]
    assert connection.con.execute("SHOW TABLES").fetchall() == [("rows",)]


def test_rows_that_are_here_may_stand_beside_a_table(connection) -> None:
    own = saved(connection, "own", _rows(1, 2, 3))
    joined = saved(connection, "joined", own.semi_join(_rows(2, 5), "n"))
    assert joined.to_pyarrow().to_pylist() == [{"n": 2}]
