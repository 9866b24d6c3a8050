"""Every export of the catalogue, in its own format, reads to exactly its rows and header."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from crm_metrics.intake import Table
from tests.intake import catalogue
from tests.intake.catalogue import Export, as_text
from tests.intake.made import read_all, read_one, rows_of

TABLES = catalogue.tables()
VARIANTS = catalogue.variants()
CHAT = "Chat export (.txt)"


def _id(export: Export) -> str:
    return f"{export.system}: {export.name}"


def check(table: Table, export: Export, set_aside: dict[str, int] | None = None) -> None:
    set_aside = set_aside or export.set_aside
    assert table.headers == export.names
    assert rows_of(table) == [list(row) for row in export.rows]
    assert table.account.set_aside == set_aside
    assert table.account.lines == table.records + sum(set_aside.values())
    assert table.preamble == export.preamble_texts


@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL], ids=["plain", "quoted"])
@pytest.mark.parametrize("export", TABLES + VARIANTS, ids=_id)
def test_an_export_as_it_is_downloaded(tmp_path: Path, export: Export, quoting: int) -> None:
    table = read_one(tmp_path, as_text(export, quoting=quoting))
    check(table, export)
    assert table.how.delimiter == export.delimiter


@pytest.mark.parametrize("export", TABLES + VARIANTS, ids=_id)
def test_an_export_of_more_records(tmp_path: Path, export: Export) -> None:
    longer = catalogue.longer(export)
    check(read_one(tmp_path, as_text(longer, end="\n")), longer)


@pytest.mark.parametrize("export", [e for e in TABLES if e.preamble or e.last], ids=_id)
def test_an_export_that_a_spreadsheet_saved_as_text(tmp_path: Path, export: Export) -> None:
    padded = catalogue.padded(export)
    check(read_one(tmp_path, as_text(padded)), padded)


@pytest.mark.parametrize(("right", "down"), [(0, 0), (2, 6)], ids=["A1", "C7"])
def test_exports_as_sheets(tmp_path: Path, right: int, down: int) -> None:
    exports = [
        catalogue.of_cells(export)
        for chosen in TABLES + VARIANTS
        for export in (chosen, catalogue.longer(chosen))
        if export.preamble[:1] != ("sep=,",)
    ]
    tables = read_all(tmp_path, catalogue.as_workbook(exports, right=right, down=down))
    assert len(tables) == len(exports)
    for table, export in zip(tables, exports, strict=True):
        moved = dict(export.set_aside)
        if down:
            moved["blank"] = moved.get("blank", 0) + down
        check(table, export, set_aside=moved)


@pytest.mark.parametrize("export", [e for e in TABLES if not e.preamble and not e.last], ids=_id)
def test_an_export_as_a_page(tmp_path: Path, export: Export) -> None:
    export = catalogue.of_cells(export)
    table = read_one(tmp_path, catalogue.as_html(export), "deals.xls")
    assert table.headers == export.names
    assert rows_of(table) == [list(row) for row in export.rows]


LINKS = (
    '"Clicks by URL"\n"URL","Total Clicks","Unique Clicks"\n"https://example.com/a","120","80"\n'
)


@pytest.mark.parametrize(
    ("name", "titles"),
    [
        ("Single campaign report", ["Email Campaign Report"]),
        (
            "A/B (multivariate) campaign report",
            ["Campaign Report\n\nCombination 1 Stats", "Combination 2 Stats"],
        ),
    ],
)
def test_a_report_of_names_and_values(tmp_path: Path, name: str, titles: list[str]) -> None:
    content, export = catalogue.report("Mailchimp", name, titles=titles, links=LINKS)
    report, links = read_all(tmp_path, content)
    assert report.layout == "key_value"
    assert report.headers == export.names
    assert rows_of(report) == [list(row) for row in export.rows]
    assert rows_of(links) == [["https://example.com/a", "120", "80"]]
    assert links.name == "Clicks by URL"
    assert report.account.lines + links.account.lines == content.count(b"\n")


@pytest.mark.parametrize(
    ("content", "shapes", "titles"),
    [
        (
            catalogue.sample_of("Google Analytics 4", "Overview report CSV (multi table)"),
            [("Nth week", 2, 2), ("Session manual source", 2, 2)],
            ["Nth week, New users", "Session manual source, Sessions"],
        ),
        (
            catalogue.sample_of("Matomo", "Scheduled report CSV (several reports in one file)"),
            [("nb_uniq_visitors", 7, 1), ("label", 7, 2)],
            ["Visits Summary", "Country"],
        ),
        (
            catalogue.sample_of("Zoom", "Webinar attendee report"),
            [("Topic", 9, 1), ("Attended", 8, 1), ("Attended", 13, 2)],
            ["Attendee Report", "Host Details", "Attendee Details"],
        ),
        (
            catalogue.AUDIENCE.encode("utf-16"),
            [
                ("Column 1", 3, 2),
                ("London, United Kingdom", 3, 1),
                ("United Kingdom", 3, 1),
                ("Shop", 2, 1),
                ("Date", 2, 2),
            ],
            ["Age & gender", "Top cities", "Top countries", "Top pages", "Follows"],
        ),
    ],
    ids=["GA4 overview", "Matomo scheduled", "Zoom attendees", "Meta audience"],
)
def test_several_tables_in_one_file(
    tmp_path: Path, content: bytes, shapes: list[tuple[str, int, int]], titles: list[str]
) -> None:
    tables = read_all(tmp_path, content)
    assert [(t.headers[0], len(t.headers), t.records) for t in tables] == shapes
    assert [table.name for table in tables] == titles
    lines = content.decode("utf-16" if content[:2] == b"\xff\xfe" else "utf-8").count("\n")
    assert sum(table.account.lines for table in tables) == lines


@pytest.mark.parametrize("form", ["lines", "list"])
def test_events_in_json(tmp_path: Path, form: str) -> None:
    content, truth = catalogue.events(lines=form == "lines")
    table = read_one(tmp_path, content, "events.json")
    assert table.frame().to_dict("records") == [
        {name: cells[name] for name in table.headers} for cells in truth
    ]
    assert set(table.headers) == set(truth[0])


def test_a_chat(tmp_path: Path) -> None:
    table = read_one(tmp_path, catalogue.sample_of("WhatsApp / WhatsApp Business", CHAT))
    assert table.layout == "message_log"
    assert table.headers == ("date", "time", "author", "text")
    assert rows_of(table)[1:4] == [
        ["12/03/2026", "09:15", "Anna Lee", "where is my order?"],
        ["12/03/2026", "09:16", "Shop", "checking, one minute\nsecond line of the same message"],
        ["12/03/2026", "09:17", "Anna Lee", "<Media omitted>"],
    ]
    assert table.records == 5
    assert table.account.set_aside == {"continuation": 1}


def test_every_export_of_the_catalogue_is_read_here() -> None:
    others = {e["export"] for e in catalogue.EXPORTS if e["layout"] != "table"}
    assert len(TABLES) + len(others) == len(catalogue.EXPORTS) == 78
    assert others == {
        *("Single campaign report", "A/B (multivariate) campaign report", "Audience.csv", CHAT),
        "Event publishing (Firehose/S3/CloudWatch dump)",
        "Overview report CSV (multi table)",
        "Scheduled report CSV (several reports in one file)",
        "Webinar attendee report",
    }
