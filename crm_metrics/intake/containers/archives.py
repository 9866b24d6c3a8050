"""What archives hold, unpacked within the limits."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from crm_metrics.errors import InputError, LimitError
from crm_metrics.intake.limits import (
    MAX_MEMBERS,
    MAX_RATIO,
    MAX_UNPACKED_BYTES,
    MEGABYTE,
    RATIO_FLOOR_BYTES,
)

_CHUNK = 1024 * 1024
_ENCRYPTED, _STRONG = 0x1, 0x40
_AES = 99


def gunzipped(path: Path, folder: Path, shown: str) -> Path:
    """The content of a gz file as a file in the folder, within the limits."""
    target = folder / "unpacked"
    try:
        with gzip.open(path, "rb") as source:
            _copy(source, target, packed=path.stat().st_size, shown=shown)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError("archive_broken", file=shown) from error
    return target


def unzipped(
    path: Path, folder: Path, shown: str, *, password: str | None = None
) -> Iterator[tuple[str, Path]]:
    """The files of a zip archive one after another: shown name and place, within the limits.

    Raises InputError `archive_broken`, `password_protected`, `wrong_password`, or `archive_aes`
    for an encryption that is not read, LimitError `archive_bomb`.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = [info for info in archive.infolist() if _wanted(info)]
            check_members(archive.infolist(), shown)
            for number, info in enumerate(members):
                target = folder / f"member-{number}"
                if info.flag_bits & _ENCRYPTED:
                    _decrypt(archive, info, target, password, shown)
                else:
                    with archive.open(info) as source:
                        _copy(source, target, packed=info.compress_size, shown=shown)
                yield _member_name(info), target
                target.unlink(missing_ok=True)
    except (zipfile.BadZipFile, OSError, EOFError, zlib.error, NotImplementedError) as error:
        raise InputError("archive_broken", file=shown) from error


def _decrypt(
    archive: zipfile.ZipFile,
    info: zipfile.ZipInfo,
    target: Path,
    password: str | None,
    shown: str,
) -> None:
    """Copy an encrypted member, with the password in the codes that programs write it in."""
    if info.compress_type == _AES or info.flag_bits & _STRONG:
        raise InputError("archive_aes", file=shown)
    if not password:
        raise InputError("password_protected", file=shown)
    for encoding in ("utf-8", "cp866", "cp1251"):
        try:
            with archive.open(info, pwd=password.encode(encoding)) as source:
                _copy(source, target, packed=info.compress_size, shown=shown)
        except (RuntimeError, zipfile.BadZipFile, zlib.error, EOFError, UnicodeError):
            # One wrong password in 256 passes the first check; the sum of the content tells.
            continue
        return
    raise InputError("wrong_password", file=shown)


def check_members(members: list[zipfile.ZipInfo], shown: str) -> None:
    """Refuse an archive whose declared contents are over the limits."""
    if len(members) > MAX_MEMBERS * 10:
        raise LimitError("archive_bomb", file=shown, limit=MAX_UNPACKED_BYTES // MEGABYTE)
    unpacked = sum(info.file_size for info in members)
    _check_size(unpacked, sum(info.compress_size for info in members), shown)


def _check_size(unpacked: int, packed: int, shown: str) -> None:
    heavy = unpacked > RATIO_FLOOR_BYTES and unpacked > MAX_RATIO * max(packed, 1)
    if heavy or unpacked > MAX_UNPACKED_BYTES:
        raise LimitError("archive_bomb", file=shown, limit=MAX_UNPACKED_BYTES // MEGABYTE)


def _copy(source: IO[bytes] | gzip.GzipFile, target: Path, *, packed: int, shown: str) -> None:
    """Copy and count: declared sizes may lie."""
    done = 0
    with target.open("wb") as out:
        while chunk := source.read(_CHUNK):
            done += len(chunk)
            _check_size(done, packed, shown)
            out.write(chunk)


def _wanted(info: zipfile.ZipInfo) -> bool:
    name = info.filename
    base = name.rsplit("/", 1)[-1]
    return not info.is_dir() and not name.startswith("__MACOSX/") and not base.startswith(".")


def _member_name(info: zipfile.ZipInfo) -> str:
    """The member's base name; Windows in Russian writes cp866 without saying so."""
    name = info.filename
    if not info.flag_bits & 0x800:
        try:
            raw = name.encode("cp437")
            name = raw.decode("ascii" if raw.isascii() else "cp866")
        except UnicodeError:
            name = info.filename
    return name.replace("\\", "/").rsplit("/", 1)[-1]
