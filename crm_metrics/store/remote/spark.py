"""Spark behind Ibis: what comes back as Arrow, without a detour through pandas."""

from __future__ import annotations

import warnings
from typing import Any

with warnings.catch_warnings():
    # Nothing here goes through pandas, of which PySpark knows no version as new as ours.
    warnings.filterwarnings("ignore", "PySpark does not yet", FutureWarning)
    from ibis.backends.pyspark import Backend

import ibis.expr.types as ir
import pyarrow as pa

from crm_metrics.store.remote.dialects import ForSpark


class SparkTables(Backend):
    """Ibis over a Spark session; closing it leaves the session to others."""

    compiler = ForSpark()

    def to_pyarrow(
        self,
        expr: ir.Expr,
        /,
        *,
        params: Any = None,
        limit: int | str | None = None,
        **_: Any,
    ) -> pa.Table | pa.ChunkedArray | pa.Scalar:
        """A table, column or scalar, with the types that Ibis gives it."""
        table = expr.as_table()
        sql = self.compile(table, params=params, limit=limit)
        rows: pa.Table = self._session.sql(sql).toArrow()
        return expr.__pyarrow_result__(rows.cast(table.schema().to_pyarrow()))

    def disconnect(self) -> None:
        """Nothing: the session belongs to the process."""


def over_session(session: Any) -> SparkTables:
    """The backend over a Spark session that is open already."""
    backend = SparkTables()
    backend.register_options()
    return backend.connect(session)
