"""A real Chromium that waits for Streamlit to have drawn a page, and never sleeps."""

from __future__ import annotations

import shutil

from playwright.sync_api import Browser, Page, Playwright, expect

_OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)
_PATIENCE = 60_000  # milliseconds: the first page of a process brings its imports


def launch(driver: Playwright) -> Browser:
    """The system's Chromium, or else the one that Playwright installed."""
    found = shutil.which("chromium") or shutil.which("google-chrome")
    return driver.chromium.launch(executable_path=found, args=list(_OPTIONS))


def open_page(page: Page, address: str) -> None:
    """Go to an address and wait until the app has run."""
    page.goto(address)
    settled(page)


def settled(page: Page) -> None:
    """Wait until the script rests, and what it left behind of the run before is gone."""
    page.wait_for_selector(
        "[data-testid=stApp][data-test-script-state=notRunning]", timeout=_PATIENCE
    )
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0, timeout=_PATIENCE)
    expect(page.locator("[data-stale=true]")).to_have_count(0, timeout=_PATIENCE)
