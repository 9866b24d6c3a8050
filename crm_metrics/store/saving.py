"""Rows kept as a table of a connection of DuckDB, or named as a view of it."""

from __future__ import annotations

from functools import cache

import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend
from ibis.backends.sql.datatypes import DuckDBType
from ibis.expr.schema import Schema

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


def viewed(connection: Backend, name: str, rows: ir.Table) -> ir.Table:
    """The rows as a view of that name, of the types that DuckDB tells.

    Ibis itself reads its own statement again to make the view.
    """
    if rows.op().find(ops.InMemoryTable):
        return connection.create_view(name, rows, overwrite=True)
    select = connection.compile(rows)
    connection.con.execute(f"CREATE OR REPLACE VIEW {_quoted(name)} AS {select}")
    return named(connection, name)


def named(connection: Backend, name: str) -> ir.Table:
    """The table or view of that name, without the query by which Ibis asks for its columns."""
    told = connection.con.sql(f"FROM {_quoted(name)}")
    kinds = {
        column: _type_of(str(kind)) for column, kind in zip(told.columns, told.types, strict=True)
    }
    return ops.DatabaseTable(name, schema=Schema(kinds), source=connection).to_expr()


def rows_in(table: ir.Table) -> int:
    """How many rows a table has; of one that is kept, without a query by way of Ibis."""
    given = _chosen_from(table)
    if isinstance(given, ops.DatabaseTable) and isinstance(given.source, Backend):
        rows = given.source.con.sql(f"FROM {_quoted(given.name)}")
        return len(rows)
    return int(given.to_expr().count().to_pyarrow().as_py())


def is_kept(table: ir.Table) -> bool:
    """Whether its rows are those of a table or view of DuckDB, columns left out or added."""
    given = _chosen_from(table)
    return isinstance(given, ops.DatabaseTable) and isinstance(given.source, Backend)


def _chosen_from(table: ir.Table) -> ops.Relation:
    given = table.op()
    while isinstance(given, ops.Project) and not given.find(ops.Unnest):
        given = given.parent
    return given


@cache
def _type_of(kind: str) -> dt.DataType:
    return DuckDBType.from_string(kind)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
