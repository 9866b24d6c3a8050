"""axe looks at every page, with and without data, and finds nothing of ours."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from scripts.browser import settled

pytestmark = pytest.mark.browser
PAGES = sorted(path.stem for path in (Path(__file__).resolve().parents[2] / "pages").glob("*.py"))

# What Streamlit's own elements bring, whatever a page does with them.
OF_THE_FRAMEWORK = {
    "empty-table-header",  # the corner of a data frame
    "presentation-role-conflict",  # the uploader's drop zone
    "svg-img-alt",  # a metric's sparkline
    # st.table's own scroller; browsers let the keyboard scroll it, as a test here shows.
    "scrollable-region-focusable",
}


def found(page: Page) -> dict[str, list[str]]:
    result = Axe().run(page)
    return {
        violation["id"]: [node["html"][:200] for node in violation["nodes"]]
        for violation in result.response["violations"]
        if violation["id"] not in OF_THE_FRAMEWORK
    }


def in_the_light(page: Page) -> None:
    """Turn the light on at the system that the dark page follows, and wait until it has.

    Nothing runs again for it: charts keep the colours of the dark, and axe judges no pictures.
    """
    ground = "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
    dark = page.evaluate(ground)
    page.emulate_media(color_scheme="light")
    page.wait_for_function(f"dark => {ground} !== dark", arg=dark)
    settled(page)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_with_data(app_with_samples, visit, name):
    page = visit(f"{app_with_samples.address}/{name}?lang=ru", color_scheme="dark")
    assert found(page) == {}
    in_the_light(page)
    assert found(page) == {}


def test_every_page_without_data(app, visit):
    for name in PAGES:
        assert found(visit(f"{app.address}/{name}?lang=en")) == {}, name


def test_the_keyboard_reaches_the_far_columns_of_the_table(app_with_samples, visit):
    page = visit(f"{app_with_samples.address}/channels?lang=en&table=all")
    scroller = page.locator("table").first.locator("xpath=ancestor::div[1]")
    page.locator(".st-key-table_en").get_by_role("radio").last.focus()
    page.keyboard.press("Tab")
    assert scroller.evaluate("area => area.contains(document.activeElement)")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("area => area.scrollLeft > 0", arg=scroller.element_handle())
