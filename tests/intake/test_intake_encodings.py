"""Encodings are found without options, and lines in another one are read in their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_metrics.intake.text.encoding import detect
from tests.intake.corpus.encodings import encoded, encoded_files
from tests.intake.made import issues_of, read_one, rows_of


def test_the_encoding_of_made_files_is_found() -> None:
    right = wrong = 0
    for encoding, text, content in encoded_files():
        found = detect([content])
        same = encoded(content[found.mark :].decode(found.codec, "replace"), encoding)
        right += same == encoded(text, encoding)
        wrong += same != encoded(text, encoding)
    assert right + wrong >= 188
    assert right / (right + wrong) >= 0.99


HEAD = "дата;имя;сумма\n"
FIRST = "2024-01-01;Аня Щукина;10\n"
SECOND = "2024-01-02;Пётр;20\n"
ROWS = [["2024-01-01", "Аня Щукина", "10"], ["2024-01-02", "Пётр", "20"]]


@pytest.mark.parametrize("main", ["utf-8", "cp1251", "koi8-r", "cp866"])
@pytest.mark.parametrize("other", ["utf-8", "cp1251", "koi8-r", "cp866"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_lines_in_another_encoding_are_read_in_it(
    tmp_path: Path, main: str, other: str, ends: str
) -> None:
    """Where one of the two is UTF-8; two one-byte encodings cannot be told apart by line."""
    if "utf-8" not in {main, other} or main == other:
        main = other = "utf-8"
    content = (HEAD + FIRST * 5).replace("\n", ends).encode(main)
    content += (SECOND * 2).replace("\n", ends).encode(other)
    table = read_one(tmp_path, content)
    assert rows_of(table) == [ROWS[0]] * 5 + [ROWS[1]] * 2
    assert issues_of(table).get("mixed_encodings", 0) == (2 if main != other else 0)
    assert table.account.lines == 8


def test_a_western_line_in_a_file_of_utf_8(tmp_path: Path) -> None:
    content = "name;sum\nZoë;1\nMüller;2\n".encode() + "José;3\n".encode("cp1252")
    table = read_one(tmp_path, content + "Noël;4\n".encode())
    assert [row[0] for row in rows_of(table)] == ["Zoë", "Müller", "José", "Noël"]
    assert issues_of(table) == {"mixed_encodings": 1}


def test_broken_bytes_are_not_taken_for_letters(tmp_path: Path) -> None:
    content = (HEAD + FIRST * 5).encode() + b"2024-01-02;\xff\xfe;20\n"
    table = read_one(tmp_path, content + "2024-01-03;Пё".encode() + b"\xff" + "тр;30\n".encode())
    assert rows_of(table)[5:] == [
        ["2024-01-02", "\ufffd\ufffd", "20"],
        ["2024-01-03", "Пё\ufffdтр", "30"],
    ]
    assert issues_of(table) == {"bad_bytes": 3}


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("letters", ["latin", "cyrillic"])
def test_utf_16_without_a_mark_and_with_half_a_character(
    tmp_path: Path, encoding: str, letters: str
) -> None:
    text = HEAD + FIRST + SECOND if letters == "cyrillic" else "day;name;n\n2024-01-01;Ann;1\n"
    table = read_one(tmp_path, text.encode(encoding) + b"A")
    assert table.how.encoding == encoding
    assert table.records == text.count("\n") - 1
    assert issues_of(table)["bad_bytes"] == 1


@pytest.mark.parametrize("cost", ["€{}", "{} €", "{}\u00a0€", "1\u00a0{} €", "£{}", "{}€"])
def test_a_sign_of_money_alone_tells_a_western_file(tmp_path, cost):
    amounts = [f"{100 + day},50" for day in range(9)]
    lines = [f"2026-03-0{day + 1};Spring;{cost.format(amounts[day])}" for day in range(9)]
    text = "Date;Campaign;Cost\n" + "\n".join(lines) + "\n"
    table = read_one(tmp_path, text, encoding="cp1252")
    assert table.how.encoding == "cp1252"
    assert [row[2] for row in rows_of(table)] == [cost.format(amount) for amount in amounts]


def test_two_accents_in_a_row_are_a_western_word(tmp_path):
    text = "Datum;Kampagne;Geöffnet\n" + "".join(
        f"0{day}.03.2026;{word} {day};{day}0\n"
        for day, word in enumerate(("Grüße", "Größe", "Süßes", "Füße", "Größte", "Grüße"), 1)
    )
    table = read_one(tmp_path, text, encoding="cp1252")
    assert table.how.encoding == "cp1252"
    assert rows_of(table)[0][1] == "Grüße 1"
