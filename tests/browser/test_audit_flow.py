"""From files to a plan that is typed into the table, and to a second upload measured again."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from icalendar import Calendar
from playwright.sync_api import Page, expect

from crm_metrics.audit.plan import read_plan
from crm_metrics.store import Workspace
from crm_metrics.texts import t
from scripts.browser import open_page, settled
from tests.audit.made_crm import MARCH, OCTOBER, write_crm
from tests.browser.test_accessibility import found

pytestmark = pytest.mark.browser
_ROW = 35


def type_owner(page: Page, name: str) -> None:
    """Type into the owner's cell of the first row: the table is a canvas, its cells are places."""
    table = page.get_by_test_id("stDataFrame")
    expect(table.locator("canvas").first).to_be_visible()
    box = table.bounding_box()
    assert box is not None
    page.mouse.dblclick(box["x"] + 400, box["y"] + _ROW * 1.5)
    cell = page.locator("textarea.gdg-input, input.gdg-input").first
    expect(cell).to_be_visible()
    told = page.get_by_text(t("audit.progress_ownerless", "ru", n="").rstrip(". "))
    before = told.inner_text()
    cell.fill(name)
    cell.press("Enter")
    expect(told).not_to_have_text(before)  # the table waits a moment before it tells of an edit
    settled(page)


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
    type_owner(page, "Анна")
    page.get_by_role("button", name=t("audit.suggest_dates", "ru")).click()
    expect(page.get_by_text(t("audit.gate.no_plan", "ru"))).to_have_count(0)
    settled(page)
    (kept, *_) = read_plan(app.home).actions
    assert (kept.owner, kept.due) == ("Анна", date(2026, 4, 14))
    assert found(page) == {}
    with page.expect_download() as taken:
        page.get_by_role("button", name=t("audit.ics", "ru")).click()
    events = Calendar.from_ical(Path(taken.value.path()).read_bytes()).walk("VEVENT")
    assert "Анна" in str(events[0]["SUMMARY"])

    later = write_crm(
        tmp_path / "october", OCTOBER, missing=20, more=60, more_missing=40, overdue=0
    )
    for path in later:
        Workspace(app.home).replace(first[path.name], path, path.name)
    open_page(page, f"{app.address}/audit?lang=ru&section=since")
    expect(page.get_by_text(t("audit.outcome_means.fixed", "ru"))).to_be_visible()
    expect(page.get_by_text("среди новых записей 40 из 60")).to_be_visible()
