"""The files of an archive (zip, tar), unpacked one by one within the limits."""

from __future__ import annotations

import functools
import tarfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Literal

from crm_metrics.errors import InputError, LimitError
from crm_metrics.intake.containers.budget import Budget
from crm_metrics.intake.limits import MAX_MEMBERS, MAX_UNPACKED_BYTES, MEGABYTE

_FORMATS: dict[str, type[zipfile.ZipFile | tarfile.TarFile]] = {
    "zip": zipfile.ZipFile,
    "tar": tarfile.TarFile,
}
ARCHIVES = frozenset(_FORMATS)
_CHUNK = MEGABYTE
_MAX_LISTED = MAX_MEMBERS * 10
# What systems leave in folders for themselves, by content where it has a mark.
_LEFTOVERS = frozenset({"thumbs.db", "desktop.ini"})
_APPLE_DOUBLE = b"\x00\x05\x16\x07"
_DS_STORE = b"\x00\x00\x00\x01Bud1"
_ENCRYPTED, _STRONG, _UTF8_NAME = 0x1, 0x40, 0x800
_AES = 99
_PASSWORD_ENCODINGS = ("utf-8", "cp866", "cp1251")
"""The codes that programs write a password in."""
_BROKEN = (
    zipfile.BadZipFile,
    tarfile.TarError,
    OSError,
    EOFError,
    ValueError,
    zlib.error,
    NotImplementedError,
)


@dataclass(frozen=True, slots=True)
class Member:
    """A file of an archive: its name (with folders only where base names repeat) and its size."""

    name: str
    packed: int
    opened: Callable[[bytes | None], IO[bytes]]
    encrypted: Literal["", "weak", "strong"] = ""


@contextmanager
def archive_members(path: Path, kind: str, shown: str) -> Iterator[list[Member]]:
    """The files of an archive, without those that a system left for itself.

    Raises InputError `archive_broken`, LimitError for a declared size above the limits.
    """
    try:
        archive = _FORMATS[kind](path)
    except _BROKEN as error:
        raise InputError("archive_broken", file=shown) from error
    with archive:
        yield _listed(archive, path, shown)


def _listed(archive: zipfile.ZipFile | tarfile.TarFile, path: Path, shown: str) -> list[Member]:
    try:
        if isinstance(archive, zipfile.ZipFile):
            check_members(archive.infolist(), shown)
            members = [_zipped(archive, info) for info in archive.infolist()]
        else:
            members = _tarred(archive, path.stat().st_size, shown)
        return _named([member for member in members if not _is_leftover(member)])
    except InputError:
        raise
    except _BROKEN as error:
        raise InputError("archive_broken", file=shown) from error


def unpack(
    member: Member, target: Path, budget: Budget, shown: str, *, password: str | None
) -> None:
    """Write a file of an archive to `target`, counting: declared sizes may lie.

    Raises InputError `archive_broken` about this file; `password_protected`, `wrong_password`, or
    `archive_aes` for an encryption that is not read, LimitError `archive_bomb` about the archive.
    """
    if not member.encrypted:
        try:
            _copy(member, target, budget, None)
        except (*_BROKEN, RuntimeError) as error:
            if isinstance(error, InputError):
                raise
            raise InputError("archive_broken", file=member.name) from error
        return
    if member.encrypted == "strong":
        raise InputError("archive_aes", file=shown)
    if not password:
        raise InputError("password_protected", file=shown)
    for encoding in _PASSWORD_ENCODINGS:
        try:
            _copy(member, target, budget, password.encode(encoding))
        except LimitError:
            raise
        except (RuntimeError, zipfile.BadZipFile, zlib.error, EOFError, UnicodeError):
            # One wrong password in 256 passes the first check; the sum of the content tells.
            continue
        return
    raise InputError("wrong_password", file=shown)


def _copy(member: Member, target: Path, budget: Budget, password: bytes | None) -> None:
    done = 0
    with member.opened(password) as source, target.open("wb") as out:
        while piece := source.read(_CHUNK):
            done += len(piece)
            budget.check(done, member.packed)
            budget.spend(len(piece))
            out.write(piece)
            if budget.enough and done >= budget.enough:
                break


def check_members(members: Sequence[zipfile.ZipInfo], shown: str) -> None:
    """Refuse a zip archive whose declared contents are over the limits."""
    if len(members) > _MAX_LISTED:
        raise LimitError("archive_bomb", file=shown, limit=MAX_UNPACKED_BYTES // MEGABYTE)
    unpacked = sum(info.file_size for info in members)
    Budget(shown).check(unpacked, sum(info.compress_size for info in members))


def _zipped(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Member:
    name = "" if info.is_dir() else _zip_name(info)
    opened = functools.partial(archive.open, info, "r")
    if not info.flag_bits & _ENCRYPTED:
        return Member(name, info.compress_size, opened)
    strong = info.compress_type == _AES or info.flag_bits & _STRONG
    return Member(name, info.compress_size, opened, "strong" if strong else "weak")


def _zip_name(info: zipfile.ZipInfo) -> str:
    """The name of a file in a zip; Windows in Russian writes cp866 without saying so."""
    name = info.filename
    if not info.flag_bits & _UTF8_NAME:
        try:
            raw = name.encode("cp437")
            name = raw.decode("ascii" if raw.isascii() else _name_encoding(raw))
        except UnicodeError:
            name = info.filename
    return name.replace("\\", "/")


def _name_encoding(raw: bytes) -> str:
    """UTF-8 where it is valid (Linux and macOS do not set its flag), else cp866."""
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return "cp866"
    return "utf-8"


def _tarred(archive: tarfile.TarFile, size: int, shown: str) -> list[Member]:
    members = []
    for number, info in enumerate(archive):
        if number >= _MAX_LISTED:
            raise LimitError("archive_bomb", file=shown, limit=MAX_UNPACKED_BYTES // MEGABYTE)
        if info.isreg():
            name = info.name.encode("utf-8", "replace").decode("utf-8")
            opened = functools.partial(_tar_file, archive, info)
            members.append(Member(name, size, opened))
    return members


def _tar_file(archive: tarfile.TarFile, info: tarfile.TarInfo, _: object) -> IO[bytes]:
    file = archive.extractfile(info)
    if file is None:
        raise tarfile.ReadError
    return file


def _is_leftover(member: Member) -> bool:
    """A folder, or what macOS and Windows keep beside the files of people."""
    base = member.name.rsplit("/", 1)[-1].lower()
    if not base or base in _LEFTOVERS:
        return True
    if not base.startswith("."):
        return False
    try:
        with member.opened(None) as source:
            head = source.read(8)
    except (*_BROKEN, RuntimeError):
        return False
    return not head or head.startswith((_APPLE_DOUBLE, _DS_STORE))


def _named(members: Sequence[Member]) -> list[Member]:
    """Members under their base names, or their whole names where several have the same."""
    bases = [member.name.rsplit("/", 1)[-1] for member in members]
    count = Counter(bases)
    return [
        replace(member, name=base if count[base] == 1 else member.name)
        for member, base in zip(members, bases, strict=True)
    ]
