"""Read a file: bytes, container, dialect, layout, tables."""

from __future__ import annotations

import atexit
import functools
import hashlib
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from crm_metrics.errors import InputError, LimitError
from crm_metrics.intake.draft import Draft
from crm_metrics.intake.limits import MAX_FILE_BYTES, MEGABYTE
from crm_metrics.intake.table import Table
from crm_metrics.intake.textfile import read_text


def read(
    path: str | Path,
    *,
    name: str | None = None,
    workdir: str | Path | None = None,
    progress: Callable[[float], object] | None = None,
) -> list[Table]:
    """Read a file into tables of text kept as Parquet, every line accounted for.

    `name` is the file's shown name (`path` may be a hash); `workdir` the folder for the
    Parquet, by default one that is removed when the program ends; `progress` is called with
    the share done, 0 to 1. Raises InputError or LimitError where the file can't be used.
    """
    source = Path(path)
    shown = name or source.name
    try:
        size = source.stat().st_size
        if size > MAX_FILE_BYTES:
            limit = MAX_FILE_BYTES // MEGABYTE
            raise LimitError("too_large", file=shown, limit=limit)
        if not size:
            raise InputError("empty_file", file=shown)
        digest = _sha256(source)
    except OSError as error:
        raise InputError("cannot_open", file=shown) from error
    folder = Path(workdir) if workdir is not None else _scratch()
    folder.mkdir(parents=True, exist_ok=True)
    tables = read_text(source, Draft(shown, digest, folder, Path(shown).stem), progress=progress)
    if progress:
        progress(1.0)
    return tables


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@functools.cache
def _scratch_root() -> Path:
    root = Path(tempfile.mkdtemp(prefix="crm_metrics_"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    return root


def _scratch() -> Path:
    return Path(tempfile.mkdtemp(dir=_scratch_root()))
