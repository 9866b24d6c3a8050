"""A look at a sheet's XML before or beside its reader: bounded, streaming, no XML parser.

It finds how much there is, and what the fast reader drops: formats, error cells, formulas without
a value, hidden rows and columns, merged cells.
"""

from __future__ import annotations

import contextlib
import functools
import html
import re
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from crm_metrics.intake.limits import MAX_CELLS, MAX_UNPACKED_BYTES
from crm_metrics.intake.workbook.formats import Format, formatted
from crm_metrics.intake.workbook.package import Package, column_number
from crm_metrics.intake.workbook.scan import SheetScan

_CHUNK = 2 * 1024 * 1024
_NO_MARKUP = 256 * 1024
"""A stretch without a tag longer than this is no sheet: Excel ends a cell at 32,767 letters."""
_HEAD = 64 * 1024
_MOST_NOTED = 100_000
_CACHED = 100_000
_ROOT = re.compile(rb"<(?:(\w{1,20}):)?worksheet\b")
_REFERENCE = re.compile(rb"""\br=["']([A-Z]{1,3})([0-9]{1,7})["']""")
_ROW_NUMBER = re.compile(rb"""\br=["']([0-9]{1,7})["']""")
_FIRST_COLUMN = re.compile(rb"""\bmin=["']([0-9]{1,5})["']""")
_LAST_COLUMN = re.compile(rb"""\bmax=["']([0-9]{1,5})["']""")
_STYLE = re.compile(rb"""\bs=["']([0-9]{1,6})["']""")
_LONG_NUMBER = re.compile(
    rb"<(?:\w{1,20}:)?c\b([^<>]{0,300})>\s{0,9}(?:<(?:\w{1,20}:)?f\b[^<>]{0,300}(?:/>|>[^<]*</[^<>]{1,30}>))?"
    rb"\s{0,9}<(?:\w{1,20}:)?v>(-?[0-9]{16,40}|-?[0-9][0-9.]{0,30}[eE]\+?[0-9]{2,3})<"
)
_TYPE = re.compile(rb"""\bt=["'](\w{1,10})["']""")


class TooManyCellsError(ValueError):
    """A sheet has more cells, or a part more bytes, than the limits allow."""


class NoSheetError(ValueError):
    """A part is no sheet at all."""


class StrayCellError(ValueError):
    """A sheet of few cells has a huge extent."""


def measured(archive: zipfile.ZipFile, part: str) -> SheetScan:
    """How many cells a sheet has and how far they reach.

    Raises TooManyCellsError, NoSheetError, and what zipfile and zlib raise.
    """
    found = SheetScan()
    tags: _Tags | None = None
    for data in _pieces(archive, part):
        tags = tags or _Tags(_prefix(data))
        found.cells += data.count(tags.cell)
        if found.cells > MAX_CELLS:
            raise TooManyCellsError
        _reach(data, tags, found)
    return found


def noted(
    archive: zipfile.ZipFile, package: Package, part: str, formats: list[Format], *, stray: bool
) -> SheetScan:
    """How far the cells reach and what the fast reader drops; `formats` are those of the styles.

    Cells are not counted: that is for parts that may have too many. Raises as `measured`, and
    StrayCellError unless a sheet may be `stray`.
    """
    found = SheetScan()
    tags: _Tags | None = None
    patterns: _Patterns | None = None
    for data in _pieces(archive, part):
        if tags is None or patterns is None:
            prefix, single = _prefix(data), b"r='" in data[:_HEAD]
            tags = _Tags(prefix)
            patterns = _Patterns(prefix, formats, date_1904=package.date_1904, single=single)
        _reach(data, tags, found)
        if found.stray and not stray:
            raise StrayCellError
        _note_cells(data, patterns, found)
        _note_places(data, patterns, found)
    return found


def note_long_numbers(
    archive: zipfile.ZipFile, part: str, formats: list[Format], found: SheetScan
) -> None:
    """Note the numbers of more digits than a double holds as the file writes them.

    Raises what `scan` raises.
    """
    for data in _pieces(archive, part):
        for attributes, raw in _LONG_NUMBER.findall(data):
            kind, where = _TYPE.search(attributes), _REFERENCE.search(attributes)
            style = _STYLE.search(attributes)
            known = int(style[1]) if style else 0
            changes = known < len(formats) and formats[known].changes
            if where is not None and (kind is None or kind[1] == b"n") and not changes:
                with contextlib.suppress(ValueError, OverflowError):
                    text = formatted(raw.decode(), Format())
                    found.put(int(where[2]), column_number(where[1]), text)


def _pieces(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The part in pieces that end with a whole row where there is one."""
    rest, done = b"", 0
    # The next piece is unpacked while this one is looked at.
    with archive.open(part) as source, ThreadPoolExecutor(1) as hand:
        ahead = hand.submit(source.read, _CHUNK)
        while chunk := ahead.result():
            ahead = hand.submit(source.read, _CHUNK)
            done += len(chunk)
            if done > MAX_UNPACKED_BYTES:
                raise TooManyCellsError
            data = rest + chunk
            cut = data.rfind(b"row>") + 4
            if cut < 4:
                cut = data.rfind(b"c>") + 2
            if cut < 2:
                cut = max(0, data.rfind(b"<"))
            rest = data[cut:]
            if len(rest) > _NO_MARKUP + _CHUNK:
                raise NoSheetError
            yield data[:cut]
    yield rest


def _prefix(data: bytes) -> bytes:
    """What stands before the names of a sheet's tags."""
    root = _ROOT.search(data[:_HEAD])
    return root[1] + b":" if root and root[1] else b""


class _Tags:
    """How the cells and rows of a sheet begin, and the columns that they name."""

    def __init__(self, prefix: bytes) -> None:
        p = re.escape(prefix)
        self.cell, self.row = b"<%bc" % prefix, b"<%brow " % prefix
        self.ordinary = b'<%bc r="' % prefix
        self.far = re.compile(rb'<%bc r="([A-Z]{2,3})' % p)
        self.far_anyhow = re.compile(rb"""<%bc\b[^<>]{0,300}?\br=["']([A-Z]{1,3})""" % p)


class _Patterns:
    """The patterns of a sheet whose tags have one prefix, and the formats that matter in it.

    Every repetition is bounded or ends at a tag: a hostile part must not cost a square of its
    size.
    """

    def __init__(
        self, prefix: bytes, formats: list[Format], *, date_1904: bool, single: bool
    ) -> None:
        p = re.escape(prefix)
        some, blank = rb"[^<>]{0,300}", rb"\s{0,9}"
        formula = rb"<%bf\b%b(?:/>|>([^<]*)</%bf>)" % (p, some, p)
        self.error_mark = b"t='e'" if single else b't="e"'
        self.formula_tag, self.merge_tag = b"<%bf" % prefix, b"<%bmergeCell " % prefix
        self.error = re.compile(
            rb"""<%bc\b(%b\bt=["']e["']%b)>%b(?:%b)?%b<%bv>([^<]{1,40})<"""
            % (p, some, some, blank, formula, blank, p)
        )
        self.formula = re.compile(
            rb"<%bc\b(%b)>%b%b%b(?:<%bv%b/>|<%bv>%b</%bv>)?%b</%bc>"
            % (p, some, blank, formula, blank, p, blank, p, blank, p, blank, p)
        )
        hides = rb"""<%%b%b\b(%b\bhidden=["'](?:1|true)["']%b)>"""
        self.hidden_row = re.compile(hides % (b"row", some, some) % p)
        self.hidden_column = re.compile(hides % (b"col", some, some) % p)
        self.merge = re.compile(
            rb"""<%bmergeCell\b%b\bref=["']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})["']"""
            % (p, some)
        )
        self.formats = {i: form for i, form in enumerate(formats) if form.changes}
        self.unknown = {b's="%d"' % i: f.unknown for i, f in enumerate(formats) if f.unknown}
        self.value = self.usual = None
        if self.formats:
            numbers = b"|".join(b"%d" % style for style in self.formats)
            rest = rb"%b(?:%b)?%b<%bv>([^<]{1,40})<" % (blank, formula, blank, p)
            self.value = re.compile(
                rb"""<%bc\b(%b\bs=["'](%b)["']%b)>""" % (p, some, numbers, some) + rest
            )
            # In the order that all large writers keep, which is found faster.
            self.usual = re.compile(
                rb'<%bc r="([A-Z]{1,3})([0-9]{1,7})" s="(%b)"(?: t="n")?>' % (p, numbers) + rest
            )
        self.texts = functools.lru_cache(_CACHED)(
            lambda raw, style: formatted(
                raw.decode(), self.formats[int(style)], date_1904=date_1904
            )
        )


def _reach(data: bytes, tags: _Tags, found: SheetScan) -> None:
    """How far the cells reach: Excel writes rows in their order."""
    last = data.rfind(tags.row)
    if last >= 0:
        number = _ROW_NUMBER.search(data[last : data.find(b">", last)])
        found.rows = max(found.rows, int(number[1]) if number else 0)
    names = set(tags.far.findall(data))
    if not names and (not found.columns or tags.ordinary not in data):
        names = set(tags.far_anyhow.findall(data))
    if names:
        found.columns = max(found.columns, *(column_number(name) + 1 for name in names))


def _note_cells(data: bytes, patterns: _Patterns, found: SheetScan) -> None:
    """Cells whose text the fast reader drops or strips of its meaning."""
    if patterns.value is not None and patterns.usual is not None:
        if patterns.usual.search(data):
            for letters, row, style, _, raw in patterns.usual.findall(data):
                _note_value(found, patterns, (letters, row), style, raw)
        else:
            for attributes, style, _, raw in patterns.value.findall(data):
                kind, where = _TYPE.search(attributes), _REFERENCE.search(attributes)
                if where is not None and (kind is None or kind[1] == b"n"):
                    _note_value(found, patterns, (where[1], where[2]), style, raw)
    found.currencies.update(name for style, name in patterns.unknown.items() if style in data)
    if patterns.error_mark in data:
        for attributes, _, text in patterns.error.findall(data):
            if where := _REFERENCE.search(attributes):
                found.error(int(where[2]), column_number(where[1]), text.decode("utf-8", "replace"))
    if patterns.formula_tag in data:
        for attributes, text in patterns.formula.findall(data):
            kind, where = _TYPE.search(attributes), _REFERENCE.search(attributes)
            # A formula that gives no letters has a value, and that is empty.
            if where is not None and (kind is None or kind[1] != b"str"):
                words = html.unescape(text.decode("utf-8", "replace"))
                found.uncalculated(int(where[2]), column_number(where[1]), f"={words}")


def _note_value(
    found: SheetScan, patterns: _Patterns, place: tuple[bytes, bytes], style: bytes, raw: bytes
) -> None:
    # What is no number, the fast reader shows as it is.
    with contextlib.suppress(ValueError, OverflowError):
        found.put(int(place[1]), column_number(place[0]), patterns.texts(raw, style))


def _note_places(data: bytes, patterns: _Patterns, found: SheetScan) -> None:
    """Rows and columns that Excel does not show, cells over several rows."""
    if b"hidden=" in data:
        for attributes in patterns.hidden_row.findall(data):
            number = _ROW_NUMBER.search(attributes)
            if number and len(found.hidden_rows) < _MOST_NOTED:
                found.hidden_rows.append(int(number[1]))
        for attributes in patterns.hidden_column.findall(data):
            first, last = (
                _FIRST_COLUMN.search(attributes),
                _LAST_COLUMN.search(attributes),
            )
            if first and last:
                found.hidden_columns += range(int(first[1]) - 1, min(int(last[1]), 16_384))
    # Merges stand after the last row: only the end of the part is looked at.
    if patterns.merge_tag in data[max(0, data.rfind(b"row>")) :]:
        for left, top, right, bottom in patterns.merge.findall(data):
            if left == right and len(found.merges) < _MOST_NOTED:
                found.merges.append((column_number(left), int(top), int(bottom)))
