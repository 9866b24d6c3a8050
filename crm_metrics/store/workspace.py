"""The data sets of one user or session, on disk."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from weakref import WeakValueDictionary

import platformdirs

from crm_metrics import facts, intake, mapping
from crm_metrics.errors import InputError, NotFoundError
from crm_metrics.facts.model import Facts
from crm_metrics.intake.table import Table
from crm_metrics.mapping.model import Mapping
from crm_metrics.store.dataset import Dataset
from crm_metrics.store.engine import Engine
from crm_metrics.store.manifest import MANIFEST, RAW, Entry, read_entry, write_entry, write_json
from crm_metrics.store.records import from_plain, to_plain

HOME = "CRM_METRICS_HOME"
_Stamp = tuple[int, int, int]
_locks: WeakValueDictionary[Path, threading.RLock] = WeakValueDictionary()
_finding_a_lock = threading.Lock()


def default_folder() -> Path:
    """The user's own data folder, or the one that CRM_METRICS_HOME names."""
    named = os.environ.get(HOME, "").strip()
    return Path(named) if named else Path(platformdirs.user_data_dir("crm-metrics"))


class Workspace:
    """Data sets in a folder; every change is written before the call returns."""

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)
        self._lock = _lock_of(self.folder)
        self._read: dict[Path, tuple[_Stamp, Entry]] = {}

    def add(
        self,
        path: Path,
        name: str,
        *,
        progress: Callable[[float], object] | None = None,
        password: str | None = None,
    ) -> list[Dataset]:
        """Read a file, called `name`, into a data set per table; `password` opens a locked one.

        Content that is here already takes its old place instead of standing twice. A mapping
        confirmed for the same header is applied again. Raises what `intake.read` raises.
        """
        with tempfile.TemporaryDirectory(dir=self._sub("incoming")) as folder:
            tables = intake.read(
                path, name=name, workdir=Path(folder), progress=progress, password=password
            )
            with self._lock:
                return [self._store(table) for table in tables]

    def datasets(self) -> list[Dataset]:
        """The data sets in the order of adding."""
        return [entry.dataset for entry in self._entries()]

    def dataset(self, dataset_id: str) -> Dataset:
        """The data set with this id; raises NotFoundError("unknown_dataset")."""
        return self._entry(dataset_id).dataset

    def set_mapping(self, dataset_id: str, chosen: Mapping) -> Dataset:
        """Give a data set a mapping, rebuild its facts, and remember it for this header."""
        with self._lock:
            entry = self._entry(dataset_id)
            item = self._built(entry.dataset.table, chosen, entry.dataset.added_at)
            write_entry(self._home(dataset_id), Entry(item, entry.order))
            write_json(self._remembered_path(chosen.fingerprint), to_plain(chosen))
            self._sweep(item)
            return item

    def remove(self, dataset_id: str) -> None:
        """Delete a data set and its files; raises NotFoundError("unknown_dataset")."""
        with self._lock:
            self._entry(dataset_id)
            self._delete(self._home(dataset_id))

    def replace(
        self, dataset_id: str, path: Path, name: str, *, password: str | None = None
    ) -> list[Dataset]:
        """Put the tables of another file in a data set's place.

        Where the file can't be read the data set stays, and the error is raised.
        """
        order = self._entry(dataset_id).order
        added = self.add(path, name, password=password)
        with self._lock:
            if all(item.id != dataset_id for item in added):
                self.remove(dataset_id)
            for item in added:
                write_entry(self._home(item.id), Entry(item, order))
        return added

    def clear(self) -> None:
        """Delete all data sets; confirmed mappings stay remembered."""
        with self._lock:
            for home in self._homes():
                self._delete(home)

    def engine(self) -> Engine:
        """A new engine over all facts; the caller closes it."""
        return Engine(self.datasets())

    @property
    def version(self) -> str:
        """A short word that changes when anything changes: a key for caches."""
        with self._lock:
            stamps = [f"{home.name}:{self._stamp(home)}" for home in self._homes()]
        return hashlib.sha256("\n".join(stamps).encode()).hexdigest()[:16]

    def _store(self, table: Table) -> Dataset:
        dataset_id = _identity(table)
        home = self._home(dataset_id)
        home.mkdir(parents=True, exist_ok=True)
        known = {entry.dataset.id: entry for entry in self._entries()}
        raw = home / RAW
        Path(table.path).replace(raw)
        kept = replace(table, path=raw)
        suggested = mapping.suggest(kept, remembered=self._remembered(kept))
        before = known.get(dataset_id)
        added_at = before.dataset.added_at if before and before.order else datetime.now(UTC)
        order = before.order if before and before.order else self._next(known)
        item = self._built(kept, suggested, added_at)
        write_entry(home, Entry(item, order))
        self._sweep(item)
        return item

    def _built(self, table: Table, chosen: Mapping, added_at: datetime) -> Dataset:
        dataset_id = _identity(table)
        made: Facts | None = None
        error: InputError | None = None
        try:
            # A name of its own, since an engine may still be reading the facts before.
            key = hashlib.sha256(repr(to_plain(chosen)).encode()).hexdigest()[:12]
            target = self._home(dataset_id) / f"facts-{key}.parquet"
            made = facts.build(table, chosen, out=target)
        except InputError as refused:
            error = refused
        return Dataset(dataset_id, table, chosen, made, added_at, error)

    def _sweep(self, item: Dataset) -> None:
        """Drop facts of earlier mappings, except the last, which an engine may be reading."""
        used = {item.facts.path, item.facts.rejects} if item.facts else set()
        stale = [path for path in self._home(item.id).glob("facts-*") if path not in used]
        for path in sorted(stale, key=lambda path: path.stat().st_mtime_ns)[:-2]:
            path.unlink(missing_ok=True)

    def _entries(self) -> list[Entry]:
        with self._lock:
            current: dict[Path, tuple[_Stamp, Entry]] = {}
            for home in self._homes():
                stamp = self._stamp(home)
                known = self._read.get(home)
                current[home] = known if known and known[0] == stamp else (stamp, read_entry(home))
            self._read = current
            found = [entry for _, entry in current.values()]
        return sorted(found, key=lambda entry: (entry.order, entry.dataset.id))

    def _entry(self, dataset_id: str) -> Entry:
        for entry in self._entries():
            if entry.dataset.id == dataset_id:
                return entry
        raise NotFoundError("unknown_dataset", dataset=dataset_id)

    def _homes(self) -> list[Path]:
        # A folder without a manifest is what an interrupted `add` left.
        return sorted(path.parent for path in self._sub("datasets").glob(f"*/{MANIFEST}"))

    @staticmethod
    def _delete(home: Path) -> None:
        # Without its manifest it is no data set any more, even where Windows keeps a file that
        # an engine is still reading.
        (home / MANIFEST).unlink(missing_ok=True)
        shutil.rmtree(home, ignore_errors=True)

    @staticmethod
    def _stamp(home: Path) -> _Stamp:
        # Each write makes a new file, so its inode tells even writes within one tick of the clock.
        try:
            found = (home / MANIFEST).stat()
        except OSError:
            return (0, 0, 0)
        return (found.st_ino, found.st_mtime_ns, found.st_size)

    @staticmethod
    def _next(known: dict[str, Entry]) -> int:
        return max((entry.order for entry in known.values()), default=0) + 1

    def _remembered_path(self, fingerprint: str) -> Path:
        # The name is hashed: a fingerprint from a file of mappings is not a path to trust.
        name = hashlib.sha256(fingerprint.encode()).hexdigest()[:32]
        return self._sub("mappings") / f"{name}.json"

    def _remembered(self, table: Table) -> Mapping | None:
        path = self._remembered_path(mapping.fingerprint(table.headers))
        try:
            return from_plain(Mapping, json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def _home(self, dataset_id: str) -> Path:
        return self._sub("datasets") / dataset_id

    def _sub(self, name: str) -> Path:
        path = self.folder / name
        path.mkdir(parents=True, exist_ok=True)
        return path


def _lock_of(folder: Path) -> threading.RLock:
    """The lock of a folder: the same for every workspace of this process that lies there."""
    with _finding_a_lock:
        return _locks.setdefault(folder.resolve(), threading.RLock())


def _identity(table: Table) -> str:
    return hashlib.sha256(f"{table.sha256}\0{table.name}".encode()).hexdigest()[:16]
