"""A report as an Excel workbook: one table a tab, native charts, the same bytes every time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import Cell as ExcelCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from crm_metrics.findings.about_sheets import (
    columns_sheet,
    dictionary_sheet,
    filters_sheet,
    method_sheet,
    missing_sheet,
    sources_sheet,
)
from crm_metrics.findings.audit_sheets import audit_sheet, plan_sheet
from crm_metrics.findings.goal_sheets import goals_sheet, references_sheet
from crm_metrics.findings.number_formats import LIFT_FORMAT, change_format, value_format
from crm_metrics.findings.number_sheets import (
    channels_sheet,
    charts_sheet,
    data_sheet,
    trend_sheet,
    whole_sheet,
)
from crm_metrics.findings.package import settled
from crm_metrics.findings.people_sheet import people_sheet
from crm_metrics.findings.report import Report
from crm_metrics.findings.safe_text import safe_text
from crm_metrics.findings.sheet import HEADER_ROW, Cell, Heading, Sheet
from crm_metrics.findings.trial_sheets import trial_lines, trials_sheet
from crm_metrics.findings.workbook_charts import Written, add_charts
from crm_metrics.texts import t

TABS: dict[str, Callable[[Report], Sheet]] = {
    "channels": channels_sheet,
    "goals": goals_sheet,
    "references": references_sheet,
    "charts": charts_sheet,
    "trend": trend_sheet,
    "whole": whole_sheet,
    "people": people_sheet,
    "trials": trials_sheet,
    "audit": audit_sheet,
    "plan": plan_sheet,
    "method": method_sheet,
    "missing": missing_sheet,
    "sources": sources_sheet,
    "columns": columns_sheet,
    "filters": filters_sheet,
    "data": data_sheet,
}
_EXPLAINED = (
    *("channels", "goals", "references", "charts", "trend", "whole", "people"),
    *("trials", "audit", "plan", "data"),
)
_TITLE = Font(size=14, bold=True)
_QUIET = Font(color="595959")
_BOLD = Font(bold=True)
_HEADER_FILL = PatternFill("solid", fgColor="E8EEF2")
_WIDTHS = (8.0, 44.0)
_LONG_WIDTH = 60.0
_TAB_LIMIT = 30
_FORBIDDEN_IN_TAB = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


def workbook(report: Report, *, without: Collection[str] = ()) -> bytes:
    """The report as XLSX bytes; equal reports give equal bytes.

    Tabs: summary with contents, channels, goals, references, charts, trend, all dates, people,
    tests, audit, plan, method, missing, sources, columns, filters, data, dictionary; an empty one
    is left out. Texts that could act as formulas are defused, numbers are numbers. `without` names
    tabs of TABS to leave out.
    """
    book = Workbook()
    made = [make(report) for key, make in TABS.items() if key not in without]
    sheets = [sheet for sheet in made if sheet.rows]
    explained = [sheet for sheet in sheets if sheet.key in _EXPLAINED]
    if explained:
        sheets.append(dictionary_sheet(report, explained))
    title = t("report.tab.summary", report.lang)
    names = _tab_names([title, *(sheet.name for sheet in sheets)])
    contents = list(zip(names[1:], (sheet.title for sheet in sheets), strict=True))
    book.active.title = names[0]
    _write_summary(book.active, report, contents)
    written: dict[str, Written] = {}
    for name, sheet in zip(names[1:], sheets, strict=True):
        page = book.create_sheet(name)
        _write_sheet(page, sheet, report.lang)
        written[sheet.key] = (page, sheet)
    if "charts" in written:
        add_charts(*written["charts"], written.get("trend"), report)
    return _saved(book, report.title, report.lang)


def tables_book(title: str, sheets: Sequence[Sheet], lang: str) -> bytes:
    """Tables alone as XLSX bytes, one a tab; there is at least one."""
    book = Workbook()
    book.remove(book.active)
    for name, sheet in zip(_tab_names([one.name for one in sheets]), sheets, strict=True):
        _write_sheet(book.create_sheet(name), sheet, lang)
    return _saved(book, title, lang)


def _saved(book: Workbook, title: str, lang: str) -> bytes:
    book.properties.title = safe_text(title)
    book.properties.creator = "CRM Metrics"
    book.properties.language = lang
    stream = BytesIO()
    book.save(stream)
    return settled(stream.getvalue())


def put(cell: ExcelCell, value: Cell) -> None:
    """Write a value: text as text whatever it begins with, a number as a number."""
    if isinstance(value, str):
        cell.value = safe_text(value)
        cell.data_type = "s"
    else:
        cell.value = value


def _write_summary(page: Worksheet, report: Report, contents: Sequence[tuple[str, str]]) -> None:
    """Title, what it covers, the sentences, what to bear in mind, and the contents."""
    page.sheet_view.showGridLines = False
    page.column_dimensions["A"].width = 110
    row = _paragraph(page, 1, report.title, _TITLE)
    row = _paragraph(page, row, t("report.made", report.lang), _QUIET)
    row = _section(
        page, row + 1, t("report.findings", report.lang), [s.text for s in report.sentences]
    )
    if report.trials:
        row = _section(page, row + 1, t("report.trials", report.lang), trial_lines(report))
    row = _section(page, row + 1, t("report.caveats", report.lang), report.caveats)
    row = _section(page, row + 1, t("report.contents", report.lang), ())
    for name, title in contents:
        cell = page.cell(row, 1)
        put(cell, t("report.content", report.lang, name=name, title=title))
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{name}'!A1")
        cell.font = Font(color="0563C1", underline="single")
        row += 1


def _section(page: Worksheet, row: int, title: str, lines: Sequence[str]) -> int:
    row = _paragraph(page, row, title, _BOLD)
    for line in lines:
        row = _paragraph(page, row, line)
    return row


def _paragraph(page: Worksheet, row: int, text: str, font: Font | None = None) -> int:
    """Write one paragraph in column A and give the next row."""
    cell = page.cell(row, 1)
    put(cell, text)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if font is not None:
        cell.font = font
    return row + 1


def _write_sheet(page: Worksheet, sheet: Sheet, lang: str) -> None:
    put(page["A1"], sheet.title)
    page["A1"].font = _TITLE
    put(page["A2"], sheet.note)
    page["A2"].font = _QUIET
    for place, heading in enumerate(sheet.headings, start=1):
        cell = page.cell(HEADER_ROW, place)
        put(cell, heading.title)
        cell.font = _BOLD
        cell.fill = _HEADER_FILL
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    for line, values in enumerate(sheet.rows):
        unit = sheet.units[line] if sheet.units else None
        for place, (heading, value) in enumerate(zip(sheet.headings, values, strict=True), start=1):
            cell = page.cell(HEADER_ROW + 1 + line, place)
            put(cell, value)
            _dress(cell, heading, value, unit, lang)
    page.freeze_panes = page.cell(HEADER_ROW + 1, 2)
    last = get_column_letter(len(sheet.headings))
    page.auto_filter.ref = f"A{HEADER_ROW}:{last}{HEADER_ROW + len(sheet.rows)}"
    _set_widths(page, sheet)
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"


def _dress(cell: ExcelCell, heading: Heading, value: Cell, unit: str | None, lang: str) -> None:
    """The number format of a cell, and where its text stands."""
    if isinstance(value, str):
        cell.alignment = Alignment(wrap_text=heading.shape == "long", vertical="top")
        return
    cell.alignment = Alignment(vertical="top")
    match heading.shape:
        case "value" if unit is not None and isinstance(value, float | int):
            cell.number_format = value_format(value, unit)
        case "change" if unit is not None:
            cell.number_format = change_format(unit, lang)
        case "share":
            cell.number_format = LIFT_FORMAT
        case "number":
            cell.number_format = "#,##0"
        case "date":
            cell.number_format = "dd.mm.yyyy" if lang == "ru" else "mmm d, yyyy"


def _set_widths(page: Worksheet, sheet: Sheet) -> None:
    for place, heading in enumerate(sheet.headings):
        texts = [row[place] for row in sheet.rows if isinstance(row[place], str)]
        longest = max([len(word) for word in heading.title.split()] + [len(str(x)) for x in texts])
        least, most = _WIDTHS
        wide = min(max(longest + 2, least, 13 if not texts else least), most)
        width = _LONG_WIDTH if heading.shape == "long" and longest > most else wide
        page.column_dimensions[get_column_letter(place + 1)].width = width


def _tab_names(wished: Sequence[str]) -> list[str]:
    """Tab names that Excel allows: without its signs, under 31 characters, each once."""
    names: list[str] = []
    for wish in wished:
        clean = wish.translate(_FORBIDDEN_IN_TAB).strip()
        name, number = clean[:_TAB_LIMIT], 2
        while name.casefold() in {taken.casefold() for taken in names}:
            ending = f" {number}"
            name, number = clean[: _TAB_LIMIT - len(ending)] + ending, number + 1
        names.append(name)
    return names
