"""The calendar file: RFC 5545's rules byte by byte, and icalendar as an independent reader."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from crm_metrics.audit.calendar import Day, calendar

STAMP = date(2026, 3, 31)
ODD = "Телефоны; «пусто», a\\b\r\nвторая строка: " + "щ" * 80 + "🙂" * 30


def read(data: bytes) -> list[dict[str, object]]:
    return [
        {name: event.decoded(name) for name in ("UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY")}
        for event in Calendar.from_ical(data).walk("VEVENT")
    ]


def test_an_independent_reader_finds_the_days():
    data = calendar([Day("abc", date(2026, 4, 14), ODD, "x,y")], stamp=STAMP, name="План; 1")
    (event,) = read(data)
    assert event == {
        "UID": "abc@crm-metrics",
        "DTSTAMP": datetime(2026, 3, 31, tzinfo=UTC),
        "DTSTART": date(2026, 4, 14),
        "DTEND": date(2026, 4, 15),
        "SUMMARY": ODD.replace("\r\n", "\n"),
    }
    assert data == calendar(
        [Day("abc", date(2026, 4, 14), ODD, "x,y")], stamp=STAMP, name="План; 1"
    )


def test_lines_are_folded_and_ended_as_the_standard_says():
    data = calendar([Day("abc", STAMP, ODD, ODD)], stamp=STAMP, name=ODD)
    lines = data.split(b"\r\n")
    assert lines[-1] == b""
    assert max(map(len, lines)) == 75
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert b"\r" not in data.replace(b"\r\n", b"")
    for line in lines:
        line.decode()  # no sign is cut in two
    assert lines[:3] == [b"BEGIN:VCALENDAR", b"VERSION:2.0", b"PRODID:-//crm-metrics//audit//EN"]
    assert lines[-2] == b"END:VCALENDAR"
    for once in (b"UID:", b"DTSTAMP:", b"DTSTART;VALUE=DATE:"):
        assert sum(line.startswith(once) for line in lines) == 1


def test_a_calendar_without_days_can_be_read():
    assert read(calendar([], stamp=STAMP, name="")) == []


@settings(max_examples=40)
@given(st.text(), st.text())
def test_any_text_comes_back_but_for_controls(title: str, details: str):
    (event,) = Calendar.from_ical(
        calendar([Day("k", STAMP, title, details)], stamp=STAMP, name=title)
    ).walk("VEVENT")
    whole = "".join(
        "\n" if sign in "\u2028\u2029\x85\r" else sign for sign in title.replace("\r\n", "\n")
    )
    kept = "".join(sign for sign in whole if sign == "\n" or (sign >= " " and sign != "\x7f"))
    assert str(event["SUMMARY"]) == kept
