from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from scripts.app_server import serving
from scripts.browser import launch, open_page, settled
from tests.browser.warm_app import serving_warm

# Five seconds are little where the machine has other work; what is there is found at once.
expect.set_options(timeout=60_000)


class App(NamedTuple):
    """A process of the app: its address and its data folder."""

    address: str
    home: Path


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as driver:
        browser = launch(driver)
        yield browser
        browser.close()


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """A process of this test's own, with an empty data folder."""
    with serving_warm(tmp_path / "home") as address:
        yield App(address, tmp_path / "home")


@pytest.fixture(scope="session")
def app_with_samples(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[App]:
    """A process whose data folder holds the sample data, loaded by a click; tests only look."""
    folder = tmp_path_factory.mktemp("samples") / "home"
    with serving(folder) as address:
        page = chromium.new_page()
        open_page(page, f"{address}/channels?lang=en")
        load_samples(page)
        page.close()
        yield App(address, folder)


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[[str], Page]]:
    """Open an address in a browser window of its own, as another person would."""
    contexts = []

    def opened(address: str, **options: object) -> Page:
        context = chromium.new_context(
            viewport={"width": 1280, "height": 1000},
            accept_downloads=True,
            **options,  # type: ignore[arg-type]
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        open_page(page, address)
        return page

    yield opened
    for context in contexts:
        context.close()


def load_samples(page: Page) -> None:
    page.get_by_role("button", name="Try sample data").first.click()
    page.get_by_test_id("stMetric").first.wait_for(timeout=120_000)
    # Numbers appear with the first file; the page says so while others are being read.
    expect(page.get_by_text("hourglass_top")).to_have_count(0, timeout=120_000)
    settled(page)
