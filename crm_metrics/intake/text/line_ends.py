"""How the lines of a text end."""

from __future__ import annotations

from collections import Counter

_LINES = 2_000
_MARKS = ",;\t|"


def returns_end_lines(text: str) -> bool:
    """Whether a return alone ends lines: everywhere, as on old Macs, or in a part glued in.

    Elsewhere it is a letter of a cell. In a part it ends lines where the pieces between returns
    have as many delimiters as whole lines.
    """
    text = text.replace("\r\r\n", "\n").replace("\r\n", "\n")
    if "\r" not in text:
        return False
    if text.count("\r") > text.count("\n"):
        return True
    lines = [line for line in text.split("\n")[:_LINES] if line.strip()]
    plain = [line for line in lines if "\r" not in line]
    pieces = [piece for line in lines if "\r" in line for piece in line.split("\r") if piece]
    for mark in _MARKS if plain and pieces else "":
        usual, often = Counter(line.count(mark) for line in plain).most_common(1)[0]
        alike = sum(piece.count(mark) == usual for piece in pieces)
        if usual and often >= 0.6 * len(plain) and alike >= 0.8 * len(pieces):
            return True
    return False
