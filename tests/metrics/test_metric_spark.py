"""The same declarations on DuckDB and on Spark with its own scheduler and shuffle."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import ibis
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from crm_metrics.metrics import CATALOGUE, compute, tallying
from crm_metrics.metrics.combining.events import recipients_of
from crm_metrics.metrics.tallying import MANY
from crm_metrics.store import Warehouse, Workspace, of_url
from tests.metrics.alike import GRAINS, compare, counted, lacks_of, same
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

# What it costs is the making of the plans, so that rows are few.
FEW = 5_000
# Of this grain they count as many, of which those that are alike are counted first.
ALIKE = "attendance"


@pytest.fixture(scope="module")
def parquet(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("rows")
    return {
        grain: write_rows(folder / f"{grain}.parquet", grain, FEW, groups=2) for grain in GRAINS
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
        # What makes long queries faster makes many short ones slower: code made for a few thousand
        # rows, conditions that follow from others, plans that are improved again and again.
        "spark.sql.adaptive.enabled": "false",
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        "spark.sql.constraintPropagation.enabled": "false",
        "spark.sql.optimizer.maxIterations": "1",
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


class Saving(TableEngine):
    """Keeps what is worked out of events, so that each question doesn't plan all of it anew."""

    def __init__(
        self, connection: ibis.BaseBackend, tables: dict[str, ibis.Table], folder: Path
    ) -> None:
        super().__init__(tables)
        self._connection = connection
        self._folder = folder

    def saved(self, name: str, rows: ibis.Table) -> ibis.Table:
        path = self._folder / f"{self._connection.name}_{name}.parquet"
        pq.write_table(rows.to_pyarrow(), path, row_group_size=FEW // 4)
        return self._connection.read_parquet(str(path))


def parts_of(path: Path) -> int:
    """Among how many tasks Spark shares the rows of a file."""
    from pyspark.sql import SparkSession, functions  # noqa: PLC0415

    rows = SparkSession.active().read.parquet(str(path))
    return rows.select(functions.spark_partition_id()).distinct().count()


def test_every_metric_is_the_same_on_spark(
    parquet: dict[str, Path], spark: ibis.BaseBackend, monkeypatch: pytest.MonkeyPatch
):
    local = ibis.duckdb.connect()
    lacking: dict[str, str] = {}
    compared: set[str] = set()
    for grain, path in parquet.items():
        assert parts_of(path) > 1, grain
        monkeypatch.setattr(tallying, "MANY", 0 if grain == ALIKE else MANY)
        told_of = ("conversations",) if grain == "events" else ()
        here, there = (
            counted(Saving(one, {grain: one.read_parquet(str(path))}, path.parent), grain, told_of)
            for one in (local, spark)
        )
        found, lacks = compare(grain, here, there)
        compared |= found
        lacking |= lacks
    local.disconnect()
    assert set(lacking) == set(lacks_of("pyspark")), lacking
    assert compared | set(lacking) == {f"{metric.grain}.{metric.key}" for metric in CATALOGUE}


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
    same(wanted, found)
