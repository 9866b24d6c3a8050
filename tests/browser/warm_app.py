"""The app as a process of its own, forked from one that has loaded the modules of all pages.

A fresh process spends four seconds on imports until its first page is drawn; it serves as the
command line's does, and shares nothing with another test's.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.app_server import ROOT, arguments, free_port, wait_for

_FORKS = "forkserver" in multiprocessing.get_all_start_methods()
_CONTEXT = multiprocessing.get_context("forkserver" if _FORKS else "spawn")


@contextmanager
def serving_warm(home: Path) -> Iterator[str]:
    """Do what `app_server.serving` does."""
    if _FORKS:
        _CONTEXT.set_forkserver_preload(_modules())
    port, log = free_port(), home.with_suffix(".log")
    process = _CONTEXT.Process(target=_serve, args=(port, home, log))
    process.start()
    try:
        address = f"http://localhost:{port}"
        wait_for(address, log, running=process.is_alive)
        yield address
    finally:
        process.terminate()
        process.join(timeout=10)
        process.kill()
        process.join()


def _modules() -> list[str]:
    """The names of what the command line and the pages load, late imports too."""
    paths = sorted((ROOT / "crm_metrics" / "ui").rglob("[!_]*.py"))
    ours = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in paths]
    return ["streamlit.web.cli", "streamlit.web.bootstrap", "scipy.stats", *ours]


def _serve(port: int, home: Path, log: Path) -> None:
    from streamlit.web import cli  # noqa: PLC0415 - only the forked process serves

    with log.open("wb") as sink:
        os.dup2(sink.fileno(), sys.stdout.fileno())
        os.dup2(sink.fileno(), sys.stderr.fileno())
    os.environ.update(CRM_METRICS_HOME=str(home), TZ="UTC")
    os.chdir(ROOT)
    cli.main(arguments(port), prog_name="streamlit")
