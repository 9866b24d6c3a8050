"""A chat as WhatsApp exports it: every message a record, however many lines it takes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from crm_metrics.intake.decisions import Role
from crm_metrics.intake.draft import Draft
from crm_metrics.intake.ledger import Ledger
from crm_metrics.intake.limits import MAX_RECORD_LINES
from crm_metrics.intake.parquet import Writer, rows_table
from crm_metrics.intake.table import HowRead, Reason, Table
from crm_metrics.intake.text.blocks import TextFile, note_decoding

HEADERS = ("date", "time", "author", "text")
_LEFT_TO_RIGHT = "\u200e"
_MARKS = "\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff"
_DATE = r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4}\.?"
_BETWEEN = r",?\s(?:(?:в|um|à|às|a\slas|alle|om|kl\.?)\s)?"
_TIME = r"\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?:\s?[ap]\.?\s?m\b\.?|\s[ДдПп][Пп]\b)?"
_MESSAGE = re.compile(
    rf"[{_MARKS}]*(?:\[\s?({_DATE}){_BETWEEN}({_TIME})\s?\]|({_DATE}){_BETWEEN}({_TIME})\s[-–—])"
    r"\s(.*)",
    re.IGNORECASE | re.DOTALL,
)
# On an iPhone the group itself is the author of what happens in it, after an invisible mark.
_NOTICE = re.compile(
    r"end-to-end encrypted|сквозн\w+ шифровани|Ende-zu-Ende-verschlüsselt|cifrad[ao]s? de extremo"
    r"|\b(?:created|changed|added|removed|joined|left)\b"
    r"|созда(?:л|н)|измени(?:л|ла)\b|добави(?:л|ла)\b|исключи(?:л|ла)\b|присоедини|вы(?:шел|шла)\b"
    r"|\b(?:erstellt|hinzugefügt|geändert|entfernt|verlassen|beigetreten)\b",
    re.IGNORECASE,
)
_PAIRED_QUOTES = (("«", "»"), ("“", "”"), ("„", "“"))
_INVISIBLE = re.compile(rf"[{_MARKS}]")
_SPACE = re.compile(r"\s+")
_LOOK = 400
_MIN_SHARE = 0.05
_MIN_SHARE_LATER = 0.5
_MAX_AUTHOR = 100
_BATCH = 20_000
_BATCH_LETTERS = 4 * 1024 * 1024


def is_message_log(lines: Sequence[str]) -> bool:
    """Whether the lines are messages of a chat: the first one is, or most are."""
    sample = [line for line in lines if line.strip()][:_LOOK]
    hits = sum(bool(_MESSAGE.match(line)) for line in sample)
    if not hits:
        return False
    least = _MIN_SHARE if _MESSAGE.match(sample[0]) else _MIN_SHARE_LATER
    return hits >= least * len(sample)


def read_messages(file: TextFile, draft: Draft, *, container: str) -> list[Table]:
    """Read a chat into one table of date, time, author and text, as they are written.

    A line that begins no message continues the one above. What the messenger itself says
    (encryption, a new member) has no author. A line that the user decided to be no record is set
    aside with the lines that continue it.
    """
    number = 0
    with Writer(draft.folder, len(HEADERS)) as writer:
        messages = _Messages(writer, Ledger(draft.folder), draft.decided.roles)
        for block in file.blocks(preview=draft.preview):
            draft.progress(file.done)
            for line in block.decode("utf-8").removesuffix("\n").split("\n"):
                number += 1
                messages.take(number, line.rstrip("\r"))
        path = messages.close()
    note_decoding(messages.ledger, file)
    return [
        Table(
            name=draft.base,
            path=path,
            headers=HEADERS,
            layout="message_log",
            how=HowRead(container, encoding=file.encoding.name),
            account=messages.ledger.account(),
            aside=messages.ledger.all_lines(),
            file_name=draft.shown,
            preamble=tuple(messages.above),
            issues=messages.ledger.issues(),
            part=draft.part,
            partial=file.partial,
        )
    ]


class _Messages:
    """Takes the lines of a chat in order; the last message is open until the next begins."""

    def __init__(self, writer: Writer, ledger: Ledger, roles: Mapping[int, Role]) -> None:
        self.ledger = ledger
        self.above: list[str] = []
        self._writer = writer
        self._roles = roles
        self._aside: Reason = "preamble"
        self._rows: list[tuple[str, str, str, str]] = []
        self._numbers: list[int] = []
        self._letters = 0
        self._head: tuple[str, str, str] | None = None
        self._text: list[str] = []
        self._blank: list[int] = []

    def take(self, number: int, line: str) -> None:
        """Begin a message with the line, or put it to the open one."""
        role = self._roles.get(number)
        found = _MESSAGE.match(line)
        if role is not None and role != "record":
            self._end()
            self._aside = role
            self.ledger.set_aside(number, role, line)
        elif found is not None:
            author, text = _author_and_text(found[5])
            self._begin(number, found[1] or found[3], found[2] or found[4], author, text)
        elif role == "record":
            self._begin(number, "", "", "", line)
        elif not line.strip():
            self._blank.append(number)
        elif self._head is None:
            self._end_blank()
            self.ledger.set_aside(number, self._aside, line)
            if self._aside == "preamble" and len(self.above) < _LOOK:
                self.above.append(line)
        elif len(self._text) + len(self._blank) >= MAX_RECORD_LINES:
            self._end_blank()
            self.ledger.set_aside(number, "other", line)
            self.ledger.issue("message_too_long", f"{number}: {line}")
        else:
            for blank in self._blank:
                self._text.append("")
                self.ledger.set_aside(blank, "continuation")
            self._blank = []
            self._text.append(line)
            self.ledger.set_aside(number, "continuation", line)

    def _begin(self, number: int, date: str, time: str, author: str, text: str) -> None:
        self._end()
        self._head = (date, _spaced(time), author)
        self._text = [text]
        self._numbers.append(number)

    def close(self) -> Path:
        """Write what is left."""
        self._end()
        self._flush()
        self.ledger.records = self._writer.rows
        return self._writer.close()

    def _end(self) -> None:
        """The open message is whole; blank lines after it belong to none."""
        self._end_blank()
        if self._head is None:
            return
        text = "\n".join(self._text).replace(_LEFT_TO_RIGHT, "")
        self._rows.append((*self._head, text))
        self._letters += len(text)
        self._head = None
        if len(self._rows) >= _BATCH or self._letters >= _BATCH_LETTERS:
            self._flush()

    def _end_blank(self) -> None:
        for number in self._blank:
            self.ledger.set_aside(number, "blank")
        self._blank = []

    def _flush(self) -> None:
        self._writer.write(rows_table(self._rows, self._numbers, len(HEADERS)))
        self._rows, self._numbers, self._letters = [], [], 0


def _author_and_text(rest: str) -> tuple[str, str]:
    """Who wrote it, "" for the messenger itself, and what."""
    author, colon, text = rest.partition(": ")
    if not colon:
        if not rest.endswith(":"):
            return "", rest
        author, text = rest[:-1], ""
    if len(author) > _MAX_AUTHOR or _cuts_a_quote(author):
        return "", rest  # `Anna changed the subject to "Sale: shoes"`
    if text.startswith(_LEFT_TO_RIGHT) and _NOTICE.search(text):
        return "", text
    return _spaced(author), text


def _cuts_a_quote(text: str) -> bool:
    """Whether a quotation begins in the text and does not end in it."""
    return text.count('"') % 2 == 1 or any(
        text.count(opening) > text.count(closing) for opening, closing in _PAIRED_QUOTES
    )


def _spaced(text: str) -> str:
    """Plain spaces for narrow and unbroken ones, no invisible marks."""
    return _SPACE.sub(" ", _INVISIBLE.sub("", text)).strip()
