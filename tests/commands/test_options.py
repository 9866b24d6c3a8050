"""What the options mean: files, columns with odd names, periods, languages."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from crm_metrics.cli_options import names_in
from crm_metrics.texts import t
from tests.conftest import DATA, SAMPLES
from tests.store.remote.made import warehouse_file

HEADER = ["Order ID", "Date", "Customer", "Total", "City, area", "a=b"]
ROWS = [
    ["1", "2026-05-01", "c1", "10", "Riga", "x"],
    ["2", "2026-05-02", "c2", "20", "Riga", "y"],
    ["3", "2026-05-03", "c3", "40", "Oslo, east", "x"],
]
ORDERS = ("--grain", "orders", "--map", "Order ID=order_id", "--map", "Total=amount")


def written(path: Path, rows: list[list[str]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return path


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    return written(tmp_path / "orders.csv", [HEADER, *ROWS])


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", ()),
        ("channel", ("channel",)),
        ("channel, City, area ,a=b", ("channel", "City, area", "a=b")),
        ("City, area,City, area", ("City, area",)),
        ("City,area", ("City", "area")),
    ],
)
def test_a_name_may_hold_a_comma(text, names):
    assert names_in(text, HEADER) == names


def test_groups_by_a_header_with_a_comma(run, orders):
    rows = run(
        "metrics", orders, *ORDERS, "--metric", "revenue", "--by", "City, area,a=b", "--json"
    ).document["rows"]
    found = {(row["group"]["City, area"], row["group"]["a=b"]): row["value"] for row in rows}
    assert found == {("Riga", "x"): 10, ("Riga", "y"): 20, ("Oslo, east", "x"): 40}


def test_what_could_not_be_read_is_said_beside_its_numbers(run, tmp_path):
    rows = [["1", "2026-05-01", "c1", "10", "", ""], ["2", "2026-05-02", "c2", "ten", "", ""]]
    sparse = written(tmp_path / "orders.csv", [HEADER, *rows])
    asked = ("metrics", sparse, *ORDERS, "--metric", "revenue", "--lang", "en")
    result = run(*asked)
    assert "(Total: 1/2)" in result.err
    assert run(*asked, "--json").document["rows"][0]["value"] == 10


def test_one_of_several_exports_that_fit_is_named(run, tmp_path):
    """The columns that the files of Facebook and Instagram posts share."""
    header = ["Post ID", "Publish time", "Permalink", "Post type", "Data comment", "Reach", "Title"]
    row = ["18", "09/27/2026 18:30", "https://example.com/p/1", "Photos", "", "980", "Spring"]
    posts = written(tmp_path / "posts.csv", [header, row])
    (table,) = run("inspect", posts, "--json").document["tables"]
    assert (table["export"], table["level"]) == (None, "ask")
    rivals = [f"{rival['system']}: {rival['export']}" for rival in table["rivals"]]
    facebook = next(name for name in rivals if "Facebook" in name)
    (table,) = run("inspect", posts, "--export", facebook, "--json").document["tables"]
    assert (f"{table['system']}: {table['export']}", table["rivals"]) == (facebook, [])
    assert {column["name"]: column["field"] for column in table["columns"]}["Title"] == "text"
    refused = run("inspect", posts, "--export", "Meta: Stories")
    assert refused.code == 1
    assert "Meta: Stories" in refused.err


def test_a_column_may_be_unmapped_whatever_its_name(run, orders):
    columns = run("inspect", orders, "--map", "a=b=city", "--json").document["tables"][0]["columns"]
    assert {column["name"]: column["field"] for column in columns}["a=b"] == "city"
    columns = run("inspect", orders, "--map", "a=b=", "--json").document["tables"][0]["columns"]
    assert {column["name"]: column["field"] for column in columns}["a=b"] is None


def test_a_column_of_one_of_two_files(run, orders, tmp_path):
    other = written(tmp_path / "other.csv", [["No", "Day", "Sum"], ["7", "2026-05-04", "100"]])
    asked = ("--grain", "orders", "--metric", "revenue", "--json")
    plain = run("metrics", orders, other, *asked, "--map", "Total=amount", "--map", "Sum=amount")
    named = run(
        "metrics", orders, other, *asked,
        "--map", "orders.csv:Total=amount", "--map", f"{other}:Sum=amount",
    )  # fmt: skip
    assert plain.document["rows"][0]["value"] == named.document["rows"][0]["value"] == 170
    wrong = run("metrics", orders, other, *asked, "--map", "other.csv:Total=amount", "--lang", "en")
    assert (wrong.code, "other.csv" in wrong.err, "Total" in wrong.err) == (1, True, True)


def test_a_period_counts_its_ends_and_must_not_run_backwards(run, orders):
    asked = (orders, *ORDERS, "--map", "Date=created_at")
    row = run(
        "metrics", *asked, "--metric", "revenue", "--json",
        "--from", "2026-05-02", "--to", "2026-05-03",
    ).document["rows"][0]  # fmt: skip
    assert row["value"] == 60
    for command in (("metrics",), ("report", "--out", orders.with_suffix(".xlsx"))):
        ran = run(*command, *asked, "--from", "2026-05-03", "--to", "2026-05-02", "--lang", "ru")
        assert (ran.code, ran.out, len(ran.err.splitlines())) == (2, "", 1)


def test_a_report_that_cannot_be_written_is_said(run, tmp_path):
    out = tmp_path / "no such folder" / "findings.csv"
    ran = run("report", SAMPLES / "orders.csv", "--out", out, "--lang", "en")
    assert (ran.code, ran.out, "findings.csv" in ran.err) == (1, "", True)


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_a_plan_with_looks_is_longer_and_says_so(run, lang):
    asked = ("plan", "--baseline", 0.2, "--lift", 0.25, "--lang", lang)
    said = run(*asked, "--looks", "5").out
    shown = "2.5%" if lang == "en" else "2,5\u00a0%"
    assert t("experiments.plan_longer", lang, count=5, longer=shown) in said
    assert len(run(*asked).out.splitlines()) == 1
    found = run(*asked, "--looks", "5", "--json").document
    assert (found["n"], found["looks"]) == (1121, "5")
    assert found["longer"] == pytest.approx(1.0247, abs=1e-4)
    assert run(*asked, "--looks", "often").code == 2


def test_a_report_takes_the_findings_of_tests(run, tmp_path):
    kept, out, table = (tmp_path / name for name in ("test.html", "r.xlsx", "r.csv"))
    arms = ("--arm", "A=80/1000", "--arm", "B=130/1000")
    for lang in ("en", "ru"):
        assert run("abtest", *arms, "--finding", kept, "--lang", lang).code == 0
        asked = ("report", SAMPLES / "orders.csv", "--finding", kept, "--lang", lang)
        ran = run(*asked, "--out", out)
        assert ran.code == 0, ran.err
        page = openpyxl.load_workbook(out)[t("report.tab.trials", lang)]
        (row,) = page.iter_rows(min_row=5, values_only=True)
        assert row[2:5] == (t("experiments.code.winner", lang), "B", 0.13)
        ran = run(*asked, "--out", table)
        assert (ran.code, table.exists()) == (2, False)
        assert t("error.finding_needs_book", lang) in ran.err


def test_a_report_takes_the_limit_and_who_is_ours(run, tmp_path):
    tickets = SAMPLES / "zendesk_tickets.csv"
    shares = []
    for limit in ("5min", "8h"):
        out = tmp_path / f"{limit}.csv"
        assert run("report", tickets, "--limit", limit, "--out", out, "--lang", "en").code == 0
        shares.append(
            next(line for line in out.read_text().splitlines() if "answered_within" in line)
        )
    assert shares[0] != shares[1]
    ran = run("report", tickets, "--ours", "Nobody", "--out", tmp_path / "o.csv", "--lang", "en")
    assert (ran.code, "Nobody" in ran.err) == (1, True)


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_plain_lines_are_in_the_language(run, lang):
    """Without --json a person reads; every word of ours is in the language asked for."""
    inspected = run("inspect", SAMPLES / "yandex_metrika_sources.csv", "--lang", lang)
    assert (inspected.code, len(inspected.out.splitlines())) == (0, 10)
    assert ("заголовок" in inspected.out, "header" in inspected.out) == (lang == "ru", lang == "en")
    valued = run("metrics", SAMPLES / "orders.csv", "--metric", "aov", "--lang", lang)
    assert (valued.code, " · " in valued.out) == (0, False)
    planned = run("plan", "--baseline", "0.2", "--lift", "0.25", "--lang", lang)
    assert planned.out.replace("\u00a0", "").replace(",", "").count("1094") == 2
    hopeless = run("plan", "--baseline", "0.99", "--n", "2", "--lang", lang)
    assert hopeless.code == 0
    assert "—" not in hopeless.out


def test_a_test_is_worded_by_what_the_column_means(run, tmp_path):
    """More unsubscribes are worse, whichever way they are counted; staying is better."""
    rows = [[f"{i}@example.com", "AB"[i % 2], "yes" if i % 20 in (0, 1, 3, 5, 7) else "no", "yes"]
            for i in range(2000)]  # fmt: skip
    path = written(tmp_path / "left.csv", [["Email", "Variant", "Left", "Delivered"], *rows])
    asked = ("abtest", path, "--variant", "Variant", "--control", "A", "--map", "Left=unsubscribed")
    asked = (*asked, "--grain", "recipients", "--map", "Delivered=delivered", "--json")
    assert run(*asked, "--success", "Left").document["code"] == "WORSE"
    assert run(*asked, "--success", "Left=yes").document["code"] == "WORSE"
    assert run(*asked, "--success", "Left=no").document["code"] == "WORSE"
    assert run(*asked, "--metric", "unsub_rate").document["code"] == "WORSE"
    assert run(*asked, "--success", "Left", "--metric", "unsub_rate").code == 2


@pytest.mark.parametrize(
    ("command", "unneeded"),
    [
        (("plan", "--baseline", "0.2", "--lift", "0.2"), ("pandas", "ibis", "duckdb", "altair")),
        (("inspect", DATA / "saas_deals.csv"), ("scipy", "altair", "openpyxl", "streamlit")),
        (("report", DATA / "saas_deals.csv", "--out", "r.csv"), ("altair", "streamlit")),
    ],
    ids=["plan", "inspect", "report"],
)
def test_a_command_loads_only_what_it_needs(command, unneeded, tmp_path):
    code = (
        "import atexit, sys; from crm_metrics.cli import main; "
        f"atexit.register(lambda: print([n for n in {unneeded} if n in sys.modules])); "
        f"main({[str(part) for part in command]})"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        cwd=tmp_path, env={"PYTHONPATH": str(DATA.parents[1]), "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert ran.stdout.splitlines()[-1] == "[]"


def test_a_table_of_a_data_base_is_inspected_and_counted(run, tmp_path):
    url = f"duckdb://{warehouse_file(tmp_path)}"
    told = run("inspect", "--backend", url, "--table", "mails", "--json")
    assert told.code == 0
    assert told.document["tables"][0]["grain"] == "recipients"
    counted = run(
        *("metrics", "--backend", url, "--table", "mails", "--table", "shop.orders"),
        *("--metric", "open_rate", "--metric", "orders", "--json"),
    )
    rows = {row["metric"]: row for row in counted.document["rows"]}
    assert rows["open_rate"]["components"] == {"x": 280, "n": 1260}
    assert rows["orders"]["value"] == 600
    refused = run("metrics", "--backend", url, "--table", "none", "--lang", "en")
    assert refused.code == 1
    assert "no table “none”" in refused.err
    assert run("metrics").code == 2
