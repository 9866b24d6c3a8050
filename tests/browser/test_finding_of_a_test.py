"""A link opens a test on its chances in a fresh browser; the finding leaves as a file."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from crm_metrics.findings.verdict_file import recheck
from crm_metrics.findings.verdicts import sentence
from crm_metrics.store import Workspace
from crm_metrics.texts import t
from tests.browser.test_accessibility import found

pytestmark = pytest.mark.browser
FILE = Path(__file__).resolve().parents[2] / "sample_data" / "ab_push_text.csv"


def test_a_link_opens_the_chances_and_the_finding_makes_its_verdict_again(app, visit):
    Workspace(app.home).add(FILE, FILE.name)
    page = visit(f"{app.address}/experiments?lang=ru&section=chances")
    verdict = page.locator(".st-key-verdict h2")
    expect(verdict).to_be_visible()
    expect(page.get_by_text(t("experiments.chances_clear", "ru"))).to_be_visible()
    assert not found(page)
    with page.expect_download() as taken:
        page.get_by_role("button", name=t("experiments.finding_page", "ru")).click()
    again = recheck(Path(taken.value.path()).read_bytes())
    assert again.same
    assert again.language == "ru"
    assert verdict.inner_text() == sentence(again.finding, "ru")
