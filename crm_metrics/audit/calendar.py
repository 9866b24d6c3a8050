"""A calendar file of days to keep: RFC 5545, all-day events that a later file puts in order again.

https://www.rfc-editor.org/rfc/rfc5545: lines end by CRLF and are folded at 75 octets (3.1), texts
are escaped (3.3.11), an event has UID and DTSTAMP (3.6.1). Without METHOD, DTSTAMP says when the
event was last changed (3.8.7.2): here the day of the audit, for the engine knows no clock.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

_HOST: Final = "crm-metrics"
_OCTETS: Final = 75
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})
_BREAKS = re.compile(r"\r\n?|[\u2028\u2029\x85]")
# Controls that no TEXT may hold (RFC 5545, 3.1, CONTROL), and halves of signs that no UTF-8 has.
_FORBIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Day:
    """Something to do on a day; `key` names it in every later file."""

    key: str
    day: date
    title: str
    details: str = ""


def calendar(days: Sequence[Day], *, stamp: date, name: str) -> bytes:
    """The days as the bytes of an .ics file called `name`, made on `stamp`.

    Equal days give equal bytes. Days are free time (TRANSPARENT): they block nobody's meetings.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//{_HOST}//audit//EN"]
    lines += ["CALSCALE:GREGORIAN", f"X-WR-CALNAME:{_text(name)}"]
    for day in days:
        lines += _event(day, stamp)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line)).encode()


def _event(day: Day, stamp: date) -> Iterable[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(day.key)}@{_HOST}"
    yield f"DTSTAMP:{stamp:%Y%m%d}T000000Z"
    yield f"DTSTART;VALUE=DATE:{day.day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{day.day + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_text(day.title)}"
    if day.details:
        yield f"DESCRIPTION:{_text(day.details)}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _text(text: str) -> str:
    return _FORBIDDEN.sub("", _BREAKS.sub("\n", text)).translate(_ESCAPED)


def _folded(line: str) -> Iterable[str]:
    """The line in parts of at most 75 octets, all but the first led by a space; no sign is cut."""
    part, size = "", 0
    for sign in line:
        octets = len(sign.encode())
        if size + octets > _OCTETS:
            yield part
            part, size = " ", 1
        part, size = part + sign, size + octets
    yield part
