from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from datetime import date

import fastexcel
import openpyxl
import pytest
from defusedxml import ElementTree
from openpyxl.chart import ScatterChart
from openpyxl.utils.cell import range_boundaries

from crm_metrics.findings.workbook import workbook
from crm_metrics.findings.workbook_charts import _hold_whiskers
from crm_metrics.metrics.model import Value
from crm_metrics.texts import t
from tests.findings.made import HOSTILE, report

CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
HEADER = 4


def opened(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def table(page) -> list[dict]:
    rows = list(page.iter_rows(min_row=HEADER, values_only=True))
    return [dict(zip(rows[0], row, strict=False)) for row in rows[1:] if row[0] is not None]


def charts_of(data: bytes) -> list:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = sorted(
            name for name in package.namelist() if re.match(r"xl/charts/chart\d+\.xml", name)
        )
        return [ElementTree.fromstring(package.read(name)) for name in names]


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_tabs_are_translated_short_unique_and_full(lang):
    book = opened(workbook(report(lang)))
    first = "summary channels references charts trend method missing"
    keys = f"{first} sources columns filters data dictionary".split()
    assert book.sheetnames == [t(f"report.tab.{key}", lang) for key in keys]
    assert all(len(name) < 31 for name in book.sheetnames)
    for page in book:
        assert page["A1"].value
        assert page.max_row > 1
    for page in book.worksheets[1:]:
        assert page.freeze_panes == "B5"
        assert all(page.column_dimensions[cell.column_letter].width for cell in page[HEADER])


def test_the_first_tab_has_the_sentences_and_links_to_every_other():
    book = opened(workbook(report()))
    page = book.worksheets[0]
    texts = [cell.value for cell in page["A"]]
    assert page["A1"].value == "Channels"
    assert "Email, click rate: 2.13%." in texts
    targets = [cell.hyperlink.location for cell in page["A"] if cell.hyperlink]
    assert targets == [f"'{name}'!A1" for name in book.sheetnames[1:]]


def test_numbers_are_the_values_and_are_numbers():
    rows = table(opened(workbook(report()))["Channels"])
    email = rows[0]
    assert (email["Value"], email["Low"], email["High"], email["n"]) == (
        0.0213,
        0.0193,
        0.0235,
        18_400,
    )
    assert (email["Previous value"], email["Previous n"]) == (0.0183, 17_900)
    assert [email[f"Change{end}"] for end in ("", ", low", ", high")] == pytest.approx(
        [0.3, 0.1, 0.5]
    )
    assert (email["Unit of change"], email["Reading"]) == ("pp", "better")
    undefined = rows[2]
    assert (undefined["Value"], undefined["Low"], undefined["n"]) == (None, None, 0)
    assert undefined["Notes"]
    speed = rows[3]
    assert speed["Value"] == 135.5
    assert speed["Change"] == pytest.approx(-14.5)
    assert speed["Reading"] == "no clear difference"


def test_number_formats_follow_the_unit():
    page = opened(workbook(report("ru")))["Каналы"]
    assert page["D5"].number_format == "0.00%"
    assert page["G5"].number_format == "#,##0"
    assert (
        page["K5"].number_format
        == '+#,##0.00"\u00a0п.п.";\u2212#,##0.00"\u00a0п.п.";#,##0.00"\u00a0п.п."'
    )
    assert page["D8"].number_format == "#,##0.0"
    large = replace(report().channels[0], now=replace(report().channels[0].now, value=0.34))
    page = opened(workbook(replace(report(), channels=(large,))))["Channels"]
    assert page["D5"].number_format == "0.0%"


def test_data_are_tidy_in_the_engines_units_with_components():
    rows = table(opened(workbook(report()))["Data"])
    assert len(rows) == 6
    assert {row["Period"] for row in rows} == {"this period", "previous period"}
    speed = next(row for row in rows if row["Metric key"] == "first_reply_median")
    assert speed["Value"] == 8130
    assert rows[0]["n"] == 18_400
    assert (rows[0]["part_x"], rows[0]["part_n"]) == (392, 18_400)


def test_sources_account_for_every_line():
    (source,) = table(opened(workbook(report()))["Sources"])
    assert source["Lines"] == 120
    aside = ["Header lines", "Lines above the header", "Blank lines", "Total lines", "Footer lines"]
    aside += ["Continuation lines", "Other lines"]
    assert source["Records"] + sum(source[name] for name in aside) == source["Lines"]
    assert source["SHA-256"] == "ab" * 32
    assert (source["Service"], source["From"].date()) == ("Mailchimp", date(2026, 4, 1))
    columns = table(opened(workbook(report()))["Columns"])
    assert [row["Personal data"] for row in columns] == ["no", "yes", "no"]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_names_stay_text_everywhere(hostile):
    made = report(name=hostile, header=hostile)
    channels = tuple(replace(row, channel=hostile) for row in made.channels)
    trend = tuple(replace(row, channel=hostile) for row in made.trend)
    made = replace(made, title=hostile, channels=channels, trend=trend).with_summary(hostile)
    data = workbook(made)
    for page in opened(data):
        for line in page.iter_rows():
            for cell in line:
                assert cell.data_type != "f"
                if isinstance(cell.value, str):
                    assert not cell.value.startswith(("=", "+", "-", "@", "\t", "\r"))
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        pages = [name for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
        assert pages
        assert not any(b"<f>" in package.read(name) for name in pages)


def test_a_negative_number_stays_a_number():
    made = report()
    row = replace(made.channels[0], unit="score", now=replace(made.channels[0].now, value=-5.0))
    page = opened(workbook(replace(made, channels=(row,))))["Channels"]
    assert page["D5"].value == -5
    assert page["D5"].data_type == "n"


def test_charts_are_native_with_plus_before_minus():
    charts = charts_of(workbook(report()))
    assert len(charts) == 3
    bars = [bar for chart in charts for bar in chart.iter(f"{CHART}errBars")]
    assert len(bars) == 1 + 1 + 2
    for bar in bars:
        order = [child.tag.removeprefix(CHART) for child in bar]
        allowed = ["errDir", "errBarType", "errValType", "noEndCap", "plus", "minus", "val", "spPr"]
        assert order == [name for name in allowed if name in order]
        assert {"plus", "minus"} <= set(order)
    for chart in charts:
        assert {flag.get("val") for flag in chart.iter(f"{CHART}delete")} == {"0"}
        assert len(list(chart.iter(f"{CHART}title"))) == 3


def test_charts_point_at_the_cells_that_hold_their_numbers():
    data = workbook(report())
    book = opened(data)
    dots, seconds, lines = charts_of(data)

    def values(chart, tag):
        found = []
        for part in chart.iter(f"{CHART}{tag}"):
            name, cells = part.find(f".//{CHART}f").text.rsplit("!", 1)
            area = range_boundaries(cells.replace("$", ""))
            lines = book[name.strip("'")].iter_rows(area[1], area[3], area[0], area[2])
            found.append([cell.value for line in lines for cell in line])
        return found

    assert values(dots, "val") == [[0.0213, 0.0113]]
    assert values(dots, "cat") == [["Email", "Advertising"]]
    assert values(dots, "plus") == [pytest.approx([0.0022, 0.0013])]
    assert values(dots, "minus") == [pytest.approx([0.002, 0.0012])]
    assert values(seconds, "val") == [[135.5]]
    assert values(lines, "yVal") == [[0.02] * 3, [0.01] * 3]
    assert [day.month for day in values(lines, "xVal")[0]] == [7, 8, 9]


def test_equal_reports_give_equal_bytes_without_a_clock():
    first, second = workbook(report()), workbook(report())
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = package.read("docProps/core.xml")
    assert b"created" not in core
    assert b"modified" not in core


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_an_empty_report_is_still_a_workbook_without_blank_tabs(lang):
    made = replace(report(lang), channels=(), trend=(), methods=(), missing=(), sources=())
    book = opened(workbook(made))
    assert book.sheetnames == [t(f"report.tab.{key}", lang) for key in ("summary", "filters")]


def test_the_dictionary_names_every_column_of_the_number_tabs():
    book = opened(workbook(report()))
    described = {(row["Tab"], row["Column"]) for row in table(book["Dictionary"])}
    for name in ("Channels", "Charts", "Trend", "Data"):
        assert {(name, cell.value) for cell in book[name][HEADER] if cell.value} <= described
    assert all(row["Meaning"] for row in table(book["Dictionary"]))


def test_dots_have_no_line_between_them_and_each_series_its_own_number():
    dots, _, lines = charts_of(workbook(report()))
    drawing = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
    for part in ("ser", "dPt"):
        for found in dots.iter(f"{CHART}{part}"):
            assert found.find(f"{CHART}spPr/{drawing}ln/{drawing}noFill") is not None
    series = list(lines.iter(f"{CHART}ser"))
    assert [one.find(f"{CHART}idx").get("val") for one in series] == ["0", "1"]
    assert [one.find(f"{CHART}order").get("val") for one in series] == ["0", "1"]


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_another_reader_finds_plain_columns_of_numbers(lang):
    reader = fastexcel.read_excel(workbook(report(lang)))
    for key in ("channels", "charts", "trend", "data"):
        sheet = reader.load_sheet(t(f"report.tab.{key}", lang), header_row=HEADER - 1)
        kinds = {column.name: column.dtype for column in sheet.selected_columns}
        assert kinds[t("report.column.value", lang)] == "float"


@pytest.mark.parametrize(
    ("low", "high"), [(0.0288, 0.0465), (0.984, 0.9862), (-12.0, 47.0), (8.0, 8.0), (0.0, 0.0)]
)
def test_an_axis_holds_its_whiskers_in_round_steps(low, high):
    chart = ScatterChart()
    middle = (low + high) / 2
    value = Value("m", "v", "g", {}, middle, low, high, 10, {})
    _hold_whiskers(chart, [value], "score")
    axis = chart.y_axis
    assert axis.scaling.min <= low
    assert axis.scaling.max >= high
    assert axis.scaling.max > axis.scaling.min
    steps = (axis.scaling.max - axis.scaling.min) / axis.majorUnit
    assert steps == pytest.approx(round(steps))
    assert 1 <= steps <= 11
