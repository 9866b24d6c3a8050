"""The templates of a workspace: named, exported, imported, and read on from earlier versions."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from crm_metrics.errors import InputError, NotFoundError
from crm_metrics.metrics import compute
from crm_metrics.store import Workspace
from crm_metrics.store.records import to_plain

HEADER = "Wann;Aktion;Raus;Gelesen;Notiz"
OCTOBER = ["03.10.2026;Herbst;1200;300;a", "21.10.2026;Laub;1100;310;b"]
NOVEMBER = ["04.11.2026;Nebel;900;210;c", "05.11.2026;Regen;800;190;d"]
FIELDS = {0: "date", 1: "campaign_name", 2: "sent", 3: "opens_unique"}


def written(folder: Path, name: str, header: str, rows: list[str]) -> Path:
    path = folder / name
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "home")


def october(space: Workspace, tmp_path: Path):
    """The first month, an unknown file mapped by hand."""
    (added,) = space.add(written(tmp_path, "oct.csv", HEADER, OCTOBER), "oct.csv")
    return space.set_mapping(added.id, answered(added.mapping))


def answered(mapping):
    mapping = mapping.with_grain("campaigns")
    for item in mapping.columns:
        mapping = mapping.with_field(item.column, FIELDS.get(item.column))
    return mapping


def test_the_next_month_is_mapped_with_no_question_but_the_new_columns(space, tmp_path):
    first = october(space, tmp_path)
    space.templates.save("Monthly report", first.table, first.mapping)
    header = "Raus;Neu;Wann;GELESEN ;Aktion;Stand"
    rows = ["900;x;04.11.2026;210;Nebel;ok", "800;y;05.11.2026;190;Regen;ok"]
    (second,) = space.add(written(tmp_path, "nov.csv", header, rows), "nov.csv")
    asked = [item.name for item in second.mapping.columns if item.level != "sure"]
    assert asked == ["Neu", "Stand"]
    assert second.mapping.applied.name == "Monthly report"
    assert second.mapping.applied.missing == ("Notiz",)
    assert second.mapping.applied.lost == ()
    with space.engine() as engine:
        (rate,) = compute(engine, ["open_rate"]).values
    assert (rate.value, rate.n) == (pytest.approx(1010 / 4000), 4000)
    # What was said of a data set is there after a restart.
    (_, kept) = Workspace(space.folder).datasets()
    assert kept.mapping.applied == second.mapping.applied


def test_a_template_travels_to_another_workspace(space, tmp_path):
    first = october(space, tmp_path)
    kept = space.templates.save("Отчёт", first.table, first.mapping)
    other = Workspace(tmp_path / "other")
    imported = other.templates.add(space.templates.export(kept.id), "t.json")
    assert imported.template == kept.template
    (added,) = other.add(written(tmp_path, "nov.csv", HEADER, NOVEMBER), "nov.csv")
    assert (added.mapping.level, added.mapping.why.code) == ("sure", "template")
    # The same one again changes nothing; another of its name gets a number.
    assert other.templates.add(space.templates.export(kept.id)).id == imported.id
    space.templates.save("Отчёт", first.table, first.mapping.with_field(4, "segment"))
    assert other.templates.add(space.templates.export(kept.id)).template.name == "Отчёт (2)"
    assert [item.template.name for item in other.templates.named()] == ["Отчёт", "Отчёт (2)"]


def test_saving_under_a_name_again_takes_its_place(space, tmp_path):
    first = october(space, tmp_path)
    kept = space.templates.save("Monthly", first.table, first.mapping)
    again = space.templates.save(" MONTHLY ", first.table, first.mapping.with_field(4, "segment"))
    assert again.id == kept.id
    (only,) = space.templates.all()
    assert only.template.columns[4].field == "segment"


def test_templates_are_renamed_and_removed(space, tmp_path):
    first = october(space, tmp_path)
    one = space.templates.save("One", first.table, first.mapping)
    space.templates.save("Two", first.table, first.mapping)
    assert space.templates.rename(one.id, "  Uno\n\t ").template.name == "Uno"
    for name, code in (("two", "template_name_taken"), (" \u200b ", "template_name")):
        with pytest.raises(InputError) as caught:
            space.templates.rename(one.id, name)
        assert caught.value.code == code
    space.templates.remove(one.id)
    assert [item.template.name for item in space.templates.named()] == ["Two"]
    for call in (space.templates.remove, space.templates.export):
        with pytest.raises(NotFoundError, match="unknown_template"):
            call(one.id)


def test_removing_the_data_leaves_the_templates(space, tmp_path):
    first = october(space, tmp_path)
    space.templates.save("Monthly", first.table, first.mapping)
    space.remove(first.id)
    (added,) = space.add(written(tmp_path, "nov.csv", HEADER, NOVEMBER), "nov.csv")
    assert added.mapping.applied.name == "Monthly"


def test_a_correction_confirmed_later_wins_over_the_template(space, tmp_path):
    first = october(space, tmp_path)
    space.templates.save("Monthly", first.table, first.mapping)
    space.set_mapping(first.id, first.mapping.with_field(2, "delivered"))
    (added,) = space.add(written(tmp_path, "nov.csv", HEADER, NOVEMBER), "nov.csv")
    assert added.mapping.by_position[2] == "delivered"
    assert (added.mapping.level, added.mapping.why.code) == ("sure", "remembered")
    # Saved under the name, it is the template's again, and stands once.
    space.templates.save("Monthly", added.table, added.mapping)
    assert len(space.templates.all()) == 1


def test_a_known_systems_file_is_left_to_recognition_until_somebody_answers(space, tmp_path):
    header = "Date,Update,Service,Service Link,Type,Impressions,Reach,Likes,Comments,Shares"
    rows = ["2026-10-02T08:00:00Z,Read it,twitter,https://x.com/a,text,800,700,15,4,6"]
    (added,) = space.add(written(tmp_path, "a.csv", header, rows), "a.csv")
    assert added.mapping.system == "Buffer"
    space.templates.save("Unanswered", added.table, added.mapping)
    (again,) = space.add(written(tmp_path, "b.csv", header, [*rows, *rows]), "b.csv")
    assert again.mapping.applied is None
    space.set_mapping(again.id, again.mapping.with_field(1, "campaign_name"))
    more = header + ",Clicks"
    (third,) = space.add(written(tmp_path, "c.csv", more, [f"{rows[0]},4"]), "c.csv")
    assert third.mapping.by_position[1] == "campaign_name"
    # Of a new column the system's own meaning is suggested, and asked.
    new = third.mapping.columns[10]
    assert (new.field, new.level, new.why.code) == ("clicks", "ask", "template_new")


def test_mappings_that_an_earlier_version_remembered_are_read_on(space, tmp_path):
    first = october(space, tmp_path)
    (kept,) = space.templates.all()
    space.templates.remove(kept.id)
    earlier = space.folder / "mappings"
    earlier.mkdir()
    old = to_plain(first.mapping)
    del old["applied"]
    (earlier / "0123456789abcdef0123.json").write_text(json.dumps(old), encoding="utf-8")
    (earlier / "broken.json").write_text("{", encoding="utf-8")
    os.utime(earlier / "0123456789abcdef0123.json", (1_750_000_000, 1_750_000_000))
    fresh = Workspace(space.folder)
    (added,) = fresh.add(written(tmp_path, "nov.csv", HEADER, NOVEMBER), "nov.csv")
    assert (added.mapping.level, added.mapping.why.code) == ("sure", "remembered")
    assert added.mapping.why.params["saved"] == "2025-06-15"
    assert [path.name for path in earlier.iterdir()] == ["broken.json"]


def test_sheets_with_one_header_keep_each_their_own_meaning(space, tmp_path):
    def book(name: str, month: int, *titles: str) -> Path:
        made = openpyxl.Workbook()
        made.remove(made.active)
        for title in titles:
            sheet = made.create_sheet(title)
            sheet.append(["Wann", "Aktion", "Raus"])
            for day in range(3, 9):
                sheet.append([date(2026, month, day), f"{title} {day}", 1000 + day])
        made.save(tmp_path / name)
        return tmp_path / name

    added = space.add(book("oct.xlsx", 10, "Mail", "Texts"), "oct.xlsx")
    for item, channel in zip(added, ("email", "sms"), strict=True):
        space.set_mapping(item.id, replace(answered(item.mapping), constants={"channel": channel}))
    *known, new = space.add(book("nov.xlsx", 11, "Mail", "Texts", "Push"), "nov.xlsx")
    assert [item.mapping.constants["channel"] for item in known] == ["email", "sms"]
    assert [item.mapping.level for item in known] == ["sure", "sure"]
    # A sheet that neither was made for takes over only what both say.
    assert "channel" not in new.mapping.constants
    assert (new.mapping.level, new.mapping.why.code) == ("ask", "template_tie")


def test_a_damaged_template_stops_nothing(space, tmp_path):
    first = october(space, tmp_path)
    kept = space.templates.save("Monthly", first.table, first.mapping)
    (space.folder / "templates" / "junk.json").write_bytes(b'{"saved": 1, "template": [[]]}')
    (space.folder / "templates" / "none.json").write_bytes(b"\xff")
    assert [item.id for item in space.templates.all()] == [kept.id]


def test_leaving_a_table_out_and_taking_it_back_confirms_nothing(space, tmp_path):
    header, rows = (
        "Date;Campaign;Emails sent;Opens",
        ["2026-10-03;a;1200;300", "2026-10-04;b;1300;9"],
    )
    (first,) = space.add(written(tmp_path, "a.csv", header, rows), "a.csv")
    guessed = [item.level for item in first.mapping.columns]
    assert "likely" in guessed
    for out in (True, False):
        space.set_mapping(first.id, replace(first.mapping, left_out=out))
    (second,) = space.add(written(tmp_path, "b.csv", header, rows[1:]), "b.csv")
    assert (second.mapping.left_out, second.mapping.applied) == (False, None)
    assert [item.level for item in second.mapping.columns] == guessed


def test_a_guess_is_not_confirmed_by_an_answer_about_another_column(space, tmp_path):
    header = "Date;Campaign;Emails sent;Opens;Foo"
    (added,) = space.add(
        written(tmp_path, "a.csv", header, ["2026-10-03;a;1200;300;x", "2026-10-04;b;1300;320;y"]),
        "a.csv",
    )
    guessed = {item.name for item in added.mapping.columns if item.level == "likely"}
    assert guessed
    space.set_mapping(added.id, added.mapping.with_field(4, "segment"))
    (again,) = space.add(
        written(tmp_path, "b.csv", header, ["2026-11-03;a;1100;200;x", "2026-11-04;b;1200;220;y"]),
        "b.csv",
    )
    assert {item.name for item in again.mapping.columns if item.level == "likely"} == guessed
    assert again.mapping.by_position[4] == "segment"
