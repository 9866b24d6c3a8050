"""Native Excel charts: dots with whiskers per channel, lines through time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby

from openpyxl.chart import LineChart, Reference, ScatterChart, Series
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.data_source import AxDataSource, NumDataSource, NumRef, StrRef
from openpyxl.chart.error_bar import ErrorBars
from openpyxl.chart.marker import DataPoint, Marker
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet.worksheet import Worksheet

from crm_metrics.charts.palette import NEUTRAL, channel_color
from crm_metrics.findings.number_formats import value_format
from crm_metrics.findings.number_sheets import runs_of_metrics, shown, whiskered
from crm_metrics.findings.report import ChannelRow, Report, TrendRow
from crm_metrics.findings.safe_text import safe_text
from crm_metrics.findings.sheet import HEADER_ROW, Sheet
from crm_metrics.findings.wording import channel_name, metric_name
from crm_metrics.metrics.model import Unit, Value
from crm_metrics.texts import t

_WIDTH, _HEIGHT = 17.0, 8.5  # cm
_ROWS_PER_CHART = 18
_COLUMNS_PER_CHART = 10
_MOST_LINES = 6
_MOST_WHISKERED = 2  # lines with whiskers in one plot before they hide each other
_MOST_TRENDS = 6
_GREY = "BFBFBF"
Written = tuple[Worksheet, Sheet]


class _OrderedErrorBars(ErrorBars):
    """Error bars whose `plus` stands before `minus`, as the schema's sequence has it.

    openpyxl 3.1 writes them the other way round, and Excel may take that for damage (ECMA-376
    part 1, CT_ErrBars).
    """

    tagname = ErrorBars.tagname
    __nested__ = ErrorBars.__nested__
    __elements__ = (
        "errDir",
        "errBarType",
        "errValType",
        "noEndCap",
        "plus",
        "minus",
        "val",
        "spPr",
    )


def add_charts(page: Worksheet, sheet: Sheet, trend: Written | None, report: Report) -> None:
    """Draw on `page`, beside its table: a chart a metric, and a second column of lines in time.

    `sheet` is the charts' table as written on `page`; `trend` the trend's, on its own page.
    """
    column = len(sheet.headings) + 2
    first = HEADER_ROW + 1
    for place, rows in enumerate(whiskered(report)):
        last = first + len(rows) - 1
        chart = _dots(_Cells(page, sheet, first, last), rows, report.lang)
        page.add_chart(chart, _anchor(column, place))
        first = last + 1
    if trend is None:
        return
    for place, run in enumerate(runs_of_metrics(report)[:_MOST_TRENDS]):
        rows_in_time = [report.trend[at] for at in run]
        lines = _lines(*trend, rows_in_time, HEADER_ROW + 1 + run[0], report.lang)
        page.add_chart(lines, _anchor(column + _COLUMNS_PER_CHART, place))


def _dots(cells: _Cells, rows: Sequence[ChannelRow], lang: str) -> LineChart:
    """A line chart without its line: a dot with whiskers for each channel by name."""
    chart = LineChart()
    series = Series(cells.reference("value"), title=t("report.column.value", lang))
    series.graphicalProperties = _no_line()
    series.smooth = False
    series.marker = _marker(NEUTRAL)
    series.dPt = [
        DataPoint(idx=place, marker=_marker(channel_color(row.channel)), spPr=_no_line())
        for place, row in enumerate(rows)
    ]
    series.errBars = _whiskers(cells)
    chart.series.append(series)
    series.cat = AxDataSource(strRef=StrRef(f=cells.address("channel")))
    title = t("report.chart.channels", lang, metric=metric_name(rows[0].metric, lang))
    _dress(chart, title, t("report.column.channel", lang), rows[0], lang)
    _hold_whiskers(chart, [row.now for row in rows], rows[0].unit)
    chart.legend = None
    return chart


def _lines(
    page: Worksheet, sheet: Sheet, rows: Sequence[TrendRow], start: int, lang: str
) -> ScatterChart:
    """Lines over dates, with gaps where a value is undefined; whiskers where the lines are few."""
    chart = ScatterChart(scatterStyle="lineMarker")
    runs = [list(run) for _, run in groupby(rows, key=lambda row: row.channel)]
    first = start
    for place, run in enumerate(runs):
        cells = _Cells(page, sheet, first, first + len(run) - 1)
        first += len(run)
        if place >= _MOST_LINES:
            continue
        series = Series(
            cells.reference("value"),
            cells.reference("start"),
            title=safe_text(channel_name(run[0].channel, lang)),
        )
        color = channel_color(run[0].channel).lstrip("#")
        series.graphicalProperties = GraphicalProperties(
            ln=LineProperties(solidFill=color, w=22_000)
        )
        series.marker = _marker(color)
        series.smooth = False
        if len(runs) <= _MOST_WHISKERED:
            series.errBars = _whiskers(cells)
        chart.series.append(series)
    title = t("report.chart.trend", lang, metric=metric_name(rows[0].metric, lang))
    _dress(chart, title, t("report.column.start", lang), rows[0], lang)
    _hold_whiskers(chart, [row.value for row in rows], rows[0].unit)
    chart.x_axis.number_format = "dd.mm.yy" if lang == "ru" else "mmm d, yy"
    chart.x_axis.scaling.min = to_excel(min(row.start for row in rows))
    chart.x_axis.scaling.max = to_excel(max(row.start for row in rows))
    chart.x_axis.majorGridlines = None
    chart.dispBlanksAs = "gap"
    chart.legend.position = "b"
    if len(runs) == 1:
        chart.legend = None
    return chart


class _Cells:
    """The cells of some rows of a written table, by the key of their column."""

    def __init__(self, page: Worksheet, sheet: Sheet, first: int, last: int) -> None:
        self._page, self._first, self._last = page, first, last
        self._places = {heading.key: place for place, heading in enumerate(sheet.headings, start=1)}

    def reference(self, key: str) -> Reference:
        column = self._places[key]
        return Reference(
            self._page, min_col=column, max_col=column, min_row=self._first, max_row=self._last
        )

    def address(self, key: str) -> str:
        letter = get_column_letter(self._places[key])
        name = quote_sheetname(self._page.title)
        return f"{name}!${letter}${self._first}:${letter}${self._last}"


def _whiskers(cells: _Cells) -> ErrorBars:
    return _OrderedErrorBars(
        errDir="y",
        errBarType="both",
        errValType="cust",
        noEndCap=False,
        plus=NumDataSource(numRef=NumRef(f=cells.address("above"))),
        minus=NumDataSource(numRef=NumRef(f=cells.address("below"))),
        spPr=GraphicalProperties(ln=LineProperties(solidFill=NEUTRAL.lstrip("#"), w=15_000)),
    )


def _hold_whiskers(chart: LineChart | ScatterChart, values: Sequence[Value], unit: Unit) -> None:
    """An axis of round steps from the lowest bound to the highest.

    Left alone, programs fit the axis to the dots and cut the whiskers off.
    """
    ends = [
        shown(end, unit) or 0.0
        for value in values
        for end in (value.low, value.value, value.high)
        if end is not None
    ]
    low, high = (min(ends), max(ends)) if ends else (0.0, 1.0)
    step = _round_step((high - low) or abs(high) or 1.0)
    axis = chart.y_axis
    axis.scaling.min = round(math.floor(low / step) * step, 12)
    axis.scaling.max = round(max(math.ceil(high / step), math.floor(low / step) + 1) * step, 12)
    axis.majorUnit = step
    axis.number_format = value_format(min(high, step), unit)


def _round_step(spread: float) -> float:
    """A step of 1, 2 or 5 times a power of ten that cuts `spread` into four to ten parts."""
    size = 10.0 ** math.floor(math.log10(spread / 4))
    return next(size * part for part in (5, 2, 1) if size * part <= spread / 4)


def _no_line() -> GraphicalProperties:
    return GraphicalProperties(ln=LineProperties(noFill=True))


def _marker(color: str) -> Marker:
    paint = GraphicalProperties(
        solidFill=color.lstrip("#"), ln=LineProperties(solidFill=color.lstrip("#"))
    )
    return Marker(symbol="circle", size=8, spPr=paint)


def _dress(
    chart: LineChart | ScatterChart, title: str, across: str, row: ChannelRow | TrendRow, lang: str
) -> None:
    """Title, axes with their units, size.

    Unless told not to, Excel hides the axes, lays titles over the plot and rounds the corners.
    """
    chart.title = title
    chart.x_axis.title = across
    chart.y_axis.title = f"{metric_name(row.metric, lang)}, {t(f'report.unit.{row.unit}', lang)}"
    for part in (chart, chart.x_axis, chart.y_axis):
        part.title.overlay = False
    for axis in (chart.x_axis, chart.y_axis):
        axis.delete = False
        axis.tickLblPos = "low"
    chart.roundedCorners = False
    chart.y_axis.majorGridlines = ChartLines(
        spPr=GraphicalProperties(ln=LineProperties(solidFill=_GREY, w=6_000))
    )
    chart.width, chart.height = _WIDTH, _HEIGHT


def _anchor(column: int, place: int) -> str:
    return f"{get_column_letter(column)}{HEADER_ROW + place * _ROWS_PER_CHART}"
