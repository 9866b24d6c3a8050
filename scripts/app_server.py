"""The app as a process of its own on a free port, with its own data folder."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_TRIES = 600
_PAUSE = 0.1  # seconds between two looks at whether the server answers


@contextmanager
def serving(home: Path) -> Iterator[str]:
    """Start the app over the data folder `home`; gives its address, and ends it afterwards.

    Raises RuntimeError where it does not answer within a minute.
    """
    port = free_port()
    command = [sys.executable, "-m", "streamlit", *arguments(port)]
    environment = {**os.environ, "CRM_METRICS_HOME": str(home), "TZ": "UTC"}
    log = home.with_suffix(".log")
    with log.open("wb") as sink:
        process = subprocess.Popen(  # noqa: S603 - our own command
            command, cwd=ROOT, env=environment, stdout=sink, stderr=subprocess.STDOUT
        )
        try:
            address = f"http://localhost:{port}"
            wait_for(address, log, running=lambda: process.poll() is None)
            yield address
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()


def arguments(port: int) -> list[str]:
    """What `streamlit` is told to do, so that it serves the app and nothing else."""
    options = {
        "server.port": port,
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
    }
    return ["run", "app.py", *(f"--{name}={value}" for name, value in options.items())]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return int(probe.getsockname()[1])


def wait_for(address: str, log: Path, *, running: Callable[[], bool]) -> None:
    """Wait until the app answers; raises RuntimeError where it ends first, or after a minute."""
    pause = threading.Event()
    for _ in range(_TRIES):
        if not running():
            break
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2):  # noqa: S310
                return
        except (urllib.error.URLError, OSError):
            pause.wait(_PAUSE)
    msg = f"the app did not start:\n{log.read_text(errors='replace')[-2000:]}"
    raise RuntimeError(msg)
