"""The Channels page by links, by keyboard and as files, in a real browser."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from crm_metrics.texts import t
from scripts.browser import settled

pytestmark = pytest.mark.browser


def chosen(page: Page, name: str) -> list[str]:
    return parse_qs(urlsplit(page.url).query).get(name, [])


def test_the_keyboard_goes_into_a_campaign_and_a_reload_stays_there(app_with_samples, visit):
    page = visit(f"{app_with_samples.address}/channels?lang=en&channel=email&span=all")
    table = page.locator("[class*=st-key-groups_click_rate] canvas").first
    table.scroll_into_view_if_needed()
    table.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+Space")
    go_in = page.locator(".st-key-go_in").get_by_role("button")
    go_in.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**campaign=**")
    settled(page)
    (campaign,) = chosen(page, "campaign")
    way = page.locator(".st-key-path")
    expect(way).to_contain_text(campaign)
    page.reload()
    settled(page)
    expect(way).to_contain_text(campaign)
    page.locator(".st-key-path_channel").get_by_role("button").focus()
    page.keyboard.press("Enter")
    expect(way).not_to_contain_text(campaign)
    assert chosen(page, "channel") == ["email"]
    assert chosen(page, "campaign") == []


def test_the_file_beside_a_chart_holds_what_it_draws(app_with_samples, visit):
    page = visit(f"{app_with_samples.address}/channels?lang=ru&metric=click_rate:of_delivered")
    page.locator(".st-key-intervals_beside").get_by_role("button").press("Enter")
    button = page.locator(".st-key-intervals_download").get_by_role("button")
    with page.expect_download() as download:
        button.press("Enter")
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert [line[t("channels.channel", "ru")] for line in lines] == ["E-mail", "SMS", "Push"]
    for line in lines:
        value, low, high = (
            float(line[t(f"channels.column.{name}", "ru")].replace(",", "."))
            for name in ("value", "low", "high")
        )
        assert 0 < low < value < high < 1
