"""Reads a workbook in a process of its own."""

from __future__ import annotations

import contextlib
import zipfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from crm_metrics.intake.containers.archives import check_members
from crm_metrics.intake.workbook import process
from crm_metrics.intake.workbook.fast import Book, Start
from crm_metrics.intake.workbook.package import package_of, to_measure

if TYPE_CHECKING:
    from crm_metrics.intake.workbook.conversion import Mode


def _read(arguments: Sequence[str]) -> dict[str, Any]:
    """Read the sheets of a workbook into a folder; what fails is told by its code."""
    source, kind, folder, mode = arguments
    # No hand is waited for: what is still read when an error is found ends with the process.
    start = Start(ThreadPoolExecutor(2))
    if kind == "xlsx" and mode == "fast":
        # What is wrong with the file is found again below.
        with contextlib.suppress(Exception):
            start = _begun(source, start)
    # The fast reader needs none of this to begin.
    from crm_metrics.intake.workbook.conversion import converted  # noqa: PLC0415

    return converted(source, kind, Path(folder), cast("Mode", mode), start)


def _begun(source: str, start: Start) -> Start:
    """With the book while it is opened and its first sheet read, where that need not wait."""
    with zipfile.ZipFile(source) as archive:
        check_members(archive.infolist(), "")
        sheets = package_of(archive).sheets
        if not sheets or to_measure(archive, sheets[0].part):
            return start
    return replace(start, book=start.hands.submit(Book, source, first=sheets[0].name))


if __name__ == "__main__":
    process.main(_read)
