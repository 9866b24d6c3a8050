"""Chats as WhatsApp exports them: Android and iPhone, several locales, messages of many lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_metrics.errors import InputError
from crm_metrics.intake import read
from crm_metrics.intake.decisions import Decisions
from tests.intake.made import read_all, read_one, rows_of

HEADERS = ("date", "time", "author", "text")

ANDROID = (
    "12/03/2026, 09:14 - Messages and calls are end-to-end encrypted.\n"
    "12/03/2026, 09:15 - Anna Lee: where is my order?\n"
    "12/03/2026, 09:16 - Shop: checking, one minute\n"
    "second line of the same message\n"
    "\n"
    "a third: after a blank one\n"
    "12/03/2026, 09:17 - Anna Lee: <Media omitted>\n"
    "12/03/2026, 09:18 - Anna Lee: null\n"
    '12/03/2026, 09:19 - Shop changed the subject to "Order: 15"\n'
    "\n"
)


def test_an_android_chat(tmp_path: Path) -> None:
    table = read_one(tmp_path, ANDROID, "WhatsApp Chat with Anna.txt")
    assert (table.layout, table.headers, table.how.container) == ("message_log", HEADERS, "text")
    assert rows_of(table) == [
        ["12/03/2026", "09:14", "", "Messages and calls are end-to-end encrypted."],
        ["12/03/2026", "09:15", "Anna Lee", "where is my order?"],
        [
            *("12/03/2026", "09:16", "Shop"),
            "checking, one minute\nsecond line of the same message\n\na third: after a blank one",
        ],
        ["12/03/2026", "09:17", "Anna Lee", "<Media omitted>"],
        ["12/03/2026", "09:18", "Anna Lee", "null"],
        ["12/03/2026", "09:19", "", 'Shop changed the subject to "Order: 15"'],
    ]
    assert (table.account.lines, table.records) == (10, 6)
    assert table.account.set_aside == {"blank": 1, "continuation": 3}


def test_an_iphone_chat_in_russian(tmp_path: Path) -> None:
    """With marks of direction, and the group as the author of its own notices."""
    text = (
        "[22.09.2026, 10:15:32] Лавка: \u200eСообщения и звонки защищены сквозным шифрованием.\r\n"
        "[22.09.2026, 10:15:40] Лавка: \u200eАнна добавила участника Борис\r\n"
        "\u200e[22.09.2026, 10:16:02] Анна: \u200eизображение отсутствует\r\n"
        "[22.09.2026, 10:16:05] ~\u202fБорис\u00a0П.: Где заказ: 15?\r\n"
        "и 16\r\n"
        "[22.09.2026, 10:17:00] Анна:\r\n"
    )
    table = read_one(tmp_path, text, "_chat.txt")
    assert [row[1:] for row in rows_of(table)] == [
        ["10:15:32", "", "Сообщения и звонки защищены сквозным шифрованием."],
        ["10:15:40", "", "Анна добавила участника Борис"],
        ["10:16:02", "Анна", "изображение отсутствует"],
        ["10:16:05", "~ Борис П.", "Где заказ: 15?\nи 16"],
        ["10:17:00", "Анна", ""],
    ]
    assert (table.account.lines, table.account.set_aside) == (6, {"continuation": 1})


@pytest.mark.parametrize(
    ("stamp", "date", "time"),
    [
        ("3/12/26, 9:15\u202fAM - ", "3/12/26", "9:15 AM"),
        ("12.03.26, 09:15 - ", "12.03.26", "09:15"),
        ("12.03.26 um 09:15 - ", "12.03.26", "09:15"),
        ("12.03.2026 в 09:15 - ", "12.03.2026", "09:15"),
        ("12/03/2026 à 09:15 - ", "12/03/2026", "09:15"),
        ("12/3/26 9:15 a.\u00a0m. - ", "12/3/26", "9:15 a. m."),
        ("2026-03-12, 09:15 – ", "2026-03-12", "09:15"),
        ("[9/22/26, 10:15:32 PM] ", "9/22/26", "10:15:32 PM"),
        ("[2026/03/12, 09:15:32] ", "2026/03/12", "09:15:32"),
        ("[12.03.2026 09:15] ", "12.03.2026", "09:15"),
        ("\ufeff[12.03.26, 09.15.32] ", "12.03.26", "09.15.32"),
    ],
)
def test_stamps_of_many_locales_stay_as_written(
    tmp_path: Path, stamp: str, date: str, time: str
) -> None:
    table = read_one(tmp_path, f"{stamp}Анна: Привет!\n{stamp}Shop: Hi\n")
    assert rows_of(table) == [[date, time, "Анна", "Привет!"], [date, time, "Shop", "Hi"]]


def test_a_chat_in_utf16_and_with_lines_above(tmp_path: Path) -> None:
    text = "Переписка с клиентом\n" + ANDROID
    table = read_one(tmp_path, text.encode("utf-16"))
    assert table.preamble == ("Переписка с клиентом",)
    assert table.records == 6
    assert table.account.lines == 11


def test_long_messages_do_not_hide_a_chat(tmp_path: Path) -> None:
    text = "".join(
        f"12/03/2026, 09:{i:02d} - Anna: item {i}\n" + "a line, with a comma\n" * 9
        for i in range(20)
    )
    table = read_one(tmp_path, text)
    assert (table.records, table.account.set_aside) == (20, {"continuation": 180})


def test_a_message_without_end_is_cut_and_said(tmp_path: Path) -> None:
    text = "12/03/2026, 09:14 - Anna: hi\n" * 200 + "more\n" * 2_500
    table = read_one(tmp_path, text)
    assert table.account.lines == 2_700
    assert table.account.set_aside == {"continuation": 1_999, "other": 501}
    assert [(issue.code, issue.count) for issue in table.issues] == [("message_too_long", 501)]


def test_a_table_with_stamps_is_no_chat(tmp_path: Path) -> None:
    text = "date,who,text\n" + "2026-03-12 09:15,Anna,hi - there\n" * 5
    assert read_one(tmp_path, text).layout == "table"


def test_a_log_of_events_is_no_chat(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_all(tmp_path, "2024-03-01 10:15 started\n2024-03-01 10:16 stopped\n")
    assert caught.value.code == "text_not_table"


def test_what_the_user_settled_about_a_line_holds(tmp_path: Path) -> None:
    path = tmp_path / "chat.txt"
    path.write_text(ANDROID)
    decisions = Decisions().with_role("", 3, "other").with_role("", 1, "preamble")
    (table,) = read(path, workdir=tmp_path / "work", decisions=decisions)
    assert [row[1] for row in rows_of(table)] == ["09:15", "09:17", "09:18", "09:19"]
    assert table.account.lines == 10
    assert table.account.set_aside == {"preamble": 1, "blank": 2, "other": 3}
