"""A mapping as JSON, and the fingerprint by which it is found again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from crm_metrics.errors import InputError
from crm_metrics.mapping.header import fold
from crm_metrics.mapping.model import ColumnMapping, Mapping, Why


def fingerprint(headers: Iterable[str]) -> str:
    """16 hexadecimal digits, the same for these headers in any order and case."""
    text = "\x1f".join(sorted(fold(header) for header in headers))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def to_json(mapping: Mapping) -> dict[str, Any]:
    """The mapping as plain dicts, lists and strings."""
    content = asdict(mapping)
    content["columns"] = list(content["columns"])
    return content


def from_json(content: dict[str, Any]) -> Mapping:
    """The mapping that `to_json` wrote; raises InputError("bad_mapping")."""
    try:
        columns = tuple(
            ColumnMapping(**{**column, "why": Why(**column["why"])})
            for column in content["columns"]
        )
        return Mapping(**{**content, "columns": columns, "why": Why(**content["why"])})
    except (KeyError, TypeError, AttributeError) as error:
        raise InputError("bad_mapping") from error
