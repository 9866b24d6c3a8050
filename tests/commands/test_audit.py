"""The audit on the command line: one document, a list of rows, an exit code when asked."""

from __future__ import annotations

import json

import pytest

from tests.audit.made_private import readable, write_private

ROWS = """Contact ID,First Name,Last Name,Email,Phone Number,Create Date,Last Activity Date
1,Anna,Ivanova,anna@example.com,,2024-01-10,2024-02-01
2,Ivan,Petrov,ivan@example.com,,2026-02-10,2026-05-01
3,Olga,Orlova,olga@example.com,+79031112233,2026-06-11,2026-06-12
4,Oleg,Serov,oleg@example.com,+79031112244,2026-06-12,2026-06-13
"""


@pytest.fixture
def contacts(tmp_path):
    path = tmp_path / "contacts.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


def test_an_audit_is_one_document(run, contacts):
    ran = run("audit", contacts, "--grain", "contacts", "--json", "--lang", "en")
    assert ran.code == 0
    told = json.loads(ran.out)
    assert told["today"] == "2026-06-13"
    by_check = {one["check"]: one for one in told["findings"]}
    phones = by_check["phone_missing"]
    assert (phones["count"], phones["base"], phones["severity"]) == (2, 4, 1)
    assert phones["examples"][0]["file"] == "contacts.csv"
    assert phones["examples"][0]["line"] == "2"
    assert phones["recommendation"]
    assert (by_check["stale_contact"]["count"], by_check["stale_contact"]["numbers"]) == (
        1,
        {"stale_days": 365},
    )
    assert "email_missing" in {one["check"] for one in told["passed"]}
    assert 0 < told["score"] < 100
    assert "anna@example.com" not in ran.out


def test_thresholds_the_list_and_the_exit_code(run, contacts, tmp_path):
    out = tmp_path / "fix.csv"
    asked = ("audit", contacts, "--grain", "contacts", "--lang", "ru", "--out", out)
    stale = ("--threshold", "stale_days=40", "--list", "stale_contact", "--fail-on", "1")
    ran = run(*asked, *stale)
    assert ran.code == 3
    assert "Заброшенный контакт — 2 из 4 контактов" in ran.out
    listed = out.read_text(encoding="utf-8-sig")
    assert len(listed.splitlines()) == 3
    assert "contacts.csv" in listed
    assert "anna@example.com" not in listed + ran.out
    whole = ("--off", "phone_missing", "--list", "stale_contact", "--unmasked", "--fail-on", "1")
    assert run(*asked, *whole).code == 0
    assert "anna@example.com" in out.read_text(encoding="utf-8-sig")
    assert run(*asked, "--list", "email_missing").code == 1


def test_a_check_that_found_nothing_says_what_it_did_not_compare(run, tmp_path):
    path = tmp_path / "contacts.csv"
    rows = "".join(f"{one},Olga,Orlova,+79031112233\n" for one in range(12))
    path.write_text(f"Contact ID,First Name,Last Name,Phone Number\n{rows}", encoding="utf-8")
    asked = ("audit", path, "--grain", "contacts", "--threshold", "duplicate_block=10")
    said = "12 contacts were not compared by a value that too many share."
    assert f"- Duplicates by name: {said}" in run(*asked, "--lang", "en").out
    passed = json.loads(run(*asked, "--json").out)["passed"]
    (fuzzy,) = (one for one in passed if one["check"] == "dup_fuzzy")
    assert fuzzy["numbers"]["skipped"] == 12


def test_values_are_held_against_lists(run, tmp_path):
    deals, stages = tmp_path / "deals.csv", tmp_path / "stages.txt"
    rows = "1,New,web\n2,new,shop\n3,Neww,phone\n4,Won,web\n"
    deals.write_text(f"Deal ID,Deal Stage,Lead Source\n{rows}", encoding="utf-8")
    stages.write_text("\ufeffNEW\n\nWon\n", encoding="utf-8")
    lists = ("--allowed", f"stage={stages}", "--allowed", "source=web; shop")
    ran = run("audit", deals, "--grain", "deals", "--json", *lists)
    told = json.loads(ran.out)
    found = {one["scope"]: one for one in told["findings"] if one["check"] == "value_not_in_list"}
    assert {scope: (one["count"], one["base"]) for scope, one in found.items()} == {
        "deals:stage": (1, 4),
        "deals:source": (1, 4),
    }
    ran = run("audit", deals, "--grain", "deals", "--lang", "en")
    assert "--allowed" in ran.out


def test_lists_of_another_encoding_of_any_length_and_in_several_parts(run, tmp_path):
    deals, stages = tmp_path / "deals.csv", tmp_path / "stages.txt"
    rows = "1,Новая\n2,В работе\n3,Отгрузка\n4,Лишняя\n"
    deals.write_text(f"Deal ID,Deal Stage\n{rows}", encoding="utf-8")
    stages.write_bytes("Новая\r\nВ работе\r\n".encode("cp1251"))
    many = ";".join(["Отгрузка", *(f"Этап номер {number}" for number in range(90))])
    lists = ("--allowed", f"stage={stages}", "--allowed", f"stage={many}")
    ran = run("audit", deals, "--grain", "deals", "--json", *lists)
    told = [one for one in json.loads(ran.out)["findings"] if one["check"] == "value_not_in_list"]
    assert [(one["count"], one["base"], one["examples"][0]["value"]) for one in told] == [
        (1, 4, "Лишняя")
    ]
    stages.write_bytes(b"x" * 1024**2 + b"y")
    ran = run("audit", deals, "--grain", "deals", "--allowed", f"stage={stages}", "--lang", "en")
    assert (ran.code, ran.out) == (1, "")
    assert "stages.txt is larger than 1 MB" in ran.err


def test_wrong_options_are_told(run, contacts):
    for options in (
        ("--threshold", "stale_days"),
        ("--threshold", "no_such=1"),
        ("--threshold", "stale_days=1"),
        ("--off", "no_such"),
        ("--today", "9999-12-31"),
        ("--today", "0001-01-05"),
        ("--allowed", "city="),
        ("--allowed", "email=a@x.ru"),
        ("--list", "phone_missing"),
    ):
        ran = run("audit", contacts, "--grain", "contacts", *options)
        assert (ran.code, ran.out) == (2, ""), options


def test_an_audit_is_held_against_an_earlier_one(run, contacts, tmp_path):
    asked = ("audit", contacts, "--grain", "contacts", "--lang", "en")
    first = tmp_path / "first.json"
    ran = run(*asked, "--save", first, "--goal", "Call every lead")
    assert ran.code == 0
    assert "The audit is incomplete: no customer voice" in ran.out
    assert "no goal is stated" not in ran.out
    assert "@example.com" not in first.read_text(encoding="utf-8")
    forged = tmp_path / "forged.json"
    kept = json.loads(first.read_text(encoding="utf-8"))
    forged.write_text(json.dumps(kept | {"today": "9999-12-31"}), encoding="utf-8")
    ran = run(*asked, "--against", forged)
    assert (ran.code, ran.out) == (1, "")
    assert "forged.json" in ran.err
    later = ROWS.replace("anna@example.com,,", "anna@example.com,+79031112255,")
    more = "5,Vera,Lis,vera@example.com,,2026-12-01,2026-12-01\n"
    contacts.write_text(later + more, encoding="utf-8")
    ran = run(*asked, "--against", first)
    assert "No phone: was 2 of 4 (50.0%), is 2 of 5 (40.0%)." in ran.out
    assert "among new records 1 of 1" in ran.out
    told = json.loads(run(*asked, "--against", first, "--json").out)["against"]
    assert told["before"] == "2026-06-13"
    assert told["next_audit"] == "2027-06-01"
    (phones,) = (one for one in told["moved"] if one["check"] == "phone_missing")
    assert (phones["outcome"], phones["backlog"]["count"], phones["inflow"]["count"]) == (
        "persisting",
        1,
        1,
    )


def test_what_is_printed_tells_of_nobody(run, tmp_path):
    files, out = write_private(tmp_path / "files")[:2], tmp_path / "list.csv"
    plain = run("audit", *files, "--lang", "ru", "--list", "dup_exact_email", "--out", out)
    document = run("audit", *files, "--lang", "en", "--json")
    assert (plain.code, document.code) == (0, 0)
    assert "s***@hidden-" in document.out
    for said in (*plain[1:], *document[1:], out.read_text(encoding="utf-8-sig")):
        assert readable(said) == set()


def test_a_list_of_what_was_not_asked_is_no_list_of_nothing(run, contacts, tmp_path):
    asked = ("audit", contacts, "--grain", "contacts", "--lang", "en", "--out", tmp_path / "l.csv")
    unknown = run(*asked, "--list", "phone_mising")
    assert (unknown.code, "no check “phone_mising”" in unknown.err) == (2, True)
    lacking = run(*asked, "--list", "owner_missing")
    assert (lacking.code, "was not asked of these data" in lacking.err) == (1, True)
    clean = run(*asked, "--list", "email_missing")
    assert (clean.code, "found nothing here" in clean.err) == (1, True)


def test_data_without_checks_are_not_called_clean(run, tmp_path):
    spend = tmp_path / "spend.csv"
    spend.write_text("Date,Campaign,Cost,Clicks,Impressions\n2026-01-01,a,10.5,7,900\n")
    ran = run("audit", spend, "--lang", "en")
    assert "No check was asked of these data" in ran.out
    assert "found nothing" not in ran.out


def test_rows_and_new_records_are_told_where_they_count(run, contacts, tmp_path):
    newer = tmp_path / "newer.csv"
    newer.write_text(
        f"{ROWS}5,Ilya,Lavrov,ilya@example.com,,2026-06-13,2026-06-13\n", encoding="utf-8"
    )
    ran = run("audit", contacts, newer, "--lang", "en", "--since", "2026-06-14")
    assert "Contacts — 5." in ran.out
    assert "No phone — 3 of 5" in ran.out
    assert "0 of 0" not in ran.out


def test_columns_are_guessed_for_the_rows_that_they_are_said_to_be(run, tmp_path):
    staff = tmp_path / "staff.csv"
    staff.write_text(
        "Сотрудник;Email;Активен\nАнна;anna@firm.example;да\nОлег;oleg@firm.example;нет\n",
        encoding="utf-8",
    )
    (table,) = json.loads(run("inspect", staff, "--grain", "staff", "--json").out)["tables"]
    assert [one["field"] for one in table["columns"]] == ["full_name", "email", "is_active"]
    assert json.loads(run("audit", staff, "--grain", "staff", "--json").out)["rows"] == {"staff": 2}
