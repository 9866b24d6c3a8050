"""Parts of an audit on disk: with the workspace, and in files that people send each other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, TypeVar

from crm_metrics.errors import CrmMetricsError, InputError
from crm_metrics.sent_json import sent_json
from crm_metrics.store.manifest import write_json
from crm_metrics.store.records import from_plain, to_plain

Record = TypeVar("Record")
_FORMAT = 1
_UNREADABLE = (OSError, ValueError, KeyError, TypeError, AttributeError)


def read_kept(path: Path, kind: type[Record]) -> Record | None:
    """The dataclass kept in a file; None where there is none or it is damaged."""
    try:
        return _record(sent_json(path.read_text(encoding="utf-8")), kind)
    except _UNREADABLE:
        return None


def write_kept(path: Path, record: object) -> None:
    """Keep a dataclass in a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_json(path, _plain(record))


def as_file(record: object) -> bytes:
    """A dataclass as a JSON file to send."""
    return json.dumps(_plain(record), ensure_ascii=False, indent=2).encode()


def in_file(data: bytes, kind: type[Record], *, file: str) -> Record:
    """The dataclass of a JSON file called `file`.

    Raises InputError("audit_file") for a file of another shape, InputError("audit_format") for one
    of a later version.
    """
    try:
        content = sent_json(data.decode("utf-8-sig"))
        if content["format"] != _FORMAT:
            raise InputError("audit_format", file=file)
        return _record(content, kind)
    except CrmMetricsError:
        raise
    except _UNREADABLE as error:
        raise InputError("audit_file", file=file) from error


def _plain(record: object) -> dict[str, Any]:
    return {"format": _FORMAT, "kind": type(record).__name__.lower(), **to_plain(record)}


def _record(content: dict[str, Any], kind: type[Record]) -> Record:
    if content["format"] != _FORMAT or content["kind"] != kind.__name__.lower():
        raise ValueError(content["kind"])
    return from_plain(kind, content)
