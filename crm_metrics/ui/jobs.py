"""Files being read beside the pages: one after another, in a thread that no click interrupts.

Nothing here draws: pages ask for `items()` as often as they like.
"""

from __future__ import annotations

import gc
import shutil
import tempfile
import threading
import weakref
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Literal

from crm_metrics.errors import Cancelled, CrmMetricsError
from crm_metrics.intake.decisions import Decisions
from crm_metrics.store import READ, Workspace
from crm_metrics.store.templates import templates_of
from crm_metrics.ui.error_log import logged
from crm_metrics.ui.glimpse import Glimpse, glimpses

Stage = Literal["waiting", "reading", "storing", "added", "same", "refused", "locked", "cancelled"]
UNFINISHED: Final = frozenset({"waiting", "reading", "storing"})
UNEXPECTED: Final = "unexpected"
ASK_PASSWORD: Final = frozenset({"password_protected", "wrong_password"})


@dataclass(frozen=True, slots=True)
class Task:
    """A file to add: where it lies, how it is called, and what it shall take the place of.

    `spooled` says that the file is a copy of ours, which goes when it is no longer needed. With
    `decisions` there is no new file: that of the data set `replaces` is read again under them.
    """

    name: str
    path: Path
    spooled: bool = False
    replaces: str | None = None
    password: str | None = field(default=None, repr=False)
    decisions: Decisions | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A task and how far it has come; `part` is the share done, `known_as` an equal file's name."""

    id: int
    task: Task
    size: int
    stage: Stage = "waiting"
    part: float = 0.0
    error: CrmMetricsError | None = None
    known_as: str = ""
    glimpses: tuple[Glimpse, ...] = ()

    @property
    def unfinished(self) -> bool:
        """Whether it waits or is being read."""
        return self.stage in UNFINISHED


class ReadingRoom:
    """The files of one workspace on their way in.

    `home` is the workspace's folder, in which copies of uploads have a folder of this room's own.
    With the room go its copies, and what it reads is cancelled.
    """

    def __init__(self, home: Path) -> None:
        # What a killed process leaves there is dropped after a day.
        folder = home / "incoming"
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = Path(tempfile.mkdtemp(dir=folder, prefix="uploads-"))
        self._state = _State()
        weakref.finalize(self, _close, self._state, self.folder)

    def items(self) -> tuple[Item, ...]:
        """All files of this round, in the order of asking."""
        with self._state.changed:
            return tuple(self._state.items.values())

    @property
    def busy(self) -> bool:
        """Whether a file waits or is being read."""
        return any(item.unfinished for item in self.items())

    def place(self) -> Path:
        """A new folder for one copy: two equal files would have one name."""
        self.folder.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(dir=self.folder))

    def submit(self, space: Workspace, tasks: Iterable[Task]) -> None:
        """Add files to the queue; where it was idle a new round begins."""
        state = self._state
        with state.changed:
            if not any(item.unfinished for item in state.items.values()):
                state.keep("locked")
            for task in tasks:
                state.put(task)
        self._start(space)

    def refuse(self, name: str, error: CrmMetricsError) -> None:
        """Note a file that could not even be copied."""
        with self._state.changed:
            self._state.put(Task(name, Path()), stage="refused", error=error)

    def answer(self, space: Workspace, item_id: int, password: str) -> None:
        """Read a locked file again with a password."""
        state = self._state
        with state.changed:
            item = state.items.get(item_id)
            if item is None or item.stage != "locked":
                return
            state.again(item_id, replace(item.task, password=password))
        self._start(space)

    def cancel(self) -> None:
        """Stop what is being read, and drop what waits; files read before stay."""
        with self._state.changed:
            self._state.cancel()

    def dismiss(self, item_ids: Sequence[int]) -> None:
        """Forget finished files; the copy of a locked one goes."""
        with self._state.changed:
            for item_id in item_ids:
                item = self._state.items.get(item_id)
                if item is not None and not item.unfinished:
                    del self._state.items[item_id]
                    _drop_copy(item.task)

    @property
    def cancelling(self) -> bool:
        """Whether the file being read has been told to stop, and has not stopped yet."""
        with self._state.changed:
            return self._state.cancelling

    def wait(self, seconds: float) -> bool:
        """Wait for the queue to be done, at most so long; whether it is."""
        state = self._state
        with state.changed:
            return state.changed.wait_for(lambda: not state.running, seconds)

    def _start(self, space: Workspace) -> None:
        state = self._state
        with state.changed:
            if state.running:
                return
            state.running = True
            threading.Thread(target=_work, args=(state, space), name="reading", daemon=True).start()


class _State:
    """What a room and its thread share; all of it is touched under `changed` alone."""

    def __init__(self) -> None:
        self.changed = threading.Condition(threading.RLock())
        self.items: dict[int, Item] = {}
        self.running = False
        self.last = 0
        self._cancelled: set[int] = set()

    def put(self, task: Task, **more: Any) -> None:
        self.last += 1
        size = task.path.stat().st_size if task.path.is_file() else 0
        self.items[self.last] = Item(self.last, task, size, **more)

    def set(self, item_id: int, **changes: Any) -> None:
        with self.changed:
            if item_id in self.items:
                self.items[item_id] = replace(self.items[item_id], **changes)
            self.changed.notify_all()

    def keep(self, stage: Stage) -> None:
        self.items = {key: item for key, item in self.items.items() if item.stage == stage}

    def cancel(self) -> None:
        for item in [item for item in self.items.values() if item.unfinished]:
            self._cancelled.add(item.id)
            if item.stage == "waiting":
                self.set(item.id, stage="cancelled")
                _drop_copy(item.task)

    def again(self, item_id: int, task: Task) -> None:
        self._cancelled.discard(item_id)
        self.set(item_id, task=task, stage="waiting", part=0.0, error=None)

    def cancelled(self, item_id: int) -> bool:
        return item_id in self._cancelled

    @property
    def cancelling(self) -> bool:
        return any(key in self._cancelled for key, item in self.items.items() if item.unfinished)

    def next(self) -> Item | None:
        """The next file to read; with None the thread has ended."""
        with self.changed:
            for item in self.items.values():
                if item.stage == "waiting":
                    return item
            self.running = False
            self.changed.notify_all()
            return None


def _work(state: _State, space: Workspace) -> None:
    while (item := state.next()) is not None:
        end: dict[str, Any]
        try:
            end = _read(state, space, item)
        except Cancelled:
            end = {"stage": "cancelled"}
        except CrmMetricsError as error:
            stage = "locked" if error.code in ASK_PASSWORD else "refused"
            end = {"stage": stage, "error": error}
        except BaseException as error:  # noqa: BLE001 - the other files must still be read
            unexpected = CrmMetricsError(UNEXPECTED, number=logged(error))
            end = {"stage": "refused", "error": unexpected}
        if end["stage"] != "locked":
            _drop_copy(item.task)
        gc.collect()
        state.set(item.id, task=replace(item.task, password=None), glimpses=(), **end)


def _read(state: _State, space: Workspace, item: Item) -> dict[str, Any]:
    """Read one file into the workspace; gives how it ended."""
    task = item.task

    def progress(part: float) -> None:
        if state.cancelled(item.id):
            raise Cancelled
        state.set(item.id, stage="storing" if part >= READ else "reading", part=min(part, 1.0))

    before = {known.id: known.table.file_name for known in space.datasets()}
    progress(0.0)
    templates = templates_of(space.templates.all())
    first = glimpses(task.path, task.name, item.size, task.password, templates)
    state.set(item.id, glimpses=first)
    options: dict[str, Any] = {"progress": progress}
    if task.password is not None:
        options["password"] = task.password
    if task.replaces is not None and task.decisions is not None:
        space.decide(task.replaces, task.decisions, progress=progress)
        return {"stage": "added", "part": 1.0}
    if task.replaces is not None:
        added = space.replace(task.replaces, task.path, task.name, **options)
    else:
        added = space.add(task.path, task.name, **options)
    # Compared with the other files here, where no page waits for it.
    space.together.overlaps()
    known = [before[dataset.id] for dataset in added if dataset.id in before]
    if len(known) == len(added) and task.replaces is None:
        return {"stage": "same", "known_as": known[0]}
    return {"stage": "added", "part": 1.0}


def _drop_copy(task: Task) -> None:
    if task.spooled:
        shutil.rmtree(task.path.parent, ignore_errors=True)


def _close(state: _State, folder: Path) -> None:
    with state.changed:
        state.cancel()
    shutil.rmtree(folder, ignore_errors=True)
