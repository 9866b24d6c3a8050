"""Processor time of the app over the sample data: start, the Channels page, a changed filter.

    python -m benchmarks.channels_page [--runs 3]

Each run is a process with a data folder of its own; the least times are shown. The start includes
all imports. The files are added as the app adds them, in its reading thread ("adding"). Streamlit's
own test runner stands in for the browser, so that sending and drawing are not in these times.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
BARS = {"start": 3.0, "adding": None, "channels": 2.5, "again": 0.1, "filter": 1.0}
PATIENCE = 300.0  # seconds


def main() -> None:
    """Run several times in turn, print the least processor times beside their bars."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=3)
    runs = [_in_own_process() for _ in range(options.parse_args().runs)]
    for step, bar in BARS.items():
        least = min(run[step] for run in runs)
        beside = f" (bar: <= {bar})" if bar else ""
        print(f"{step:9} {least:5.2f} s of processor{beside}")


def _in_own_process() -> dict[str, float]:
    with tempfile.TemporaryDirectory() as home:
        found = subprocess.run(
            [sys.executable, "-m", f"benchmarks.{Path(__file__).stem}", "--once"],
            check=True,
            capture_output=True,
            text=True,
            cwd=ROOT,
            env=os.environ | {"CRM_METRICS_HOME": home},
        )
    times: dict[str, float] = json.loads(found.stdout.splitlines()[-1])
    return times


def _run_once() -> None:
    times = {}
    before = time.process_time()
    from streamlit.testing.v1 import AppTest  # noqa: TID251 - it stands in for a browser

    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    app.context = {"locale": "en-US"}
    app.run()
    times["start"] = time.process_time() - before
    from crm_metrics.store import Workspace
    from crm_metrics.store.workspace import default_folder
    from crm_metrics.ui import samples
    from crm_metrics.ui.jobs import ReadingRoom, Task

    before = time.process_time()
    space = Workspace(default_folder())
    room = ReadingRoom(space.folder)
    room.submit(space, [Task(path.name, path) for path in samples.sample_files()])
    assert room.wait(PATIENCE)
    times["adding"] = time.process_time() - before
    app.switch_page("pages/channels.py")
    for step in ("channels", "again", "filter"):
        if step == "filter":
            chosen = next(one for one in app.multiselect if one.label == "Channel")
            chosen.set_value(chosen.options[1:3])
        before = time.process_time()
        app.run()
        times[step] = time.process_time() - before
        assert not app.exception
        assert app.metric
    print(json.dumps(times))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--once"]:
        _run_once()
    else:
        main()
