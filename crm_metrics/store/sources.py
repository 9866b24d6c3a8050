"""The files that data sets were read from, kept so that a decision about them can be changed."""

from __future__ import annotations

import contextlib
import json
import shutil
from pathlib import Path

from crm_metrics.intake.decisions import NOTHING, Decisions
from crm_metrics.store.manifest import write_json
from crm_metrics.store.records import from_plain, to_plain
from crm_metrics.store.whole import whole


def keep(folder: Path, sha256: str, path: Path) -> None:
    """Copy a file into the folder under its hash, unless it is there."""
    target = folder / sha256
    if target.exists():
        target.touch()
        return
    with whole(target) as part, part.open("wb") as out, path.open("rb") as source:
        shutil.copyfileobj(source, out, 1024 * 1024)


def kept(folder: Path, sha256: str) -> Path | None:
    """The file with this hash, if it is still there; it counts as used just now."""
    path = folder / sha256
    if not path.is_file():
        return None
    with contextlib.suppress(OSError):
        path.touch()
    return path


def forget(folder: Path, sha256: str) -> None:
    """Delete the file with this hash and what was decided about it."""
    (folder / sha256).unlink(missing_ok=True)
    _decided(folder, sha256).unlink(missing_ok=True)


def shrink(folder: Path, most: int) -> None:
    """Delete the files that were not used for longest, until the rest is within `most` bytes.

    What was decided about them stays.
    """
    files = [path for path in folder.glob("*") if path.suffix != ".json"]
    sized = sorted((path.stat().st_mtime_ns, path.stat().st_size, path) for path in files)
    total = sum(size for _, size, _ in sized)
    for _, size, path in sized:
        if total <= most:
            return
        path.unlink(missing_ok=True)
        total -= size


def decisions(folder: Path, sha256: str) -> Decisions:
    """What the user decided about the file with this hash; nothing where that is unreadable."""
    try:
        data = json.loads(_decided(folder, sha256).read_text(encoding="utf-8"))
        return from_plain(Decisions, data)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return NOTHING


def decide(folder: Path, sha256: str, decided: Decisions) -> None:
    """Remember what the user decided about the file with this hash."""
    if decided.parts:
        write_json(_decided(folder, sha256), to_plain(decided))
    else:
        _decided(folder, sha256).unlink(missing_ok=True)


def _decided(folder: Path, sha256: str) -> Path:
    return folder / f"{sha256}.json"
