"""Cubes on disk: one file each, named after what it follows from, swept when that changes."""

from __future__ import annotations

import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from crm_metrics.metrics.cube.model import Cube
from crm_metrics.store.whole import whole

MOST_BYTES = 256_000_000
"""What all cubes of a workspace may take; the longest unused go first."""


def read(path: Path) -> Cube | None:
    """The cube in a file; None where there is none, or the file is damaged."""
    try:
        cube = Cube.read(pq.read_table(path))
        os.utime(path)
    except (OSError, pa.ArrowException, KeyError, TypeError, ValueError):
        return None
    return cube


def write(path: Path, cube: Cube) -> None:
    """Keep a cube, drop those of other facts; nothing happens where there is no room."""
    try:
        with whole(path) as part:
            pq.write_table(cube.described(), part, compression="zstd")
        _sweep(path)
    except OSError:  # a full or a read-only disk; the folder was removed meanwhile
        return


def _sweep(newest: Path) -> None:
    """Drop cubes whose facts are no more, then the longest unused of what is too much."""
    facts = newest.name.partition("-")[0]
    left = MOST_BYTES
    found = [(path.stat().st_mtime_ns, path) for path in newest.parent.glob("*.parquet")]
    for _, path in sorted(found, reverse=True):
        left -= path.stat().st_size
        if path != newest and (left < 0 or not path.name.startswith(f"{facts}-")):
            path.unlink(missing_ok=True)
