"""A connection that only reads, or a sentence that says why there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import ibis
import ibis.expr.types as ir
from ibis.backends import BaseBackend

from crm_metrics.errors import CrmMetricsError, InputError
from crm_metrics.store.remote.configuration import Warehouse
from crm_metrics.store.remote.waiting import within

_LONGEST = 200
_LEAST_SECRET = 4
# Spark's local[2] is no host, so that no address holds it as one.
_MASTER = "spark.master"
# Drivers that would else wait for a silent host for minutes.
_PATIENCE = {
    "mysql": "connect_timeout",
    "trino": "request_timeout",
}


def connected(warehouse: Warehouse) -> BaseBackend:
    """An open connection; whatever is asked over it raises what `asked` raises.

    Raises InputError: backend_unknown, backend_not_installed, backend_no_file, or
    backend_unreachable with the driver's own words, without secrets.
    """
    try:
        backend = within(warehouse.seconds, lambda: _open(warehouse))
    except CrmMetricsError:
        raise
    except ImportError:
        raise InputError(
            "backend_not_installed", backend=warehouse.name, package=_package(warehouse.scheme)
        ) from None
    except Exception as error:  # noqa: BLE001 - each driver has errors of its own
        late = isinstance(error, TimeoutError) and not str(error)
        reason = f"{warehouse.seconds:g} s" if late else said_by(error, warehouse)
        raise InputError("backend_unreachable", backend=warehouse.name, reason=reason) from None
    return _watched(backend, warehouse)


def _watched(backend: BaseBackend, warehouse: Warehouse) -> BaseBackend:
    """The backend, whose answers come in time and whose refusals are sentences."""
    plain = backend.to_pyarrow

    def to_pyarrow(expr: ir.Expr, /, **options: Any) -> Any:
        with asked(warehouse):
            try:
                return within(warehouse.query_seconds, lambda: plain(expr, **options))
            except TimeoutError as error:
                if str(error):
                    raise
                _break_off(backend)
                raise InputError(
                    "backend_slow", backend=warehouse.name, seconds=f"{warehouse.query_seconds:g}"
                ) from None

    backend.to_pyarrow = to_pyarrow
    return backend


def _break_off(backend: BaseBackend) -> None:
    """Tell the engine, if its driver can, that nobody waits any more."""
    held = getattr(backend, "con", None)
    for name in ("interrupt", "cancel"):
        end = getattr(held, name, None)
        if end is not None:
            Thread(target=end, daemon=True).start()
            return


@contextmanager
def asked(warehouse: Warehouse) -> Iterator[None]:
    """A block that asks the engine; what it refuses is InputError("backend_failed")."""
    try:
        yield
    except CrmMetricsError:
        raise
    except Exception as error:  # noqa: BLE001 - each driver has errors of its own
        raise InputError(
            "backend_failed", backend=warehouse.name, reason=said_by(error, warehouse)
        ) from None


def said_by(error: Exception, warehouse: Warehouse) -> str:
    """The first line of a driver's words, short, without what the configuration keeps secret."""
    line = next((part for part in str(error).splitlines() if part.strip()), type(error).__name__)
    for secret in _secrets(warehouse):
        line = line.replace(secret, "***")
    return line.strip()[:_LONGEST]


def _secrets(warehouse: Warehouse) -> list[str]:
    parts = urlsplit(warehouse.url)
    found = [warehouse.url, parts.password or "", unquote(parts.password or "")]
    found += [value for _, value in parse_qsl(parts.query)]
    found += [str(value) for value in warehouse.options.values()]
    return sorted((one for one in found if len(one) >= _LEAST_SECRET), key=len, reverse=True)


def _open(warehouse: Warehouse) -> BaseBackend:
    own: dict[str, Callable[[Warehouse], BaseBackend]] = {
        "duckdb": _duckdb,
        "sqlite": _sqlite,
        "pyspark": _spark,
        "postgres": _postgres,
        "clickhouse": _clickhouse,
    }
    opened = own.get(warehouse.scheme, _other)(warehouse)
    for name, path in warehouse.files.items():
        opened.read_parquet(path, table_name=name)
    return opened


def _other(warehouse: Warehouse) -> BaseBackend:
    scheme = warehouse.scheme
    if not hasattr(ibis, scheme):
        raise InputError("backend_unknown", backend=scheme)
    options: dict[str, Any] = dict(warehouse.options)
    if scheme in _PATIENCE:
        options.setdefault(_PATIENCE[scheme], int(warehouse.seconds))
    return ibis.connect(warehouse.url, **options)


def _postgres(warehouse: Warehouse) -> BaseBackend:
    from crm_metrics.store.remote.postgres import over_postgres  # noqa: PLC0415 - needs psycopg

    return over_postgres(
        warehouse.url,
        warehouse.options,
        connect_seconds=warehouse.seconds,
        query_seconds=warehouse.query_seconds,
    )


def _clickhouse(warehouse: Warehouse) -> BaseBackend:
    from crm_metrics.store.remote.clickhouse import over_clickhouse  # noqa: PLC0415 - its driver

    return over_clickhouse(
        warehouse.url,
        warehouse.options,
        connect_seconds=warehouse.seconds,
        query_seconds=warehouse.query_seconds,
    )


def _duckdb(warehouse: Warehouse) -> BaseBackend:
    path = _path(warehouse)
    if path is None:
        return ibis.duckdb.connect(**warehouse.options)
    return ibis.duckdb.connect(path, read_only=True, **warehouse.options)


def _sqlite(warehouse: Warehouse) -> BaseBackend:
    path = _path(warehouse)
    if path is None:
        raise InputError("backend_no_file", backend=warehouse.name, file="")
    from crm_metrics.store.remote.sqlite import over_file  # noqa: PLC0415 - takes its time

    return over_file(path)


def _path(warehouse: Warehouse) -> Path | None:
    """The file of an address, None for a data base in memory; a missing one is never made."""
    parts = urlsplit(warehouse.url)
    text = unquote(f"{parts.netloc}{parts.path}")
    # sqlite:///data.db is a relative path, sqlite:////data.db one from the root.
    text = text.removeprefix("/") if not parts.netloc and not Path(text).is_file() else text
    if not text:
        return None
    if not Path(text).is_file():
        raise InputError("backend_no_file", backend=warehouse.name, file=Path(text).name)
    return Path(text)


def _spark(warehouse: Warehouse) -> BaseBackend:
    from pyspark.sql import SparkSession  # noqa: PLC0415 - not part of every installation

    from crm_metrics.store.remote.spark import over_session  # noqa: PLC0415

    parts = urlsplit(warehouse.url)
    options = {**dict(parse_qsl(parts.query)), **warehouse.options}
    builder = SparkSession.builder.appName("CRM Metrics")
    if parts.scheme == "sc":
        builder = builder.remote(warehouse.url)
    elif parts.scheme == "spark":
        builder = builder.master(f"spark://{parts.netloc}")
    elif _MASTER in options:
        builder = builder.master(options.pop(_MASTER))
    for name, value in options.items():
        builder = builder.config(name, value)
    return over_session(builder.getOrCreate())


def _package(scheme: str) -> str:
    return "requirements-spark.txt" if scheme == "pyspark" else f"ibis-framework[{scheme}]"
