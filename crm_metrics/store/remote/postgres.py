"""Postgres behind Ibis: read only, by SQL that it takes, with an end to each wait."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from ibis.backends.postgres import Backend

from crm_metrics.store.remote.dialects import ForPostgres

# A host that has gone is noticed in two minutes, not in the hours of the operating system.
_ALIVE = {"keepalives_idle": 60, "keepalives_interval": 20, "keepalives_count": 3}
_LEAST = 2  # libpq waits no shorter than this


class PostgresTables(Backend):
    """Ibis over Postgres."""

    compiler = ForPostgres()


def over_postgres(
    url: str, options: Mapping[str, Any], *, connect_seconds: float, query_seconds: float
) -> PostgresTables:
    """The backend at postgres://user:password@host:port/base/schema?sslmode=..., for SELECT alone.

    `options` are libpq's; they and those of the address may say other times. A query that takes
    longer than `query_seconds` is ended by Postgres. Raises what psycopg raises.
    """
    parts = urlsplit(url)
    base, _, schema = unquote(parts.path.strip("/")).partition("/")
    said: dict[str, Any] = {
        "host": parts.hostname,
        "port": parts.port,
        "user": unquote(parts.username) if parts.username else None,
        "password": unquote(parts.password) if parts.password else None,
        "database": base or None,
        "schema": schema or None,
    }
    given = {"connect_timeout": max(int(connect_seconds), _LEAST), **_ALIVE}
    given |= {name: value for name, value in said.items() if value is not None}
    backend = PostgresTables()
    opened = backend.connect(**{**given, **dict(parse_qsl(parts.query)), **options})
    with opened.con.cursor() as cursor:
        cursor.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
        cursor.execute(
            "SELECT set_config('statement_timeout', %s, false)", (f"{query_seconds:g}s",)
        )
    return opened
