"""The folders of data sets: one for each, with a manifest that makes it one."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from crm_metrics.errors import NotFoundError
from crm_metrics.store.arrivals import Arrival
from crm_metrics.store.dataset import Dataset
from crm_metrics.store.locks import lock_of
from crm_metrics.store.manifest import MANIFEST, Entry, Stamp, read_entry, stamp_of, write_entry


class Homes:
    """Data sets on disk; manifests are read and written under one lock, and only where changed."""

    def __init__(self, folder: Path, *, lock: Path) -> None:
        self.folder = folder
        self._lock = lock_of(lock)
        self._read: dict[Path, tuple[Stamp, Entry]] = {}

    def entries(self) -> list[Entry]:
        """All data sets, in the order of adding."""
        with self._lock:
            current: dict[Path, tuple[Stamp, Entry]] = {}
            for home in self._homes():
                stamp = stamp_of(home / MANIFEST)
                known = self._read.get(home)
                current[home] = known if known and known[0] == stamp else (stamp, read_entry(home))
            self._read = current
            found = [entry for _, entry in current.values()]
        return sorted(found, key=lambda entry: (entry.order, entry.dataset.id))

    def entry(self, dataset_id: str) -> Entry:
        """The data set with this id; raises NotFoundError("unknown_dataset")."""
        for entry in self.entries():
            if entry.dataset.id == dataset_id:
                return entry
        raise NotFoundError("unknown_dataset", dataset=dataset_id)

    def of_file(self, sha256: str) -> list[Entry]:
        """The data sets that came from a file with this content."""
        return [entry for entry in self.entries() if entry.dataset.table.sha256 == sha256]

    def stamps(self) -> list[str]:
        """What changes whenever a data set does."""
        with self._lock:
            return [f"{home.name}:{stamp_of(home / MANIFEST)}" for home in self._homes()]

    def write(self, entry: Entry) -> None:
        """Keep what is said of a data set, and drop what it no longer needs."""
        home = self.folder / entry.dataset.id
        with self._lock:
            write_entry(home, entry)
        _sweep(home, entry.dataset)

    def settle(self, found: Sequence[Arrival], *, order: int | None = None) -> list[Dataset]:
        """Put what arrived in its place: that of the same content before, `order`, or the end."""
        added = []
        for arrival in found:
            known = {entry.dataset.id: entry for entry in self.entries()}
            before = known.get(arrival.id)
            last = max((entry.order for entry in known.values()), default=0)
            added_at, place = datetime.now(UTC), order or last + 1
            if before is not None and before.order:
                added_at, place = before.dataset.added_at, before.order
            here = arrival.moved(self.folder / arrival.id)
            item = Dataset(
                here.id, here.table, here.mapping, here.facts, added_at, here.error, here.remote
            )
            self.write(Entry(item, place))
            added.append(item)
        return added

    def delete(self, dataset_id: str) -> None:
        """Delete a data set with its files."""
        home = self.folder / dataset_id
        # Without its manifest it is no data set any more, even where Windows keeps a file that
        # an engine is still reading.
        with self._lock:
            (home / MANIFEST).unlink(missing_ok=True)
        shutil.rmtree(home, ignore_errors=True)

    def _homes(self) -> list[Path]:
        # A folder without a manifest is what an interrupted `add` left.
        return sorted(path.parent for path in self.folder.glob(f"*/{MANIFEST}"))


def _sweep(home: Path, item: Dataset) -> None:
    """Drop facts of earlier mappings, except the last, which an engine may be reading."""
    used = {item.facts.path, item.facts.rejects} if item.facts else set()
    stale = [path for path in home.glob("facts-*") if path not in used]
    for path in sorted(stale, key=lambda path: path.stat().st_mtime_ns)[:-2]:
        path.unlink(missing_ok=True)
    for path in home.glob("raw-*"):
        if path != item.table.aside:
            path.unlink(missing_ok=True)
