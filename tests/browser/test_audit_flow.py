"""From files to a plan that is typed into the table, and to a second upload measured again."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from icalendar import Calendar
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from crm_metrics.audit.plan import read_plan
from crm_metrics.store import Workspace
from crm_metrics.texts import t
from scripts.browser import open_page, settled
from tests.audit.made_crm import MARCH, OCTOBER, write_crm
from tests.browser.test_accessibility import found

pytestmark = pytest.mark.browser
COLUMNS = {"owner": 400, "due": 520, "status": 600, "target": 690}
"""Where a column is, in pixels from the table's left."""
TYPED = {
    "owner": "Анна",
    "due": "2026-04-20",
    "target": "5",
    "status": t("audit.status.doing", "ru"),
}
FILLED = ("Анна", date(2026, 4, 20), 0.05, "doing")
_ROW = 35
_FIRST_ROW = 5
_TRIES, _PAUSE = 400, 50  # an edit is looked for every 50 ms


def type_cell(page: Page, home: Path, column: str, typed: str) -> None:
    """Type into the first row, and wait until it is kept.

    The table is a canvas, its cells are places, and it waits a moment before it tells of an edit.
    """
    table, before = page.get_by_test_id("stDataFrame"), read_plan(home)
    expect(table.locator("canvas").first).to_be_visible()
    box = table.bounding_box()
    assert box is not None
    page.mouse.dblclick(box["x"] + COLUMNS[column], box["y"] + _ROW * 1.5)
    editor = page.locator("#portal input, #portal textarea").first
    expect(editor).to_be_visible()
    editor.fill(typed)
    editor.press("Enter")
    for _ in range(_TRIES):
        if read_plan(home) != before:
            break
        page.wait_for_timeout(_PAUSE)
    settled(page)


def downloaded(page: Page, button: str) -> bytes:
    with page.expect_download() as taken:
        page.get_by_role("button", name=t(button, "ru")).click()
    return Path(taken.value.path()).read_bytes()


def filled_plan(page: Page, home: Path) -> None:
    """Fill a row of the plan in its table, and find it after F5 and in both files."""
    for column, typed in TYPED.items():
        type_cell(page, home, column, typed)
    (kept, *_) = read_plan(home).actions
    assert (kept.owner, kept.due, kept.target, kept.status) == FILLED
    page.reload()
    settled(page)
    expect(page.get_by_text(t("audit.gate.no_plan", "ru"))).to_have_count(0)
    expect(page.get_by_text(t("audit.progress_doing", "ru", n=1))).to_be_visible()
    assert found(page) == {}
    events = Calendar.from_ical(downloaded(page, "audit.ics")).walk("VEVENT")
    assert "Анна" in str(events[0]["SUMMARY"])
    assert events[0].decoded("DTSTART") == date(2026, 4, 20)
    book = load_workbook(BytesIO(downloaded(page, "audit.book")))
    row = [cell.value for cell in book[t("report.tab.plan", "ru")][_FIRST_ROW]]
    assert (row[2], row[3].date(), row[7], row[4]) == (*FILLED[:3], t("audit.status.doing", "ru"))


def test_a_plan_is_filled_and_a_second_upload_is_measured_against_it(app, visit, tmp_path):
    space = Workspace(app.home)
    first = {
        path.name: space.add(path, path.name)[0].id
        for path in write_crm(tmp_path / "march", MARCH, missing=48)
    }
    page = visit(f"{app.address}/audit?lang=ru")
    expect(page.get_by_text("48 из 80 контактов").first).to_be_visible()
    expect(page.get_by_text(t("audit.gate.no_plan", "ru"))).to_be_visible()
    page.locator(".st-key-section_ru").get_by_text(t("audit.section.plan", "ru")).click()
    settled(page)
    filled_plan(page, app.home)
    page.locator(".st-key-section_ru").get_by_text(t("audit.section.since", "ru")).click()
    settled(page)
    snapshot = downloaded(page, "audit.snapshot")

    later = write_crm(
        tmp_path / "october", OCTOBER, missing=20, more=60, more_missing=40, overdue=0
    )
    for path in later:
        Workspace(app.home).replace(first[path.name], path, path.name)
    open_page(page, f"{app.address}/audit?lang=ru&section=since")
    page.get_by_role("button", name=t("audit.forget", "ru", day="31.03.2026")).click()
    expect(page.get_by_text(t("audit.no_earlier", "ru"))).to_be_visible()
    page.get_by_text(t("audit.snapshot_upload_title", "ru")).click()
    file = {"name": "audit.json", "mimeType": "application/json", "buffer": snapshot}
    page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    expect(page.get_by_text(t("audit.outcome_means.fixed", "ru"))).to_be_visible()
    expect(page.get_by_text(t("audit.outcome_means.persisting", "ru"))).to_be_visible()
    expect(page.get_by_text("было 48 из 80 (60,0 %), стало 60 из 140")).to_be_visible()
    expect(page.get_by_text("среди новых записей 40 из 60")).to_be_visible()
