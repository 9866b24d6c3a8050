"""Damage done to one record of a made export, each kind with its truth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

from tests.intake.corpus.making import (
    ROWS,
    Damaged,
    Line,
    Made,
    content_of,
    counts_of,
    lines_of,
    records_of,
)
from tests.intake.corpus.shapes import Shape

_BAD = "\ue000"
"""Stands for a broken byte until the text is encoded."""
_FOREIGN = {",": ";", ";": ",", "\t": ";", "|": ";", "^": ";"}
_Cells = tuple[str, ...]


def made(shape: Shape, encoding: str, damage: str, seed: int) -> Made:
    """The file of this shape, encoding, damage ("" for none) and seed: always the same bytes."""
    random = Random(f"{shape.name} {encoding} {damage} {seed}")
    rows = random.choice(ROWS[:-1] if seed else ROWS)
    records = records_of(shape, random, rows)
    lines = lines_of(shape, records)
    damaged, broken = None, None
    if damage:
        at = [i for i, line in enumerate(lines) if line.kind == "record"]
        place = at[-1] if damage == "cut off" else random.choice(at)
        if damage == "cut off":
            del lines[place + 1 :]
        damaged = DAMAGES[damage](lines[place], records[lines[place].record], shape, random)
        if damage == "broken byte":
            broken = (_BAD, _broken(encoding))
            damaged = replace(damaged, ignoring=_seen(broken[1], encoding))
    content = content_of(shape, lines, encoding, broken=broken, ended=damage != "cut off")
    total, aside = counts_of(lines)
    return Made(shape, encoding, damage, seed, content, records, total, aside, damaged)


def _seen(broken: bytes, encoding: str) -> str:
    """What the broken bytes can look like: a mark, or the letter that they happen to be."""
    plain = encoding.replace("-sig", "") if "sig" in encoding else encoding
    return "\ufffd" + "".join(broken.decode(name, "replace") for name in (plain, "cp1252"))


def _broken(encoding: str) -> bytes:
    if encoding in {"utf-8", "utf-8-sig"}:
        return b"\xff"
    if encoding == "utf-16-be":
        return b"\xdc\x20"
    if encoding.startswith("utf-16"):
        return b"\x20\xdc"
    return b"\x98" if encoding == "cp1251" else b"\x8d"


def _rejoin(line: Line, shape: Shape) -> None:
    line.text = shape.delimiter.join(line.fields) + (shape.delimiter if shape.closing else "")


def _filled(line: Line, random: Random, *, kind: str = "", shape: Shape | None = None) -> int:
    """A column whose field holds something."""
    places = [i for i, text in enumerate(line.fields) if text.strip("\"' ")]
    if kind and shape:
        places = [i for i in places if shape.columns[i].kind == kind] or places
    return random.choice(places)


def stray_quote(line: Line, record: _Cells, shape: Shape, random: Random) -> Damaged:
    """A quote somewhere in a field: a lone one may stay in its cell or go."""
    quote = '"' if shape.quoting == "none" else shape.quote
    i = _filled(line, random)
    raw = line.fields[i]
    inside = raw.startswith(quote) and len(raw) > 1
    at = random.randint(1, len(raw) - 1) if inside else random.randint(0, len(raw))
    line.fields[i] = raw[:at] + quote + raw[at:]
    _rejoin(line, shape)
    # A quote after a backslash is that backslash's.
    return Damaged(line.record, (record,), ignoring=quote + "\\")


def unclosed_quote(line: Line, record: _Cells, shape: Shape, random: Random) -> Damaged:
    """A field that opens with a quote and never closes."""
    quote = '"' if shape.quoting == "none" else shape.quote
    i = _filled(line, random)
    raw = line.fields[i]
    if raw.startswith(quote) and raw.endswith(quote) and len(raw) > 1:
        line.fields[i] = raw[:-1]
    else:
        line.fields[i] = quote + raw
    _rejoin(line, shape)
    return Damaged(line.record, (record,), ignoring=quote + "\\")


def odd_delimiter(line: Line, record: _Cells, shape: Shape, random: Random) -> Damaged:
    """A delimiter inside an unquoted cell; or one, or all, of the line written as another."""
    way = random.choice(("more", "more", "one other", "all other"))
    if shape.width < 3 or way == "more" or '"' in line.text or "'" in line.text:
        i = _filled(line, random, kind="text", shape=shape)
        cell = record[i]
        at = cell.find(" ") + 1 or max(1, len(cell) // 2)
        mark = shape.delimiter + (" " if random.random() < 0.3 and shape.delimiter in ",;" else "")
        changed = cell[:at] + mark + cell[at:]
        line.fields[i] = changed
        _rejoin(line, shape)
        true = (*record[:i], changed, *record[i + 1 :])
        return _judged(line, true, shape, merges=True)
    foreign = _FOREIGN[shape.delimiter]
    if any(foreign in cell for cell in record):
        foreign = "|" if shape.delimiter != "|" else "\t"
    if way == "all other":
        line.text = line.text.replace(shape.delimiter, foreign)
        return Damaged(line.record, (record,))
    i = random.randrange(shape.width - 1)
    line.fields[i : i + 2] = [line.fields[i] + foreign + line.fields[i + 1]]
    _rejoin(line, shape)
    parts = [text.split(foreign) for text in line.fields]
    places = [k for k, found in enumerate(parts) if len(found) == 2]
    return Damaged(line.record, (record,), certain=places == [i], kept="".join(record))


def lost_field(line: Line, record: _Cells, shape: Shape, random: Random) -> Damaged:
    """A field that is gone with its delimiter."""
    i = _filled(line, random)
    del line.fields[i]
    _rejoin(line, shape)
    true = (*record[:i], "", *record[i + 1 :])
    return _judged(line, true, shape, gap=i)


def added_field(line: Line, record: _Cells, shape: Shape, random: Random) -> Damaged:
    """An empty field too many, or a field written twice."""
    i = random.randrange(shape.width + 1)
    twice = random.random() < 0.3 and i < shape.width
    line.fields.insert(i, line.fields[i] if twice else "")
    _rejoin(line, shape)
    cells = (*record[:i], record[i] if twice else "", *record[i:])
    others = {
        _without(cells, k)
        for k in range(len(cells))
        if (not cells[k].strip() or (k and cells[k] == cells[k - 1]))
        and _fits(_without(cells, k), shape)
    } | {cells_joined for cells_joined in _merged(cells, shape) if _fits(cells_joined, shape)}
    return Damaged(line.record, (record,), certain=others == {record}, kept="".join(cells))


def cut_off(line: Line, record: _Cells, shape: Shape, random: Random) -> Damaged:
    """The file ends in the middle of its last record."""
    text = line.text
    # What is left of a first cell alone could as well be a note below the table.
    low = max(len(text) // 3, len(line.fields[0]) + 2)
    line.text = text[: random.randint(min(low, len(text) - 1), len(text) - 1)].rstrip("\n")
    quote, width = shape.quote, shape.width
    passed, rest = 0, line.text
    for raw in line.fields:
        if len(rest) <= len(raw):
            break
        rest = rest[len(raw) + len(shape.delimiter) :]
        passed += 1
    part = rest.removeprefix(quote) if shape.quoting != "none" else rest
    cells = (*record[:passed], part, *[""] * (width - passed - 1))[:width]
    # What a cut leaves of a cell can be taken for one that stands further right.
    certain = shape.quoting != "all" or "\n" not in line.text
    return Damaged(
        line.record,
        (cells,),
        certain=certain and "\n" not in line.text,
        ignoring=quote + "\\",
        kept="".join(cells),
        said=() if passed >= width - 1 else ("lines_repaired", "lines_unsplit"),
    )


def broken_line(line: Line, record: _Cells, shape: Shape, random: Random) -> Damaged:
    """A line end inside an unquoted text, or right after a delimiter.

    Not in the first or last column: there a half is a whole line, and nothing can tell.
    """
    spots = [
        (i, k)
        for i, cell in enumerate(record[1:-1], start=1)
        for k, char in enumerate(cell)
        if char == " " and shape.columns[i].kind == "text" and 0 < k < len(cell) - 1
    ]
    if spots and shape.delimiter not in "".join(record):
        i, k = random.choice(spots)
        cell = record[i].replace(shape.quote, "")
        changed = cell[:k] + "\n" + cell[k + 1 :]
        line.fields[i] = changed
        _rejoin(line, shape)
        record = (*record[:i], changed, *record[i + 1 :])
    else:
        i = random.randrange(1, shape.width) if shape.width > 2 else 1
        line.fields[i] = "\n" + line.fields[i]
        _rejoin(line, shape)
    return Damaged(line.record, (record,), ignoring="\n ")


def broken_byte(line: Line, record: _Cells, shape: Shape, random: Random) -> Damaged:
    """A byte that is no character of the encoding."""
    i = _filled(line, random, kind="text", shape=shape)
    raw = line.fields[i]
    at = max(1, len(raw) // 2)
    line.fields[i] = raw[:at] + _BAD + raw[at:]
    _rejoin(line, shape)
    return Damaged(line.record, (record,), said=())


def nul_bytes(line: Line, record: _Cells, shape: Shape, random: Random) -> Damaged:
    """NUL characters between the letters."""
    for _ in range(random.randint(1, 4)):
        at = random.randint(1, len(line.text) - 1)
        line.text = line.text[:at] + "\x00" + line.text[at:]
    return Damaged(line.record, (record,), said=())


def _judged(
    line: Line, true: _Cells, shape: Shape, *, gap: int = -1, merges: bool = False
) -> Damaged:
    """Whether the true reading is the only one that all columns take."""
    if merges:
        cells = line.text.split(shape.delimiter)[: -1 if shape.closing else None]
        if any(shape.quote in cell for cell in cells) and shape.quoting != "none":
            cells = list(true)
        found = {cells for cells in _merged(tuple(cells), shape) if _fits(cells, shape)}
        found = found or {true}
    else:
        rest = _without(true, gap)
        found = set()
        for k in range(shape.width):
            cells = (*rest[:k], "", *rest[k:])
            if _fits(_without(cells, k), shape, skip=k):
                found.add(cells)
    return Damaged(line.record, (true,), certain=found == {true}, kept="".join(true))


def _merged(cells: _Cells, shape: Shape) -> set[_Cells]:
    extra = len(cells) - shape.width
    if extra <= 0:
        return {cells}
    return {
        (*cells[:k], shape.delimiter.join(cells[k : k + extra + 1]), *cells[k + extra + 1 :])
        for k in range(shape.width)
    }


def _without(cells: _Cells, i: int) -> _Cells:
    return (*cells[:i], *cells[i + 1 :])


def _fits(cells: _Cells, shape: Shape, *, skip: int = -1) -> bool:
    cols = [col for k, col in enumerate(shape.columns) if k != skip]
    return all(col.takes(cell) for col, cell in zip(cols, cells, strict=True))


DAMAGES: dict[str, Callable[[Line, _Cells, Shape, Random], Damaged]] = {
    "stray quote": stray_quote,
    "unclosed quote": unclosed_quote,
    "odd delimiter": odd_delimiter,
    "lost field": lost_field,
    "added field": added_field,
    "cut off": cut_off,
    "broken line": broken_line,
    "broken byte": broken_byte,
    "NUL": nul_bytes,
}
