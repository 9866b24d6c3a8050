"""Data sets on disk: added, replaced, remapped, removed, damaged."""

from __future__ import annotations

import json
import os
import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from crm_metrics import facts
from crm_metrics.errors import Cancelled, InputError, NotFoundError
from crm_metrics.mapping.model import Mapping
from crm_metrics.metrics import compute
from crm_metrics.store import READ, Workspace, default_folder
from crm_metrics.store.manifest import MANIFEST
from crm_metrics.store.records import error_from_plain, error_to_plain, from_plain, to_plain

CAMPAIGNS = "Дата;Канал;Кампания;Отправлено;Доставлено;Открытия\n"


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "home")


def written(folder: Path, name: str, rows: list[str], header: str = CAMPAIGNS) -> Path:
    path = folder / name
    path.write_text(header + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


def campaigns(folder: Path, name: str = "a.csv", sent: int = 100) -> Path:
    rows = [f"0{i}.03.2024;email;Весна {i};{sent};{sent - 5};{10 + i}" for i in range(1, 8)]
    return written(folder, name, rows)


def test_a_file_becomes_a_data_set_with_facts(space: Workspace, tmp_path: Path):
    (added,) = space.add(campaigns(tmp_path), "a.csv")
    assert added.facts is not None
    assert added.error is None
    assert added.facts.rows == added.table.records == 7
    assert space.datasets() == [added]
    assert space.dataset(added.id) == added
    assert added.table.frame(20).shape == (7, 6)


def test_data_sets_survive_a_restart(space: Workspace, tmp_path: Path):
    first = space.add(campaigns(tmp_path), "a.csv")
    second = space.add(campaigns(tmp_path, "b.csv", sent=200), "b.csv")
    again = Workspace(space.folder)
    assert again.datasets() == first + second
    assert again.version == space.version


def test_a_moved_folder_still_opens(space: Workspace, tmp_path: Path):
    space.add(campaigns(tmp_path), "a.csv")
    moved = space.folder.rename(tmp_path / "elsewhere")
    (found,) = Workspace(moved).datasets()
    assert found.facts is not None
    assert pq.read_table(found.facts.path).num_rows == 7


def test_the_same_content_is_not_doubled(space: Workspace, tmp_path: Path):
    (first,) = space.add(campaigns(tmp_path), "a.csv")
    space.add(campaigns(tmp_path, "b.csv", sent=200), "b.csv")
    (again,) = space.add(campaigns(tmp_path), "a.csv")
    assert again.id == first.id
    assert [item.table.file_name for item in space.datasets()] == ["a.csv", "b.csv"]


def test_the_version_changes_with_every_change(space: Workspace, tmp_path: Path):
    seen = [space.version]
    (added,) = space.add(campaigns(tmp_path), "a.csv")
    seen.append(space.version)
    assert space.version == seen[-1]
    space.set_mapping(added.id, added.mapping.with_field(5, None))
    seen.append(space.version)
    space.set_mapping(added.id, added.mapping)
    seen.append(space.version)
    space.remove(added.id)
    seen.append(space.version)
    # Empty again, hence as at first.
    assert seen[-1] == seen[0]
    assert len(set(seen)) == len(seen) - 1


def test_a_mapping_is_applied_and_remembered(space: Workspace, tmp_path: Path):
    (added,) = space.add(campaigns(tmp_path), "a.csv")
    chosen = added.mapping.with_field(5, "clicks_unique")
    changed = space.set_mapping(added.id, chosen)
    assert changed.facts is not None
    assert "clicks_unique" in changed.facts.fields
    assert space.dataset(added.id).mapping == chosen
    (later,) = space.add(campaigns(tmp_path, "april.csv", sent=300), "april.csv")
    assert later.mapping.fields["clicks_unique"].column == 5
    assert [item.id for item in space.datasets()] == [added.id, later.id]


def test_a_mapping_that_does_not_suffice_says_why(space: Workspace, tmp_path: Path):
    (added,) = space.add(campaigns(tmp_path), "a.csv")
    mapping = added.mapping
    for column in mapping.columns:
        mapping = mapping.with_field(column.column, None)
    changed = space.set_mapping(added.id, mapping)
    assert changed.facts is None
    assert changed.error is not None
    assert changed.error.code == "required_missing"
    (kept,) = Workspace(space.folder).datasets()
    assert kept.error is not None
    assert (kept.error.code, kept.error.params) == (changed.error.code, changed.error.params)
    with space.engine() as engine:
        assert engine.grains == ()


def test_facts_of_earlier_mappings_do_not_pile_up(space: Workspace, tmp_path: Path):
    (added,) = space.add(campaigns(tmp_path), "a.csv")
    for field in ("clicks_unique", "clicks_total", "replies", "forwards", "orders"):
        changed = space.set_mapping(added.id, added.mapping.with_field(5, field))
    assert changed.facts is not None
    files = list(changed.facts.path.parent.glob("facts-*"))
    assert len(files) <= 3
    assert changed.facts.path in files


def test_remove(space: Workspace, tmp_path: Path):
    (first,) = space.add(campaigns(tmp_path), "a.csv")
    space.add(campaigns(tmp_path, "b.csv", sent=200), "b.csv")
    space.remove(first.id)
    assert [item.table.file_name for item in space.datasets()] == ["b.csv"]
    with pytest.raises(NotFoundError):
        space.dataset(first.id)
    with pytest.raises(NotFoundError):
        space.remove(first.id)


def test_nothing_of_the_rows_stays_when_they_are_removed(space: Workspace, tmp_path: Path):
    (added,) = space.add(campaigns(tmp_path), "a.csv")
    with space.engine() as engine:
        compute(engine, ["messages_sent"], by=("campaign_name",))
    rooms = {"cache", "datasets", "sources"}
    assert all(any((space.folder / room).rglob("*")) for room in rooms)
    space.remove(added.id)
    left = [path for path in space.folder.rglob("*") if path.is_file()]
    assert not rooms & {path.relative_to(space.folder).parts[0] for path in left}
    assert not any("Весна".encode() in path.read_bytes() for path in left)


def test_replace_keeps_the_place(space: Workspace, tmp_path: Path):
    (first,) = space.add(campaigns(tmp_path), "a.csv")
    space.add(campaigns(tmp_path, "b.csv", sent=200), "b.csv")
    (new,) = space.replace(first.id, campaigns(tmp_path, "a2.csv", sent=300), "a2.csv")
    assert [item.table.file_name for item in space.datasets()] == ["a2.csv", "b.csv"]
    assert new.id != first.id


def test_a_file_that_can_not_be_read_changes_nothing(space: Workspace, tmp_path: Path):
    (first,) = space.add(campaigns(tmp_path), "a.csv")
    before = space.version
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"")
    with pytest.raises(InputError):
        space.add(empty, "empty.csv")
    with pytest.raises(InputError):
        space.replace(first.id, empty, "empty.csv")
    assert space.version == before
    assert space.datasets() == [first]
    assert list((space.folder / "incoming").iterdir()) == []


@pytest.mark.parametrize("torn", ["", "{", "[]", '{"format": 1}', '{"format": 99}', "null"])
def test_a_torn_manifest_is_reported_and_hurts_no_other(
    space: Workspace, tmp_path: Path, torn: str
):
    (first,) = space.add(campaigns(tmp_path), "a.csv")
    (other,) = space.add(campaigns(tmp_path, "b.csv", sent=200), "b.csv")
    manifest = space.folder / "datasets" / first.id / MANIFEST
    manifest.write_text(torn, encoding="utf-8")
    found = {item.id: item for item in space.datasets()}
    error = found[first.id].error
    assert error is not None
    assert error.code == "dataset_damaged"
    assert found[first.id].facts is None
    assert found[other.id] == other
    with space.engine() as engine:
        assert engine.table(engine.grains[0]).count().to_pyarrow().as_py() == 7
    (again,) = space.add(campaigns(tmp_path), "a.csv")
    assert again.facts is not None
    space.remove(first.id)
    assert [item.id for item in space.datasets()] == [other.id]


def test_lost_facts_are_reported(space: Workspace, tmp_path: Path):
    (added,) = space.add(campaigns(tmp_path), "a.csv")
    assert added.facts is not None
    added.facts.path.unlink()
    (found,) = Workspace(space.folder).datasets()
    assert found.facts is None
    assert found.error is not None
    assert found.error.code == "dataset_damaged"


def test_what_an_interrupted_add_left_is_no_data_set(space: Workspace):
    (space.folder / "datasets" / "half").mkdir(parents=True)
    assert space.datasets() == []


def test_no_part_files_stay(space: Workspace, tmp_path: Path):
    (added,) = space.add(campaigns(tmp_path), "a.csv")
    space.set_mapping(added.id, added.mapping)
    names = [path.name for path in space.folder.rglob("*") if path.is_file()]
    assert [name for name in names if "part" in name] == []


def test_a_failed_write_leaves_the_old_manifest(
    space: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (added,) = space.add(campaigns(tmp_path), "a.csv")

    def broken(*_: object, **__: object) -> None:
        raise OSError(28)

    monkeypatch.setattr(json, "dump", broken)
    with pytest.raises(OSError, match="28"):
        space.set_mapping(added.id, added.mapping.with_field(5, None))
    monkeypatch.undo()
    assert Workspace(space.folder).datasets() == [added]


def test_the_default_folder_can_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("CRM_METRICS_HOME", str(tmp_path))
    assert default_folder() == tmp_path
    monkeypatch.delenv("CRM_METRICS_HOME")
    assert default_folder().name == "crm-metrics"
    assert os.environ.get("CRM_METRICS_HOME") is None


def test_records_come_back_as_they_went(space: Workspace, tmp_path: Path):
    (added,) = space.add(campaigns(tmp_path), "a.csv")
    for value in (added.table, added.mapping, added.facts):
        again = from_plain(type(value), json.loads(json.dumps(to_plain(value))))
        assert again == value
    error = InputError("required_missing", needs=("a|b", "c"), table="t")
    back = error_from_plain(json.loads(json.dumps(error_to_plain(error))))
    assert isinstance(back, InputError)
    assert (back.code, back.params) == (error.code, error.params)


def test_records_refuse_another_shape(space: Workspace, tmp_path: Path):
    (added,) = space.add(campaigns(tmp_path), "a.csv")
    plain = to_plain(added.mapping)
    with pytest.raises((ValueError, TypeError, KeyError)):
        from_plain(Mapping, {**plain, "level": "certain"})
    with pytest.raises((ValueError, TypeError, KeyError)):
        from_plain(Mapping, {"grain": 1})


def test_a_mapping_of_another_header_is_not_applied(space: Workspace, tmp_path: Path):
    (added,) = space.add(campaigns(tmp_path), "a.csv")
    space.set_mapping(added.id, replace(added.mapping.with_field(5, "replies")))
    other = written(tmp_path, "o.csv", ["1;2"], header="Подписчики;Охват\n")
    (found,) = space.add(other, "o.csv")
    assert "replies" not in found.mapping.fields


def test_two_workspaces_over_one_folder_take_turns(space: Workspace, tmp_path: Path):
    # Two windows of the local mode: what one adds the other removes, again and again.
    path = campaigns(tmp_path)
    other = Workspace(space.folder)

    def work(mine: Workspace) -> None:
        for _ in range(5):
            (added,) = mine.add(path, "a.csv")
            assert [item.error for item in mine.datasets() if item.error] == []
            with suppress(NotFoundError):
                mine.remove(added.id)

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(work, mine) for mine in (space, other, space, other)]:
            done.result()
    assert space.datasets() == other.datasets() == []


def test_what_can_not_be_deleted_is_no_data_set_any_more(
    space: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    # Windows refuses to delete a file that an engine is reading.
    (added,) = space.add(campaigns(tmp_path), "a.csv")
    with monkeypatch.context() as patched:
        patched.setattr(os, "unlink", _kept)
        space.remove(added.id)
    assert space.datasets() == []
    assert [item.error for item in space.add(campaigns(tmp_path), "a.csv")] == [None]


_unlink = os.unlink


def _kept(path: str, *, dir_fd: int | None = None) -> None:
    if str(path).endswith(".parquet"):
        raise PermissionError(path)
    _unlink(path, dir_fd=dir_fd)


def test_equal_content_under_another_name_is_not_counted_twice(space: Workspace, tmp_path: Path):
    path = tmp_path / "posts (1).csv"
    path.write_bytes(b"Date,Reach\n2026-03-01,100\n2026-03-02,200\n")
    (first,) = space.add(path, "posts.csv")
    (again,) = space.add(path, "posts (1).csv")
    assert again.id == first.id
    assert [item.table.file_name for item in space.datasets()] == ["posts (1).csv"]


TWO_TABLES = b"Date,Reach\n2026-03-01,100\n2026-03-02,200\n"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A zip of three tables."""
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as file:
        for number in range(3):
            file.writestr(f"{number}.csv", TWO_TABLES + b"2026-03-03,%d\n" % number)
    return path


def test_progress_goes_on_from_reading_to_facts(space: Workspace, archive: Path):
    parts: list[float] = []
    assert len(space.add(archive, "all.zip", progress=parts.append)) == 3
    facts = [part for part in parts if part > READ]
    assert facts == sorted(facts)
    assert len(facts) >= 6
    assert max(parts) <= 1


@pytest.mark.parametrize("after", [0.3, 0.65, 0.9])
def test_what_is_stopped_leaves_nothing(space: Workspace, archive: Path, after: float):
    space.add(campaigns(archive.parent), "a.csv")

    def stop(part: float) -> None:
        if part >= after:
            raise Cancelled

    before = sorted(path for path in space.folder.rglob("*") if path.is_file())
    with pytest.raises(Cancelled):
        space.add(archive, "all.zip", progress=stop)
    assert sorted(path for path in space.folder.rglob("*") if path.is_file()) == before
    assert [item.table.file_name for item in space.datasets()] == ["a.csv"]


def test_a_second_reading_that_is_stopped_leaves_the_first(space: Workspace, archive: Path):
    first = space.add(archive, "all.zip")

    def stop(part: float) -> None:
        if part >= 0.9:
            raise Cancelled

    with pytest.raises(Cancelled):
        space.add(archive, "all.zip", progress=stop)
    assert [item.id for item in space.datasets()] == [item.id for item in first]
    assert all(item.facts and item.facts.path.exists() for item in space.datasets())


def test_a_page_is_drawn_while_facts_are_made(space: Workspace, tmp_path: Path, monkeypatch):
    begun, go_on = threading.Event(), threading.Event()
    build = facts.build

    def slow(*given, **options):
        begun.set()
        assert go_on.wait(60)
        return build(*given, **options)

    monkeypatch.setattr(facts, "build", slow)
    with ThreadPoolExecutor(1) as pool:
        adding = pool.submit(space.add, campaigns(tmp_path), "a.csv")
        assert begun.wait(60)
        assert space.datasets() == []
        assert space.version
        go_on.set()
        (added,) = adding.result(60)
    assert [item.id for item in space.datasets()] == [added.id]
