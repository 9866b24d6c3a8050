"""Made exports: a shape, rows, an encoding and at most one damage become bytes and their truth."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from tests.intake.corpus.shapes import Shape

ROWS = (5, 7, 10, 14, 20, 30, 45, 80, 150, 400, 1000)
_MARKS = {"utf-8-sig": b"\xef\xbb\xbf", "utf-16": b"\xff\xfe"}
_PLAIN = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le"}


@dataclass(slots=True)
class Line:
    """What is written between two line ends of records: its kind, its fields, its raw text.

    `fields` are the raw fields of a record as written, with their quotes.
    """

    kind: str
    text: str
    fields: list[str] = field(default_factory=list)
    record: int = -1


@dataclass(frozen=True, slots=True)
class Damaged:
    """One damaged record: where it is, and which readings of it are right.

    `certain` says that only one repair is possible: then one of `readings` must come out (cells
    compared without the characters of `ignoring`). Otherwise every letter and digit of `kept`
    must stand in the record, in their order. `said` are issues of which one must be there.
    """

    record: int
    readings: tuple[tuple[str, ...], ...]
    certain: bool = True
    ignoring: str = ""
    kept: str = ""
    said: tuple[str, ...] = ("lines_repaired", "lines_unsplit")


@dataclass(frozen=True, slots=True)
class Made:
    """A made file and what reading must give."""

    shape: Shape
    encoding: str
    damage: str
    seed: int
    content: bytes
    records: list[tuple[str, ...]]
    lines: int
    aside: dict[str, int]
    damaged: Damaged | None = None

    @property
    def name(self) -> str:
        """A name that tells the file among all."""
        return f"{self.shape.name} {self.encoding} {self.damage or 'undamaged'} {self.seed}"


def records_of(shape: Shape, random: Random, rows: int) -> list[tuple[str, ...]]:
    """The true records."""
    return [tuple(col.make(random, i) for col in shape.columns) for i in range(rows)]


def raw_field(cell: str, shape: Shape, kind: str) -> str:
    """A cell as the system writes it."""
    quote = shape.quote
    special = any(char in cell for char in (shape.delimiter, quote, "\n"))
    if shape.quoting == "none":
        return cell
    wanted = shape.quoting == "all" or (shape.quoting == "text" and kind == "text")
    if not (wanted or special):
        return cell
    if shape.escape == "backslash":
        inner = cell.replace("\\", "\\\\").replace(quote, "\\" + quote)
    else:
        inner = cell.replace(quote, quote * 2)
    return f"{quote}{inner}{quote}"


def lines_of(shape: Shape, records: list[tuple[str, ...]]) -> list[Line]:
    """The lines of the undamaged file, in order."""
    end = shape.delimiter if shape.closing else ""

    def written(kind: str, cells: tuple[str, ...], record: int = -1) -> Line:
        kinds = [col.kind if record >= 0 else "text" for col in shape.columns]
        fields = [raw_field(cell, shape, k) for cell, k in zip(cells, kinds, strict=True)]
        return Line(kind, shape.delimiter.join(fields) + end, fields, record)

    lines = [Line("blank" if not text else "preamble", text) for text in shape.preamble]
    if shape.header:
        lines.append(written("header", tuple(col.name for col in shape.columns)))
        lines += [written("header", cells) for cells in shape.second]
    total = _total(shape, records) if shape.total else ()
    if shape.total == "first":
        lines.append(written("total", total))
    for i, record in enumerate(records):
        if shape.blank_every and i and i % shape.blank_every == 0:
            lines.append(Line("blank", ""))
        lines.append(written("record", record, i))
    if shape.total == "last":
        lines.append(written("total", total))
    lines += [Line("blank" if not text else "footer", text) for text in shape.footer]
    return lines


def _total(shape: Shape, records: list[tuple[str, ...]]) -> tuple[str, ...]:
    cells = [shape.total_word]
    for i, col in enumerate(shape.columns[1:], start=1):
        if not col.sums:
            cells.append("")
            continue
        comma = any("," in record[i][-3:] for record in records)
        plain = [
            "".join(c for c in (r[i].replace(",", ".") if comma else r[i]) if c in "0123456789.")
            for r in records
        ]
        value = sum(map(float, plain))
        text = f"{value:.2f}" if any("." in cell for cell in plain) else f"{value:.0f}"
        cells.append(text.replace(".", ",") if comma else text)
    return tuple(cells)


def content_of(
    shape: Shape,
    lines: list[Line],
    encoding: str,
    *,
    broken: tuple[str, bytes] | None = None,
    ended: bool = True,
) -> bytes:
    """The file's bytes; `broken` names a mark in the text and the bytes to put in its place."""
    text = "\n".join(line.text for line in lines) + "\n" * (shape.last_end and ended)
    text = text.replace("\n", shape.ends)
    plain = _PLAIN.get(encoding, encoding)
    mark, put = broken or ("\ue000", b"")
    content = put.join(part.encode(plain) for part in text.split(mark))
    return _MARKS.get(encoding, b"") + content


def counts_of(lines: list[Line]) -> tuple[int, dict[str, int]]:
    """Physical lines, and how many of each kind are no records."""
    aside: dict[str, int] = {}
    total = 0
    for line in lines:
        size = line.text.count("\n") + 1
        total += size
        kind, more = (line.kind, size) if line.kind != "record" else ("continuation", size - 1)
        if more:
            aside[kind] = aside.get(kind, 0) + more
    return total, aside
