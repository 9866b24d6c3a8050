"""What all tests share: a fixed language-neutral environment, and no silent skips in CI."""

from __future__ import annotations

import gc
import os
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import settings

# Set before anything reads them: dates must not depend on the machine that runs the tests.
os.environ["TZ"] = "UTC"
# At a desk each run tries new examples; what CI judges must not depend on luck.
settings.register_profile("ci", derandomize=True, deadline=None)
if os.environ.get("CI"):
    settings.load_profile("ci")
DATA = Path(__file__).parent / "data"
SAMPLES = Path(__file__).parent.parent / "sample_data"
# They wait for other processes, and last longest.
FIRST = ("tests/metrics/test_metric_spark", "tests/browser/")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A skipped test is a failed test in CI."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("CI"):
        report.outcome = "failed"
        report.longrepr = f"skipped in CI: {report.longrepr}"
    return report


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest, so that nobody waits for them at the end.

    One of the processes takes them all: it alone starts a cluster, a browser and the sample's app.
    """
    items.sort(key=lambda item: not item.nodeid.startswith(FIRST))


def pytest_collection_finish() -> None:
    """Look for garbage among what tests make, seldom, and never among the modules all have loaded.

    Queries are trees by the hundred thousand nodes: a sixth of the run went into walking them.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
