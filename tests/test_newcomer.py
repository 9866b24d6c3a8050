"""A newcomer's trial: a vendor is one TOML file, a metric one declaration and its two texts.

Both are added to a copy of the product, from outside; no other file changes.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.test_house import ROOT

VENDOR = """
system = "Pigeon Post"

[[export]]
name = "Flights"
grain = "campaigns"
detect = ["Pigeons released", "Pigeons arrived", "Letters answered"]
need = 2
date_order = "ymd"

[export.constants]
channel = "messenger"
platform = "pigeon"

[export.columns]
campaign_name = ["Flight"]
sent_at = ["Released on"]
sent = ["Pigeons released"]
delivered = ["Pigeons arrived"]
replies = ["Letters answered"]
"""
METRIC = '''"""How many letters come back."""

from __future__ import annotations

from crm_metrics.metrics.model import Metric

METRICS = (
    Metric(
        key="letters_answered",
        grain="campaigns",
        kind="proportion",
        numerator="replies",
        denominator="delivered",
        unit="share",
        direction="up",
        needs=("replies", "delivered"),
        variant="of_delivered",
        formula="replies / delivered",
    ),
)
'''
TEXTS = {
    "en": '\n[metric.letters_answered]\nname = "Letters answered"\nhelp = "Share answered."\n',
    "ru": '\n[metric.letters_answered]\nname = "Ответы на письма"\nhelp = "Доля ответов."\n',
}
EXPORT = "Flight,Released on,Pigeons released,Pigeons arrived,Letters answered,Mood\n" + "".join(
    f"Flight {day},2026-05-{day:02d},{400 + day},{380 + day},{90 + day},fine\n"
    for day in range(1, 29)
)
TRIAL = """
import io, json
from contextlib import redirect_stdout
from pathlib import Path
from runpy import run_module
from streamlit.testing.v1 import AppTest
from crm_metrics.cli import main
from crm_metrics.store import Workspace, default_folder

def command(*arguments):
    printed = io.StringIO()
    with redirect_stdout(printed):
        try:
            main(list(arguments))
        except SystemExit as ended:
            assert not ended.code, arguments
    return printed.getvalue()

told = {
    "inspect": command("inspect", "flights.csv", "--json"),
    "metrics": command("metrics", "flights.csv", "--metric", "letters_answered", "--json"),
}
for lang in ("en", "ru"):
    command("report", "flights.csv", "--out", f"{lang}.xlsx", "--lang", lang)
run_module("scripts.documents", run_name="__main__")
Workspace(default_folder()).add(Path("flights.csv"), "flights.csv")
app = AppTest.from_file("app.py", default_timeout=30).run()
app.switch_page("pages/channels.py").run()
assert not app.exception, app.exception
told["channels"] = str(app.main)
Path("told.json").write_text(json.dumps(told), encoding="utf-8")
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the product with the newcomer's vendor and metric in it."""
    house = tmp_path_factory.mktemp("house")
    for part in ("crm_metrics", "pages", "app.py", ".streamlit", "scripts"):
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, house / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, house / part)
    package = house / "crm_metrics"
    (package / "mapping" / "systems" / "pigeon_post.toml").write_text(VENDOR, encoding="utf-8")
    (package / "metrics" / "catalogue" / "letters.py").write_text(METRIC, encoding="utf-8")
    for lang, text in TEXTS.items():
        with (package / "texts" / f"{lang}.toml").open("a", encoding="utf-8") as file:
            file.write(text)
    (house / "flights.csv").write_text(EXPORT, encoding="utf-8")
    return house


@pytest.fixture(scope="module")
def told(house: Path) -> dict[str, str]:
    """What the commands print in the newcomer's copy, and the page shows; the files lie there."""
    environment = {
        **{key: value for key, value in os.environ.items() if key != "PYTHONPATH"},
        "CRM_METRICS_HOME": str(house / "workspace"),
        "PYTHONPATH": str(house),
        "PYTHONIOENCODING": "utf-8",
    }
    ran = subprocess.run(
        [sys.executable, "-c", TRIAL],
        cwd=house,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads((house / "told.json").read_text(encoding="utf-8"))


def test_the_vendor_is_recognised(told: dict[str, str]):
    table = json.loads(told["inspect"])["tables"][0]
    assert (table["system"], table["grain"]) == ("Pigeon Post", "campaigns")
    fields = {column["name"]: column["field"] for column in table["columns"]}
    assert fields["Letters answered"] == "replies"
    assert fields["Mood"] is None


def test_the_metric_is_computed(told: dict[str, str]):
    rows = json.loads(told["metrics"])["rows"]
    answered, arrived = (
        sum(90 + day for day in range(1, 29)),
        sum(380 + day for day in range(1, 29)),
    )
    assert rows[0]["value"] == pytest.approx(answered / arrived)
    assert rows[0]["low"] < rows[0]["value"] < rows[0]["high"]


@pytest.mark.parametrize(("lang", "name"), [("en", "Letters answered"), ("ru", "Ответы на письма")])
@pytest.mark.usefixtures("told")
def test_the_metric_stands_in_the_workbook(house: Path, lang: str, name: str):
    book = load_workbook(house / f"{lang}.xlsx")
    cells = {str(cell) for sheet in book for row in sheet.values for cell in row if cell}
    assert name in cells
    assert "Pigeon Post" in " ".join(cells)


def test_the_metric_stands_on_the_page(told: dict[str, str]):
    assert "Letters answered" in told["channels"]


@pytest.mark.usefixtures("told")
def test_both_stand_in_the_documents(house: Path):
    assert "Letters answered" in (house / "docs" / "metrics.md").read_text(encoding="utf-8")
    assert "Pigeon Post" in (house / "docs" / "exports.md").read_text(encoding="utf-8")
