"""Value objects of this room as JSON and back, by their types."""

from __future__ import annotations

import dataclasses
import math
import types
import typing
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypeVar, cast

import numpy as np

from crm_metrics.errors import InputError

Object = TypeVar("Object")


def plain(value: object) -> Any:  # noqa: PLR0911 - a case a kind
    """A value as what JSON knows: objects by their fields, days as text, undefined as null."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {item.name: plain(getattr(value, item.name)) for item in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, tuple | list):
        return [plain(part) for part in value]
    if isinstance(value, np.ndarray | np.generic):
        return plain(value.tolist())
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def typed(kind: type[Object], value: object) -> Object:
    """The object of a type from its `plain` form; raises InputError("finding_file")."""
    try:
        return cast("Object", _typed(kind, value))
    except (TypeError, ValueError, KeyError, AttributeError):
        raise InputError("finding_file") from None


def _typed(kind: Any, value: Any) -> Any:  # noqa: PLR0911 - a case a kind
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        known = [part for part in inner if part is not type(None)]
        return None if value is None else _typed(known[0], value)
    if origin is tuple:
        parts = [inner[0]] * len(value) if inner[-1] is ... else inner
        return tuple(_typed(part, one) for part, one in zip(parts, value, strict=True))
    if origin is np.ndarray:
        return np.array(value, dtype=typing.get_args(inner[1])[0])
    if origin is typing.Literal:
        if value not in inner:
            raise ValueError(value)
        return value
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        return cast("Any", kind)(**{name: _typed(hints[name], one) for name, one in value.items()})
    if kind in (date, datetime):
        return kind.fromisoformat(value)
    if kind is float and isinstance(value, int):
        return float(value)
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise TypeError(value)
    return value
