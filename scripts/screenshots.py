"""Pictures of every page from a real browser: python scripts/screenshots.py [--docs] [PAGE ...].

In Russian and English, light and dark, 1280 and 390 wide, empty and with the sample data, into
screenshots/ (not kept in git). With --docs only the few that README and docs show, small, into
docs/images/.
"""

from __future__ import annotations

import sys
import tempfile
from io import BytesIO
from itertools import product
from pathlib import Path

import click
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402

from scripts.app_server import serving  # noqa: E402
from scripts.browser import launch, open_page, settled  # noqa: E402

PAGES = tuple(sorted(path.stem for path in (ROOT / "pages").glob("*.py")))
WIDTHS = (1280, 390)
LANGUAGES = ("ru", "en")
SCHEMES = ("light", "dark")
# page, language, scheme, height: what the documents show.
DOCS = (
    ("channels", "en", "light", 900),
    ("channels", "ru", "light", 900),
    ("upload", "en", "light", 800),
    ("columns", "en", "light", 900),
    ("experiments", "en", "light", 900),
    ("findings", "en", "light", 800),
)


@click.command()
@click.option("--docs", is_flag=True, help="Only the pictures of the documents.")
@click.argument("pages", nargs=-1)
def main(pages: tuple[str, ...], *, docs: bool) -> None:
    """Start the app, take the pictures, and end it."""
    chosen = tuple(pages) or PAGES
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        browser = launch(driver)
        home = Path(folder) / "home"
        with serving(home) as address:
            if not docs:
                _gallery(browser, address, chosen, "empty")
            _load_samples(browser, address)
            if docs:
                _for_docs(browser, address, chosen)
            else:
                _gallery(browser, address, chosen, "sample")


def _gallery(browser: Browser, address: str, pages: tuple[str, ...], state: str) -> None:
    target = ROOT / "screenshots"
    target.mkdir(exist_ok=True)
    for scheme, width in product(SCHEMES, WIDTHS):
        page = _new_page(browser, scheme, width, 900)
        for name, language in product(pages, LANGUAGES):
            open_page(page, f"{address}/{name}?lang={language}")
            _whole(page, target / f"{name}-{language}-{scheme}-{width}-{state}.png", width)
        page.context.close()


def _for_docs(browser: Browser, address: str, pages: tuple[str, ...]) -> None:
    target = ROOT / "docs" / "images"
    target.mkdir(parents=True, exist_ok=True)
    for name, language, scheme, height in DOCS:
        if name not in pages:
            continue
        page = _new_page(browser, scheme, 1280, height)
        open_page(page, f"{address}/{name}?lang={language}")
        picture = Image.open(BytesIO(page.screenshot(animations="disabled")))
        # A page has few colours: a palette makes the file a third as large.
        picture.quantize(colors=160).save(target / f"{name}-{language}.png", optimize=True)
        page.context.close()


def _new_page(browser: Browser, scheme: str, width: int, height: int) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    return context.new_page()


def _whole(page: Page, path: Path, width: int) -> None:
    """The page from top to bottom: Streamlit scrolls inside, so the window is made as tall."""
    main_area = page.get_by_test_id("stMain")
    height = main_area.evaluate("area => area.scrollHeight")
    page.set_viewport_size({"width": width, "height": min(max(int(height) + 80, 600), 8000)})
    page.wait_for_function("() => document.fonts.status === 'loaded'")
    page.screenshot(path=path, animations="disabled")
    page.set_viewport_size({"width": width, "height": 900})


def _load_samples(browser: Browser, address: str) -> None:
    page = _new_page(browser, "light", 1280, 900)
    open_page(page, f"{address}/channels?lang=en")
    page.get_by_role("button", name="Try sample data").click()
    page.get_by_test_id("stMetric").first.wait_for(timeout=120_000)
    settled(page)
    page.context.close()


if __name__ == "__main__":
    main()
