"""A number is opened, and its lines taken away, without a mouse."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import expect

from crm_metrics.store import Workspace
from crm_metrics.texts import t
from scripts.browser import settled
from tests.browser.test_accessibility import found

pytestmark = pytest.mark.browser
FILE = Path(__file__).resolve().parents[2] / "sample_data" / "mailchimp_campaigns.csv"
_HELD = """key => document.activeElement.closest('.st-key-' + key) !== null"""


def test_a_number_opens_by_keyboard_and_all_its_lines_can_be_taken(app, visit):
    Workspace(app.home).add(FILE, FILE.name)
    page = visit(f"{app.address}/channels?lang=ru&span=all")
    page.locator(".st-key-number_table button").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_test_id("stDataFrame")).to_be_visible()
    settled(page)
    assert not found(page)
    for _ in range(30):  # a table is left after its last column
        if page.evaluate(_HELD, "lines_download"):
            break
        page.keyboard.press("Tab")
    with page.expect_download() as taken:
        page.keyboard.press("Enter")
    text = Path(taken.value.path()).read_text("utf-8-sig")
    rows = list(csv.DictReader(StringIO(text), delimiter=";"))
    data = pd.read_csv(FILE)
    clicks = sum(float(row[t("lineage.column.numerator", "ru")]) for row in rows)
    assert (len(rows), clicks) == (len(data), data["Unique Clicks"].sum())
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    # The browser gives the focus back after the dialog is gone, not with it.
    page.wait_for_function(_HELD, arg="number_table")
