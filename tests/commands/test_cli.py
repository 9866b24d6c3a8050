"""The contract of the command line: exit codes, one document, one sentence."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from openpyxl import Workbook
from scipy import stats

from tests.conftest import DATA, SAMPLES

PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452") + bytes(200)
PAGE = re.compile("Columns page|Столбцы»|below|ниже|“Goals”|«Цели»")
PROSE = "\n".join(["Dear team, this is a letter and no table at all."] * 10)


@pytest.mark.parametrize(
    "arguments",
    [
        ("metrics", DATA / "saas_deals.csv", "--metric", "no_such_metric"),
        ("metrics", DATA / "saas_deals.csv", "--metric", "average check"),
        ("metrics", DATA / "saas_deals.csv", "--metric", "LTV"),
        ("metrics", DATA / "saas_deals.csv", "--map", "nonsense"),
        ("metrics", DATA / "saas_deals.csv", "--map", "Stage=no_such_field"),
        ("inspect", DATA / "saas_deals.csv", "--grain", "no_such_grain"),
        ("report", DATA / "saas_deals.csv", "--out", "findings.docx"),
        ("abtest", SAMPLES / "ab_push_text.csv", "--variant", "Variant", "--success", "Clicked",
         "--split", "half"),
        ("abtest", SAMPLES / "ab_push_text.csv"),
        ("abtest", SAMPLES / "ab_push_text.csv", "--variant", "Variant", "--success", "Clicked>x"),
        ("plan", "--baseline", "2", "--lift", "0.2"),
        ("plan", "--baseline", "0.2", "--lift", "nan"),
        ("plan", "--baseline", "0.2", "--n", "1"),
        ("plan", "--baseline", "0.2"),
        ("no_such_command",),
    ],
    ids=lambda arguments: " ".join(str(part) for part in arguments[-2:]),
)  # fmt: skip
def test_wrong_usage_exits_2(run, arguments):
    ran = run(*arguments)
    assert ran.code == 2
    assert ran.out == ""
    assert ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_a_command_names_its_options_and_no_page(run, tmp_path, lang):
    ran = run("customers", DATA / "saas_deals.csv", "--lang", lang)
    assert "--stages" in ran.out
    assert not PAGE.search(ran.out)
    bare = tmp_path / "orders.csv"
    bare.write_text("1;2;3\nA17;20260102;10.5\nB18;20260107;9.9\n", encoding="utf-8")
    for arguments, option in (((), "--grain orders"), (("--grain", "orders"), "--map")):
        ran = run("customers", bare, *arguments, "--lang", lang)
        assert ran.code == 1
        assert option in ran.err
        assert not PAGE.search(ran.err)


@pytest.mark.parametrize("lang", ["ru", "en"])
@pytest.mark.parametrize(
    "content",
    [b"", PNG, PROSE.encode(), b"Title,Subject,Send Date\n"],
    ids=["empty", "picture", "prose", "only headers"],
)
def test_an_unusable_file_exits_1_with_one_sentence(run, tmp_path, content, lang):
    path = tmp_path / "export.csv"
    path.write_bytes(content)
    ran = run("inspect", path, "--json", "--lang", lang)
    assert ran.code == 1
    assert ran.out == ""
    assert len(ran.err.strip().splitlines()) == 1
    assert any("а" <= letter <= "я" for letter in ran.err.lower()) == (lang == "ru")


def test_a_missing_file_is_said(run, tmp_path):
    ran = run("metrics", tmp_path / "gone.csv", "--json", "--lang", "en")
    assert (ran.code, "gone.csv" in ran.err) == (1, True)


def test_a_missing_column_is_said(run):
    ran = run("metrics", DATA / "saas_deals.csv", "--map", "Nope=stage", "--lang", "en")
    assert (ran.code, "Nope" in ran.err) == (1, True)


def test_inspect_of_a_known_export(run):
    document = run("inspect", SAMPLES / "mailchimp_campaigns.csv", "--json").document
    assert set(document) == {"file", "sha256", "tables"}
    table = document["tables"][0]
    assert table["system"] == "Mailchimp"
    assert table["grain"] == "campaigns"
    assert table["level"] == "sure"
    assert table["period"] == ["2026-04-03", "2026-09-29"]
    assert set(table["set_aside"]) == {
        "header", "preamble", "blank", "total", "footer", "continuation", "other"
    }  # fmt: skip
    assert set(table["columns"][0]) == {"name", "field", "kind", "level", "why", "failed"}


def test_inspect_hides_people_in_examples(run, tmp_path):
    file = tmp_path / "list.csv"
    rows = "".join(f"2024-01-{day:02d},ann{day}@example.com,1\n" for day in range(1, 20))
    file.write_text(f"date,email,opened\n{rows}2024-01-20,bob@example.com,1,0,0\n")
    (issue,) = run("inspect", file, "--json").document["tables"][0]["issues"]
    assert issue["count"] == 1
    assert "b***@example.com" in issue["examples"][0]
    assert "bob@" not in issue["examples"][0]


def test_inspect_names_fields_and_what_is_not_clear_in_words(run, tmp_path):
    (tmp_path / "deals.csv").write_text(
        "ID сделки,Этап сделки,Сумма\n1,Новая,10\n2,Успешно реализовано,20\n"
    )
    out = run("inspect", tmp_path / "deals.csv", "--lang", "ru").out
    assert "(Статус)" in out
    assert "строк 3, из них записей 2" in out
    (tmp_path / "list.csv").write_text("ааа,ббб\nввв,ггг\nддд,еее\n")
    out = run("inspect", tmp_path / "list.csv", "--lang", "ru").out
    assert "в строках — Пока неясно" in out
    assert "?" not in out


def test_inspect_shows_the_cells_that_it_could_not_read(run, tmp_path):
    file = tmp_path / "orders.csv"
    amounts = [*map(str, range(10, 40)), "ten", "anna@example.com", "ten", "n/a"]
    rows = "".join(f"{n},2026-03-05,{amount}\n" for n, amount in enumerate(amounts))
    file.write_text(f"Order ID,Date,Order total\n{rows}")
    (table,) = run("inspect", file, "--json").document["tables"]
    found = {column["name"]: column for column in table["columns"]}
    assert found["Order ID"]["failed"] == 0
    amount = found["Order total"]
    assert (amount["failed"], amount["filled"]) == (3, 33)
    assert amount["failed_forms"] == [
        {"text": "ten", "count": 2},
        {"text": "a***@example.com", "count": 1},
    ]
    assert {"code": "cells_failed", "count": 3, "examples": ["Order total"]} in table["issues"]


def test_metrics_say_what_is_missing(run):
    document = run(
        "metrics", SAMPLES / "orders.csv", "--metric", "aov", "--metric", "Open rate", "--json"
    ).document
    assert [row["metric"] for row in document["rows"]] == ["aov"]
    assert {entry["metric"] for entry in document["missing"]} == {"open_rate"}
    assert document["missing"][0]["needs"]


def test_unmapping_a_column_takes_its_metrics_away(run):
    with_clicks = run(
        "metrics", SAMPLES / "mailchimp_campaigns.csv", "--metric", "click_rate", "--json"
    )
    without = run(
        "metrics", SAMPLES / "mailchimp_campaigns.csv", "--map", "Unique Clicks=",
        "--map", "Click Rate=", "--metric", "click_rate", "--json",
    )  # fmt: skip
    assert len(with_clicks.document["rows"]) == 1
    assert without.document["rows"] == []


def test_a_test_with_a_winner_and_one_without(run, tmp_path):
    winner = run(
        "abtest", SAMPLES / "ab_push_text.csv", "--variant", "Variant", "--success", "Clicked",
        "--control", "A", "--split", "50:50", "--json", "--lang", "en",
        "--finding", tmp_path / "kept.html", "--dated", "2026-10-01",
    ).document  # fmt: skip
    again = run("recheck", tmp_path / "kept.html", "--lang", "en")
    assert (again.code, again.out.splitlines()[0]) == (0, winner["sentence"])
    page = (tmp_path / "kept.html").read_text("utf-8")
    (tmp_path / "kept.html").write_text(
        page.replace('"code": "WINNER"', '"code": "WORSE"'), "utf-8"
    )
    assert run("recheck", tmp_path / "kept.html", "--json").code == 1
    assert winner["code"] == "WINNER"
    comparison = winner["comparisons"][0]
    assert comparison["difference_low"] > 0
    assert comparison["pvalue"] < 0.05
    none = run(
        "abtest", SAMPLES / "ab_sms_sender.csv", "--variant", "Variant", "--success", "Clicked",
        "--json",
    ).document  # fmt: skip
    assert none["code"] in {"NO_CLEAR", "PROMISING"}
    assert none["comparisons"][0]["difference_low"] < 0 < none["comparisons"][0]["difference_high"]


def test_a_test_of_several_metrics_with_all_that_stands_beside(run):
    push = SAMPLES / "ab_push_text.csv"
    asked = ("abtest", push, "--variant", "Variant", "--success", "Clicked", "--unit",
             "Subscriber ID", "--secondary", "Converted", "--guardrail", "mean:Revenue, RUB@50%",
             "--segment", "Campaign", "--rest", "200000", "--smallest", "0.5pp",
             "--value-each", "10", "--currency", "RUB")  # fmt: skip
    found = run(*asked, "--json", "--lang", "en").document
    assert found["code"] == "WINNER"
    assert [item["role"] for item in found["others"]] == ["secondary", "guardrail"]
    assert found["others"][1]["standings"] == ["kept"]
    item = found["comparisons"][0]
    assert found["rest"]["rest_low"] == pytest.approx(200_000 * item["difference_low"])
    assert found["rest"]["money_gain"] == pytest.approx(2_000_000 * item["difference"])
    assert "2,600 more" in found["next_step"]
    said = run(*asked, "--lang", "ru").out
    assert "не видно, чтобы «B» был хуже допустимого" in said
    by_metric = run(
        "abtest", push, "--variant", "Variant", "--metric", "click_rate", "--guardrail",
        "conversion_rate@5%", "--json", "--lang", "en",
    ).document  # fmt: skip
    assert by_metric["code"] == "WINNER_BUT"


def test_a_metric_beside_is_told_of_the_version_that_the_verdict_speaks_of(run, tmp_path):
    hits = {"A": (100, 90), "B": (110, 40), "C": (190, 88)}
    rows = [
        f"{arm},{int(i < clicks)},{int(i < buys)}"
        for arm, (clicks, buys) in hits.items()
        for i in range(1000)
    ]
    file = tmp_path / "three.csv"
    file.write_text("\n".join(["variant,clicked,bought", *rows]), encoding="utf-8")
    asked = ("abtest", file, "--variant", "variant", "--success", "clicked", "--secondary",
             "bought", "--lang", "en")  # fmt: skip
    document = run(*asked, "--json").document
    assert document["sentence"].startswith("C ")
    (other,) = document["others"]
    assert other["standings"] == ["worse", "open"]
    assert other["sentence"] in run(*asked).out.splitlines()
    assert "B" not in other["sentence"].split()


def test_a_person_with_several_rows_counts_once_where_a_column_names_people(run, tmp_path):
    people = [(f"p{i}@example.com", "AB"[i % 2], i % 7 == 0) for i in range(600)]
    rows = [f"{email},{arm},{int(hit)}" for email, arm, hit in people for _ in range(1 + hit)]
    file = tmp_path / "rows.csv"
    file.write_text("\n".join(["email,variant,clicked", *rows]), encoding="utf-8")
    asked = ("abtest", file, "--variant", "variant", "--success", "clicked", "--json")
    sizes = {}
    for options in ((), ("--unit", "email"), ("--each-row",)):
        document = run(*asked, *options).document
        sizes[options] = [(arm["n"], arm["successes"]) for arm in document["arms"]]
    hits = [sum(hit for _, arm, hit in people if arm == name) for name in "AB"]
    assert sizes[()] == sizes["--unit", "email"] == [(300, hit) for hit in hits]
    assert sizes[("--each-row",)] == [(300 + hit, 2 * hit) for hit in hits]


def test_typed_counts_need_no_file(run):
    """The counts that the widely copied demo calls a winner: p = 0.118, two-sided."""
    typed = ("abtest", "--arm", "A=80/1000", "--arm", "B=100/1000", "--lang", "en")
    found = run(*typed, "--json").document
    assert found["comparisons"][0]["pvalue"] == pytest.approx(0.118125, abs=1e-6)
    assert found["code"] == "PROMISING"
    # What could not be checked is said in the terminal too.
    unchecked = [gate["detail"] for gate in found["gates"] if gate["status"] == "not_checked"]
    assert len(unchecked) >= 2
    assert set(unchecked) <= set(run(*typed).out.splitlines())
    assert "p = 0.1181" in run(*typed).out.replace("\u00a0", " ")
    means = run("abtest", "--arm", "A=5~4/900", "--arm", "B=5.6~4.2/950", "--json").document
    expected = stats.ttest_ind_from_stats(5.6, 4.2, 950, 5, 4, 900, equal_var=False)
    assert means["comparisons"][0]["pvalue"] == pytest.approx(expected.pvalue)
    for wrong in (("--arm", "A=80"), ("--arm", "A=8.5/1000"), ()):
        assert run("abtest", *wrong).code == 2
    assert run(*typed, "--smallest", "much").code == 2


def test_a_test_from_the_mapping(run):
    by_metric = run(
        "abtest", SAMPLES / "ab_push_text.csv", "--variant", "Variant", "--metric", "click_rate",
        "--control", "A", "--json",
    ).document  # fmt: skip
    assert [(arm["name"], arm["n"]) for arm in by_metric["arms"]] == [("A", 8856), ("B", 8867)]


def test_a_plan_agrees_with_r(run):
    """R 4.4: power.prop.test(p1=.2, p2=.25, power=.8) gives n = 1093.739 an arm."""
    planned = run("plan", "--baseline", "0.2", "--lift", "0.25", "--json").document
    assert planned["n"] == 1094
    assert planned["total"] == 2188


def test_a_plan_is_kept_and_a_test_is_held_to_it(run, tmp_path):
    kept = tmp_path / "plan.json"
    means = run("plan", "--mean", "1", "--deviation", "1", "--lift", "1", "--power", ".9", "--json")
    assert means.document["n"] == 23
    said = run(
        "plan", "--baseline", "0.03", "--lift", "0.2", "--volume", "5000", "--save", kept,
        "--metric", "Clicked", "--made", "2026-09-01", "--guardrail", "Unsubscribed=0.001",
    )  # fmt: skip
    assert "whole weeks: 1" in said.out
    asked = ("abtest", SAMPLES / "ab_push_text.csv", "--variant", "Variant", "--success", "Clicked")
    held = run(*asked, "--plan", kept, "--split", "60:40", "--json").document
    early, unguarded, split = (gate["detail"] for gate in held["gates"] if gate["gate"] == "plan")
    assert "9,000 of 13,914 in a version" in early
    assert "Unsubscribed" in unguarded
    assert "as 1 : 1, not as 60 : 40" in split
    assert "plan of a test" in run(*asked, "--plan", SAMPLES / "ab_push_text.csv").err
    assert "--deviation" in run("plan", "--lift", "0.2").err


def test_the_module_runs_as_a_program():
    ran = subprocess.run(
        [sys.executable, "-m", "crm_metrics", "--version"], capture_output=True, check=False
    )
    assert ran.returncode == 0


def test_a_sheet_that_says_nothing_is_left_out_and_named(run, tmp_path):
    book = Workbook()
    book.active.title = "Mailings"
    for row in (
        ["Campaign", "Sent", "Delivered", "Unique clicks"],
        ["A", 100, 90, 9],
        ["B", 90, 81, 9],
    ):
        book.active.append(row)
    notes = book.create_sheet("Notes")
    for row in (["a", "b"], [1, 2], [3, 4]):
        notes.append(row)
    book.save(tmp_path / "book.xlsx")
    ran = run("metrics", tmp_path / "book.xlsx", "--metric", "click_rate", "--json", "--lang", "en")
    assert ran.code == 0
    assert ran.document["rows"][0]["value"] == pytest.approx(18 / 171)
    assert "Notes" in ran.err
