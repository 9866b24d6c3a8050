from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import streamlit as st

from crm_metrics.findings import build_report
from crm_metrics.store import Workspace, default_folder
from crm_metrics.texts import t
from tests.ui.conftest import ROOT

LETTERS = """\
Campaign;Send date;Sent;Delivered;Unique opens;Unique clicks
=cmd;05.08.2026;4000;3950;900;79
July;10.08.2026;4000;3960;910;83
August;07.09.2026;4100;4050;980;121
September;15.09.2026;4100;4060;990;126
"""


@pytest.fixture
def letters(home: Path, tmp_path: Path) -> Workspace:
    """A workspace with two months of letters, of which the second does clearly better."""
    path = tmp_path / "=letters.csv"
    path.write_text(LETTERS, encoding="utf-8")
    space = Workspace(default_folder())
    for dataset in space.add(path, path.name):
        for column, field in enumerate(
            ("campaign_name", "date", "sent", "delivered", "opens_unique", "clicks_unique")
        ):
            dataset = space.set_mapping(  # noqa: PLW2901 - each step starts from the one before
                dataset.id, dataset.mapping.with_grain("campaigns").with_field(column, field)
            )
        for at in dataset.mapping.columns:
            assert at.field
    return space


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[[], bytes]]:
    """What makes each download's bytes, by the button's key: AppTest can't press for them."""
    made: dict[str, Callable[[], bytes]] = {}
    draw = st.download_button

    def button(*args, **options):
        made[options["key"]] = options["data"]
        return draw(*args, **options)

    monkeypatch.setattr(st, "download_button", button)
    return made


def book_of(offered: dict[str, Callable[[], bytes]]) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(offered["findings_workbook"]()))


def test_without_data_the_page_says_what_it_needs(open_app):
    at = open_app("findings")
    assert not at.exception
    assert at.title[0].value == t("findings.title", "en")
    assert {button.key for button in at.button} >= {"empty_upload", "empty_sample"}
    assert not at.download_button


def test_the_summary_is_that_of_the_report(open_app, letters):
    at = open_app("findings")
    assert not at.exception
    assert not at.error
    assert at.text_area[0].value == build_report(letters).summary
    assert "click" in at.text_area[0].value.casefold()


@pytest.mark.parametrize("locale", ["en-US", "ru-RU"])
def test_both_files_hold_the_reports_numbers(open_app, letters, offered, locale):
    lang = locale[:2]
    at = open_app("findings", locale=locale)
    assert not at.exception
    report = build_report(letters, lang=lang)
    page = book_of(offered)
    channels = page[t("report.tab.channels", lang)]
    shown = [[cell.value for cell in line[3:7]] for line in channels.iter_rows(min_row=5)]
    assert len(shown) == len(report.channels)
    for cells, row in zip(shown, report.channels, strict=True):
        assert cells == pytest.approx([row.now.value, row.now.low, row.now.high, row.now.n])
    text = offered["findings_csv"]().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";" if lang == "ru" else ","))
    assert len(rows) > len(report.channels)
    sources = page[t("report.tab.sources", lang)]
    assert sources["A5"].value == "'=letters.csv"


def test_an_edit_is_kept_when_the_page_is_left_and_goes_into_the_file(open_app, letters, offered):
    at = open_app("findings")
    at.text_area[0].set_value("My words.\n=1+1").run()
    at.switch_page("pages/upload.py").run()
    at.switch_page("pages/findings.py").run()
    assert at.text_area[0].value == "My words.\n=1+1"
    book = book_of(offered)
    texts = [cell.value for cell in book.worksheets[0]["A"]]
    assert "My words." in texts
    assert "'=1+1" in texts
    at.button(key="findings_restore").click().run()
    assert at.text_area[0].value == build_report(letters).summary


def test_the_language_of_the_file_may_differ_from_the_pages(open_app, letters):
    at = open_app("findings")
    at.segmented_control(key="file_language_en").set_value("ru").run()
    assert at.text_area[0].value == build_report(letters, lang="ru").summary
    assert at.title[0].value == t("findings.title", "en")


def test_a_tab_that_is_not_wanted_is_left_out(open_app, letters, offered):
    at = open_app("findings")
    at.pills(key="findings_tabs_en").set_value(["charts"]).run()
    names = book_of(offered).sheetnames
    assert t("report.tab.charts", "en") in names
    assert t("report.tab.data", "en") not in names


def test_the_page_is_short():
    assert len((ROOT / "pages" / "findings.py").read_text().splitlines()) <= 80


def test_filters_that_leave_nothing_are_said_so(open_app, letters):
    at = open_app()
    at.session_state["_kept_campaign"] = ["July"]
    at.session_state["_kept_span"] = ["dates"]
    at.session_state["_kept_period"] = ["2026-09-10", "2026-09-15"]
    at.switch_page("pages/findings.py").run()
    assert [info.value for info in at.info] == [t("findings.nothing", "en")]
    assert not at.download_button


def test_all_data_are_also_those_without_a_date(open_app, home):
    space = Workspace(default_folder())
    for name in ("saas_deals.csv", "bank_calls.csv"):
        path = Path(__file__).resolve().parents[1] / "data" / name
        space.add(path, name)
    at = open_app("findings")
    assert not at.exception
    assert at.segmented_control(key="span_en").value == "all"
    summary = at.text_area[0].value
    assert "10.9%" in summary
    assert "won of created deals" in summary
