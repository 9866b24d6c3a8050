"""The tables of an HTML page, as some systems write "Excel" files, and of a web archive."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from crm_metrics.errors import InputError, LimitError
from crm_metrics.intake.aside import lines_set_aside
from crm_metrics.intake.containers.page import Page
from crm_metrics.intake.draft import Draft
from crm_metrics.intake.grid import grid_of_rows, read_grid
from crm_metrics.intake.ledger import Ledger
from crm_metrics.intake.limits import MAX_LINE_BYTES, MEGABYTE
from crm_metrics.intake.table import Table
from crm_metrics.intake.text.blocks import TextFile, note_decoding, open_text
from crm_metrics.intake.text.encoding import Encoding

_MAX_HTML_BYTES = 100 * MEGABYTE
_CHARSET = re.compile(rb"charset=[\"']?\s*([\w\-]+)", re.IGNORECASE)
_CODECS = frozenset({"windows-1251", "koi8-r", "windows-1252", "iso-8859-1", "cp866", "ibm866"})
_HEAD_BYTES = 4096
_MAX_ABOVE = 10
"""Lines above a table that stand each on its own: a header is looked for right below them."""


def read_html(path: Path, draft: Draft, scratch: Path) -> list[Table]:
    """Read every table of a page, with the text around it as its preamble and footer.

    Raises InputError where no table holds a record.
    """
    _check_size(path, draft.shown)
    file = _open(path, draft)
    page = Page(draft.shown)
    for piece in file.pieces():
        draft.progress(0.5 * file.done)
        page.feed(piece.decode("utf-8"))
        if len(page.rawdata) > MAX_LINE_BYTES:
            raise LimitError("line_too_long", limit=MAX_LINE_BYTES // MEGABYTE)
    page.close()
    tables: list[Table] = []
    refused: list[InputError] = []
    left: list[str] = []
    for number, found in enumerate(page.found):
        above = left + found.above
        rows = [*([line] for line in _few(above)), *found.rows]
        target = scratch / f"html-{number}.arrow"
        grid = grid_of_rows(rows, target, name=draft.base, container="html")
        try:
            tables += read_grid(grid, draft)
        except LimitError:
            raise
        except InputError as error:
            refused.append(error)
            left = above + [cell for row in found.rows for cell in row if cell]
        else:
            left = []
    if not tables:
        raise refused[0] if refused else InputError("text_not_table", file=draft.shown)
    tables[-1] = _with_footer(tables[-1], left + page.below, draft.folder)
    return _with_encoding(tables, file, draft.folder)


def read_web_archive(path: Path, draft: Draft, scratch: Path) -> list[Table]:
    """Read the pages of a web archive (MHTML), as Excel saves a workbook as one file.

    Raises InputError where no page holds a table.
    """
    _check_size(path, draft.shown)
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.compat32)
    tables: list[Table] = []
    refused: list[InputError] = []
    for number, part in enumerate(message.walk()):
        content = part.get_payload(decode=True)
        if part.get_content_type() != "text/html" or not isinstance(content, bytes) or not content:
            continue
        place = scratch / f"part-{number}"
        place.mkdir()
        page = place / "page.html"
        page.write_bytes(content)
        try:
            tables += read_html(page, draft.within(_part_name(part, number)), place)
        except LimitError:
            raise
        except InputError as error:
            refused.append(error)
    if not tables:
        raise refused[0] if refused else InputError("text_not_table", file=draft.shown)
    if len(tables) == 1:
        tables = [replace(tables[0], name=draft.base)]
    return [replace(table, how=replace(table.how, container="mhtml")) for table in tables]


def _part_name(part: email.message.Message, number: int) -> str:
    """The name of a page in an archive: sheet001."""
    place = str(part.get("Content-Location") or "").replace("\\", "/").rsplit("/", 1)[-1]
    return Path(place).stem or str(number)


def _check_size(path: Path, shown: str) -> None:
    if path.stat().st_size > _MAX_HTML_BYTES:
        raise LimitError("too_large", file=shown, limit_mb=_MAX_HTML_BYTES // MEGABYTE)


def _few(lines: Sequence[str]) -> list[str]:
    """The lines with those far above the table in one."""
    cut = max(0, len(lines) - _MAX_ABOVE + 1)
    return [" | ".join(lines[:cut]), *lines[cut:]] if cut > 1 else list(lines)


def _with_footer(table: Table, lines: Sequence[str], folder: Path) -> Table:
    """The table's account with the text below it."""
    if not lines:
        return table
    ledger = Ledger(folder)
    for item in lines_set_aside(table):
        ledger.set_aside(item.line, item.reason, item.text)
    for number, line in enumerate(lines, start=table.account.lines + 1):
        ledger.set_aside(number, "footer", line)
    ledger.records, ledger.repaired = table.account.records, table.account.repaired
    if table.aside is not None:
        table.aside.unlink()
    return replace(table, account=ledger.account(), aside=ledger.all_lines())


def _with_encoding(tables: Sequence[Table], file: TextFile, folder: Path) -> list[Table]:
    ledger = Ledger(folder)
    note_decoding(ledger, file)
    first = replace(tables[0], issues=(*tables[0].issues, *ledger.issues()))
    return [
        replace(table, how=replace(table.how, encoding=file.encoding.name))
        for table in (first, *tables[1:])
    ]


def _open(path: Path, draft: Draft) -> TextFile:
    """The page's text; what the page says of its encoding is believed where the bytes allow it."""
    file = open_text(path, encoding=draft.decided.encoding)
    if file.encoding.guessed:
        with path.open("rb") as page:
            declared = _CHARSET.search(page.read(_HEAD_BYTES))
        name = declared[1].decode("ascii").lower() if declared else ""
        if name in _CODECS:
            file.encoding = Encoding(name)
    return file
