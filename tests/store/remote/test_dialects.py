"""Every metric of every grain is a question that Postgres and ClickHouse can be asked."""

from __future__ import annotations

from pathlib import Path

import ibis
import pytest
import sqlglot

from crm_metrics.metrics import CATALOGUE, compute
from crm_metrics.store.remote.dialects import ForClickHouse, ForPostgres, ForSpark
from tests.metrics.made_rows import write_rows
from tests.metrics.stand_in import TableEngine

COMPILERS = (ForPostgres(), ForClickHouse())
T = ibis.table({"n": "int64", "flag": "boolean", "text": "string"}, name="t")


def sql(compiler, expr) -> str:
    return compiler.to_sqlglot(expr).sql(dialect=compiler.dialect)


@pytest.mark.slow
def test_every_metric_can_be_asked_in_every_dialect(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    local = ibis.duckdb.connect()
    plain, asked = local.to_pyarrow, []

    def to_pyarrow(expr, /, **options):
        asked.extend(sql(compiler, expr) for compiler in COMPILERS)
        return plain(expr, **options)

    monkeypatch.setattr(local, "to_pyarrow", to_pyarrow)
    for grain in dict.fromkeys(metric.grain for metric in CATALOGUE):
        path = write_rows(tmp_path / f"{grain}.parquet", grain, 300)
        engine = TableEngine({grain: local.read_parquet(path)})
        result = compute(engine)
        assert result.values
        # Events also tell of conversations, and of these less than a table of them does.
        assert not [one for one in result.missing if one.grain == grain]
    local.disconnect()
    assert len(asked) > 2 * len({metric.grain for metric in CATALOGUE})


def test_postgres_is_asked_what_it_takes():
    one = sql(ForPostgres(), T.mutate(x=T.flag.cast("int64"), y=T.n / 1000, z=ibis.literal(1.0)))
    assert 'CAST(CAST("t0"."flag" AS INT) AS BIGINT)' in one.replace("INTEGER", "INT")
    assert 'CAST("t0"."n" AS DOUBLE PRECISION) / 1000' in one
    assert "CAST(1.0 AS DOUBLE PRECISION)" in one
    total = sql(ForPostgres(), T.aggregate(x=T.n.sum()))
    assert 'CAST(SUM("t0"."n") AS BIGINT)' in total


@pytest.mark.parametrize(
    ("to", "fit", "others"),
    [
        ("float64", ["1", "-12.50", ".5", "+7."], ["", "many", "1,5", "1e5", "1 000", "."]),
        (
            "timestamp",
            ["2026-03-01", "2024-02-29", "2000-02-29", "2026-12-31 23:59:59.5", "2026-04-30T10:00"],
            [
                "2026-02-29",
                "1900-02-29",
                "2026-04-31",
                "2026-13-01",
                "01.03.2026",
                "2026-03-01 24:00",
            ],
        ),
    ],
)
def test_postgres_casts_only_text_of_a_form_that_can_be_cast(to, fit, others):
    case = sqlglot.parse_one(
        sql(ForPostgres(), T.select(x=T.text.try_cast(to))), dialect="postgres"
    ).find(sqlglot.exp.RegexpLike)
    with ibis.duckdb.connect().con as connection:
        for text in (*fit, *others):
            ask = "SELECT regexp_full_match($1, $2)"
            # DuckDB's expressions look at nothing ahead; no such year is among these.
            form = case.expression.this.replace("(?!0000)", "").removeprefix("^").removesuffix("$")
            assert connection.execute(ask, [text, form]).fetchone() == (text in fit,), text


def test_clickhouse_says_yes_and_no():
    assert sql(ForClickHouse(), T.aggregate(x=T.flag.any())).count("CAST(") == 1


def test_spark_cuts_off_no_letters():
    """Spark reads a backslash before v or f in a text as nothing, so that `visit` became `isit`."""
    found = sql(ForSpark(), T.select(x=T.text.strip()))
    assert "\\v" not in found
    assert "CHR(11), CHR(12)" in found
