"""Files of what can be made again from the facts: named after what it follows from, then swept."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path

import duckdb

import crm_metrics
from crm_metrics.metrics.ground import Engine
from crm_metrics.store.whole import whole

MOST_BYTES = 256_000_000
"""What all files of a kind in a workspace may take; the longest unused go first."""


def place(engine: Engine, what: str, suffix: str) -> Path | None:
    """The file of what is made of an engine's facts; None where nothing is kept.

    Its kind is `suffix`; `what` says which of the kind it is.
    """
    if engine.cache is None:
        return None
    own = sha256(f"{_code()}\0{what}".encode()).hexdigest()[:16]
    return engine.cache / f"{engine.fingerprint}-{own}{suffix}"


def keep(path: Path, write: Callable[[Path], object]) -> None:
    """Keep what is written, drop files of its kind that are of other facts or too much.

    Nothing happens where there is no room.
    """
    try:
        with whole(path) as part:
            write(part)
        _sweep(path)
    except OSError:  # a full or a read-only disk; the folder was removed meanwhile
        return


def used(path: Path) -> None:
    """Say that a file was of use, so that it is not among the first to go."""
    with suppress(OSError):  # a read-only disk
        os.utime(path)


def _sweep(newest: Path) -> None:
    """Drop files whose facts are no more, then the longest unused of what is too much."""
    facts = newest.name.partition("-")[0]
    left = MOST_BYTES
    found = [(path.stat().st_mtime_ns, path) for path in newest.parent.glob(f"*{newest.suffix}")]
    for _, path in sorted(found, reverse=True):
        left -= path.stat().st_size
        if path != newest and (left < 0 or not path.name.startswith(f"{facts}-")):
            path.unlink(missing_ok=True)


@cache
def _code() -> str:
    """A word that changes with the code and the lists that facts, sums and texts are made by."""
    found = sha256(duckdb.__version__.encode())  # it gives texts their names
    root = Path(crm_metrics.__file__).parent
    for room in ("schema", "facts", "store", "metrics"):
        for path in sorted((root / room).rglob("*")):
            if path.suffix in {".py", ".toml"}:
                found.update(path.read_bytes())
    return found.hexdigest()
