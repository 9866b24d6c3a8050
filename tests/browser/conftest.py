from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from crm_metrics.store import Workspace
from crm_metrics.ui.samples import sample_files
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
    """A process whose data folder holds the sample data, read beforehand; tests only look.

    A test of its own loads them by a click: there the pages are drawn while files are being read.
    """
    folder = tmp_path_factory.mktemp("samples") / "home"
    known = Workspace(folder)
    for path in sample_files():
        known.add(path, path.name)
    with serving_warm(folder) as address:
        # What the first visitor of a process waits for is counted here, with more patience.
        page = chromium.new_page()
        page.goto(f"{address}/channels?lang=en")
        page.get_by_test_id("stMetric").first.wait_for(timeout=120_000)
        settled(page)
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
