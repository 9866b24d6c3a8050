"""A scheduled month: a template is written once, applied to the next file, and drift is said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

HEADER = "Wann;Aktion;Raus;Gelesen"
OCTOBER = ["03.10.2026;Herbst;1200;300", "21.10.2026;Laub;1100;310"]
MAPS = tuple(
    part
    for column, field in (
        ("Wann", "date"),
        ("Aktion", "campaign_name"),
        ("Raus", "sent"),
        ("Gelesen", "opens_unique"),
    )
    for part in ("--map", f"{column}={field}")
)


def written(path: Path, header: str, *rows: str) -> Path:
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def template(run, tmp_path: Path) -> Path:
    """The template of October, an unknown file mapped by options."""
    october = written(tmp_path / "october.csv", HEADER, *OCTOBER)
    out = tmp_path / "Monthly report.json"
    ran = run(
        "inspect", october, "--grain", "campaigns", *MAPS, "--save-template", out, "--lang", "en"
    )
    assert (ran.code, ran.err) == (0, "")
    assert "Written: Monthly report.json" in ran.out
    return out


def test_the_file_holds_the_mapping_in_plain_words(template):
    content = json.loads(template.read_text(encoding="utf-8"))
    assert (content["name"], content["grain"]) == ("Monthly report", "campaigns")
    assert {item["header"]: item["field"] for item in content["columns"]} == {
        "Wann": "date", "Aktion": "campaign_name", "Raus": "sent", "Gelesen": "opens_unique",
    }  # fmt: skip


def test_the_next_month_is_counted_by_it_and_new_columns_are_said(run, tmp_path, template):
    november = written(
        tmp_path / "november.csv", "Neu;Raus;Wann;Gelesen;Aktion", "x;800;04.11.2026;240;Nebel"
    )
    ran = run("metrics", november, "--template", template, "--metric", "open_rate", "--json")
    assert ran.code == 0
    (row,) = ran.document["rows"]
    assert (row["value"], row["n"]) == (0.3, 800)
    ran = run("metrics", november, "--template", template, "--metric", "open_rate", "--lang", "en")
    (line,) = ran.err.splitlines()
    assert line.startswith("november: Mapped as “Monthly report”, as you saved on ")
    assert line.endswith("; 1 new column. New columns: Neu.")
    (table,) = run("inspect", november, "--template", template, "--json").document["tables"]
    about = {key: part for key, part in table["template"].items() if key != "saved"}
    assert about == {
        "name": "Monthly report", "new": ["Neu"], "missing": [], "renamed": [], "lost": [],
    }  # fmt: skip
    asked = [item["name"] for item in table["columns"] if item["level"] != "sure"]
    assert asked == ["Neu"]
    shown = run("inspect", november, "--template", template, "--lang", "ru").out
    assert "Размечено по шаблону «Monthly report»" in shown
    assert "1 новый столбец" in shown


def test_a_missing_column_is_said_with_the_metrics_that_it_costs(run, tmp_path, template):
    november = written(tmp_path / "n.csv", "Wann;Aktion;Raus", "04.11.2026;Nebel;800")
    ran = run("report", november, "--template", template, "--out", tmp_path / "r.csv")
    assert ran.code == 0
    ran = run("metrics", november, "--template", template, "--lang", "en")
    assert "Missing columns: Gelesen." in ran.err
    assert "Without them these metrics can't be computed:" in ran.err
    assert "pen rate" in ran.err


def test_a_run_ends_where_what_the_rows_need_is_gone(run, tmp_path, template):
    bare = written(tmp_path / "n.csv", "Wann;Aktion;Gesehen;Ort", "04.11.2026;Nebel;7;Ulm")
    ran = run("metrics", bare, "--template", template, "--lang", "en")
    assert (ran.code, ran.out) == (1, "")
    assert "fits none of the tables in: n.csv" in ran.err
    alone = tmp_path / "Short.json"
    content = json.loads(template.read_text(encoding="utf-8"))
    del content["columns"][3]
    alone.write_text(json.dumps(content), encoding="utf-8")
    gone = written(tmp_path / "g.csv", "Wann;Aktion", "04.11.2026;Nebel")
    for command in (("metrics",), ("report", "--out", tmp_path / "r.csv")):
        name, *options = command
        ran = run(name, gone, *options, "--template", alone, "--lang", "en")
        assert (ran.code, ran.out) == (1, "")
        assert "these columns are missing and nothing replaces them: Raus" in ran.err
    assert run("inspect", gone, "--template", alone).code == 0


def test_a_run_ends_where_what_the_rows_need_is_in_doubt(run, tmp_path, template):
    content = json.loads(template.read_text(encoding="utf-8"))
    del content["columns"][3]
    alone = tmp_path / "Short.json"
    alone.write_text(json.dumps(content), encoding="utf-8")
    odd = written(tmp_path / "n.csv", "Wann;Aktion;Raus", "04.11.2026;Nebel;viele")
    ran = run("metrics", odd, "--template", alone, "--lang", "ru")
    assert (ran.code, ran.out) == (1, "")
    assert "есть сомнения в столбцах" in ran.err
    # What the options say wins over the template.
    other = written(tmp_path / "o.csv", "Wann;Aktion;Raus;Post", "04.11.2026;Nebel;viele;900")
    ran = run(
        *("metrics", other, "--template", alone, "--map", "Post=sent"),
        *("--metric", "messages_sent", "--json"),
    )
    assert [row["value"] for row in ran.document["rows"]] == [900]


@pytest.mark.parametrize("command", ["inspect", "metrics"])
def test_a_file_that_is_no_template_is_refused(run, tmp_path, command):
    october = written(tmp_path / "october.csv", HEADER, *OCTOBER)
    for name, content, words in (
        ("none.json", None, "There is no file none.json"),
        ("other.json", "[1]", "other.json is not a mapping template"),
    ):
        path = tmp_path / name
        if content:
            path.write_text(content, encoding="utf-8")
        ran = run(command, october, "--template", path, "--lang", "en")
        assert (ran.code, ran.out) == (1, "")
        assert words in ran.err


def test_what_cannot_be_saved_is_said(run, tmp_path):
    nothing = written(tmp_path / "n.csv", "A;B", "x;y")
    ran = run("inspect", nothing, "--save-template", tmp_path / "t.json", "--lang", "en")
    assert ran.code == 1
    assert "there is nothing to save" in ran.err
    october = written(tmp_path / "october.csv", HEADER, *OCTOBER)
    nowhere = tmp_path / "none" / "t.json"
    ran = run("inspect", october, "--grain", "campaigns", *MAPS, "--save-template", nowhere)
    assert ran.code == 1
