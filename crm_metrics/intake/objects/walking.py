"""A JSON document as a stream of records and values, however long its arrays are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from crm_metrics.errors import LimitError
from crm_metrics.intake.limits import MAX_EXAMPLE_TEXT, MAX_LINE_BYTES, MEGABYTE
from crm_metrics.intake.objects.flattening import scanner
from crm_metrics.intake.text.blocks import TextFile

_KEPT = MEGABYTE
_MAX_OUTER = 8
"""Arrays of records are looked for in objects nested up to this depth."""
_MAX_TRIES = 2_000
_CUT = 16
"""A fault nearer than this to the end of the text in hand may be one of the cut."""
_BLANK = re.compile(r"[ \t\r\n\ufeff]*")
_NEXT_ITEM = re.compile(r"\}\s*,?\s*(?=\{)")
# The export of all chats of an account: each item of this array holds an array of its own.
OPENED = ("chats", "list")

Names = tuple[str, ...]
Kind = Literal["record", "row", "value", "damage"]


@dataclass(frozen=True, slots=True)
class Event:
    """Something found in a document, with the keys that lead to it.

    `record`: an object of an array, or one of several objects in a row; `row`: an array in an
    array; `value`: anything beside them; `damage`: text that is no JSON.
    """

    kind: Kind
    path: Names
    value: Any


class Damaged(Exception):  # noqa: N818 - says what the text is
    """At the source's place stands no JSON value."""


class Source:
    """The text of a document and a place in it; `forget` lets go of what lies behind."""

    def __init__(self, file: TextFile, duplicates: Counter[str]) -> None:
        self.text = ""
        self.at = 0
        self._ended = False
        self._tries = _MAX_TRIES
        self._scan = scanner(duplicates)
        self._pieces = file.pieces()

    def peek(self) -> str:
        """The next character that is not blank, "" at the end."""
        while True:
            blank = _BLANK.match(self.text, self.at)
            self.at = blank.end() if blank else self.at
            if self.at < len(self.text):
                return self.text[self.at]
            if not self._more():
                return ""

    def takes(self, char: str) -> bool:
        """Step over the next character if it is this one."""
        if self.peek() != char:
            return False
        self.at += 1
        return True

    def value(self) -> Any:
        """Step over the next value. Raises Damaged, LimitError for one that is too long."""
        self.peek()
        while True:
            try:
                value, end = self._scan(self.text, self.at)
            except RecursionError as error:
                raise Damaged from error
            except (ValueError, StopIteration) as error:
                place = getattr(error, "pos", getattr(error, "value", 0)) or 0
                cut = place > len(self.text) - _CUT or str(error).startswith("Unterminated")
                if not cut or self._ended:
                    raise Damaged from error
            else:
                # A number at the end of the text in hand may go on.
                if end < len(self.text) or self._ended or isinstance(value, dict | list):
                    self.at = end
                    return value
            if len(self.text) - self.at > MAX_LINE_BYTES:
                raise LimitError("item_too_long", limit=MAX_LINE_BYTES // MEGABYTE)
            self._more()

    def skip(self, known: set[str]) -> str | None:
        """Step over damage to the next object with keys like the known; the text left out.

        None where no such object comes soon.
        """
        start = place = self.at
        while self._tries:
            self._tries -= 1
            found = _NEXT_ITEM.search(self.text, place)
            while found is None:
                if len(self.text) - start > MAX_LINE_BYTES or not self._more():
                    self.at = start
                    return None
                found = _NEXT_ITEM.search(self.text, place)
            place = self.at = found.end()
            try:
                value = self.value()
            except (Damaged, LimitError):
                continue
            if isinstance(value, dict) and 2 * len(known & value.keys()) >= max(len(value), 1):
                self.at = place
                return self.text[start:place]
        self.at = start
        return None

    def rest(self) -> str:
        """The beginning of what is left; the source is at its end after that."""
        left = self.text[self.at : self.at + MAX_EXAMPLE_TEXT]
        self.text, self.at, self._ended = "", 0, True
        return left

    def forget(self) -> None:
        """Let go of the text behind the place."""
        if self.at > _KEPT:
            self.text, self.at = self.text[self.at :], 0

    def _more(self) -> bool:
        piece = None if self._ended else next(self._pieces, None)
        self._ended = piece is None
        self.text += (piece or b"").decode("utf-8")
        return not self._ended


def walk(source: Source) -> Iterator[Event]:
    """The records of a document in order, and what stands beside them."""
    try:
        if _is_row_of_values(source):
            yield from _items(source, (), ends="")
        else:
            yield from _inside(source, (), 0)
        damaged = bool(source.peek())
    except Damaged:
        damaged = True
    if damaged:
        yield Event("damage", (), source.rest())


def _is_row_of_values(source: Source) -> bool:
    """Whether several objects follow one another without an array around them."""
    if source.peek() != "{":
        return False
    start = source.at
    try:
        source.value()
        source.takes(",")
        return source.peek() == "{"
    except (Damaged, LimitError):
        return False
    finally:
        source.at = start


def _inside(source: Source, path: Names, depth: int) -> Iterator[Event]:
    """What stands at the source's place: an object is walked into, an array is records."""
    char = source.peek()
    if char == "[":
        yield from _array(source, path, depth)
    elif char == "{" and depth < _MAX_OUTER:
        yield from _object(source, path, depth)
    else:
        yield Event("value", path, source.value())


def _object(source: Source, path: Names, depth: int) -> Iterator[Event]:
    source.takes("{")
    while not source.takes("}"):
        key = source.value()
        if not isinstance(key, str) or not source.takes(":"):
            raise Damaged
        yield from _inside(source, (*path, key), depth + 1)
        source.forget()
        if not source.takes(",") and source.peek() != "}":
            raise Damaged


def _array(source: Source, path: Names, depth: int) -> Iterator[Event]:
    source.takes("[")
    if path != OPENED:
        yield from _items(source, path, ends="]")
    else:
        while source.peek() == "{":
            yield from _object(source, path, depth + 1)
            source.takes(",")
    if not source.takes("]"):
        raise Damaged


def _items(source: Source, path: Names, *, ends: str) -> Iterator[Event]:
    """The items of an array up to its end; a damaged stretch costs no other item."""
    known: set[str] = set()
    while source.peek() != ends:
        start = source.at
        try:
            value = source.value()
            whole = source.peek() in {",", "{", ends}
        except Damaged:
            whole = False
        if whole:
            if isinstance(value, dict):
                known = known or set(value)
            yield _item(path, value)
            source.takes(",")
        else:
            source.at = start
            left_out = source.skip(known) if known else None
            if left_out is None:
                raise Damaged
            yield Event("damage", path, left_out)
        source.forget()


def _item(path: Names, value: Any) -> Event:
    kind: Kind = "value"
    if isinstance(value, dict):
        kind = "record"
    elif isinstance(value, list):
        kind = "row"
    return Event(kind, path, value)
