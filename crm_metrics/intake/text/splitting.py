"""Dividing one line or one record into fields, strictly or with patience."""

from __future__ import annotations

import re


def split_line(text: str, delimiter: str, quote: str) -> list[str]:
    """Divide with patience: a quote opens only at a field's start and closes before a delimiter.

    A quote that never closes is a letter like any other.
    """
    if not delimiter:
        return [unquoted(text, quote)]
    if not quote or quote not in text:
        return text.split(delimiter)
    cells, at, size = [], 0, len(text)
    while at <= size:
        end = -1
        if text.startswith(quote, at):
            end = _closing(text, at + 1, delimiter, quote)
        if end >= 0:
            cells.append(text[at + 1 : end].replace(quote * 2, quote))
            end += 1
        else:
            end = text.find(delimiter, at)
            end = size if end < 0 else end
            cells.append(text[at:end])
        at = end + 1
    return cells


def split_strict(text: str, delimiter: str, quote: str) -> list[str] | None:
    """Divide by RFC 4180; None where a quote stands out of place or does not close."""
    if not quote or quote not in text:
        return text.split(delimiter) if delimiter else [text]
    cells, at, size = [], 0, len(text)
    while at <= size:
        if text.startswith(quote, at):
            end = at + 1
            while True:
                end = text.find(quote, end)
                if end < 0:
                    return None
                if text.startswith(quote, end + 1):
                    end += 2
                    continue
                break
            cells.append(text[at + 1 : end].replace(quote * 2, quote))
            end += 1
            if end < size and not (delimiter and text.startswith(delimiter, end)):
                return None
        else:
            end = text.find(delimiter, at) if delimiter else -1
            end = size if end < 0 else end
            cell = text[at:end]
            if quote in cell:
                return None
            cells.append(cell)
        at = end + 1
    return cells


def unquoted(cell: str, quote: str) -> str:
    """The text inside a fully quoted cell, or the cell as it is."""
    if quote and len(cell) >= 2 and cell[0] == quote == cell[-1]:
        return cell[1:-1].replace(quote * 2, quote)
    return cell


def doubled(text: bytes, quote: bytes) -> bytes:
    r"""The text with quotes that a backslash escapes written as doubled ones: `\"` as `""`."""
    if b"\\" not in text:
        return text
    pattern = rb"\\([\\" + quote + rb"])"
    return re.sub(pattern, lambda m: quote * 2 if m[1] == quote else b"\\", text)


def _closing(text: str, at: int, delimiter: str, quote: str) -> int:
    """Where the quote opened before `at` closes: before a delimiter or the end."""
    while True:
        end = text.find(quote, at)
        if end < 0:
            return -1
        run = end
        while text.startswith(quote, run):
            run += 1
        after = run == len(text) or text.startswith(delimiter, run)
        if after and (run - end) % 2 == 1:
            return run - 1
        at = run
