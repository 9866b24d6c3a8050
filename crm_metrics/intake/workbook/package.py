"""What an xlsx package holds: its sheets in order, and the parts that give cells their meaning."""

from __future__ import annotations

import functools
import html
import posixpath
import re
import zipfile
from dataclasses import dataclass

from crm_metrics.intake.limits import MAX_CELLS, MEGABYTE

_MOST = 8 * MEGABYTE
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
# Every repetition ends at a tag or a quote: a hostile part must not cost a square of its size.
_REL = re.compile(r"<(?:\w+:)?Relationship\b[^<>]*>")
_ATTRIBUTE = re.compile(r"""(\w{1,40}:)?(\w{1,40})\s{0,9}=\s{0,9}(?:"([^"<]*)"|'([^'<]*)')""")
_SHEET_TAG = re.compile(r"<(?:\w+:)?sheet\b[^<>]*>")
_DIMENSION = re.compile(
    rb"""dimension\s[^<>]{0,100}\bref=["'][A-Z]{1,3}[0-9]{1,7}:([A-Z]{1,3})([0-9]{1,7})["']"""
)
_HEAD = 64 * 1024
_SMALL = 32 * MEGABYTE
_LEAST_CELL = len("<c><v>1</v></c>")
_DATE_1904 = re.compile(r"""<(?:\w+:)?workbookPr\b[^<>]*\bdate1904\s?=\s?["'](?:1|true|on)["']""")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of cells: its name, the part of the package, whether Excel hides it."""

    name: str
    part: str
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Package:
    """The sheets in the workbook's order and its shared parts, None where it has none.

    `other` counts sheets that hold no cells: charts and dialogs.
    """

    sheets: tuple[Sheet, ...]
    strings: str | None
    styles: str | None
    date_1904: bool = False
    other: int = 0


def package_of(archive: zipfile.ZipFile) -> Package:
    """Look a package through. Raises what zipfile and zlib raise."""
    names = {_folded(name): name for name in archive.namelist()}
    home = _main_part(archive, names)
    book = _small(archive, names.get(home))
    links = links_of(archive, home)
    sheets, other = [], 0
    for tag in _SHEET_TAG.findall(book):
        found = _attributes(tag)
        kind, target = links.get(found.get(":id", ""), ("", ""))
        part = names.get(target)
        if kind.endswith(("chartsheet", "dialogsheet")):
            other += 1
        elif part is not None:
            hidden = found.get("state", "visible") != "visible"
            sheets.append(Sheet(found.get("name", ""), part, hidden))
    if not sheets and not other:
        plain = [name for name in archive.namelist() if _SHEET.fullmatch(name)]
        sheets = [Sheet(posixpath.basename(name)[:-4], name) for name in plain]
    shared = {kind.rpartition("/")[2]: names.get(target) for kind, target in links.values()}
    return Package(
        sheets=tuple(sheets),
        strings=shared.get("sharedStrings"),
        styles=shared.get("styles"),
        date_1904=_DATE_1904.search(book) is not None,
        other=other,
    )


def to_measure(archive: zipfile.ZipFile, part: str) -> bool:
    """Whether a sheet is to be measured before it is read, not beside that.

    So are small ones, of which that takes no time, and those whose size or own word allow for more
    cells than the limit. Raises what zipfile and zlib raise.
    """
    size = archive.getinfo(part).file_size
    if not _SMALL < size <= MAX_CELLS * _LEAST_CELL:
        return True
    with archive.open(part) as source:
        found = _DIMENSION.search(source.read(_HEAD))
    return found is not None and (column_number(found[1]) + 1) * int(found[2]) > MAX_CELLS


@functools.cache
def column_number(letters: bytes) -> int:
    """The column, from 0, that has these letters."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _main_part(archive: zipfile.ZipFile, names: dict[str, str]) -> str:
    for kind, target in _links(archive, names.get("_rels/.rels"), "").values():
        if kind.endswith("/officeDocument") and target in names:
            return target
    return "xl/workbook.xml"


def links_of(archive: zipfile.ZipFile, home: str) -> dict[str, tuple[str, str]]:
    """The relationships of a part: by id, the type and the target's folded name."""
    base = posixpath.dirname(home)
    names = {_folded(name): name for name in archive.namelist()}
    return _links(archive, names.get(f"{base}/_rels/{posixpath.basename(home)}.rels"), base)


def part_named(archive: zipfile.ZipFile, folded: str) -> str:
    """The part that has this folded name; raises KeyError."""
    return next((name for name in archive.namelist() if _folded(name) == folded), folded)


def _links(archive: zipfile.ZipFile, part: str | None, base: str) -> dict[str, tuple[str, str]]:
    found = {}
    for tag in _REL.findall(_small(archive, part)):
        link = _attributes(tag)
        target = link.get("Target", "")
        full = target if target.startswith("/") else posixpath.join(base, target)
        found[link.get("Id", "")] = (link.get("Type", ""), _folded(posixpath.normpath(full)))
    return found


def _attributes(tag: str) -> dict[str, str]:
    """The attributes of a tag; a prefixed one stands under ":name"."""
    return {
        (f":{name}" if prefix else name): html.unescape(double or single)
        for prefix, name, double, single in _ATTRIBUTE.findall(tag)
    }


def _folded(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def _small(archive: zipfile.ZipFile, part: str | None) -> str:
    if part is None:
        return ""
    with archive.open(part) as source:
        data = source.read(_MOST)
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return data.decode("utf-16", "replace")
    return data.decode("utf-8-sig", "replace")
