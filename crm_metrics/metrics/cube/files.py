"""Cubes on disk, one file each."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from crm_metrics.metrics.cube.model import Cube
from crm_metrics.metrics.kept_files import keep, used


def read(path: Path) -> Cube | None:
    """The cube in a file; None where there is none, or the file is damaged."""
    try:
        cube = Cube.read(pq.read_table(path))
    except (OSError, pa.ArrowException, KeyError, TypeError, ValueError):
        return None
    used(path)
    return cube


def write(path: Path, cube: Cube) -> None:
    """Keep a cube, drop those of other facts; nothing happens where there is no room."""
    keep(path, lambda part: pq.write_table(cube.described(), part, compression="zstd"))
