"""What a file is, by its bytes and never by its name."""

from __future__ import annotations

import mmap
import re
import zipfile
import zlib
from pathlib import Path

from crm_metrics.errors import InputError
from crm_metrics.intake.objects.recognition import json_kind
from crm_metrics.intake.text.encoding import detect

_HEAD = 65_536
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Formats that are no tables, named as people know them in any language.
_FOREIGN = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"%PDF", "PDF"),
    (b"\x7fELF", "ELF"),
    (b"\xcf\xfa\xed\xfe", "Mach-O"),
    (b"\xca\xfe\xba\xbe", "Mach-O"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    (b"Rar!\x1a\x07", "RAR"),
    (b"\x04\x22\x4d\x18", "LZ4"),
    (b"MSCF", "CAB"),
    (b"SQLite format 3\x00", "SQLite"),
    (b"PAR1", "Parquet"),
    (b"{\\rtf", "RTF"),
    (b"ID3", "MP3"),
    (b"OggS", "OGG"),
    (b"fLaC", "FLAC"),
    (b"\x1aE\xdf\xa3", "MKV"),
    (b"%!PS", "PostScript"),
    (b"ARROW1\x00\x00", "Arrow"),
    (b"\x89HDF\r\n", "HDF5"),
    (b"$FL2@(#)", "SPSS"),
    (b"\x00\x01\x00\x00Standard ", "Access"),
    (b"!BDN", "PST"),
    (b"BEGIN:VCARD", "VCF"),
    (b"BEGIN:VCALENDAR", "ICS"),
)
_COMPRESSED = (
    (b"\x1f\x8b", "gz"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "zst"),
)
_SPREADSHEET = "urn:schemas-microsoft-com:office:spreadsheet"
_MULTIPART = re.compile(
    r"(?:mime-version|from|subject|date|content-type|snapshot-content-location):"
)
_SURE_LETTERS = 7
_BZIP2_BLOCKS = {b"1AY&SY", b"\x17rE8P\x90"}
_TAR_MARK = slice(257, 262)
_PACKED_DOCUMENTS = (
    ("word/", "DOCX"),
    ("ppt/", "PPTX"),
    ("Index/Document.iwa", "Apple iWork"),
    ("META-INF/MANIFEST.MF", "JAR"),
    ("AndroidManifest.xml", "APK"),
)


def sniff(path: Path, shown: str) -> str:
    """The kind of a file by its bytes.

    One of text, json, jsonl, html, gz, bz2, xz, zst, zip, tar, xlsx, xlsb, xls, ods,
    xmlss (Excel's XML of 2003), mhtml (a web archive)
    or encrypted (a workbook).

    Raises InputError `not_a_table` naming another known format, or `not_text` for bytes that are
    nothing known.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped(path, shown)
    if head.startswith(_OLE):
        return _ole(path, shown)
    if head[_TAR_MARK] == b"ustar":
        return "tar"
    for magic, kind in _COMPRESSED:
        if head.startswith(magic):
            return kind
    if head.startswith(b"BZh") and head[4:10] in _BZIP2_BLOCKS:
        return "bz2"
    foreign = _foreign(head)
    if foreign:
        raise InputError("not_a_table", file=shown, kind=foreign)
    if _is_binary(head):
        raise InputError("not_text", file=shown)
    return _marked_up(head, shown)


def _zipped(path: Path, shown: str) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            mimetype = archive.read("mimetype")[:200] if "mimetype" in names else b""
    except (zipfile.BadZipFile, OSError, EOFError, zlib.error, RuntimeError, ValueError) as error:
        raise InputError("archive_broken", file=shown) from error
    except NotImplementedError as error:
        raise InputError("archive_broken", file=shown) from error
    lower = {name.lower().replace("\\", "/") for name in names}
    if "xl/workbook.bin" in lower:
        return "xlsb"
    if any(name.startswith("xl/") for name in lower):
        return "xlsx"
    if mimetype.startswith(b"application/vnd.oasis.opendocument"):
        if b"spreadsheet" in mimetype:
            return "ods"
        raise InputError("not_a_table", file=shown, kind="OpenDocument")
    for mark, kind in _PACKED_DOCUMENTS:
        if any(name.startswith(mark.lower()) for name in lower):
            raise InputError("not_a_table", file=shown, kind=kind)
    return "zip"


def _ole(path: Path, shown: str) -> str:
    """An old office file: a workbook, an encrypted new one, or something else."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:

        def has(stream: str) -> bool:
            return data.find(stream.encode("utf-16-le")) >= 0

        if has("EncryptedPackage") or has("EncryptionInfo"):
            return "encrypted"
        if has("Workbook") or has("Book"):
            return "xls"
        kind = "DOC" if has("WordDocument") else "PPT" if has("PowerPoint") else "OLE"
    raise InputError("not_a_table", file=shown, kind=kind)


def _foreign(head: bytes) -> str | None:
    for magic, kind in _FOREIGN:
        # A header may begin with the letters ID3: a short word alone is no mark.
        word = magic.isalnum() and len(magic) < _SURE_LETTERS
        if head.startswith(magic) and not (word and b"\x00" not in head[:512]):
            return kind
    if head[:4] == b"RIFF" and head[8:12] in {b"WEBP", b"WAVE", b"AVI "}:
        return head[8:12].decode().strip()
    if head[4:8] == b"ftyp":
        return "HEIC" if head[8:11] in {b"hei", b"mif", b"avi"} else "MP4"
    if head[:2] == b"MZ" and b"\x00" in head[:128]:
        return "EXE"
    if head[:2] == b"BM" and b"\x00" in head[:32]:
        return "BMP"
    return None


def _is_binary(head: bytes) -> bool:
    """Whether the bytes have many control codes that no encoding of a text explains."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    sample = head[:4096]
    separator = max(b"\x01\x1e\x1f", key=sample.count)  # some databases divide fields by it
    known = b"\t\n\r\f\x0b\x1a\x1b" + bytes([separator])
    controls = sum(byte < 32 and byte not in known for byte in sample)
    zeros = sample.count(0)
    if controls - zeros > 0.02 * len(sample):
        # UTF-16 Cyrillic has 0x04 in every second byte.
        high = max(sample[::2].count(4), sample[1::2].count(4))
        return controls - zeros - high > 0.02 * len(sample)
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    return zeros > 0.05 * len(sample) and min(even, odd) > 0.2 * max(even, odd)


def _marked_up(head: bytes, shown: str) -> str:
    """Whether a text is an HTML table or JSON, or XML, which is no table here."""
    encoding = detect([head])
    text = head[encoding.mark :].decode(encoding.codec, "replace").lstrip("\ufeff \t\r\n\x00")
    start = text.lower()
    if start.startswith("<"):
        if _SPREADSHEET in start:
            return "xmlss"
        if "<table" in start or "<tr" in start:
            return "html"
        if start.startswith(("<?xml", "<workbook", "<ss:")):
            raise InputError("not_a_table", file=shown, kind="XML")
        if start.startswith(("<!doctype", "<html", "<svg", "<head", "<meta")):
            raise InputError("not_a_table", file=shown, kind="HTML")
    if _MULTIPART.match(start) and "multipart/related" in start:
        return "mhtml"
    return json_kind(text, whole=len(head) < _HEAD) or "text"
