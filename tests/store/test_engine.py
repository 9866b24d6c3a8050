"""Facts of several data sets as one table per grain."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from crm_metrics.errors import NotFoundError
from crm_metrics.facts import build
from crm_metrics.store import Dataset, Engine
from tests.facts.made import made_mapping, made_table


def dataset(
    folder: Path,
    name: str,
    grain: str,
    columns: dict[str, list[str]],
    fields: dict[str, str],
    **more: dict,
) -> Dataset:
    table = made_table(folder / name, columns)
    mapping = made_mapping(table, grain, fields, **more)
    return Dataset(name, table, mapping, build(table, mapping), datetime(2024, 1, 1, tzinfo=UTC))


@pytest.fixture
def two(tmp_path: Path) -> list[Dataset]:
    first = dataset(
        tmp_path,
        "first",
        "campaigns",
        {"Date": ["2024-03-05", "2024-03-06"], "Sent": ["10", "20"], "Contact": ["a", "b"]},
        {"Date": "date", "Sent": "sent"},
        constants={"channel": "email"},
    )
    second = dataset(
        tmp_path,
        "second",
        "campaigns",
        {"Отправлено": ["5"], "Orders": ["1.5"], "contact ": ["c"], "Empty": [""]},
        {"Отправлено": "sent", "Orders": "orders", "Empty": "replies"},
        constants={"channel": "sms"},
    )
    return [first, second]


def rows(engine: Engine, grain: str) -> list[dict]:
    table = engine.table(grain)
    return table.order_by(["__dataset", "__line"]).to_pyarrow().to_pylist()


def test_data_sets_of_a_grain_stand_under_each_other(two: list[Dataset]):
    with Engine(two) as engine:
        assert engine.grains == ("campaigns",)
        found = rows(engine, "campaigns")
    assert [row["sent"] for row in found] == [10, 20, 5]
    assert [row["channel"] for row in found] == ["email", "email", "sms"]
    assert [row["orders"] for row in found] == [None, None, 1.5]
    assert [row["date"] for row in found] == [date(2024, 3, 5), date(2024, 3, 6), None]
    assert [row["__dataset"] for row in found] == ["first", "first", "second"]
    assert [row["__line"] for row in found] == [2, 3, 2]


def test_counts_with_fractions_widen_the_column(tmp_path: Path, two: list[Dataset]):
    third = dataset(
        tmp_path, "third", "campaigns", {"S": ["1"], "O": ["7"]}, {"S": "sent", "O": "orders"}
    )
    for order in ([*two, third], [third, *two]):
        with Engine(order) as engine:
            assert str(engine.table("campaigns").schema()["orders"]) == "float64"
            assert sum(row["orders"] or 0 for row in rows(engine, "campaigns")) == 8.5


def test_mapped_fields_have_data(two: list[Dataset]):
    with Engine(two) as engine:
        assert engine.mapped("campaigns") == {"date", "sent", "orders", "channel"}


def test_an_unmapped_column_is_a_dimension_under_its_header(two: list[Dataset]):
    with Engine(two) as engine:
        column = engine.dimension("campaigns", "CONTACT")
        assert column.startswith("d_")
        assert [row[column] for row in rows(engine, "campaigns")] == ["a", "b", "c"]
        assert engine.dimensions("campaigns")[column].strip().lower() == "contact"
        table = engine.table("campaigns")
        counted = table.group_by(table[column]).aggregate(n=table.count()).to_pyarrow()
        assert counted.num_rows == 3


def test_a_dimension_can_be_a_field_or_the_header_of_one(two: list[Dataset]):
    with Engine(two) as engine:
        assert engine.dimension("campaigns", "channel") == "channel"
        assert engine.dimension("campaigns", "Channel") == "channel"
        assert engine.dimension("campaigns", "отправлено") == "sent"
        with pytest.raises(NotFoundError) as caught:
            engine.dimension("campaigns", "no such")
    assert caught.value.code == "unknown_column"


def test_headers_never_reach_sql(tmp_path: Path):
    nasty = "a\"); DROP TABLE x; --'"
    item = dataset(tmp_path, "n", "campaigns", {"Sent": ["1"], nasty: ["v"]}, {"Sent": "sent"})
    with Engine([item]) as engine:
        column = engine.dimension("campaigns", nasty)
        assert rows(engine, "campaigns")[0][column] == "v"


def test_two_columns_of_one_header(tmp_path: Path):
    table = made_table(tmp_path, {"Sent": ["1"], "x": ["first"], "X ": ["second"]})
    mapping = made_mapping(table, "campaigns", {"Sent": "sent"})
    item = Dataset("t", table, mapping, build(table, mapping), datetime(2024, 1, 1, tzinfo=UTC))
    with Engine([item]) as engine:
        assert rows(engine, "campaigns")[0][engine.dimension("campaigns", "x")] == "first"


def test_grains_stand_apart(tmp_path: Path, two: list[Dataset]):
    order = dataset(tmp_path, "o", "orders", {"Id": ["1"]}, {"Id": "order_id"})
    with Engine([order, *two]) as engine:
        assert engine.grains == ("campaigns", "orders")
        assert engine.table("orders").count().to_pyarrow().as_py() == 1
        with pytest.raises(NotFoundError):
            engine.table("deals")


def test_without_facts_there_is_nothing(two: list[Dataset]):
    with Engine([]) as engine:
        assert engine.grains == ()
    without = Dataset("x", two[0].table, two[0].mapping, None, two[0].added_at)
    with Engine([without]) as engine:
        assert engine.grains == ()


def test_closing_twice_is_closing(two: list[Dataset]):
    engine = Engine(two)
    engine.close()
    engine.close()


def test_the_engine_reaches_nothing_else(tmp_path: Path, two: list[Dataset]):
    (tmp_path / "secret.csv").write_text("a\n1\n")
    with Engine(two) as engine:
        for statement in (
            f"SELECT * FROM read_csv('{tmp_path}/secret.csv')",
            "INSTALL httpfs",
            "SET memory_limit = '8GB'",
        ):
            with pytest.raises(Exception, match=r"disabled|locked|Cannot|failed"):
                engine.connection.con.execute(statement)


def test_what_is_made_once_is_kept_for_the_engine(two: list[Dataset]):
    made: list[str] = []
    with Engine(two) as engine, Engine(two) as other:
        for each in (engine, engine, other):
            assert each.once("one", lambda: made.append("one") or len(made)) == len(made)
    assert made == ["one", "one"]


def test_a_view_holds_the_same_rows(two: list[Dataset]):
    with Engine(two) as engine:
        rows = engine.table("campaigns")
        seen = engine.view("short", rows)
        assert seen.schema() == rows.schema()
        assert sorted(map(str, seen.to_pyarrow().to_pylist())) == sorted(
            map(str, rows.to_pyarrow().to_pylist())
        )
