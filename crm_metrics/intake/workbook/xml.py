"""A part of a package read as a stream of tags, without entities, within limits."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Generator
from xml.parsers import expat

from crm_metrics.intake.limits import MAX_UNPACKED_BYTES

_CHUNK = 64 * 1024


class HostileXmlError(ValueError):
    """A part declares a document type: only an attack does."""


def feed(
    archive: zipfile.ZipFile,
    part: str,
    *,
    start: Callable[[str, dict[str, str]], object],
    end: Callable[[str], object],
    text: Callable[[str], object],
    most: int = MAX_UNPACKED_BYTES,
) -> Generator[None]:
    """Parse a part piece by piece: the handlers are called, then control is given back.

    Names come without prefixes. Stops after `most` bytes. Raises HostileXmlError,
    expat.ExpatError, and what zipfile and zlib raise.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, found: start(name.rpartition(":")[2], found)
    parser.EndElementHandler = lambda name: end(name.rpartition(":")[2])
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse
    done = 0
    with archive.open(part) as source:
        while done < most and (chunk := source.read(_CHUNK)):
            done += len(chunk)
            parser.Parse(chunk, False)  # noqa: FBT003 - not by name in C
            yield
        if done < most:
            parser.Parse(b"", True)  # noqa: FBT003
            yield


def _refuse(*_: object) -> None:
    raise HostileXmlError
