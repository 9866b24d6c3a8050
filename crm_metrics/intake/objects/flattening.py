"""One JSON object becomes cells of text under dotted column names."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

_MAX_DEPTH = 12
_MAX_INNER_KEYS = 200
"""An inner object with more keys than this is data keyed by an id or a day, not columns."""


class Literal(str):
    """A number as it is written: an id of 19 digits must not pass through a float."""

    __slots__ = ()


Scan = Callable[[str, int], tuple[Any, int]]


def scanner(duplicates: Counter[str]) -> Scan:
    """A reader of one JSON value at a place of a text: (text, place) -> (value, place after it).

    Numbers stay as written. Where an object repeats a key both values are kept, the second as
    "key (2)", and the key is counted in `duplicates`. Raises ValueError or StopIteration where
    no value stands, RecursionError where values are nested too deep.
    """

    def as_dict(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) == len(pairs):
            return found
        found = {}
        for key, value in pairs:
            found[_free(found, key, duplicates)] = value
        return found

    decoder = json.JSONDecoder(
        parse_float=Literal,
        parse_int=Literal,
        parse_constant=Literal,
        object_pairs_hook=as_dict,
        strict=False,  # a TAB inside a string is harmless
    )
    scan: Scan = decoder.scan_once  # type: ignore[attr-defined]
    return scan


def flatten(record: Mapping[str, Any], duplicates: Counter[str]) -> dict[str, str]:
    """The cells of a record: inner objects under dotted names, arrays of values joined.

    Arrays of objects and objects with very many keys stay JSON text; null is an empty cell.
    """
    flat: dict[str, str] = {}
    _take(record, "", 0, flat, duplicates)
    return flat


def _take(
    record: Mapping[str, Any], prefix: str, depth: int, flat: dict[str, str], seen: Counter[str]
) -> None:
    for key, value in record.items():
        name = prefix + key
        if isinstance(value, dict) and 0 < len(value) <= _MAX_INNER_KEYS and depth < _MAX_DEPTH:
            _take(value, f"{name}.", depth + 1, flat, seen)
            continue
        cell = value if isinstance(value, str) else cell_of(value, key=key)
        flat[name if name not in flat else _free(flat, name, seen)] = cell


def whole_text(text: str) -> str:
    """The text without what JSON can escape but no file can hold: half a character, NUL."""
    if "\x00" in text:
        text = text.replace("\x00", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def cell_of(value: Any, *, key: str = "") -> str:
    """A JSON value as the text of a cell."""
    if isinstance(value, str):
        return str(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not value:
        return ""
    return _joined(value, key=key) if isinstance(value, list) else dumped(value)


def _joined(items: list[Any], *, key: str) -> str:
    if not any(isinstance(item, dict | list) for item in items):
        parts = [cell_of(item) for item in items]
        # Joined only where the parts can be told apart again.
        return dumped(items) if any("," in part for part in parts) else ", ".join(parts)
    if key == "text" and all(map(_is_styled, items)):
        return "".join(item if isinstance(item, str) else item["text"] for item in items)
    return dumped(items)


def dumped(value: Any) -> str:
    """The value as JSON text again, numbers as they were written."""
    if isinstance(value, Literal):
        return str(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{dumped(k)}: {dumped(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(dumped, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _is_styled(item: object) -> bool:
    """A piece of a Telegram message: plain text, or text with a style."""
    return isinstance(item, str) or (
        isinstance(item, dict) and "type" in item and isinstance(item.get("text"), str)
    )


def _free(taken: Mapping[str, object], key: str, seen: Counter[str]) -> str:
    """The key, numbered where it is taken."""
    name, number = key, 2
    while name in taken:
        name, number = f"{key} ({number})", number + 1
    if name != key:
        seen[key] += 1
    return name
