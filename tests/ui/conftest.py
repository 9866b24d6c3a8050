from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest, local_script_runner
from streamlit.testing.v1.local_script_runner import LocalScriptRunner

from crm_metrics.ui import adding

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "tests" / "data"


@pytest.fixture(autouse=True, scope="session")
def components_looked_for_once() -> Iterator[None]:
    """Each AppTest would read the metadata of all that is installed, which a server does once."""
    with pytest.MonkeyPatch.context() as patch:
        scan = manifest_scanner.scan_component_manifests
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(scan))
        yield


@pytest.fixture(autouse=True, scope="session")
def runs_waited_for() -> Iterator[None]:
    """AppTest would ask a thousand times a second whether its run has ended."""
    ended = local_script_runner.require_widgets_deltas

    def joined(runner: LocalScriptRunner, timeout: float = 3) -> None:
        if runner._script_thread is not None:
            runner._script_thread.join(timeout)
        ended(runner, 1)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(local_script_runner, "require_widgets_deltas", joined)
        yield


@pytest.fixture(autouse=True, scope="module")
def modules_out_of_sight() -> None:
    """After each file the app looks for garbage; pages and their libraries are none."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def warm_server(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process in which `st.navigation` has been called before, as it is for all but the first.

    AppTest begins every run as a process that has just started: the page would run without the
    shell first, and the rerun that brings the shell loses a button's click.
    """
    if "cold_server" in request.fixturenames:
        return
    begin = PagesManager.__init__

    def begin_warm(self: PagesManager, *args: object, **options: object) -> None:
        begin(self, *args, **options)  # type: ignore[arg-type]
        PagesManager.uses_pages_directory = False

    monkeypatch.setattr(PagesManager, "__init__", begin_warm)


@pytest.fixture
def cold_server() -> None:
    """A process that has just started, and knows nothing of the navigation."""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder of this test's own; nothing remembered before or after."""
    monkeypatch.setenv("CRM_METRICS_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("CRM_METRICS_MODE", raising=False)
    st.cache_data.clear()
    st.cache_resource.clear()
    yield tmp_path / "home"
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture
def open_app(home: Path) -> Callable[..., AppTest]:
    """The app as a visitor opens it; `locale` is the browser's."""

    def opened(page: str | None = None, *, locale: str = "en-US") -> AppTest:
        at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
        at.context = {"locale": locale}
        at.run()
        return at.switch_page(f"pages/{page}.py").run() if page else at

    return opened


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages wait for their files, however busy the machine that runs the tests."""
    monkeypatch.setattr(adding, "PATIENCE", 60.0)
