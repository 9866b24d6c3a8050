"""Text of unknown origin, made safe for a cell of a workbook or of a CSV file."""

from __future__ import annotations

import re

# Excel, LibreOffice and Google Sheets take a text that begins so for a formula, or move it into
# the next cell (CWE-1236); the full-width forms act the same in East Asian versions of Excel.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CELL_LIMIT = 32_767


def safe_text(text: str) -> str:
    """The text without characters that XML forbids, a would-be formula led by an apostrophe.

    For text only: a number stays a number. Cut at the 32,767 characters that a cell can hold.
    """
    clean = _UNWRITABLE.sub("", text)
    if clean.startswith(_FORMULA_STARTS):
        clean = f"'{clean}"
    return clean if len(clean) <= _CELL_LIMIT else clean[: _CELL_LIMIT - 1] + "…"
