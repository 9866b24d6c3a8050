"""Frozen dataclasses to JSON and back, by their type hints."""

from __future__ import annotations

import types
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from crm_metrics import errors
from crm_metrics.errors import CrmMetricsError

Record = TypeVar("Record")


def to_plain(value: Any) -> Any:
    """The value as JSON types: dataclasses as objects, tuples as lists, dates and paths as text."""
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: to_plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, dict):
        return {str(key): to_plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [to_plain(item) for item in value]
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Path):
        return value.as_posix()
    return value


def from_plain(kind: type[Record], data: Any) -> Record:
    """The dataclass that `to_plain` wrote.

    Raises ValueError, KeyError or TypeError where the data are not of that shape.
    """
    return _decode(kind, data)


def error_to_plain(error: CrmMetricsError | None) -> dict[str, Any] | None:
    """The error's kind, code and parameters."""
    if error is None:
        return None
    return {"kind": type(error).__name__, "code": error.code, "params": to_plain(error.params)}


def error_from_plain(data: dict[str, Any] | None) -> CrmMetricsError | None:
    """The error that `error_to_plain` wrote; lists come back as tuples."""
    if data is None:
        return None
    kind = getattr(errors, data["kind"], CrmMetricsError)
    params = {
        key: tuple(item) if isinstance(item, list) else item for key, item in data["params"].items()
    }
    return kind(data["code"], **params)


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _decode(kind: Any, data: Any) -> Any:  # noqa: PLR0911 - one return a shape of type
    origin = get_origin(kind)
    if origin in {Union, types.UnionType}:
        if data is None:
            return None
        return _decode(next(arg for arg in get_args(kind) if arg is not type(None)), data)
    if origin is tuple:
        items = get_args(kind)
        if items[-1] is Ellipsis:
            return tuple(_decode(items[0], item) for item in data)
        return tuple(_decode(item, part) for item, part in zip(items, data, strict=True))
    if origin is dict:
        return {key: _decode(get_args(kind)[1], item) for key, item in data.items()}
    if origin is Literal:
        if data not in get_args(kind):
            raise ValueError(data)
        return data
    if isinstance(kind, type) and is_dataclass(kind):
        hints = _hints(kind)
        known = {name: _decode(hint, data[name]) for name, hint in hints.items() if name in data}
        return kind(**known)
    if kind in {date, datetime}:
        return kind.fromisoformat(data)
    if kind is Path:
        return Path(data)
    if kind in {str, int, bool} and not isinstance(data, kind):
        raise TypeError(kind, type(data))
    return float(data) if kind is float else data
