"""ClickHouse behind Ibis, by SQL that gives back what it is said to give."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from ibis.backends.clickhouse import Backend

from crm_metrics.store.remote.dialects import ForClickHouse


class ClickHouseTables(Backend):
    """Ibis over ClickHouse."""

    compiler = ForClickHouse()


def over_clickhouse(
    url: str, options: Mapping[str, Any], *, connect_seconds: float, query_seconds: float
) -> ClickHouseTables:
    """The backend at clickhouse://user:password@host:port/base?secure=True, its HTTP port.

    `options` are those of clickhouse-connect; they and those of the address may say other times.
    Raises what clickhouse-connect raises.
    """
    parts = urlsplit(url)
    said: dict[str, Any] = {
        "host": parts.hostname,
        "port": parts.port,
        "user": unquote(parts.username) if parts.username else None,
        "password": unquote(parts.password) if parts.password else None,
        "database": unquote(parts.path.strip("/")) or None,
    }
    given: dict[str, Any] = {
        "connect_timeout": connect_seconds,
        "send_receive_timeout": query_seconds,
    }
    given |= {name: value for name, value in said.items() if value is not None}
    given |= dict(parse_qsl(parts.query))
    if isinstance(secure := given.get("secure"), str):
        given["secure"] = secure.lower() in {"1", "true", "yes"}
    return ClickHouseTables().connect(**{**given, **options})
