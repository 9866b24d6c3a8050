"""`segment` and `metrics --segment`: people by rules, and numbers of theirs alone."""

from __future__ import annotations

import csv

from openpyxl import load_workbook

from tests.conftest import SAMPLES

RULES = """
[[segments]]
name = "Loyal"
[[segments.rules]]
grain = "orders"
field = "rows"
measure = "count"
operator = "at_least"
values = 3

[[segments]]
name = "Nobody"
[[segments.rules]]
grain = "contacts"
field = "city"
operator = "is"
values = "Тула"
"""
ORDERS = SAMPLES / "orders.csv"


def test_the_people_of_rules_are_counted_listed_and_filtered_by(run, tmp_path):
    rules, out = tmp_path / "mine.toml", tmp_path / "list.csv"
    rules.write_text(RULES, encoding="utf-8")
    asked = ("segment", ORDERS, SAMPLES / "mailchimp_campaigns.csv", "--rules", rules)
    ran = run(*asked, "--name", "Loyal", "--out", out, "--lang", "en", "--json")
    told = ran.document
    with ORDERS.open(encoding="utf-8-sig") as file:
        lines = list(csv.reader(file, delimiter=";"))[1:]
    assert (told["segment"], told["match"], told["outside"]) == ("Loyal", "all", ["campaigns"])
    assert told["rules"][0]["after"] == told["people"] > 100
    assert told["of"] == len({line[2] for line in lines})
    with out.open(encoding="utf-8-sig") as file:
        listed = list(csv.DictReader(file))
    assert len(listed) == told["people"]
    assert min(int(row["Orders"]) for row in listed) == 3
    (row,) = run(
        "metrics", ORDERS, "--segment", f"{rules}:Loyal", "--metric", "orders", "--json"
    ).document["rows"]
    assert row["value"] == sum(int(row["Orders"]) for row in listed)
    said = run(*asked, "--name", "Loyal", "--lang", "ru").out
    assert "Заказы: количество — не меньше 3" in said
    assert "рассылки" in said


def test_what_no_segment_can_be_made_of_is_said(run, tmp_path):
    rules = tmp_path / "mine.toml"
    rules.write_text(RULES, encoding="utf-8")
    mail = SAMPLES / "mailchimp_campaigns.csv"
    ran = run("metrics", ORDERS, "--segment", rules, "--lang", "en")
    assert (ran.code, "Loyal, Nobody" in ran.err) == (1, True)
    ran = run("metrics", mail, "--segment", f"{rules}:Loyal", "--lang", "en")
    assert (ran.code, "customer ID, e-mail or phone" in ran.err) == (1, True)
    ran = run("metrics", ORDERS, "--segment", tmp_path / "none.json", "--lang", "en")
    assert (ran.code, "none.json" in ran.err) == (1, True)
    ran = run(
        "metrics", ORDERS, "--segment", f"{rules}:Nobody", "--metric", "orders", "--lang", "en"
    )
    assert ran.code == 0
    assert "there are no rows of this kind" in ran.err


def test_the_workbook_names_the_segment_and_its_rules(run, tmp_path):
    rules, out = tmp_path / "mine.toml", tmp_path / "out.xlsx"
    rules.write_text(RULES, encoding="utf-8")
    ran = run("report", ORDERS, "--segment", f"{rules}:Loyal", "--out", out, "--lang", "en")
    assert ran.code == 0
    rows = (row for sheet in load_workbook(out) for row in sheet)
    cells = [str(cell.value) for row in rows for cell in row]
    named = [text for text in cells if "Loyal: Orders: number at least 3" in text]
    assert len(named) >= 2  # among the filters, and what to keep in mind
