"""The tables of a connection, by the names under which they can be taken."""

from __future__ import annotations

import warnings
from typing import Any

import ibis.expr.types as ir
from ibis.backends import BaseBackend

from crm_metrics.errors import NotFoundError
from crm_metrics.store.remote.configuration import Warehouse
from crm_metrics.store.remote.connecting import asked

_OWN = {
    "information_schema",
    "pg_catalog",
    "pg_toast",
    "system",
    "sys",
    "temp",
    "performance_schema",
}
_MOST = 2000


def tables_of(connection: BaseBackend, warehouse: Warehouse) -> tuple[str, ...]:
    """The names of all tables and views that can be read, "schema.table", at most 2000.

    Those of the schema that the connection begins in stand without it.
    """
    return tuple(_places(connection, warehouse))


def opened(connection: BaseBackend, warehouse: Warehouse, name: str) -> ir.Table:
    """The table of that name; a name that is not in the list never reaches the engine.

    Raises NotFoundError("backend_no_table").
    """
    place = _places(connection, warehouse).get(name)
    if place is None:
        raise NotFoundError("backend_no_table", table=name, backend=warehouse.name)
    schema, table = place
    with asked(warehouse):
        return connection.table(table, database=schema) if schema else connection.table(table)


def _places(connection: Any, warehouse: Warehouse) -> dict[str, tuple[str | None, str]]:
    """The schema (None: the one to begin with) and the table by name."""
    found: dict[str, tuple[str | None, str]] = {}
    with asked(warehouse), warnings.catch_warnings():
        # Ibis 12 asks DuckDB for its list in a way that DuckDB has renamed.
        warnings.filterwarnings("ignore", "fetch_arrow_table", DeprecationWarning)
        for table in sorted(connection.list_tables()):
            found[table] = (None, table)
        listed = getattr(connection, "list_databases", None)
        own = getattr(connection, "current_database", None)
        for schema in sorted(listed()) if listed else ():
            if schema == own or schema.lower() in _OWN or len(found) >= _MOST:
                continue
            for table in sorted(connection.list_tables(database=schema)):
                found[f"{schema}.{table}"] = (schema, table)
    return dict(list(found.items())[:_MOST])
