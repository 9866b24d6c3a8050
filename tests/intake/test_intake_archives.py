"""Archives and packed files of every kind, nested and damaged; files under a wrong name."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from pathlib import Path

import pyarrow as pa
import pytest

from crm_metrics.errors import InputError
from crm_metrics.intake import read
from crm_metrics.intake.containers import budget
from tests.intake.made import issues_of, read_all, read_one, rows_of

CSV = "date,name,sum\n2024-01-01,ann,10\n2024-01-02,bob,20\n"
ROWS = [["2024-01-01", "ann", "10"], ["2024-01-02", "bob", "20"]]
NO_DATE = (1980, 1, 1, 0, 0, 0)


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, NO_DATE), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def tarred(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
        link = tarfile.TarInfo("link.csv")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    return out.getvalue()


def zstd(content: bytes) -> bytes:
    packed: bytes = pa.Codec("zstd").compress(content, asbytes=True)
    return packed


PACKED = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": zstd,
}


@pytest.mark.parametrize("kind", PACKED)
def test_a_packed_file(tmp_path: Path, kind: str) -> None:
    table = read_one(tmp_path, PACKED[kind](CSV.encode()), f"sales.csv.{kind}")
    assert (table.name, table.how.container) == ("sales", kind)
    assert rows_of(table) == ROWS


@pytest.mark.parametrize("kind", PACKED)
def test_a_packed_file_that_was_cut(tmp_path: Path, kind: str) -> None:
    with pytest.raises(InputError) as caught:
        read_all(tmp_path, PACKED[kind]((CSV * 99).encode())[:-9])
    assert caught.value.code == "archive_broken"


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_packed_pieces_one_after_another(tmp_path: Path, pack: object) -> None:
    assert callable(pack)
    content = pack(CSV.encode()) + pack(b"2024-01-03,eve,30\n")
    assert read_one(tmp_path, content).records == 3


def test_an_xz_file_that_asks_for_gigabytes(tmp_path: Path) -> None:
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 1 << 20}]
    content = bytearray(lzma.compress(CSV.encode(), filters=filters))
    head = bytes(content[12:24])  # the block's header: size, flags, filter, dictionary, sum
    assert zlib.crc32(head[:8]) == int.from_bytes(head[8:12], "little")
    at = 12 + head.index(b"\x21\x01") + 2
    content[at] = 38  # 3 GB
    content[20:24] = zlib.crc32(bytes(content[12:20])).to_bytes(4, "little")
    with pytest.raises(InputError) as caught:
        read_all(tmp_path, bytes(content))
    assert caught.value.code == "archive_broken"


@pytest.mark.parametrize("pack", [tarred, zipped])
def test_the_files_of_an_archive(tmp_path: Path, pack: object) -> None:
    assert callable(pack)
    tables = read_all(
        tmp_path,
        pack(
            {
                "2024/may/sales.csv": CSV.encode(),
                "2024/june/sales.csv": CSV.encode("utf-16"),
                "2024/deals.csv": CSV.encode(),
                "photo.png": b"\x89PNG\r\n\x1a\n" + bytes(50),
            }
        ),
    )
    assert [t.name for t in tables] == ["2024/may/sales.csv", "2024/june/sales.csv", "deals.csv"]
    assert issues_of(tables[0]) == {"member_skipped": 1}
    assert tables[0].issues[0].examples == ("photo.png",)


def test_a_packed_archive_and_an_archive_in_an_archive(tmp_path: Path) -> None:
    table = read_one(tmp_path, gzip.compress(tarred({"a.csv": CSV.encode()})), "a.tgz")
    assert (table.name, table.how.container) == ("a.csv", "tar.gz")
    inner = zipped({"a.csv": CSV.encode(), "b.csv": CSV.encode()})
    tables = read_all(
        tmp_path, zipped({"may.zip": inner, "june.csv.gz": gzip.compress(b"x,y\n1,2")})
    )
    assert [t.name for t in tables] == ["may.zip: a.csv", "may.zip: b.csv", "june.csv.gz"]
    deeper = zipped({"outer.zip": zipped({"inner.zip": inner})})
    with pytest.raises(InputError) as caught:
        read_all(tmp_path, deeper)
    assert caught.value.code == "not_a_table"


def test_what_a_system_leaves_in_an_archive_is_no_file_of_the_user(tmp_path: Path) -> None:
    tables = read_all(
        tmp_path,
        zipped(
            {
                "sales.csv": CSV.encode(),
                "__MACOSX/._sales.csv": b"\x00\x05\x16\x07" + bytes(40),
                ".DS_Store": b"\x00\x00\x00\x01Bud1" + bytes(40),
                "Thumbs.db": b"\xd0\xcf\x11\xe0",
                "folder/": b"",
            }
        ),
    )
    assert [t.name for t in tables] == ["sales.csv"]
    assert issues_of(tables[0]) == {}


def test_a_hidden_file_of_data_is_read(tmp_path: Path) -> None:
    tables = read_all(
        tmp_path, zipped({"__MACOSX/.sales.csv": CSV.encode(), "b.csv": CSV.encode()})
    )
    assert [t.name for t in tables] == [".sales.csv", "b.csv"]


@pytest.mark.parametrize("encoding", ["cp866", "utf-8"])
def test_names_without_their_flag(tmp_path: Path, encoding: str) -> None:
    """Windows writes cp866, old Linux tools UTF-8; neither says so."""
    name = "Отчёт.csv".encode(encoding)
    blank = b"x" * len(name)
    content = zipped({blank.decode(): CSV.encode(), "b.csv": CSV.encode()}).replace(blank, name)
    assert read_all(tmp_path, content)[0].name == "Отчёт.csv"


def test_a_damaged_file_costs_the_others_nothing(tmp_path: Path) -> None:
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as archive:
        archive.writestr(zipfile.ZipInfo("a.csv", NO_DATE), CSV.replace("ann", "aXn"))
        archive.writestr(zipfile.ZipInfo("b.csv", NO_DATE), CSV)
    (table,) = read_all(tmp_path, stored.getvalue().replace(b"aXn", b"aYn", 1))
    assert table.name == "b.csv"
    assert table.issues[0].examples == ("a.csv",)


def test_all_of_an_upload_shares_one_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "MAX_UNPACKED_BYTES", 200)
    inner = zipped({"a.csv": CSV.encode(), "b.csv": CSV.encode()})
    with pytest.raises(InputError) as caught:
        read_all(tmp_path, zipped({"c.csv": CSV.encode(), "d.zip": inner}))
    assert caught.value.code == "archive_bomb"
    monkeypatch.setattr(budget, "MAX_UNPACKED_BYTES", 1_000_000)
    monkeypatch.setattr(budget, "MAX_MEMBERS", 3)
    with pytest.raises(InputError) as caught:
        read_all(tmp_path, zipped({"c.csv": CSV.encode(), "d.zip": inner}))
    assert caught.value.code == "too_many_members"


def test_progress_of_an_archive_never_falls(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({f"{i}.csv": CSV.encode() for i in range(5)}))
    seen: list[float] = []
    assert len(read(path, progress=seen.append, workdir=tmp_path / "work")) == 5
    assert seen == sorted(seen)
    assert len(set(seen)) > 5


FOREIGN = {
    "PNG": b"\x89PNG\r\n\x1a\n" + bytes(50),
    "PDF": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "GIF": b"GIF89a" + bytes(50),
    "EXE": b"MZ\x90\x00\x03" + bytes(100),
    "MP3": b"ID3\x04\x00\x00\x00\x00\x0f\x76" + bytes(50),
    "MP4": b"\x00\x00\x00\x20ftypisom" + bytes(50),
    "Parquet": b"PAR1\x15\x00" + bytes(50) + b"PAR1",
    "SQLite": b"SQLite format 3\x00" + bytes(50),
    "7-Zip": b"7z\xbc\xaf\x27\x1c\x00\x04",
    "RAR": b"Rar!\x1a\x07\x01\x00",
    "RTF": b"{\\rtf1\\ansi hello}",
    "VCF": b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Anna\r\nEND:VCARD\r\n",
    "DOCX": zipped({"word/document.xml": b"<x/>", "[Content_Types].xml": b"<x/>"}),
    "PPTX": zipped({"ppt/presentation.xml": b"<x/>"}),
}


@pytest.mark.parametrize("kind", FOREIGN)
def test_other_formats_are_named(tmp_path: Path, kind: str) -> None:
    with pytest.raises(InputError) as caught:
        read_all(tmp_path, FOREIGN[kind], "export.csv")
    assert (caught.value.code, caught.value.params["kind"]) == ("not_a_table", kind)


@pytest.mark.parametrize("head", ["ID3", "MZ", "BM", "BZh", "ORC", "fLaC", "II", "PK"])
def test_a_header_may_begin_like_the_mark_of_a_format(tmp_path: Path, head: str) -> None:
    table = read_one(tmp_path, f"{head},name\n1,ann\n2,bob\n")
    assert table.headers == (head, "name")


CONTENTS = {
    "csv": (CSV.encode(), "text"),
    "tsv": (CSV.replace(",", "\t").encode(), "text"),
    "utf16": (CSV.encode("utf-16"), "text"),
    "html": (b"<table><tr><td>a<td>b<tr><td>1<td>2</table>", "html"),
    "json": (b'[{"a": 1}]', "json"),
    "jsonl": (b'{"a": 1}\n{"a": 2}\n', "jsonl"),
    "gz": (gzip.compress(CSV.encode()), "gz"),
    "zip": (zipped({"a.csv": CSV.encode()}), "zip"),
    "tar": (tarred({"a.csv": CSV.encode()}), "tar"),
}


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a.xls", "a.json", "a.zip", "a.png", "a"])
@pytest.mark.parametrize("kind", CONTENTS)
def test_the_bytes_decide_and_not_the_name(tmp_path: Path, kind: str, name: str) -> None:
    content, container = CONTENTS[kind]
    (table,) = read_all(tmp_path, content, name)
    assert table.how.container == container
