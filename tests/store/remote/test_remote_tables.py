"""Tables that stay in a data base count like the same rows in a file."""

from __future__ import annotations

import hashlib
from pathlib import Path

import duckdb
import pytest

from crm_metrics.metrics import Value, compute, funnel, periods
from crm_metrics.store import Workspace, listed, of_url
from tests.store.remote.made import sqlite_file, warehouse_file

ODD = 'odd "name";--'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return warehouse_file(tmp_path)


@pytest.fixture
def space(tmp_path: Path, file: Path) -> Workspace:
    return Workspace(tmp_path / "space", warehouse=of_url(f"duckdb://{file}"))


def as_file(folder: Path, file: Path, table: str) -> Workspace:
    """A workspace with the same rows as a CSV."""
    path = folder / "rows.csv"
    with duckdb.connect(str(file), read_only=True) as connection:
        connection.execute(f"COPY {table} TO '{path}' (HEADER)")
    space = Workspace(folder / "files")
    space.add(path, "rows.csv")
    return space


def values(space: Workspace, by: tuple[str, ...] = ()) -> list[tuple]:
    with space.engine() as engine:
        return [seen(value) for value in compute(engine, by=by).values]


def seen(value: Value) -> tuple:
    numbers = {name: pytest.approx(number) for name, number in value.components.items()}
    return value.grain, value.metric, value.group, value.flags, value.n, numbers


@pytest.mark.parametrize(
    ("table", "by"), [("mails", ("channel", "week", "Segment's")), ("shop.orders", ("month",))]
)
def test_a_table_counts_like_the_same_rows_in_a_file(tmp_path, file, space, table, by):
    taken = space.take(table)
    local = as_file(tmp_path, file, table)
    (own,) = local.datasets()
    assert (taken.facts.rows, taken.facts.period) == (own.facts.rows, own.facts.period)
    assert values(space, by) == values(local, by)
    with space.engine() as there, local.engine() as here:
        assert periods(there) == periods(here)
        assert funnel(there) == funnel(here)


def test_only_first_rows_are_kept_and_nothing_secret(tmp_path, space):
    taken = space.take("mails")
    assert taken.table.records == 1400
    assert len(taken.table.frame()) == 400
    manifest = (space.folder / "datasets" / taken.id / "manifest.json").read_text()
    assert "example.com" not in manifest
    assert "duckdb://" not in manifest
    # Another look at the same folder reads it all back.
    assert Workspace(space.folder, warehouse=space.warehouse).dataset(taken.id) == taken


def test_nothing_is_written_there_and_odd_names_are_names(file, space):
    before = hashlib.sha256(file.read_bytes()).hexdigest()
    assert listed(space.warehouse) == ("mails", ODD, "shop.orders")
    taken = space.take(ODD)
    values(space)
    assert hashlib.sha256(file.read_bytes()).hexdigest() == before
    assert taken.facts is not None
    # Days first can't be told by a cast, and "many" is no number: both are said, none is guessed.
    assert {issue.code: issue.examples for issue in taken.facts.issues}["typed_there"] == ("Date",)
    failed = {recipe.name: (recipe.failed, recipe.filled) for recipe in taken.facts.recipes}
    assert failed["Delivered"] == (1, 30)
    assert "date" not in taken.remote.filled


def test_a_rate_that_grows_above_1_after_the_first_rows_is_asked_about(tmp_path):
    path = tmp_path / "rates.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "CREATE TABLE sent AS SELECT DATE '2026-03-01' AS \"Date\", 'n' || i AS \"Campaign\","
            ' 100 AS "Sent", CASE WHEN i < 500 THEN 0.25 ELSE 31.5 END::DOUBLE AS "Open rate"'
            " FROM range(600) made(i)"
        )
    taken = Workspace(tmp_path / "space", warehouse=of_url(f"duckdb://{path}")).take("sent")
    asked = {issue.code: issue.examples for issue in taken.facts.issues}
    assert asked["rate_ask"] == ("Open rate",)


def test_kinds_of_values_that_only_a_data_base_has_are_text(tmp_path):
    path = tmp_path / "odd.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            'CREATE TABLE sent AS SELECT DATE \'2026-03-01\' AS "Date", 7 AS "Sent",'
            ' \'6ba7b810-9dad-11d1-80b4-00c04fd430c8\'::UUID AS "Row", [1, 2] AS "List",'
            ' 6 AS "Delivered", INTERVAL 1 DAY AS "Span",'
            " TIME '10:00' AS \"Time\", 'a'::ENUM('a', 'b') AS \"Kind\""
        )
    taken = Workspace(tmp_path / "space", warehouse=of_url(f"duckdb://{path}")).take("sent")
    (line,) = taken.table.frame().to_dict("records")
    headers = taken.table.headers
    said = dict(zip(headers, list(line.values())[-len(headers) :], strict=True))
    assert said["Row"] == "6ba7b810-9dad-11d1-80b4-00c04fd430c8"
    assert (said["List"], said["Time"], said["Kind"]) == ("[1, 2]", "10:00:00", "a")
    assert taken.facts.rows == 1


def test_another_mapping_is_counted_there(space):
    taken = space.take("shop.orders")
    amount = next(one.column for one in taken.mapping.columns if one.field == "amount")
    again = space.set_mapping(taken.id, taken.mapping.with_field(amount, None))
    assert "amount" not in again.remote.filled
    # Taken anew it keeps what was answered.
    assert space.take("shop.orders").mapping == again.mapping


def test_files_and_tables_add_up_but_quantiles_do_not(tmp_path, space):
    lines = ["Order ID,Date,Customer ID,Amount", *(f"x{i},2026-03-05,q{i},20" for i in range(40))]
    path = tmp_path / "more.csv"
    path.write_text("\n".join(lines))
    space.take("shop.orders")
    space.add(path, "more.csv")
    with space.engine() as engine:
        found = {one.metric: one for one in compute(engine).values}
    assert found["orders"].value == 640
    assert found["revenue"].value == pytest.approx(7795 + 800)
    assert found["revenue_per_buyer"].components["m"] == 90
    assert "upper_bound" in found["revenue_per_buyer"].flags


def test_a_median_over_two_places_is_not_made_up(tmp_path):
    path = tmp_path / "talks.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "CREATE TABLE calls AS SELECT 'c' || i AS \"Call ID\", 'in' AS \"Direction\","
            ' TIMESTAMP \'2026-03-01 10:00\' AS "Started at", i + 1 AS "Talk time, s"'
            " FROM range(50) made(i)"
        )
        connection.execute(f"COPY calls TO '{tmp_path / 'calls.csv'}' (HEADER)")
    space = Workspace(tmp_path / "space", warehouse=of_url(f"duckdb://{path}"))
    taken = space.take("calls")
    assert taken.mapping.grain == "calls"
    with space.engine() as engine:
        (alone,) = compute(engine, ["aht_median"]).values
    assert alone.value == 25.5
    space.add(tmp_path / "calls.csv", "calls.csv")
    with space.engine() as engine:
        (both,) = compute(engine, ["aht_median"]).values
    assert (both.value, both.low, both.n) == (None, None, 100)
    assert both.flags == ("several_engines",)


# Ibis brings SQLite's rows through pandas, with an option that pandas 3 no longer needs.
@pytest.mark.filterwarnings("ignore:The 'future.infer_string' option")
def test_sqlite_counts_like_duckdb(tmp_path, space):
    other = Workspace(tmp_path / "lite", warehouse=of_url(f"sqlite://{sqlite_file(tmp_path)}"))
    other.take("orders")
    space.take("shop.orders")
    assert values(other) == values(space)


def test_rows_of_a_warehouse_that_is_gone_are_said_to_be(tmp_path, space):
    taken = space.take("shop.orders")
    later = Workspace(space.folder, warehouse=of_url(f"sqlite://{sqlite_file(tmp_path)}"))
    (item,) = later.datasets()
    assert item.facts is None
    assert (item.error.code, item.error.params) == ("backend_gone", {"backend": "warehouse"})
    assert space.dataset(taken.id).facts is not None
    with later.engine() as engine:
        assert engine.grains == ()
