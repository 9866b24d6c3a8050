"""The same declarations on DuckDB and on Spark with its own scheduler and shuffle."""

from __future__ import annotations

import os
import shutil
import tomllib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import duckdb
import ibis
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from crm_metrics.metrics import CATALOGUE, Value, compute
from crm_metrics.metrics.combining.events import recipients_of
from crm_metrics.store import Warehouse, Workspace, of_url
from tests.metrics.combining.test_events import many
from tests.metrics.made_rows import write_rows
from tests.metrics.stand_in import TableEngine
from tests.store.remote.made import warehouse_file

pytest.importorskip("pyspark", reason="requirements-spark.txt is not installed")
if shutil.which("java") is None:
    pytest.skip("Spark needs Java 17, and java is not here", allow_module_level=True)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:PySpark does not yet:FutureWarning"),
    # Py4J leaves its sockets to the collector.
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

# A million rows of what is cheapest to count. What the others cost is the making of their plans.
MANY, FEW = 1_000_000, 10_000
GRAINS = (
    *("campaigns", "recipients", "events", "posts", "page_days", "traffic", "spend", "attendance"),
    *("surveys", "deals", "activities", "calls", "support_stats"),
)
ROWS = dict.fromkeys(GRAINS, FEW) | {"attendance": MANY}
LACKS = set(
    tomllib.loads(files("crm_metrics.store.remote").joinpath("lacks.toml").read_text())["pyspark"]
)


@pytest.fixture(scope="module")
def parquet(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("rows")
    return {
        grain: write_rows(folder / f"{grain}.parquet", grain, rows, groups=2)
        for grain, rows in ROWS.items()
    }


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ibis.BaseBackend]:
    from pyspark.sql import SparkSession  # noqa: PLC0415

    from crm_metrics.store.remote.spark import over_session  # noqa: PLC0415 - needs PySpark

    folder = tmp_path_factory.mktemp("spark")
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    options = {
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.memory": "2g",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.local.dir": str(folder / "local"),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.sql.shuffle.partitions": "2",
        # A small file is read in two parts too, so that what each has counted is put together.
        "spark.sql.files.openCostInBytes": "1",
        # What makes long queries faster makes many short ones slower.
        "spark.sql.adaptive.enabled": "false",
        # Nobody looks at the plans, and the plan of a hundred metrics is a long text.
        "spark.sql.maxPlanStringLength": "100",
        "spark.driver.extraJavaOptions": " ".join(
            ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", f"-Djava.io.tmpdir={folder}")
        ),
    }
    builder = SparkSession.builder.master("local[2]")
    for name, value in options.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    yield over_session(session)
    session.stop()


def by_channel(
    connection: ibis.BaseBackend, grain: str, path: Path
) -> dict[str, tuple[Value, ...] | str]:
    """The values of each metric, or what the engine says where it can't compute it."""
    engine = TableEngine({grain: connection.read_parquet(str(path))})
    own = [metric.key for metric in CATALOGUE if metric.grain == grain]
    try:
        values = compute(engine, own, by=("channel",)).values
    except Exception:  # noqa: BLE001 - which one it is is found below
        return {key: alone(engine, key) for key in own}
    return {key: tuple(value for value in values if value.metric == key) for key in own}


def alone(engine: TableEngine, key: str) -> tuple[Value, ...] | str:
    try:
        return compute(engine, [key], by=("channel",)).values
    except Exception as error:  # noqa: BLE001 - each engine has errors of its own
        return repr(error)[:300]


def parts_of(path: Path) -> int:
    """Among how many tasks Spark shares the rows of a file."""
    from pyspark.sql import SparkSession, functions  # noqa: PLC0415

    rows = SparkSession.active().read.parquet(str(path))
    return rows.select(functions.spark_partition_id()).distinct().count()


def told(value: Value) -> tuple[object, ...]:
    """All that is equal to the last bit, and which numbers there are."""
    return value.group, value.variant, value.flags, value.currency, value.n, set(numbers(value))


def numbers(value: Value) -> dict[str, float]:
    found = {"value": value.value, "low": value.low, "high": value.high, **value.components}
    return {name: number for name, number in found.items() if number is not None}


def test_every_metric_is_the_same_on_spark(parquet: dict[str, Path], spark: ibis.BaseBackend):
    local = ibis.duckdb.connect()
    lacking: dict[str, str] = {}
    for grain, path in parquet.items():
        assert parts_of(path) > 1, grain
        here, there = by_channel(local, grain, path), by_channel(spark, grain, path)
        for key, values in here.items():
            name, others = f"{grain}.{key}", there[key]
            assert values, f"{name} has no value to compare"
            if isinstance(others, str):
                lacking[name] = others
                continue
            assert list(map(told, others)) == list(map(told, values)), name
            for value, other in zip(values, others, strict=True):
                assert numbers(other) == pytest.approx(numbers(value), rel=1e-9), name
    local.disconnect()
    assert set(lacking) == LACKS, lacking


def test_a_log_of_events_has_the_same_recipients_on_spark(tmp_path: Path, spark: ibis.BaseBackend):
    log = many(11, 10_000, messages=20, people=100)
    log = log.assign(platform=None, currency=None, __dataset="log", __line=range(2, len(log) + 2))
    words = dict.fromkeys(("platform", "currency"), "string")
    pq.write_table(pa.Table.from_pandas(log.astype(words)), tmp_path / "log.parquet")
    local = ibis.duckdb.connect()
    told = []
    for connection in (local, spark):
        engine = TableEngine({"events": connection.read_parquet(str(tmp_path / "log.parquet"))})
        found = recipients_of(engine.table("events"), engine.mapped("events"))
        rows = found.rows.to_pyarrow().to_pylist()
        told.append((found.given, {(row["message_id"], row["email"]): _plain(row) for row in rows}))
    local.disconnect()
    assert len(told[0][1]) > 1_900
    assert told[1] == told[0]


def _plain(row: dict[str, object]) -> dict[str, object]:
    """The cells of a row, whatever times and numbers an engine has for them."""
    return {
        name: pd.Timestamp(cell).tz_localize(None)
        if isinstance(cell, date)
        else float(cell)
        if isinstance(cell, int | float | Decimal) and not isinstance(cell, bool)
        else cell
        for name, cell in row.items()
    }


def test_tables_of_a_cluster_count_like_those_of_a_file(tmp_path: Path, spark: ibis.BaseBackend):
    file = warehouse_file(tmp_path)
    tables = {"orders": "shop.orders", "mails": "mails", "odd": '"odd ""name"";--"'}
    with duckdb.connect(str(file), read_only=True) as connection:
        for name, table in tables.items():
            connection.execute(f"COPY {table} TO '{tmp_path / name}.parquet' (FORMAT parquet)")
    paths = {name: f"{tmp_path / name}.parquet" for name in tables}
    # The session that is open already is the one that is connected.
    there = Workspace(tmp_path / "there", warehouse=Warehouse("Cluster", "pyspark://", {}, paths))
    here = Workspace(tmp_path / "here", warehouse=of_url(f"duckdb://{file}"))
    for name, table in {**tables, "odd": 'odd "name";--'}.items():
        one, other = there.take(name), here.take(table)
        assert one.error is None
        assert one.mapping.columns == other.mapping.columns
        assert one.remote.filled == other.remote.filled
        assert one.facts.recipes == other.facts.recipes
    with there.engine() as cluster, here.engine() as local:
        found = compute(cluster, by=("channel", "month")).values
        wanted = compute(local, by=("channel", "month")).values
    assert list(map(told, found)) == list(map(told, wanted))
    for value, other in zip(found, wanted, strict=True):
        assert numbers(value) == pytest.approx(numbers(other), rel=1e-9)
