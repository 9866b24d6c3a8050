"""Room on disk: how much a workspace may take, and what goes when it takes more."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import platformdirs

from crm_metrics.errors import LimitError

HOME = "CRM_METRICS_HOME"
DISK = "CRM_METRICS_DISK_GB"
GIGABYTE = 1024**3
_DISK_GB = 20.0
_STALE_SECONDS = 24 * 3600
"""What a reading left behind for longer than this is of a process that was killed."""


def default_folder() -> Path:
    """The user's own data folder, or the one that CRM_METRICS_HOME names."""
    named = os.environ.get(HOME, "").strip()
    return Path(named) if named else Path(platformdirs.user_data_dir("crm-metrics"))


def disk_limit() -> int:
    """The most bytes that a workspace takes, as CRM_METRICS_DISK_GB says, 20 GB by default."""
    try:
        return int(float(os.environ.get(DISK, "") or _DISK_GB) * GIGABYTE)
    except ValueError:
        return int(_DISK_GB * GIGABYTE)


def size_of(folder: Path) -> int:
    """The bytes of all files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


@contextmanager
def incoming(folder: Path) -> Iterator[Path]:
    """A folder inside this one for a reading, gone after it.

    Raises LimitError("disk_full") where the disk has no room left.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(dir=folder) as own:
            yield Path(own)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise LimitError("disk_full", folder=str(folder.parent)) from error
        raise


def drop_stale(folder: Path) -> None:
    """Delete what readings left in the folder because their process was killed."""
    for left in folder.glob("*") if folder.is_dir() else ():
        try:
            if time.time() - left.stat().st_mtime > _STALE_SECONDS:
                shutil.rmtree(left, ignore_errors=True)
        except OSError:  # gone meanwhile
            continue
