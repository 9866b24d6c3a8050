"""Rows kept as a table or a view: their types, how many, a table made from itself, rows here."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pytest

from crm_metrics.store.saving import is_kept, named, rows_in, saved, viewed


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


def test_a_view_has_the_types_of_the_data_base_as_ibis_itself_tells_them(connection) -> None:
    columns = {
        "n": pa.array([1, None], pa.int32()),
        'a "name"': pa.array(["x", "y"]),
        "at": pa.array([0, 1], pa.timestamp("us")),
        "day": pa.array([0, 1], pa.date32()),
        "part": pa.array([0.5, None]),
        "yes": pa.array([True, None]),
        "many": pa.array([[1], []], pa.list_(pa.int64())),
    }
    own = saved(connection, "given", ibis.memtable(pa.table(columns)))
    seen = viewed(connection, 'a "view"', own.mutate(half=ibis.literal(0.5), twice=own.n * 2))
    assert seen.schema() == connection.table('a "view"').schema()
    assert named(connection, "given").schema() == own.schema()
    assert seen.count().to_pyarrow().as_py() == 2
    over = viewed(connection, "here", _rows(4, 5))
    assert over.n.to_pyarrow().to_pylist() == [4, 5]


def test_rows_are_counted_whatever_columns_are_chosen_of_them(connection) -> None:
    own = saved(connection, "rows", _rows(1, 2, 3))
    chosen = own.select("n").mutate(twice=own.n * 2).select("twice")
    assert is_kept(chosen)
    assert rows_in(own) == rows_in(chosen) == 3
    some = own.filter(own.n > 1)
    apart = own.select(n=ibis.array([own.n, own.n]).unnest())
    assert not is_kept(some)
    assert not is_kept(apart)
    assert (rows_in(some), rows_in(some.select("n")), rows_in(apart)) == (2, 2, 6)
