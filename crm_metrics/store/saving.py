"""Rows kept as a table of a connection of DuckDB."""

from __future__ import annotations

import ibis.expr.operations as ops
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

_PLACE = ops.Namespace(catalog="memory", database="main")
_GIVEN = "rows being saved"
_SELECT_GIVEN = f'FROM "{_GIVEN}"'


def saved(connection: Backend, name: str, rows: ir.Table) -> ir.Table:
    """The rows as a table of that name, of the types that Ibis tells, instead of one before it.

    Ibis itself asks for the columns of what it has just made, and writes each statement by way of
    a tree: that takes longer than the rows of a usual file do.
    """
    schema = rows.schema()
    columns = ", ".join(one.sql("duckdb") for one in schema.to_sqlglot_column_defs("duckdb"))
    # The rows may come from the table whose place they take.
    made, own = _quoted(f"{name} being made"), _quoted(name)
    given = rows.op()
    if isinstance(given, ops.InMemoryTable):
        connection.con.register(_GIVEN, given.data.to_pyarrow(schema))
        select = _SELECT_GIVEN
    elif given.find(ops.InMemoryTable):
        return connection.create_table(name, rows, overwrite=True)
    else:
        select = connection.compile(rows)
    for statement in (
        f"CREATE OR REPLACE TABLE {made} ({columns})",
        f"INSERT INTO {made} {select}",
        f"DROP TABLE IF EXISTS {own}",
        f"ALTER TABLE {made} RENAME TO {own}",
    ):
        connection.con.execute(statement)
    if isinstance(given, ops.InMemoryTable):
        connection.con.unregister(_GIVEN)
    return ops.DatabaseTable(name, schema=schema, source=connection, namespace=_PLACE).to_expr()


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
