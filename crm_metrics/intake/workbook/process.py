"""Runs a module of this room in a process of its own, with a limit of memory and of time.

A crash of a parser or a flood of memory ends only that process.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from importlib.abc import MetaPathFinder
from pathlib import Path
from typing import Any

from crm_metrics.errors import InputError
from crm_metrics.intake.limits import CHILD_BYTES, CHILD_SECONDS
from crm_metrics.intake.progress import Progress, unheard

ANSWER = "answer.json"
_PULSE = 0.2  # seconds between two chances for the caller to end it
_Work = Callable[[Sequence[str]], dict[str, Any]]
_ROOM = "crm_metrics.intake.workbook"
_ROOT = Path(__file__).resolve().parents[3]


def run(
    module: str,
    arguments: Sequence[str],
    folder: Path,
    shown: str,
    *,
    secret: str = "",
    progress: Progress = unheard,
) -> dict[str, Any]:
    """The answer that a module leaves in the folder; `secret` reaches it through its input alone.

    What `progress` raises, asked now and then, ends the process too. Raises InputError
    `workbook_timeout`, or `workbook_broken` where it died without an answer.
    """
    command = [
        *(sys.executable, "-P", "-X", "utf8", "-m", f"{_ROOM}.{module}"),
        *(str(folder / ANSWER), str(CHILD_BYTES), *arguments),
    ]
    roots = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(roots),
        # The pool of the system does not reserve address space, which the limit counts.
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
    (folder / ANSWER).unlink(missing_ok=True)
    try:
        with subprocess.Popen(  # noqa: S603 - our own script and paths, no shell
            command,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as child:
            try:
                _wait(child, secret.encode(), progress)
            except BaseException:
                child.kill()
                raise
    except subprocess.TimeoutExpired as error:
        raise InputError("workbook_timeout", file=shown, seconds=CHILD_SECONDS) from error
    try:
        answer: dict[str, Any] = json.loads((folder / ANSWER).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:  # it died before or while it answered
        raise InputError("workbook_broken", file=shown) from error
    return answer


def _wait(child: subprocess.Popen[bytes], given: bytes | None, progress: Progress) -> None:
    end = time.monotonic() + CHILD_SECONDS
    while True:
        try:
            child.communicate(given, timeout=_PULSE)
        except subprocess.TimeoutExpired:
            given = None
            progress(0.0)
            if time.monotonic() > end:
                raise
        else:
            return


class _WithoutPandas(MetaPathFinder):
    """Keeps Arrow from loading pandas with the first array it makes: a tenth of the whole time."""

    def find_spec(self, fullname: str, *_: object) -> None:
        """Refuse that one."""
        if fullname == "pandas":
            raise ModuleNotFoundError(fullname)


def main(work: _Work) -> None:
    """The other side: the whole of the process, which ends with the answer."""
    sys.meta_path.insert(0, _WithoutPandas())
    try:
        answer(work, sys.argv[1:])
    except BaseException:  # noqa: BLE001 - whatever it is, the threads must end too
        traceback.print_exc()
        os._exit(1)
    # At once: a thread may still be at work that no answer needs.
    os._exit(0)


def answer(work: _Work, arguments: Sequence[str]) -> None:
    """Limit this process, do the work, and leave its answer."""
    place, most, *rest = arguments
    _limit_memory(int(most))
    # A file of its own and then its name: an answer is whole or not there.
    draft = Path(f"{place}.part")
    draft.write_text(json.dumps(work(rest)), encoding="utf-8")
    draft.replace(place)


def _limit_memory(most: int) -> None:
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return
    # macOS refuses this limit, and so does a system that has set a lower one for good.
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
