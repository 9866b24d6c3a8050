"""Five sessions upload 150 MB each, one after another: how much memory the server keeps.

    python -m benchmarks.uploads [--sessions 5] [--rows 1400000]

The real app is started over an empty data folder, and each session is a browser of its own
(Chromium by Playwright) that drops the file and waits until it is read. The files differ, so that
none is known already. Memory is the server's resident memory (Linux).
"""

from __future__ import annotations

import argparse
import os
import re
import tempfile
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

from benchmarks.csv_to_channel_table import generate
from scripts.app_server import serving
from scripts.browser import launch, open_page, settled

_PATIENCE = 600_000  # milliseconds
_MEGABYTE = 1_000_000


def memory(process: int, line: str) -> float:
    """Megabytes of a process: VmRSS is what it has now, VmHWM the most that it had (Linux)."""
    status = Path(f"/proc/{process}/status").read_text()
    kilobytes = re.search(rf"^{line}:\s+(\d+) kB", status, re.MULTILINE)
    assert kilobytes is not None
    return int(kilobytes[1]) / 1024


def main() -> None:
    """Upload in turn, print the memory after each session and at the peak."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sessions", type=int, default=5)
    options.add_argument("--rows", type=int, default=1_400_000)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = _files(folder, given.sessions, given.rows)
        print(f"{given.sessions} files of {files[0].stat().st_size / _MEGABYTE:.0f} MB")
        with serving(folder / "home") as address, sync_playwright() as driver:
            server = _server()
            browser = launch(driver)
            print(f"started: {memory(server, 'VmRSS'):.0f} MB")
            for number, file in enumerate(files, start=1):
                page = browser.new_context().new_page()
                open_page(page, address)
                page.locator("input[type=file]").first.set_input_files(file)
                card = page.locator("[class*=st-key-card_]").filter(has_text=file.name)
                expect(card).to_be_visible(timeout=_PATIENCE)
                settled(page)
                now, peak = memory(server, "VmRSS"), memory(server, "VmHWM")
                print(f"session {number}: {now:.0f} MB, at the most {peak:.0f} MB")
            browser.close()
            print(f"at the end {memory(server, 'VmRSS'):.0f} MB (bar: < 600)")


def _files(folder: Path, count: int, rows: int) -> list[Path]:
    """Files of the same rows, each with a line of its own at the end."""
    first = folder / "campaigns-1.csv"
    generate(first, rows, "utf-8")
    content = first.read_bytes()
    last = content[content.rstrip().rfind(b"\n") + 1 :]
    files = [first]
    for number in range(2, count + 1):
        path = folder / f"campaigns-{number}.csv"
        path.write_bytes(content + last * number)
        files.append(path)
    return files


def _server() -> int:
    """The process of the app: the child of this one that runs Streamlit."""
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            parent = re.search(r"^PPid:\s+(\d+)", status.read_text(), re.MULTILINE)
            command = (status.parent / "cmdline").read_bytes()
        except OSError:  # gone meanwhile
            continue
        if parent and int(parent[1]) == os.getpid() and b"streamlit" in command:
            return int(status.parent.name)
    msg = "the server was not found"
    raise RuntimeError(msg)


if __name__ == "__main__":
    main()
