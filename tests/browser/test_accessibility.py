"""axe looks at every page, with and without data, and finds nothing of ours."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser
PAGES = sorted(path.stem for path in (Path(__file__).resolve().parents[2] / "pages").glob("*.py"))

# What Streamlit's own elements bring, whatever a page does with them.
OF_THE_FRAMEWORK = {
    "empty-table-header",  # the corner of a data frame
    "presentation-role-conflict",  # the uploader's drop zone
    "svg-img-alt",  # a metric's sparkline
}


def found(page) -> dict[str, list[str]]:
    result = Axe().run(page).response
    return {
        violation["id"]: [node["html"][:200] for node in violation["nodes"]]
        for violation in result["violations"]
        if violation["id"] not in OF_THE_FRAMEWORK
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_with_data(app_with_samples, visit, name, scheme):
    page = visit(f"{app_with_samples.address}/{name}?lang=ru", color_scheme=scheme)
    assert found(page) == {}


def test_every_page_without_data(app, visit):
    for name in PAGES:
        assert found(visit(f"{app.address}/{name}?lang=en")) == {}, name
