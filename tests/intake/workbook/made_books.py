"""Workbooks made part by part, as the programs that write them do."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape, quoteattr

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def sheet_xml(rows: str, *, before: str = "", after: str = "", prefix: str = "") -> str:
    """A worksheet part around the XML of its rows."""
    p = f"{prefix}:" if prefix else ""
    space = f"xmlns:{prefix}" if prefix else "xmlns"
    return (
        f'{HEAD}<{p}worksheet {space}="{MAIN}">{before}<{p}sheetData>{rows}</{p}sheetData>{after}'
        f"</{p}worksheet>"
    )


def styles_xml(*codes: str) -> str:
    """A styles part: style 0 is General, style n has the n-th code."""
    formats = "".join(
        f'<numFmt numFmtId="{164 + i}" formatCode={quoteattr(code)}/>'
        for i, code in enumerate(codes)
    )
    styles = "".join(f'<xf numFmtId="{164 + i}" applyNumberFormat="1"/>' for i in range(len(codes)))
    return (
        f'{HEAD}<styleSheet xmlns="{MAIN}"><numFmts count="{len(codes)}">{formats}</numFmts>'
        f'<cellStyleXfs count="1"><xf numFmtId="9"/></cellStyleXfs>'
        f'<cellXfs count="{len(codes) + 1}"><xf numFmtId="0"/>{styles}</cellXfs></styleSheet>'
    )


def strings_xml(*texts: str) -> str:
    """A part of shared strings; a text that begins with < is taken as it is."""
    items = "".join(
        f"<si>{text if text.startswith('<') else f'<t>{escape(text)}</t>'}</si>" for text in texts
    )
    return f'{HEAD}<sst xmlns="{MAIN}" count="{len(texts)}">{items}</sst>'


def book(
    *sheets: str,
    names: tuple[str, ...] = (),
    styles: str = "",
    strings: str = "",
    book_pr: str = "",
    compress: int = zipfile.ZIP_DEFLATED,
    states: tuple[str, ...] = (),
) -> bytes:
    """The bytes of an xlsx with these worksheet parts."""
    names = names or tuple(f"Sheet{i + 1}" for i in range(len(sheets)))
    kinds = [f"worksheets/sheet{i + 1}.xml" for i in range(len(sheets))]
    states = states or ("visible",) * len(sheets)
    entries = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{i + 1}" state="{state}" r:id="rId{i + 1}"/>'
        for i, (name, state) in enumerate(zip(names, states, strict=True))
    )
    links = "".join(
        f'<Relationship Id="rId{i + 1}" Type="{RELS}/worksheet" Target="{kind}"/>'
        for i, kind in enumerate(kinds)
    )
    parts = {f"xl/{kind}": sheet for kind, sheet in zip(kinds, sheets, strict=True)}
    if styles:
        links += f'<Relationship Id="rIdS" Type="{RELS}/styles" Target="styles.xml"/>'
        parts["xl/styles.xml"] = styles
    if strings:
        links += f'<Relationship Id="rIdT" Type="{RELS}/sharedStrings" Target="sharedStrings.xml"/>'
        parts["xl/sharedStrings.xml"] = strings
    parts["xl/workbook.xml"] = (
        f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{RELS}">{book_pr}<sheets>{entries}</sheets>'
        "</workbook>"
    )
    parts["xl/_rels/workbook.xml.rels"] = (
        f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>'
    )
    parts["_rels/.rels"] = (
        f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{RELS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    )
    parts["[Content_Types].xml"] = (
        f'{HEAD}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/></Types>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compress) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, compress)
    return out.getvalue()


def number(reference: str, raw: str) -> str:
    """A number as it is written."""
    return f'<c r="{reference}"><v>{raw}</v></c>'


def cell(reference: str, value: object, *, style: int = 0, formula: str = "") -> str:
    """A cell: a number, or a text that stands in it."""
    inner = f"<f>{escape(formula)}</f>" if formula else ""
    if isinstance(value, str):
        if formula:
            return f'<c r="{reference}" s="{style}" t="str">{inner}<v>{escape(value)}</v></c>'
        return f'<c r="{reference}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    written = f"<v>{value}</v>" if value is not None else ""
    return f'<c r="{reference}" s="{style}">{inner}{written}</c>'


def row(number: int, *cells: str, attributes: str = "") -> str:
    """A row of cells."""
    return f'<row r="{number}"{attributes}>{"".join(cells)}</row>'


def header(number: int, *names: str) -> str:
    """A row of texts from A on."""
    return row(number, *(cell(f"{chr(65 + i)}{number}", name) for i, name in enumerate(names)))
