"""Lines in another encoding than the rest of their file: exports glued together by hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from crm_metrics.intake.text.encoding import UTF8_LETTER, is_utf8_line, reads_like_text, single_byte

_LEADS = (0xC3, 0xD0, 0xD1)
_SCORED_BYTES = 32_768
_TEXT = 20.0
_FEW_HIGH = 3
"""So few letters may be broken bytes: they are read only if they make sense."""


def foreign_codec(lines: Sequence[bytes]) -> str | None:
    """The encoding of the lines that are no UTF-8; None where they are UTF-8 with broken bytes."""
    sample = b"\n".join(line for line in lines if _is_foreign(line))[:_SCORED_BYTES]
    codec = single_byte(sample) if sample else None
    return codec if codec and reads_like_text(sample, codec) >= _TEXT else None


def read_foreign(line: bytes, codec: str | None) -> str | None:
    """A line of a UTF-8 file read in another encoding; None where it is UTF-8, whole or broken."""
    if not codec or not _is_foreign(line):
        return None
    few = sum(byte >= 0x80 for byte in line) <= _FEW_HIGH
    if few and reads_like_text(line, codec) < _TEXT:
        return None
    return line.decode(codec, "replace")


def read_utf8(line: bytes) -> str | None:
    """A line of a file in a one-byte encoding, if it is in UTF-8."""
    return line.decode("utf-8") if is_utf8_line(line, letters=2) else None


def may_hold_utf8(data: bytes) -> bool:
    """Whether bytes in a one-byte encoding could have lines of UTF-8 among them."""
    values = np.frombuffer(data, np.uint8)
    follows = (values[1:] & 0xC0) == 0x80
    leads = sum((values[:-1] == lead for lead in _LEADS), np.zeros(len(follows), np.bool_))
    return int(np.count_nonzero(leads & follows)) >= 2


def _is_foreign(line: bytes) -> bool:
    """Whether the line is no UTF-8 and nothing in it looks like it."""
    if line.isascii() or UTF8_LETTER.search(line):
        return False
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return True
    return False
