"""A decision about a file changes its data sets and everything below, and can be taken back."""

from __future__ import annotations

import errno
import io
import os
import time
from pathlib import Path

import openpyxl
import pytest
from msoffcrypto.format.ooxml import OOXMLFile

from crm_metrics import intake
from crm_metrics.errors import Cancelled, InputError, LimitError
from crm_metrics.intake.decisions import Decisions
from crm_metrics.metrics import compute
from crm_metrics.store import Workspace, sources
from crm_metrics.store.room import disk_limit

REPORT = (
    "Дата;Канал;Кампания;Отправлено;Доставлено\n"
    "01.03.2024;email;Весна;100;90\n02.03.2024;email;Лето;200;180\nИтого;;;300;270\n"
)


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "home")


def written(folder: Path, text: str = REPORT, name: str = "a.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def sent(space: Workspace) -> float | None:
    with space.engine() as engine:
        (row,) = compute(engine, ["delivery_rate"]).values
        return row.n


def test_a_flipped_total_changes_the_numbers_and_back(space: Workspace, tmp_path: Path) -> None:
    (before,) = space.add(written(tmp_path), "a.csv")
    assert sent(space) == 300
    flipped = space.decisions(before.id).with_role("", 3, "footer")
    (after,) = space.decide(before.id, flipped)
    assert after.id == before.id
    assert after.table.account.set_aside["footer"] == 1
    assert sent(space) == 100
    (back,) = space.decide(after.id, Decisions())
    assert back.table.account == before.table.account
    assert sent(space) == 300
    assert space.decisions(before.id) == Decisions()


def test_the_mapping_stays_while_the_header_stays(space: Workspace, tmp_path: Path) -> None:
    (added,) = space.add(written(tmp_path), "a.csv")
    space.set_mapping(added.id, added.mapping.with_field(2, "segment"))
    (after,) = space.decide(added.id, Decisions().with_role("", 4, "record"))
    assert after.mapping.columns[2].field == "segment"
    assert after.table.records == 3
    (other,) = space.decide(added.id, Decisions().with_role("", 2, "header"))
    assert other.table.headers[0] == "01.03.2024"


def test_decisions_survive_a_restart_and_the_same_file_again(
    space: Workspace, tmp_path: Path
) -> None:
    path = written(tmp_path)
    (added,) = space.add(path, "a.csv")
    decided = Decisions().with_role("", 2, "other")
    space.decide(added.id, decided)
    again = Workspace(space.folder)
    assert again.decisions(added.id) == decided
    assert again.add(path, "a.csv")[0].table.records == 1


def test_what_cannot_be_read_so_leaves_everything_as_it_was(
    space: Workspace, tmp_path: Path
) -> None:
    (added,) = space.add(written(tmp_path), "a.csv")
    refused = Decisions()
    for line in (2, 3, 4):
        refused = refused.with_role("", line, "other")
    with pytest.raises(InputError, match="only_headers"):
        space.decide(added.id, refused)
    assert space.datasets() == [added]
    assert space.decisions(added.id) == Decisions()
    assert sent(space) == 300


def test_a_table_that_is_gone_leaves_no_data_set(space: Workspace, tmp_path: Path) -> None:
    first = space.add(written(tmp_path, "x,n\n2024-01-01,1\n2024-01-02,2\n", "b.csv"), "b.csv")
    text = "day,n\n2024-01-01,1\n2024-01-02,2\n\ncity,total\nRiga,5\nOslo,6\n"
    two = space.add(written(tmp_path, text), "a.csv")
    assert len(two) == 2
    last = space.add(written(tmp_path, "y,n\n2024-01-01,1\n2024-01-02,2\n", "c.csv"), "c.csv")
    decided = Decisions()
    for line in (5, 6, 7):
        decided = decided.with_role("", line, "other")
    (one,) = space.decide(two[1].id, decided)
    names = [item.table.name for item in space.datasets()]
    assert names == [first[0].table.name, one.table.name, last[0].table.name]
    assert one.table.account.lines == 7


def test_a_sheet_is_decided_by_its_name(space: Workspace, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for name in ("Март", "Апрель"):
        sheet = book.create_sheet(name)
        for row in (["Дата", "Клики"], ["2024-03-01", 1], ["2024-03-02", 2]):
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    path = tmp_path / "book.xlsx"
    path.write_bytes(out.getvalue())
    march, april = space.add(path, "book.xlsx")
    assert (march.table.part, april.table.part) == ("Март", "Апрель")
    march, april = space.decide(april.id, Decisions().with_role("Апрель", 3, "total"))
    assert (march.table.records, april.table.records) == (2, 1)


def test_without_the_file_a_decision_is_refused_in_words(space: Workspace, tmp_path: Path) -> None:
    (added,) = space.add(written(tmp_path), "a.csv")
    assert space.can_decide(added.id)
    sources.forget(space.folder / "sources", added.table.sha256)
    assert not space.can_decide(added.id)
    with pytest.raises(InputError, match="file_not_kept"):
        space.decide(added.id, Decisions().with_role("", 4, "record"))


def test_a_removed_data_set_takes_its_file_along(space: Workspace, tmp_path: Path) -> None:
    (added,) = space.add(written(tmp_path), "a.csv")
    space.decide(added.id, Decisions().with_role("", 4, "record"))
    space.remove(added.id)
    assert list((space.folder / "sources").iterdir()) == []


def test_files_are_kept_only_where_asked(tmp_path: Path) -> None:
    space = Workspace(tmp_path / "home", keep_files=False)
    (added,) = space.add(
        written(tmp_path), "a.csv", decisions=Decisions().with_role("", 2, "other")
    )
    assert added.table.records == 1
    assert not space.can_decide(added.id)


def test_kept_files_go_first_when_there_is_no_room(tmp_path: Path) -> None:
    big = [
        written(tmp_path, REPORT + f"# {i} {5_000 * chr(120)}\n" * 40, f"{i}.csv") for i in range(3)
    ]
    space = Workspace(tmp_path / "home", most=450_000)
    added = [space.add(path, path.name)[0] for path in big]
    held = [space.can_decide(item.id) for item in added]
    assert held[-1]
    assert not all(held)
    assert len(space.datasets()) == 3
    tiny = Workspace(tmp_path / "tiny", most=1_000)
    with pytest.raises(LimitError, match="workspace_full"):
        tiny.add(big[0], "0.csv")
    assert tiny.datasets() == []
    assert list((tiny.folder / "incoming").iterdir()) == []


@pytest.mark.parametrize(("said", "most"), [("0.5", 2**29), ("", 20 * 2**30), ("x", 20 * 2**30)])
def test_the_limit_comes_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, said: str, most: int
) -> None:
    monkeypatch.setenv("CRM_METRICS_DISK_GB", said)
    assert disk_limit() == most


def test_a_full_disk_is_said_in_words(
    space: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object, **_options: object) -> list[intake.Table]:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(intake, "read", full)
    with pytest.raises(LimitError, match="disk_full"):
        space.add(written(tmp_path), "a.csv")


def test_what_a_killed_process_left_is_dropped_after_a_day(tmp_path: Path) -> None:
    incoming = tmp_path / "home" / "incoming"
    for name, age in (("old", 2), ("fresh", 0)):
        (incoming / name).mkdir(parents=True)
        (incoming / name / "raw.parquet").write_bytes(b"x")
        stamp = time.time() - age * 86_400
        os.utime(incoming / name, (stamp, stamp))
    Workspace(tmp_path / "home")
    assert [path.name for path in incoming.iterdir()] == ["fresh"]


def test_a_damaged_file_of_decisions_decides_nothing(space: Workspace, tmp_path: Path) -> None:
    (added,) = space.add(written(tmp_path), "a.csv")
    space.decide(added.id, Decisions().with_role("", 4, "record"))
    (space.folder / "sources" / f"{added.table.sha256}.json").write_text("{")
    assert space.decisions(added.id) == Decisions()


def test_a_locked_workbook_is_kept_open_for_decisions(space: Workspace, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["Дата", "Клики"], ["2024-03-01", 1], ["2024-03-02", 2]):
        book.active.append(row)
    plain = io.BytesIO()
    book.save(plain)
    locked = tmp_path / "locked.xlsx"
    with locked.open("wb") as out:
        OOXMLFile(plain).encrypt("тайна", out)
    (added,) = space.add(locked, "locked.xlsx", password="тайна")
    part = added.table.part
    (after,) = space.decide(added.id, Decisions().with_role(part, 3, "total"))
    assert after.id == added.id
    assert after.table.records == 1


@pytest.mark.parametrize("at", [0.1, 0.7])
def test_a_decision_that_is_stopped_changes_nothing(
    space: Workspace, tmp_path: Path, at: float
) -> None:
    (added,) = space.add(written(tmp_path), "a.csv")

    def stop(part: float) -> None:
        if part >= at:
            raise Cancelled

    with pytest.raises(Cancelled):
        space.decide(added.id, Decisions().with_role("", 4, "record"), progress=stop)
    assert space.datasets() == [added]
    assert space.decisions(added.id) == Decisions()
    assert sent(space) == 300
    assert list((space.folder / "incoming").iterdir()) == []


def test_a_table_with_the_same_header_keeps_its_mapping_when_others_join_it(
    space: Workspace, tmp_path: Path
) -> None:
    text = "day,n\n2024-01-01,1\n2024-01-02,2\ncity,total\nRiga,5\nOslo,6\n"
    before = space.add(written(tmp_path, text), "a.csv")
    chosen = before[0].mapping.with_field(1, "clicks_total")
    space.set_mapping(before[0].id, chosen)
    decided = Decisions().with_role("", 1, "header").with_role("", 4, "header")
    after = space.decide(before[0].id, decided)
    assert [item.table.headers for item in after] == [("day", "n"), ("city", "total")]
    assert after[0].mapping.columns[1].field == "clicks_total"
    assert {item.id for item in space.datasets()} == {item.id for item in after}


def test_people_are_hidden_in_lines_that_are_shown(space: Workspace, tmp_path: Path) -> None:
    body = "".join(f"2024-03-0{i};Анна Смирнова;a{i}@mail.ru;{i}\n" for i in range(1, 9))
    spoilt = '2024-03-09;"Борис Петров;b@mail.ru;9\n2024-03-10;Вера Ким;c@mail.ru\n'
    text = f"Дата;ФИО;E-mail;Сумма\n{body}{spoilt}"
    (added,) = space.add(written(tmp_path, text), "a.csv")
    named = {item.name: item.field for item in added.mapping.columns}
    assert named["ФИО"] == "full_name"
    shown = " ".join(
        added.masked_example(issue, text) for issue in added.table.issues for text in issue.examples
    )
    assert "2024-03-09" in shown
    assert not {word for word in ("Борис", "Петров", "Вера", "b@", "c@") if word in shown}
    assert added.masked_line("2024-03-09;Борис Петров;b@mail.ru;9") == (
        "2024-03-09;Б*** П***;b***@mail.ru;9"
    )
    assert added.masked_line("Дата;ФИО;E-mail;Сумма", "header") == "Дата;ФИО;E-mail;Сумма"
