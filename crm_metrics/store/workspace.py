"""The data sets of one user or session, on disk."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from crm_metrics import intake, mapping
from crm_metrics.errors import InputError, LimitError
from crm_metrics.intake.decisions import Decisions
from crm_metrics.intake.hashing import content_hash
from crm_metrics.intake.progress import unheard
from crm_metrics.intake.table import Table
from crm_metrics.mapping.model import Mapping
from crm_metrics.store import sources
from crm_metrics.store.arrivals import built, read_in
from crm_metrics.store.dataset import Dataset
from crm_metrics.store.engine import Engine
from crm_metrics.store.engines import Engines, beside
from crm_metrics.store.homes import Homes
from crm_metrics.store.locks import lock_of
from crm_metrics.store.manifest import MANIFEST, Entry, stamp_of
from crm_metrics.store.remote.configuration import Warehouse, configured
from crm_metrics.store.remote.taking import reachable, relinked, taken
from crm_metrics.store.room import (
    GIGABYTE,
    default_folder,
    disk_limit,
    drop_stale,
    incoming,
    size_of,
)
from crm_metrics.store.templates import Templates, templates_of
from crm_metrics.store.together.beside import Together
from crm_metrics.store.together.choices import CHOICES
from crm_metrics.store.together.zones import Zones

_CACHE = "cache"


class Workspace:
    """Data sets in a folder; every change is written before the call returns.

    The files they were read from are kept too (unless `keep_files` is off), so that decisions about
    them can be changed; the longest unused of these go first where the folder grows above `most`
    bytes. `templates` are the mappings that were confirmed or saved under a name. Tables of a
    `warehouse` (by default the configured one) stay there.
    """

    def __init__(
        self,
        folder: Path,
        *,
        keep_files: bool = True,
        most: int | None = None,
        warehouse: Warehouse | None = None,
    ) -> None:
        self.folder = Path(folder)
        self._warehouse = warehouse
        self._keep_files = keep_files
        self._most = disk_limit() if most is None else most
        # Data sets are put in place under the first, which may take a moment; manifests are read
        # and written under the second, so that a page can be drawn meanwhile.
        self._writing = lock_of(self.folder)
        self._homes = Homes(self.folder / "datasets", lock=self.folder / MANIFEST)
        self.together = Together(self.folder, self.datasets)
        self.templates = Templates(self.folder / "templates", self.folder / "mappings")
        drop_stale(self.folder / "incoming")

    def add(
        self,
        path: Path,
        name: str,
        *,
        progress: Callable[[float], object] | None = None,
        password: str | None = None,
        decisions: Decisions | None = None,
    ) -> list[Dataset]:
        """Read a file, called `name`, into a data set per table; `password` opens a locked one.

        Content that is here already takes its old place instead of standing twice, and what was
        decided about it holds, unless `decisions` say otherwise. The template that fits its header
        best is applied. `progress` is called with the share done (reading is the first `READ` of
        it); where it raises, nothing is added. Raises what `intake.read` raises, and
        LimitError("workspace_full") or LimitError("disk_full") where there is no room.
        """
        try:
            sha256 = content_hash(path)
        except OSError as error:
            raise InputError("cannot_open", file=name) from error
        decided = self._decisions(sha256) if decisions is None else decisions
        with incoming(self.folder / "incoming") as folder:
            opened = intake.unlocked(path, password, folder, name) if password else path
            found = read_in(
                *(opened, name, folder, decided, self._suggested),
                sha256=sha256,
                password=password,
                progress=progress or unheard,
                zones=self.together.choices.zones,
            )
            with self._writing:
                self._make_room(folder, path)
                added = self._homes.settle(found)
                # No password is ever kept: what only opens with one can't be read again.
                if self._keep_files and (password is None or opened != path):
                    sources.keep(self._sub("sources"), sha256, opened)
                sources.decide(self._sub("sources"), sha256, decided)
                return added

    def decisions(self, dataset_id: str) -> Decisions:
        """What the user decided about the file of a data set."""
        return self._decisions(self._homes.entry(dataset_id).dataset.table.sha256)

    def can_decide(self, dataset_id: str) -> bool:
        """Whether the file of a data set is still here, so that it can be read again."""
        sha256 = self._homes.entry(dataset_id).dataset.table.sha256
        return (self._sub("sources") / sha256).is_file()

    def decide(
        self,
        dataset_id: str,
        decisions: Decisions,
        *,
        progress: Callable[[float], object] | None = None,
    ) -> list[Dataset]:
        """Read the file of a data set again under these decisions; its tables take its place.

        A table whose header stays keeps its mapping. Where the file can't be read so, everything
        stays and the error is raised: that of `intake.read`, or InputError("file_not_kept").
        """
        entry = self._homes.entry(dataset_id)
        shown, sha256 = entry.dataset.table.file_name, entry.dataset.table.sha256
        path = sources.kept(self._sub("sources"), sha256)
        if path is None:
            raise InputError("file_not_kept", file=shown)
        before = {e.dataset.id: e for e in self._homes.of_file(sha256)}

        def kept(table: Table, new_id: str) -> Mapping | None:
            own = [before[new_id]] if new_id in before else list(before.values())
            same = (e for e in own if e.dataset.table.headers == table.headers)
            return next((e.dataset.mapping for e in same), None)

        def chosen(tables: Sequence[Table], ids: Sequence[str]) -> list[Mapping]:
            told = zip(tables, ids, self._suggested(tables, ids), strict=True)
            return [kept(table, new_id) or found for table, new_id, found in told]

        with incoming(self.folder / "incoming") as folder:
            found = read_in(
                *(path, shown, folder, decisions, chosen),
                sha256=sha256,
                progress=progress or unheard,
                zones=self.together.choices.zones,
            )
            with self._writing:
                order = min((e.order for e in before.values()), default=entry.order)
                added = self._homes.settle(found, order=order)
                for gone in before.keys() - {item.id for item in added}:
                    self._homes.delete(gone)
                sources.decide(self._sub("sources"), sha256, decisions)
                return added

    @property
    def warehouse(self) -> Warehouse | None:
        """The data base or cluster whose tables can be taken; raises what `configured` raises."""
        return self._warehouse or configured(default_folder())

    def take(self, table: str) -> Dataset:
        """A data set over a table of the warehouse, whose rows stay there.

        Taken again, it keeps its mapping as long as its columns are the same, and is counted anew.
        Raises what `taken` raises, and InputError("backend_none") without a warehouse.
        """
        with incoming(self.folder / "incoming") as folder:
            before = [entry.dataset for entry in self._homes.entries()]
            found = taken(self.warehouse, table, folder, self._suggested, before)
            with self._writing:
                return self._homes.settle([found])[0]

    def datasets(self) -> list[Dataset]:
        """The data sets in the order of adding; one of another warehouse says that it is gone."""
        found = [entry.dataset for entry in self._homes.entries()]
        return reachable(found, self.warehouse) if any(item.remote for item in found) else found

    def dataset(self, dataset_id: str) -> Dataset:
        """The data set with this id; raises NotFoundError("unknown_dataset")."""
        return self._homes.entry(dataset_id).dataset

    def beside(self, dataset_id: str) -> frozenset[str]:
        """The systems that the other tables of the same file come from."""
        found = self._homes.of_file(self._homes.entry(dataset_id).dataset.table.sha256)
        others = (entry.dataset for entry in found if entry.dataset.id != dataset_id)
        return frozenset(item.mapping.system for item in others if item.mapping.system)

    def set_mapping(self, dataset_id: str, chosen: Mapping) -> Dataset:
        """Give a data set a mapping, rebuild its facts, and remember it for this header."""
        with self._writing:
            entry = self._homes.entry(dataset_id)
            item = self._rebuild(entry, chosen)
            self.templates.remember(item.table, chosen, entry.dataset.mapping)
            return item

    def set_zones(self, zones: Zones) -> None:
        """Move the times of every data set whose zone is known to that of the report."""
        with self._writing:
            before = self.together.choices.zones
            self.together.set_zones(zones)
            for entry in self._homes.entries():
                item = entry.dataset
                then, now = (one.shift(item.table, item.mapping) for one in (before, zones))
                if item.facts and not item.remote and item.facts.timed and then != now:
                    self._rebuild(entry, item.mapping)

    def _rebuild(self, entry: Entry, chosen: Mapping) -> Dataset:
        item = entry.dataset
        if item.remote:
            item = relinked(self.warehouse, item, chosen)
        else:
            made, error = built(item.table, chosen, zones=self.together.choices.zones)
            item = replace(item, mapping=chosen, facts=made, error=error)
        self._homes.write(Entry(item, entry.order))
        return item

    def remove(self, dataset_id: str) -> None:
        """Delete a data set, its files and what was made of all facts.

        What the user made stays: templates, plans, segments, tests. Raises
        NotFoundError("unknown_dataset").
        """
        with self._writing:
            sha256 = self._homes.entry(dataset_id).dataset.table.sha256
            self._homes.delete(dataset_id)
            if sha256 and not self._homes.of_file(sha256):
                sources.forget(self._sub("sources"), sha256)
            # It has words and names of the rows that are gone, until facts are asked again.
            shutil.rmtree(self.folder / _CACHE, ignore_errors=True)

    def replace(
        self,
        dataset_id: str,
        path: Path,
        name: str,
        *,
        progress: Callable[[float], object] | None = None,
        password: str | None = None,
    ) -> list[Dataset]:
        """Put the tables of another file in a data set's place.

        Where the file can't be read the data set stays, and the error is raised.
        """
        order = self._homes.entry(dataset_id).order
        added = self.add(path, name, progress=progress, password=password)
        with self._writing:
            if all(item.id != dataset_id for item in added):
                self.remove(dataset_id)
            for item in added:
                self._homes.write(Entry(item, order))
        return added

    def engine(self) -> Engine | Engines:
        """A new engine over all facts, what data sets share counted once; the caller closes it."""
        together, datasets = self.together, self.datasets()
        # Who keeps no files asks once, and what is made for the next question costs more than one.
        cache = self.folder / _CACHE if self._keep_files else None
        choices = together.choices
        local = Engine(
            datasets,
            overlaps=together.overlaps(),
            money=choices.money,
            authors=choices.authors,
            cache=cache,
        )
        return beside(local, datasets, self.warehouse, choices.money)

    @property
    def version(self) -> str:
        """A short word that changes when anything changes: a key for caches."""
        stamps = [*self._homes.stamps(), str(stamp_of(self.folder / CHOICES))]
        return hashlib.sha256("\n".join(stamps).encode()).hexdigest()[:16]

    def _suggested(self, tables: Sequence[Table], _ids: Sequence[str]) -> list[Mapping]:
        return mapping.suggest_all(tables, templates=templates_of(self.templates.all()))

    def _decisions(self, sha256: str) -> Decisions:
        return sources.decisions(self._sub("sources"), sha256)

    def _make_room(self, read_into: Path, path: Path) -> None:
        """Drop kept files that were not used for longest, so that a new one has room."""
        new = size_of(read_into)
        data = size_of(self._sub("datasets")) + new
        if data > self._most:
            raise LimitError("workspace_full", limit_gb=self._most / GIGABYTE)
        own = path.stat().st_size if self._keep_files else 0
        sources.shrink(self._sub("sources"), max(self._most - data - own, 0))

    def _sub(self, name: str) -> Path:
        path = self.folder / name
        path.mkdir(parents=True, exist_ok=True)
        return path
