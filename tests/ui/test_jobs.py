"""The reading room: a queue in a thread, stopped at will, that leaves nothing behind."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest

from crm_metrics import intake
from crm_metrics.errors import InputError
from crm_metrics.store import READ, Workspace
from crm_metrics.ui.jobs import ReadingRoom, Task

POSTS = b"Date,Reach\n2026-03-01,100\n2026-03-02,200\n2026-03-03,300\n"
LONG = 60.0


class Gate:
    """Reading that stops half-way through until the test lets it go on."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.open = threading.Event()
        self.read = intake.read

    def __call__(self, path: Path, *, progress: Callable[[float], object], **options):
        progress(0.5)
        self.reached.set()
        assert self.open.wait(LONG)
        progress(0.6)
        return self.read(path, progress=progress, **options)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    made = Gate()
    monkeypatch.setattr(intake, "read", made)
    yield made
    made.open.set()


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "home")


@pytest.fixture
def room(space: Workspace) -> ReadingRoom:
    return ReadingRoom(space.folder)


def task(folder: Path, name: str, content: bytes = POSTS, **more: object) -> Task:
    folder.mkdir(parents=True)
    (folder / "copy").write_bytes(content)
    return Task(name, folder / "copy", spooled=True, **more)


def stages(room: ReadingRoom) -> dict[str, str]:
    return {item.task.name: item.stage for item in room.items()}


def files(room: ReadingRoom) -> list[Path]:
    return [path for path in room.folder.rglob("*") if path.is_file()]


def test_files_are_read_one_by_one_and_their_copies_go(room, space):
    tasks = [
        task(room.folder / "1", "a.csv"),
        task(room.folder / "2", "empty.csv", b""),
        task(room.folder / "3", "b.csv", POSTS + b"2026-03-04,400\n"),
        task(room.folder / "4", "again.csv"),
    ]
    room.submit(space, tasks)
    assert room.wait(LONG)
    assert stages(room) == {
        "a.csv": "added",
        "empty.csv": "refused",
        "b.csv": "added",
        "again.csv": "same",
    }
    by_name = {item.task.name: item for item in room.items()}
    assert by_name["empty.csv"].error.code == "empty_file"
    assert by_name["again.csv"].known_as == "a.csv"
    assert len(space.datasets()) == 2
    assert files(room) == []


def test_a_file_that_is_not_ours_stays(room, space, tmp_path):
    own = tmp_path / "own.csv"
    own.write_bytes(POSTS)
    room.submit(space, [Task("own.csv", own)])
    assert room.wait(LONG)
    assert own.exists()


def test_cancel_stops_the_file_being_read_and_those_that_wait(room, space, gate):
    room.submit(space, [task(room.folder / str(n), f"{n}.csv") for n in range(3)])
    assert gate.reached.wait(LONG)
    assert room.busy
    assert room.items()[0].part == pytest.approx(0.5 * READ)
    room.cancel()
    assert stages(room) == {"0.csv": "reading", "1.csv": "cancelled", "2.csv": "cancelled"}
    assert room.cancelling
    gate.open.set()
    assert room.wait(LONG)
    assert set(stages(room).values()) == {"cancelled"}
    assert not room.cancelling
    assert space.datasets() == []
    assert files(room) == []
    assert [path for path in space.folder.rglob("*") if path.is_file()] == []


def test_after_a_cancel_the_next_file_is_read(room, space, gate):
    room.submit(space, [task(room.folder / "1", "a.csv")])
    assert gate.reached.wait(LONG)
    room.cancel()
    room.submit(space, [task(room.folder / "2", "b.csv")])
    gate.open.set()
    assert room.wait(LONG)
    assert stages(room) == {"a.csv": "cancelled", "b.csv": "added"}


def test_what_comes_while_reading_joins_the_queue_and_a_new_round_forgets_the_last(
    room, space, gate
):
    room.submit(space, [task(room.folder / "1", "a.csv")])
    assert gate.reached.wait(LONG)
    room.submit(space, [task(room.folder / "2", "empty.csv", b"")])
    gate.open.set()
    assert room.wait(LONG)
    assert stages(room) == {"a.csv": "added", "empty.csv": "refused"}
    room.submit(space, [task(room.folder / "3", "c.csv", POSTS + POSTS[11:])])
    assert room.wait(LONG)
    assert stages(room) == {"c.csv": "added"}


def locking(monkeypatch: pytest.MonkeyPatch, right: str) -> list[str | None]:
    """Workspaces that open files with one password alone; gives the passwords tried."""
    tried: list[str | None] = []
    add = Workspace.add

    def locked_add(self, path, name, *, password=None, **options):
        if name == "a.csv":
            tried.append(password)
        if name == "a.csv" and password != right:
            code = "wrong_password" if password else "password_protected"
            raise InputError(code, file=name)
        return add(self, path, name, **options)

    monkeypatch.setattr(Workspace, "add", locked_add)
    return tried


def test_a_locked_file_waits_for_its_password_through_later_rounds(room, space, monkeypatch):
    tried = locking(monkeypatch, "right")
    room.submit(space, [task(room.folder / "1", "a.csv")])
    assert room.wait(LONG)
    room.submit(space, [task(room.folder / "2", "empty.csv", b"")])
    assert room.wait(LONG)
    (locked, _) = room.items()
    assert locked.stage == "locked"
    assert "right" not in repr(Task("a", Path("a"), password="right"))
    room.answer(space, locked.id, "wrong")
    assert room.wait(LONG)
    assert room.items()[0].error.code == "wrong_password"
    room.answer(space, locked.id, "right")
    assert room.wait(LONG)
    assert room.items()[0].stage == "added"
    assert room.items()[0].task.password is None
    assert tried == [None, "wrong", "right"]
    assert files(room) == []


def test_leaving_a_locked_file_out_drops_its_copy(room, space, monkeypatch):
    locking(monkeypatch, "right")
    room.submit(space, [task(room.folder / "1", "a.csv")])
    assert room.wait(LONG)
    assert len(files(room)) == 1
    room.dismiss([item.id for item in room.items()])
    assert room.items() == ()
    assert files(room) == []


def test_an_error_of_the_program_stops_no_other_file(room, space, monkeypatch, caplog):
    read = intake.read

    def broken(path, *, name, **options):
        if name == "a.csv":
            raise ZeroDivisionError
        return read(path, name=name, **options)

    monkeypatch.setattr(intake, "read", broken)
    room.submit(space, [task(room.folder / "1", "a.csv"), task(room.folder / "2", "b.csv")])
    assert room.wait(LONG)
    assert stages(room) == {"a.csv": "refused", "b.csv": "added"}
    error = room.items()[0].error
    assert error.code == "unexpected"
    assert error.params["number"] in caplog.text


def test_reading_ends_with_its_room(space, gate):
    room = ReadingRoom(space.folder)
    folder = room.folder
    room.submit(space, [task(folder / "1", "a.csv")])
    assert gate.reached.wait(LONG)
    (thread,) = (item for item in threading.enumerate() if item.name == "reading")
    seen = weakref.ref(room)
    del room
    gc.collect()
    assert seen() is None
    assert not folder.exists()
    gate.open.set()
    thread.join(LONG)
    assert not thread.is_alive()
    assert space.datasets() == []
