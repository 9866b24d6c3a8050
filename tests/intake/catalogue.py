"""Files made from the catalogue of real exports, and what reading each must give."""

from __future__ import annotations

import csv
import html
import io
import json
import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import openpyxl

EXPORTS: list[dict] = json.loads(
    (Path(__file__).parent.parent / "data" / "exports.json").read_text(encoding="utf-8")
)

_DESCRIPTION = "{0}: The number of people who did this. (Unique Users)"
_SUMMED = ["", "1,240", "61.29%", "760", "45.00%", "1.40", "00:01:10", "1.20%", "15", "$0.00"]

# Meta Business Suite, Audience.csv: the catalogue describes it in words only.
AUDIENCE = """Age & gender
"","Men","Women"
"18-24","12.1","10.4"
"25-34","20.3","18.2"

Top cities
"London, United Kingdom","Leeds, United Kingdom","Paris, France"
"5.2","3.1","2.4"

Top countries
"United Kingdom","France","Spain"
"40.1","12.2","5"

Top pages
"Shop","Brand"
"3.1","2.2"

Follows
"Date","Primary"
"2025-08-01T00:00:00","20"
"2025-08-02T00:00:00","34"
"""


@dataclass(frozen=True)
class Export:
    """An export as rows: what stands around its records, and the truth about them.

    `heads` are the header rows as written, `names` the names that they give; `first` and `last`
    are the totals and footers before and after the records.
    """

    system: str
    name: str
    heads: tuple[tuple[str, ...], ...]
    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    preamble: tuple[str, ...] = ()
    first: tuple[tuple[str, ...], ...] = ()
    last: tuple[tuple[str, ...], ...] = ()
    encoding: str = "utf-8"
    delimiter: str = ","
    footers: int = 0

    @property
    def set_aside(self) -> dict[str, int]:
        """The account of everything that is no record, as far as each line holds one row."""
        above = [line for line in self.preamble if line.strip(",;\t ")]
        counts = {
            "header": sum(1 + "".join(head).count("\n") for head in self.heads),
            "preamble": len(above),
            "blank": len(self.preamble) - len(above),
            "total": len(self.first) + len(self.last) - self.footers,
            "footer": self.footers,
            "continuation": sum("".join(row).count("\n") for row in self.rows),
        }
        return {reason: count for reason, count in counts.items() if count}

    @property
    def preamble_texts(self) -> tuple[str, ...]:
        """The texts above the table, without delimiters that pad them and quotes."""
        return tuple(_text(line) for line in self.preamble if line.strip(",;\t "))


def named(headers: Sequence[str]) -> tuple[str, ...]:
    """Headers as names: white space folded, empty ones numbered, repeated ones told apart."""
    plain = [re.sub(r"\s+", " ", header).strip() for header in headers]
    seen: Counter[str] = Counter()
    names = []
    for at, name in enumerate(plain, start=1):
        seen[name] += 1
        names.append(f"{name} ({seen[name]})" if name and seen[name] > 1 else name)
        if not name:
            names[-1] = f"Column {at}"
    return tuple(names)


def tables() -> list[Export]:
    """The exports that are one table with a header."""
    return [_table(entry) for entry in EXPORTS if entry["layout"] == "table"]


def variants() -> list[Export]:
    """The same exports with the headers that other languages, versions or choices give them."""
    found = []
    for entry in EXPORTS:
        if entry["layout"] != "table":
            continue
        for title, headers in entry["header_variants"].items():
            row = _renamed(entry, headers)
            export = _table(entry | {"headers": headers, "sample_rows": [row], "footer_lines": []})
            found.append(replace(export, name=f"{export.name}, {title}"))
    return found


def sample_of(system: str, name: str) -> bytes:
    """The catalogue's own sample of an export that is no plain table, as bytes."""
    entry = next(e for e in EXPORTS if (e["system"], e["export"]) == (system, name))
    return entry["raw_sample"].encode(entry["encoding"])


def events(*, lines: bool) -> tuple[bytes, list[dict[str, str]]]:
    """Events of Amazon SES as JSON, one to a line or all in a list, and what their cells are."""
    entry = next(e for e in EXPORTS if e["layout"] == "json_lines")
    full = dict(zip(entry["headers"], entry["sample_rows"][0], strict=True))
    full |= {"bounce.bounceType": "Permanent", "click.link": "https://example.com/a,b"}
    truth = [
        full,
        full | {"eventType": "Send", "open.timestamp": "", "click.link": ""},
        full | {"eventType": "Bounce", "mail.commonHeaders.subject": 'Say "hi",\nplease'},
    ]
    nested = [_nested(cells) for cells in truth]
    text = "\n".join(map(json.dumps, nested)) if lines else json.dumps(nested, indent=1)
    names = [key for key in full if any(cells[key] for cells in truth)]
    # A list of one value is that value.
    return text.encode(), [{n: cells[n].strip('[]"') for n in names} for cells in truth]


def _nested(cells: dict[str, str]) -> dict:
    found: dict = {}
    for name, cell in cells.items():
        *path, last = name.split(".")
        place = found
        if not cell:
            continue
        for step in path:
            place = place.setdefault(step, {})
        place[last] = json.loads(cell) if cell.startswith("[") else cell
    return found


def report(system: str, name: str, *, titles: Sequence[str], links: str) -> tuple[bytes, Export]:
    """A key/value report made of an entry: a block for each record under its title."""
    entry = next(e for e in EXPORTS if (e["system"], e["export"]) == (system, name))
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    for title, row in zip(titles, entry["sample_rows"], strict=True):
        out.write(title + "\n")
        writer.writerows(zip(entry["headers"], row, strict=True))
        out.write("\n")
    return (out.getvalue() + links).encode(), _table(entry)


def longer(export: Export, count: int = 40) -> Export:
    """The export with records repeated, their whole numbers changed, and totals left out."""
    chance = random.Random(export.system + export.name)
    rows = [
        tuple(_another(cell, chance) for cell in export.rows[at % len(export.rows)])
        for at in range(count)
    ]
    footers = export.last if export.footers else ()
    return replace(export, rows=tuple(rows), first=(), last=footers)


def of_cells(export: Export) -> Export:
    """The export where a cell of white space alone, as sheets and pages have it, is empty."""
    return replace(export, rows=tuple(tuple(map(_filled, row)) for row in export.rows))


def padded(export: Export) -> Export:
    """The export as a spreadsheet writes it as text: delimiters fill up every line."""
    width = max(len(export.heads[0]), 2)
    fill = export.delimiter * (width - 1)
    lines = tuple(
        line if '"' in line or "sep=" in line else line + fill for line in export.preamble
    )
    cells = tuple((*row, *[""] * (width - len(row))) for row in export.last)
    return replace(export, preamble=lines, last=cells)


def as_text(export: Export, *, quoting: int = csv.QUOTE_MINIMAL, end: str = "\r\n") -> bytes:
    """The export as delimited text in its encoding."""
    out = io.StringIO()
    out.writelines(line + end for line in export.preamble)
    writer = csv.writer(out, delimiter=export.delimiter, quoting=quoting, lineterminator=end)
    writer.writerows([*export.heads, *export.first, *export.rows, *export.last])
    return out.getvalue().encode(export.encoding)


def as_rows(export: Export) -> list[list[str]]:
    """The export as rows of cells, as a sheet holds them."""
    above = [[_text(line)] for line in export.preamble]
    return above + [list(row) for row in (*export.heads, *export.first, *export.rows, *export.last)]


def as_workbook(exports: Sequence[Export], *, right: int = 0, down: int = 0) -> bytes:
    """The exports as sheets of a workbook, each table moved `right` and `down` from A1."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, export in enumerate(exports):
        sheet = book.create_sheet(str(number))
        for y, row in enumerate(as_rows(export), start=1 + down):
            for x, cell in enumerate(row, start=1 + right):
                if cell:
                    sheet.cell(y, x, int(cell) if re.fullmatch(r"[1-9]\d{0,8}", cell) else cell)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_html(export: Export) -> bytes:
    """The export as a table of a page, which some systems name .xls."""
    heads = "".join(_page_row("th", row) for row in export.heads)
    body = "".join(_page_row("td", row) for row in export.rows)
    meta = '<meta http-equiv="Content-type" content="text/html;charset=UTF-8"/>'
    table = f'<table border="1"><thead>{heads}</thead><tbody>{body}</tbody></table>'
    return (meta + table).encode()


def _filled(cell: str) -> str:
    return cell if cell.strip() else ""


def _page_row(tag: str, row: Sequence[str]) -> str:
    return "<tr>" + "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in row) + "</tr>"


def _text(line: str) -> str:
    """A line above a table without the delimiters that pad it and the quotes."""
    return line if line.startswith("sep=") else line.strip(",;\t ").strip('"')


def _table(entry: dict) -> Export:
    """An entry of the catalogue, with what its notes say of further header rows and totals."""
    headers, rows = entry["headers"], entry["sample_rows"]
    heads, names, first, last = [headers], named(headers), [], entry["footer_lines"]
    system, name = entry["system"], entry["export"]
    if system == "SurveyMonkey":
        heads, rows = [headers, rows[0]], rows[1:]
        group = headers[10]
        choices = [f"{group} / {choice}" for choice in heads[1][10:]]
        names = (*headers[:10], *choices)
    elif system == "Qualtrics":
        heads, rows = [headers, *rows[:2]], rows[2:]
    elif system == "Facebook Page Insights (legacy)":
        described = [
            _DESCRIPTION.format(header.split()[0])
            if header.startswith(("Lifetime", "Daily"))
            else ""
            for header in headers
        ]
        heads = [headers, described]
    elif system == "Яндекс Метрика":
        first, rows = rows[:1], rows[1:]
    elif name == "Explore (free form) CSV":
        first, last = last, []
    elif system == "Google Ads" and last:
        last = [*last, [" Total: account", *last[0][1:]], ["Total: Campaigns", *last[0][1:]]]
    elif system == "Google Analytics Universal (old)":
        rows, last = [*rows, ["/a", *rows[0][1:]]], [["", "2,480", "61.29%", "1,520", *_SUMMED[4:]]]
    preamble = entry["preamble_lines"]
    if preamble == ["(one cell of descriptive text)"]:
        preamble = ["These metrics show the organic and the sponsored content of your page"]
    return Export(
        system=system,
        name=name,
        heads=tuple(map(tuple, heads)),
        names=names,
        rows=tuple(map(tuple, rows)),
        preamble=tuple(preamble),
        first=tuple(map(tuple, first)),
        last=tuple(map(tuple, last)),
        encoding=entry["encoding"] or "utf-8",
        delimiter=entry["delimiter"] or ",",
        footers=len(last) if name == "CSAT responses CSV" else 0,
    )


def _renamed(entry: dict, headers: Sequence[str]) -> list[str]:
    """A record for other headers: the value that a header of the same place or name has."""
    known = dict(zip(entry["headers"], entry["sample_rows"][-1], strict=False))
    cells = list(known.values())
    return [
        known.get(header, cells[at] if at < len(cells) else "1")
        for at, header in enumerate(headers)
    ]


def _another(cell: str, chance: random.Random) -> str:
    """A whole number of as many digits; anything else as it is."""
    if not re.fullmatch(r"[1-9]\d*", cell):
        return cell
    if re.fullmatch(r"(?:19|20)\d{6}", cell):
        return f"{cell[:6]}{chance.randint(1, 28):02d}"
    return cell[0] + "".join(chance.choice("0123456789") for _ in cell[1:])
