"""One file packed on its own: gz, bz2, xz, zst."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import pyarrow as pa

from crm_metrics.errors import InputError
from crm_metrics.intake.containers.budget import Budget
from crm_metrics.intake.limits import MEGABYTE

_CHUNK = MEGABYTE
_XZ_MEMORY = 256 * MEGABYTE
"""A file can ask for a dictionary of gigabytes; xz itself makes none above 64 MB."""


def decompressed(path: Path, kind: str, target: Path, shown: str, budget: Budget) -> None:
    """Unpack a file within the limits. Raises InputError `archive_broken`, LimitError."""
    packed, done = path.stat().st_size, 0
    try:
        with path.open("rb") as source, target.open("wb") as out:
            for piece in _PIECES[kind](source):
                done += len(piece)
                budget.check(done, packed)
                budget.spend(len(piece))
                out.write(piece)
                if budget.enough and done >= budget.enough:
                    break
    except (OSError, EOFError, zlib.error, lzma.LZMAError) as error:
        raise InputError("archive_broken", file=shown) from error


def _gz(source: IO[bytes]) -> Iterator[bytes]:
    with gzip.GzipFile(fileobj=source) as unpacked:
        while piece := unpacked.read(_CHUNK):
            yield piece


def _zst(source: IO[bytes]) -> Iterator[bytes]:
    with pa.CompressedInputStream(pa.PythonFile(source), "zstd") as unpacked:
        while piece := unpacked.read(_CHUNK):
            yield piece


def _bz2(source: IO[bytes]) -> Iterator[bytes]:
    with bz2.BZ2File(source) as unpacked:
        while piece := unpacked.read(_CHUNK):
            yield piece


def _xz(source: IO[bytes]) -> Iterator[bytes]:
    """One stream after another; the library's own file takes no limit of memory."""
    raw = source.read(_CHUNK)
    while raw:
        decoder = lzma.LZMADecompressor(memlimit=_XZ_MEMORY)
        while not decoder.eof:
            yield decoder.decompress(raw, _CHUNK)
            raw = b""
            if decoder.needs_input and not decoder.eof:
                raw = source.read(_CHUNK)
                if not raw:
                    raise EOFError
        raw = (decoder.unused_data or source.read(_CHUNK)).lstrip(b"\0")  # padded with zeros


_PIECES: dict[str, Callable[[IO[bytes]], Iterator[bytes]]] = {
    "gz": _gz,
    "bz2": _bz2,
    "xz": _xz,
    "zst": _zst,
}
COMPRESSED = frozenset(_PIECES)
