"""A mapping template leaves the browser as a file and comes back: the next month asks nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from crm_metrics.store import Workspace
from crm_metrics.texts import t
from scripts.browser import open_page, settled

pytestmark = pytest.mark.browser
HEADER = "Wann;Aktion;Raus;Gelesen"
OCTOBER = "03.10.2026;Herbst;1200;300\n21.10.2026;Laub;1100;310"
NOVEMBER = "04.11.2026;Nebel;900;210\n05.11.2026;Regen;800;190"
FIELDS = ("date", "campaign_name", "sent", "opens_unique")


def written(folder: Path, name: str, rows: str) -> Path:
    path = folder / name
    path.write_text(f"{HEADER}\n{rows}\n", encoding="utf-8")
    return path


def test_a_downloaded_template_maps_the_next_month_elsewhere(app, visit, tmp_path):
    space = Workspace(app.home)
    (october,) = space.add(written(tmp_path, "october.csv", OCTOBER), "october.csv")
    mapping = october.mapping.with_grain("campaigns")
    for column, field in enumerate(FIELDS):
        mapping = mapping.with_field(column, field)
    space.set_mapping(october.id, mapping)

    page = visit(f"{app.address}/columns?lang=en")
    title = page.get_by_text(t("templates.title", "en"), exact=True)
    title.click()
    name = page.get_by_label(t("templates.name", "en"), exact=True)
    name.fill("Monthly report")
    page.locator(".st-key-template_save").get_by_role("button").click()
    expect(page.get_by_text("Template saved: Monthly report")).to_be_visible()
    settled(page)
    with page.expect_download() as download:
        page.locator(".st-key-template_download").get_by_role("button").click()
    assert download.value.suggested_filename == "Monthly report.json"
    file = tmp_path / "Monthly report.json"
    download.value.save_as(file)
    assert json.loads(file.read_text(encoding="utf-8"))["grain"] == "campaigns"

    page.get_by_role("button", name=t("templates.remove", "en")).click()
    page.locator(".st-key-template_remove").get_by_role("button").click()
    expect(page.get_by_text("Template removed: Monthly report")).to_be_visible()
    for one in space.datasets():
        space.remove(one.id)
    assert space.templates.all() == []

    open_page(page, f"{app.address}/columns?lang=en")
    title.click()
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text("Template imported: Monthly report")).to_be_visible()
    open_page(page, f"{app.address}/upload?lang=en")
    november = written(tmp_path, "november.csv", NOVEMBER)
    page.locator("input[type=file]").first.set_input_files(november)
    said = page.get_by_text("Mapped as “Monthly report”")
    expect(said).to_be_visible()
    settled(page)
    page.locator(".st-key-to_columns").get_by_role("button").click()
    expect(page.get_by_text(t("columns.no_doubts", "en"))).to_be_visible()
    expect(said).to_be_visible()
    # Nothing to confirm: the numbers are there already.
    assert page.locator(".st-key-apply").count() == 0
    (mapped,) = space.datasets()
    assert tuple(item.field for item in mapped.mapping.columns) == FIELDS
    assert mapped.facts is not None
