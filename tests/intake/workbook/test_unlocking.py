"""Workbooks and archives under a password."""

from __future__ import annotations

import io
import os
import struct
import subprocess
import zipfile
from pathlib import Path

import pytest
from msoffcrypto.format.ooxml import OOXMLFile

from crm_metrics.errors import InputError
from crm_metrics.intake import read, unlocked
from crm_metrics.intake.workbook import process
from crm_metrics.texts import LANGUAGES, t
from tests.intake.made import rows_of

DATA = Path(__file__).parents[2] / "data" / "workbooks"
PASSWORD = "Пароль1"


def agile(plain: bytes, password: str) -> bytes:
    out = io.BytesIO()
    OOXMLFile(io.BytesIO(plain)).encrypt(password, out)
    return out.getvalue()


def refused(path: Path, work: Path, password: str | None) -> str:
    with pytest.raises(InputError) as caught:
        read(path, workdir=work, password=password)
    for lang in LANGUAGES:
        assert path.name in t(f"error.{caught.value.code}", lang, **caught.value.params)
    assert password is None or password not in str(caught.value)
    return caught.value.code


@pytest.mark.parametrize("name", ["locked_standard.xlsx", "locked.xls"])
def test_a_locked_workbook_opens_with_its_password(tmp_path: Path, name: str) -> None:
    path = DATA / name
    assert refused(path, tmp_path, None) == "password_protected"
    assert refused(path, tmp_path, "пароль1") == "wrong_password"
    tables = read(path, workdir=tmp_path, password=PASSWORD)
    assert [table.name for table in tables] == ["Продажи", "Скрытый", "Слияния"]
    assert rows_of(tables[1]) == [["а", "1"], ["б", "2"]]


def test_agile_encryption_and_nobodys_password(tmp_path: Path, workbook_bytes: bytes) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(agile(workbook_bytes, "s3cret"))
    assert refused(path, tmp_path, None) == "password_protected"
    assert refused(path, tmp_path, "S3cret") == "wrong_password"
    (table,) = read(path, workdir=tmp_path, password="s3cret")
    assert (table.records, table.how.container) == (3, "xlsx")
    # Excel writes this where only changes are protected, and opens it without asking.
    path.write_bytes(agile(workbook_bytes, "VelvetSweatshop"))
    (table,) = read(path, workdir=tmp_path)
    assert table.records == 3


def test_the_decrypted_copy_can_be_kept(tmp_path: Path, workbook_bytes: bytes) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(agile(workbook_bytes, "s3cret"))
    copy = unlocked(path, "s3cret", tmp_path, path.name)
    assert copy.parent == tmp_path
    assert copy.read_bytes() == workbook_bytes
    assert unlocked(copy, None, tmp_path, path.name) == copy
    plain = DATA / "shapes.xls"
    assert unlocked(plain, None, tmp_path, plain.name) == plain


def test_the_password_is_in_no_argument_and_no_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workbook_bytes: bytes
) -> None:
    seen: list[str] = []
    run = subprocess.Popen

    def watched(command: list[str], **given: object) -> object:
        environment = given["env"]
        assert isinstance(environment, os._Environ | dict)
        seen.extend([*command, *map(str, environment.values())])
        return run(command, **given)  # type: ignore[call-overload]

    monkeypatch.setattr(process.subprocess, "Popen", watched)
    path = tmp_path / "book.xlsx"
    path.write_bytes(agile(workbook_bytes, "s3cret"))
    read(path, workdir=tmp_path, password="s3cret")
    assert seen
    assert not any("s3cret" in text for text in seen)


def test_an_encrypted_opendocument_says_what_to_do(tmp_path: Path) -> None:
    assert refused(DATA / "locked.ods", tmp_path, PASSWORD) == "encryption_unknown"


def test_a_damaged_container_is_no_password_question(tmp_path: Path) -> None:
    content = (DATA / "locked_standard.xlsx").read_bytes()
    path = tmp_path / "book.xlsx"
    for cut in (600, 1_500, len(content) - 3_000):
        path.write_bytes(content[:cut])
        assert refused(path, tmp_path, PASSWORD) in {
            *("workbook_broken", "wrong_password", "not_a_table", "encryption_unknown"),
        }


def test_a_hostile_count_of_rounds_ends_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workbook_bytes: bytes
) -> None:
    monkeypatch.setattr(process, "CHILD_SECONDS", 1)
    content = agile(workbook_bytes, "s3cret")
    assert content.count(b'spinCount="100000"') == 1
    path = tmp_path / "book.xlsx"
    path.write_bytes(content.replace(b'spinCount="100000"', b'spinCount="999999"'))
    assert refused(path, tmp_path, "s3cret") == "workbook_timeout"


def zip_crypto(name: str, content: bytes, password: bytes) -> bytes:
    """A stored member under the traditional PKWARE encryption, as its appnote has it."""
    table = [0] * 256
    for i in range(256):
        value = i
        for _ in range(8):
            value = (value >> 1) ^ 0xEDB88320 if value & 1 else value >> 1
        table[i] = value
    keys = [0x12345678, 0x23456789, 0x34567890]

    def update(byte: int) -> None:
        keys[0] = (keys[0] >> 8) ^ table[(keys[0] ^ byte) & 0xFF]
        keys[1] = ((keys[1] + (keys[0] & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = (keys[2] >> 8) ^ table[(keys[2] ^ (keys[1] >> 24)) & 0xFF]

    for byte in password:
        update(byte)
    plain = zipfile.ZipInfo(name)
    crc = zipfile.crc32(content)
    locked = bytearray()
    for byte in bytes(11) + bytes([crc >> 24]) + content:
        mixed = (keys[2] | 2) & 0xFFFF
        locked.append(byte ^ (((mixed * (mixed ^ 1)) >> 8) & 0xFF))
        update(byte)
    size = (crc, len(locked), len(content), len(name))
    head = struct.pack("<HHHHHIIIHH", 20, 1, 0, 0, 0x21, *size, 0)
    local = b"PK\x03\x04" + head + name.encode() + bytes(locked)
    central = b"PK\x01\x02" + struct.pack("<H", 20) + head + struct.pack("<HHHII", 0, 0, 0, 0, 0)
    central += plain.filename.encode()
    end = struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(local), 0)
    return local + central + b"PK\x05\x06" + end


@pytest.mark.parametrize("encoding", ["utf-8", "cp866", "cp1251"])
def test_an_encrypted_archive_opens_with_its_password(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "sales.zip"
    path.write_bytes(zip_crypto("a.csv", b"name,sum\na,1\nb,2\n", PASSWORD.encode(encoding)))
    assert refused(path, tmp_path, None) == "password_protected"
    assert refused(path, tmp_path, "another") == "wrong_password"
    (table,) = read(path, workdir=tmp_path, password=PASSWORD)
    assert rows_of(table) == [["a", "1"], ["b", "2"]]


def test_an_archive_under_aes_says_so(tmp_path: Path) -> None:
    content = bytearray(zip_crypto("a.csv", b"name,sum\na,1\n", b"x"))
    content[8] = 99
    content[content.index(b"PK\x01\x02") + 10] = 99
    path = tmp_path / "sales.zip"
    path.write_bytes(bytes(content))
    assert refused(path, tmp_path, "x") == "archive_aes"


def test_a_locked_workbook_inside_an_archive_is_asked_for(
    tmp_path: Path, workbook_bytes: bytes
) -> None:
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "name,sum\na,1\nb,2\n")
        archive.writestr("b.xlsx", agile(workbook_bytes, "s3cret"))
    with pytest.raises(InputError) as caught:
        read(path, workdir=tmp_path)
    assert caught.value.code == "password_protected"
    assert caught.value.params["file"] == "all.zip"
    tables = read(path, workdir=tmp_path, password="s3cret")
    assert [table.name for table in tables] == ["a.csv", "b.xlsx"]
