"""A data set's folder on disk: raw and facts Parquet, and a manifest that says what they are."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crm_metrics.errors import InputError
from crm_metrics.facts.model import Facts
from crm_metrics.intake.table import Account, HowRead, Table
from crm_metrics.mapping.model import Mapping
from crm_metrics.store.dataset import Dataset, Remote
from crm_metrics.store.records import error_from_plain, error_to_plain, from_plain, to_plain
from crm_metrics.store.whole import whole

MANIFEST = "manifest.json"
RAW = "raw.parquet"
_FORMAT = 1
Stamp = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Entry:
    """A data set and its place in the order of adding."""

    dataset: Dataset
    order: int


def stamp_of(path: Path) -> Stamp:
    """What changes whenever the file is written, (0, 0, 0) where there is none."""
    # Each write makes a new file, so its inode tells even writes within one tick of the clock.
    try:
        found = path.stat()
    except OSError:
        return (0, 0, 0)
    return (found.st_ino, found.st_mtime_ns, found.st_size)


def write_json(path: Path, data: object) -> None:
    """Write so that a reader sees the old content or the new, never half of it."""
    with whole(path) as part, part.open("w", encoding="utf-8") as file:
        json.dump(data, file, ensure_ascii=False)


def write_entry(folder: Path, entry: Entry) -> None:
    """Write the manifest of a data set; its paths are kept relative, so that a folder can move."""
    item = entry.dataset
    facts = to_plain(item.facts)
    if item.facts:
        facts["path"] = item.facts.path.name
        facts["rejects"] = item.facts.rejects.name if item.facts.rejects else None
    write_json(
        folder / MANIFEST,
        {
            "format": _FORMAT,
            "order": entry.order,
            "added_at": item.added_at.isoformat(),
            "table": {**to_plain(item.table), **_files(item.table)},
            "mapping": to_plain(item.mapping),
            "facts": facts,
            "error": error_to_plain(item.error),
            "remote": to_plain(item.remote),
        },
    )


def _files(table: Table) -> dict[str, str | None]:
    return {"path": table.path.name, "aside": table.aside.name if table.aside else None}


def read_entry(folder: Path) -> Entry:
    """The data set in a folder; one whose files are damaged comes back with an error."""
    try:
        data = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if data["format"] == _FORMAT:
            return _entry(folder, data)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        pass
    return Entry(_damaged(folder), 0)


def _entry(folder: Path, data: dict[str, Any]) -> Entry:
    table = from_plain(Table, data["table"])
    aside = folder / table.aside if table.aside else None
    table = replace(table, path=folder / table.path, aside=aside)
    facts = from_plain(Facts, data["facts"]) if data["facts"] else None
    error = error_from_plain(data["error"])
    if facts:
        rejects = folder / facts.rejects if facts.rejects else None
        facts = replace(facts, path=folder / facts.path, rejects=rejects)
        if not facts.path.exists():
            facts, error = None, InputError("dataset_damaged", table=table.name)
    return Entry(
        Dataset(
            id=folder.name,
            table=table,
            mapping=from_plain(Mapping, data["mapping"]),
            facts=facts,
            added_at=datetime.fromisoformat(data["added_at"]),
            error=error,
            remote=from_plain(Remote, data["remote"]) if data.get("remote") else None,
        ),
        int(data["order"]),
    )


def _damaged(folder: Path) -> Dataset:
    table = Table(
        name=folder.name,
        path=folder / RAW,
        headers=(),
        layout="table",
        how=HowRead("unknown"),
        account=Account(0, 0, {}),
        file_name=folder.name,
        sha256="",
    )
    error = InputError("dataset_damaged", table=folder.name)
    return Dataset(
        folder.name, table, Mapping("", None, ()), None, datetime.fromtimestamp(0, UTC), error
    )
