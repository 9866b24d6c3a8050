"""Every line that is no record can be had, however many there are."""

from __future__ import annotations

from pathlib import Path

from crm_metrics.intake.aside import lines_set_aside
from crm_metrics.store import Workspace
from tests.intake.made import read_all, read_one


def test_few_lines_stand_in_the_account_itself(tmp_path: Path) -> None:
    table = read_one(tmp_path, "Report\nday,n,m\n2024-01-01,1,2\n2024-01-02,3,4\n")
    assert table.aside is None
    assert [(item.line, item.reason) for item in lines_set_aside(table)] == [
        (1, "preamble"),
        (2, "header"),
    ]


def test_many_lines_are_all_kept_and_move_with_the_table(tmp_path: Path) -> None:
    body = [f"2024-01-{i % 28 + 1:02d};имя {i};{i}\n# заметка {i}\n" for i in range(12_000)]
    path = tmp_path / "a.csv"
    path.write_text("дата;имя;n\n" + "".join(body), encoding="utf-8")
    space = Workspace(tmp_path / "home")
    (dataset,) = space.add(path, "a.csv")
    table = space.dataset(dataset.id).table
    assert table.records == 12_000
    found = list(lines_set_aside(table))
    assert len(found) == sum(table.account.set_aside.values()) == 12_001
    assert len(table.account.examples) == 1_000
    assert sorted(item.line for item in found) == [1, *range(3, 24_002, 2)]
    assert {item.text for item in found if item.reason != "header"} == {
        f"# заметка {i}" for i in range(12_000)
    }
    assert table.aside is not None
    assert table.aside.parent == table.path.parent
    kept = space.decisions(dataset.id).with_role("", 2, "footer")
    (again,) = space.decide(dataset.id, kept)
    assert len(list(lines_set_aside(again.table))) == 12_002
    assert len(list(table.path.parent.glob("raw-*"))) == 1


def test_parts_without_records_give_their_lines_to_a_neighbour(tmp_path: Path) -> None:
    text = "Итоги\nдень;n\n\nгород;n\nРига;1\nОсло;2\n"
    tables = read_all(tmp_path, text)
    assert sum(table.account.lines for table in tables) == 6
    assert sum(len(list(lines_set_aside(table))) for table in tables) == 6 - sum(
        table.records for table in tables
    )
