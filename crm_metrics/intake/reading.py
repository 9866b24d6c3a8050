"""Read a file: bytes, container, dialect, layout, tables."""

from __future__ import annotations

import atexit
import functools
import re
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from crm_metrics.errors import InputError, LimitError
from crm_metrics.intake.containers.archives import ARCHIVES, archive_members, unpack
from crm_metrics.intake.containers.budget import Budget
from crm_metrics.intake.containers.compressed import COMPRESSED, decompressed
from crm_metrics.intake.containers.html_table import read_html, read_web_archive
from crm_metrics.intake.containers.sniffing import sniff
from crm_metrics.intake.containers.xml_spreadsheet import read_xml_spreadsheet
from crm_metrics.intake.decisions import NOTHING, Decisions
from crm_metrics.intake.draft import Draft, named_apart
from crm_metrics.intake.hashing import hashed
from crm_metrics.intake.limits import (
    MAX_FILE_BYTES,
    MEGABYTE,
    PREVIEW_MEMBERS,
    PREVIEW_UNPACKED,
)
from crm_metrics.intake.memory import give_back
from crm_metrics.intake.objects.tables import read_json, read_json_lines
from crm_metrics.intake.progress import Progress, Stopped, rising
from crm_metrics.intake.table import Issue, Table
from crm_metrics.intake.text.tables import read_text
from crm_metrics.intake.workbook.preview import preview_workbook
from crm_metrics.intake.workbook.sheets import read_workbook
from crm_metrics.intake.workbook.unlocking import unlocked

_PREFIX = "reading-"
_STALE_SECONDS = 3_600
"""No reading takes an hour: what is older was left by a process that was killed."""
_UNPACKING = 0.2
"""The share of unpacking in the time that a packed file takes."""
_SMALL_PAGE = 4 * MEGABYTE
"""A larger page takes too long for a preview: it has to be taken apart as a whole."""
_PAGES = {"html": read_html, "mhtml": read_web_archive, "xmlss": read_xml_spreadsheet}
_PACKED_ENDING = re.compile(r"\.(?:gz|bz2|xz|zst)$", re.IGNORECASE)
_MAX_ARCHIVES = 2
_MAX_COMPRESSED = 2
# These tell of the whole upload, not of one file in it; a password is asked for once.
_OF_THE_WHOLE = frozenset(
    {"archive_bomb", "too_many_members", "password_protected", "wrong_password", "archive_aes"}
)


def read(
    path: str | Path,
    *,
    name: str | None = None,
    workdir: str | Path | None = None,
    progress: Progress | None = None,
    password: str | None = None,
    decisions: Decisions = NOTHING,
    sha256: str | None = None,
) -> list[Table]:
    """Read a file into tables of text kept as Parquet, every line accounted for.

    `name` is the file's shown name (`path` may be a hash); `workdir` the folder for the
    Parquet, by default one that is removed when the program ends; `progress` is called with
    the share done, 0 to 1, never less than before, and ends the reading by raising: nothing of
    it is left then; `password` opens an encrypted workbook or archive; `decisions` are what the
    user settled, over what is found; `sha256` is the content's hash where it is known.
    Raises InputError or LimitError where the file can't be used.
    """
    source = Path(path)
    shown = name or source.name
    _check(source, shown)
    folder = _prepared(workdir)
    draft = Draft(shown, folder, _stem(shown), decisions=decisions, progress=rising(progress))
    try:
        with hashed(source, known=sha256) as digest:
            return _read(source, draft, password, digest)
    except Stopped as stopped:
        why = stopped.why
    finally:
        give_back()
    # Raised here it does not hold on to what was being read.
    raise why


def preview(
    path: str | Path,
    *,
    name: str | None = None,
    workdir: str | Path | None = None,
    password: str | None = None,
    decisions: Decisions = NOTHING,
) -> list[Table]:
    """The tables of a file by its first 256 KB, under the same decisions as the whole.

    Like `read`, but quick: a table that goes on is marked `partial`, of an archive the first
    files are looked at, and the content hash stays empty. Of an xlsx the first rows of each sheet.
    An empty list where only the whole file can tell (other workbooks, and parts that begin
    further below).
    """
    source = Path(path)
    shown = name or source.name
    _check(source, shown)
    draft = Draft(shown, _prepared(workdir), _stem(shown), decisions=decisions, preview=True)
    return _read(source, draft, password, lambda: "")


def _check(source: Path, shown: str) -> None:
    """Refuse what can't be opened, is empty or too large."""
    try:
        with source.open("rb"):
            size = source.stat().st_size
    except OSError as error:
        raise InputError("cannot_open", file=shown) from error
    if size > MAX_FILE_BYTES:
        raise LimitError("too_large", file=shown, limit_mb=MAX_FILE_BYTES // MEGABYTE)
    if not size:
        raise InputError("empty_file", file=shown)


def _read(
    source: Path, draft: Draft, password: str | None, digest: Callable[[], str]
) -> list[Table]:
    """Read into a folder of its own beside the draft's, to which finished tables are moved."""
    target = draft.folder
    with tempfile.TemporaryDirectory(dir=target, prefix=_PREFIX) as name_of_scratch:
        scratch = Path(name_of_scratch)
        made = scratch / "made"
        made.mkdir()
        own = replace(draft, folder=made).stretch(0.0, 0.99)
        enough = PREVIEW_UNPACKED if draft.preview else None
        within = _Within(Budget(draft.shown, draft.progress, enough=enough), password)
        found = named_apart(_read_part(source, own, scratch, within))
        found = [replace(table, sha256=digest()) for table in found]
        draft.progress(1.0)
        # Only now, when nothing can fail any more, do the tables appear in the folder.
        return [table.moved(target) for table in found]


@dataclass(frozen=True, slots=True)
class _Within:
    """What may be unpacked, the password, and the archives a file came out of, outermost first."""

    budget: Budget
    password: str | None
    kinds: tuple[str, ...] = ()

    def inside(self, kind: str, shown: str) -> _Within:
        """One level deeper. Raises InputError for an archive in an archive in an archive."""
        kinds = (*self.kinds, kind)
        archives = sum(each in ARCHIVES for each in kinds)
        if archives > _MAX_ARCHIVES or len(kinds) - archives > _MAX_COMPRESSED:
            raise InputError("not_a_table", file=shown, kind=kind.upper())
        return replace(self, kinds=kinds)

    def container(self, kind: str) -> str:
        """How a text was packed: zip, gz, tar.gz; its own kind if it was not."""
        return ".".join(reversed(self.kinds)) or kind


def _read_part(path: Path, draft: Draft, scratch: Path, within: _Within) -> list[Table]:
    """Read one file by its kind."""
    if not path.stat().st_size:
        raise InputError("empty_file", file=draft.shown)
    kind = sniff(path, draft.shown)
    if kind == "encrypted":
        path = unlocked(path, within.password, scratch, draft.shown)
        kind = sniff(path, draft.shown)
    if kind in COMPRESSED:
        deeper = within.inside(kind, draft.shown)
        inner = scratch / f"unpacked-{len(deeper.kinds)}"
        decompressed(path, kind, inner, draft.shown, within.budget)
        tables = _read_part(inner, draft.stretch(_UNPACKING, 1.0), scratch, deeper)
    elif kind in ARCHIVES:
        deeper = within.inside(kind, draft.shown)
        tables = _read_archive(path, kind, draft, scratch, deeper)
    elif kind == "text":
        tables = read_text(path, draft, container=within.container(kind))
    elif kind == "json":
        container = within.container(kind)
        tables = read_json(path, draft, scratch, container=container)
    elif kind == "jsonl":
        tables = read_json_lines(path, draft, container=within.container(kind))
    elif kind in _PAGES:
        small = not draft.preview or path.stat().st_size <= _SMALL_PAGE
        tables = _PAGES[kind](path, draft, scratch) if small else []
    elif draft.preview:
        tables = preview_workbook(path, kind, draft, scratch)
    else:
        tables = read_workbook(path, kind, draft, scratch, password=within.password)
    return tables


def _read_archive(
    path: Path,
    kind: str,
    draft: Draft,
    scratch: Path,
    within: _Within,
) -> list[Table]:
    """Read every file of an archive; those that can't be read are named in an issue."""
    tables: list[Table] = []
    refused: list[tuple[str, InputError]] = []
    with archive_members(path, kind, draft.shown) as members:
        for number, member in enumerate(members[: PREVIEW_MEMBERS if draft.preview else None]):
            within.budget.enter()
            share = draft.stretch(number / len(members), (number + 1) / len(members))
            own = share.within(member.name).stretch(_UNPACKING, 1.0)
            with tempfile.TemporaryDirectory(dir=scratch) as inner:
                place = Path(inner) / "member"
                try:
                    unpack(*(member, place, within.budget, draft.shown), password=within.password)
                    found = _read_part(place, own, Path(inner), within)
                except InputError as error:
                    if error.code in _OF_THE_WHOLE:
                        raise
                    refused.append((member.name, error))
                    continue
            single = len(found) == 1
            tables += [
                replace(t, name=member.name if single else f"{member.name}: {t.name}")
                for t in found
            ]
    if not tables and not draft.preview:
        raise refused[0][1] if refused else InputError("empty_file", file=draft.shown)
    if refused and tables:
        names = tuple(name for name, _ in refused[:3])
        skipped = Issue("member_skipped", len(refused), names)
        tables[0] = replace(tables[0], issues=(*tables[0].issues, skipped))
    return tables


def _stem(shown: str) -> str:
    """The shown name without folders and endings."""
    base = shown.replace("\\", "/").rsplit("/", 1)[-1]
    packed = _PACKED_ENDING.sub("", base)
    return Path(packed).stem or base


def _prepared(workdir: str | Path | None) -> Path:
    """The folder for what is read, without what a killed process left of its reading there."""
    folder = Path(workdir) if workdir is not None else _scratch()
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob(f"{_PREFIX}*"):
        try:
            stale = time.time() - left.stat().st_mtime > _STALE_SECONDS
        except OSError:  # another process was quicker
            continue
        if stale:
            shutil.rmtree(left, ignore_errors=True)
    return folder


@functools.cache
def _scratch_root() -> Path:
    root = Path(tempfile.mkdtemp(prefix="crm_metrics_"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    return root


def _scratch() -> Path:
    return Path(tempfile.mkdtemp(dir=_scratch_root()))
