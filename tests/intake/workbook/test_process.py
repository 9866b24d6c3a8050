"""A workbook is read by a process that ends when the caller no longer wants it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from crm_metrics.errors import Cancelled, InputError
from crm_metrics.intake import read
from crm_metrics.intake.limits import CHILD_BYTES
from crm_metrics.intake.workbook import process


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """The processes begun; each is asked about before it can have done anything."""
    begun: list[subprocess.Popen[bytes]] = []
    begin = subprocess.Popen

    def watched(*given: object, **options: object) -> subprocess.Popen[bytes]:
        begun.append(begin(*given, **options))  # type: ignore[call-overload]
        return begun[-1]

    monkeypatch.setattr(process.subprocess, "Popen", watched)
    monkeypatch.setattr(process, "_PULSE", 0.0)
    return begun


def test_cancelling_ends_the_process(tmp_path: Path, workbook_bytes: bytes, children) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(workbook_bytes)

    def cancel(part: float) -> None:
        if children:
            raise Cancelled

    with pytest.raises(Cancelled):
        read(path, workdir=tmp_path / "work", progress=cancel)
    (child,) = children
    assert child.returncode not in (None, 0)
    assert list((tmp_path / "work").iterdir()) == []


def test_a_process_that_takes_too_long_is_ended(
    tmp_path: Path, workbook_bytes: bytes, children, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(workbook_bytes)
    monkeypatch.setattr(process, "CHILD_SECONDS", -1)
    with pytest.raises(InputError) as refused:
        read(path, workdir=tmp_path / "work")
    assert refused.value.code == "workbook_timeout"
    assert children[0].returncode not in (None, 0)


ENDS = """
import threading
from crm_metrics.intake.limits import CHILD_BYTES
from crm_metrics.intake.workbook import process
threading.Thread(target=threading.Event().wait).start()
process.main(lambda rest: {"first": rest[0]})
"""


@pytest.mark.parametrize(("given", "code"), [(["a"], 0), ([], 1)])
def test_the_process_ends_with_its_answer_whatever_its_threads_do(
    tmp_path: Path, given: list[str], code: int
) -> None:
    place = tmp_path / "answer.json"
    command = [sys.executable, "-c", ENDS, str(place), str(CHILD_BYTES), *given]
    done = subprocess.run(command, check=False, capture_output=True, timeout=60)
    assert done.returncode == code, done.stderr
    assert (b"IndexError" in done.stderr) is bool(code)
    assert place.exists() is not bool(code)
