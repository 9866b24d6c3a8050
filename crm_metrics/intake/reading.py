"""Read a file: bytes, container, dialect, layout, tables."""

from __future__ import annotations

import atexit
import functools
import hashlib
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from crm_metrics.errors import InputError, LimitError
from crm_metrics.intake.containers.archives import gunzipped, unzipped
from crm_metrics.intake.containers.html_table import read_html
from crm_metrics.intake.containers.sniffing import sniff
from crm_metrics.intake.decisions import NOTHING, Decisions
from crm_metrics.intake.draft import Draft, named_apart
from crm_metrics.intake.limits import MAX_FILE_BYTES, MAX_MEMBERS, MEGABYTE
from crm_metrics.intake.table import Issue, Table
from crm_metrics.intake.text.tables import read_text
from crm_metrics.intake.workbook.sheets import read_workbook
from crm_metrics.intake.workbook.unlocking import unlocked

_ASKS = {"password_protected", "wrong_password"}
"""What a user can answer: it is asked for the whole archive, not passed over."""


def read(
    path: str | Path,
    *,
    name: str | None = None,
    workdir: str | Path | None = None,
    progress: Callable[[float], object] | None = None,
    password: str | None = None,
    decisions: Decisions = NOTHING,
    sha256: str | None = None,
) -> list[Table]:
    """Read a file into tables of text kept as Parquet, every line accounted for.

    `name` is the file's shown name (`path` may be a hash); `workdir` the folder for the
    Parquet, by default one that is removed when the program ends; `progress` is called with
    the share done, 0 to 1; `password` opens an encrypted workbook or archive; `decisions` are
    what the user settled, over what is found; `sha256` is the content's hash where it is known.
    Raises InputError or LimitError where the file can't be used.
    """
    source = Path(path)
    shown = name or source.name
    try:
        size = source.stat().st_size
        if size > MAX_FILE_BYTES:
            limit = MAX_FILE_BYTES // MEGABYTE
            raise LimitError("too_large", file=shown, limit_mb=limit)
        if not size:
            raise InputError("empty_file", file=shown)
        digest = sha256 or content_hash(source)
    except OSError as error:
        raise InputError("cannot_open", file=shown) from error
    folder = Path(workdir) if workdir is not None else _scratch()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix="reading-") as name_of_scratch:
        scratch = Path(name_of_scratch)
        made = scratch / "made"
        made.mkdir()
        draft = Draft(shown, digest, made, _stem(shown), decisions=decisions)
        found = named_apart(
            _read_part(source, draft, scratch, progress=progress, password=password)
        )
        # Only now, when nothing can fail any more, do the tables appear in the folder.
        tables = [replace(t, path=t.path.rename(folder / t.path.name)) for t in found]
    if progress:
        progress(1.0)
    return tables


def _read_part(
    path: Path,
    draft: Draft,
    scratch: Path,
    *,
    within: str = "",
    progress: Callable[[float], object] | None = None,
    password: str | None = None,
) -> list[Table]:
    """Read one file by its kind; `within` names the archive it came from."""
    if not path.stat().st_size:
        raise InputError("empty_file", file=draft.shown)
    kind = sniff(path, draft.shown)
    if kind == "encrypted":
        path = unlocked(path, password, scratch, draft.shown)
        kind = sniff(path, draft.shown)
    if kind == "text":
        return read_text(path, draft, container=within or "text", progress=progress)
    if kind == "html":
        return read_html(path, draft, scratch)
    if kind == "gz":
        if within:
            raise InputError("not_a_table", file=draft.shown, kind="GZIP")
        inner = gunzipped(path, scratch, draft.shown)
        return _read_part(inner, draft, scratch, within="gz", progress=progress, password=password)
    if kind == "zip":
        if within:
            raise InputError("not_a_table", file=draft.shown, kind="ZIP")
        return _read_zip(path, draft, scratch, progress=progress, password=password)
    return read_workbook(path, kind, draft, scratch, password=password)


def _read_zip(
    path: Path,
    draft: Draft,
    scratch: Path,
    *,
    progress: Callable[[float], object] | None,
    password: str | None,
) -> list[Table]:
    """Read every file of an archive; those that are no tables are named in an issue."""
    tables: list[Table] = []
    refused: list[tuple[str, InputError]] = []
    for name, member in unzipped(path, scratch, draft.shown, password=password):
        if len(tables) + len(refused) >= MAX_MEMBERS:
            raise LimitError("too_many_members", file=draft.shown, limit=MAX_MEMBERS)
        own = draft.within(name)
        with tempfile.TemporaryDirectory(dir=scratch) as inner:
            try:
                found = _read_part(
                    *(member, own, Path(inner)),
                    within="zip",
                    progress=progress,
                    password=password,
                )
            except InputError as error:
                if error.code in _ASKS:
                    raise
                refused.append((name, error))
                continue
        single = len(found) == 1
        tables += [replace(t, name=name if single else f"{name}: {t.name}") for t in found]
    if not tables:
        raise refused[0][1] if refused else InputError("empty_file", file=draft.shown)
    if refused:
        names = tuple(name for name, _ in refused[:3])
        skipped = Issue("member_skipped", len(refused), names)
        tables[0] = replace(tables[0], issues=(*tables[0].issues, skipped))
    return tables


def _stem(shown: str) -> str:
    """The shown name without folders and endings."""
    base = shown.replace("\\", "/").rsplit("/", 1)[-1]
    packed = base[:-3] if base.lower().endswith(".gz") else base
    return Path(packed).stem or base


def content_hash(path: Path) -> str:
    """The sha256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@functools.cache
def _scratch_root() -> Path:
    root = Path(tempfile.mkdtemp(prefix="crm_metrics_"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    return root


def _scratch() -> Path:
    return Path(tempfile.mkdtemp(dir=_scratch_root()))
