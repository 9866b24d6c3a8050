"""What stands above and below a table, and reports that are names and values alone."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from tests.intake.made import read_all, read_one, rows_of

TABLE = "Date,Sent,Opened,Clicks,Cost\n2024-03-01,10,2,1,5.5\n2024-03-02,20,5,1,6.5\n"
NAMES = ("Date", "Sent", "Opened", "Clicks", "Cost")


def sheet(text: str) -> bytes:
    book = openpyxl.Workbook()
    for line in text.removesuffix("\n").split("\n"):
        cells = line.split(",")
        book.active.append([int(cell) if cell.isdigit() else cell or None for cell in cells])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("make", [str.encode, sheet], ids=["text", "sheet"])
@pytest.mark.parametrize(
    "above",
    [
        "Report: Emails\nPeriod: March 2024\n",
        "Report:,Emails\nPeriod:,2024-03-01 - 2024-03-31\nCurrency:,USD\n\n",
        "Report:,Emails\nPeriod:,2024-03-01 - 2024-03-31\nCurrency:,USD\n",
        "Report,Emails\nPeriod,2024-03-01 - 2024-03-31\nCurrency,USD\n",
        "Account,Shop,Period,March 2024,\nCurrency,EUR,Owner,Anna,\n,,,,\n",
        "This report shows all campaigns, including archived, as of May\nAll rights reserved, S\n",
        "".join(f"Note {i}: this is a filter of the report that says much\n" for i in range(40)),
        "\n\nEmails\n\nMarch 2024\n\n",
    ],
)
def test_a_preamble_of_any_length_and_width(tmp_path: Path, make, above: str) -> None:
    table = read_one(tmp_path, make(above + TABLE))
    assert table.headers == NAMES
    assert table.records == 2
    lines = [line for line in above.split("\n") if line.strip(",")]
    assert len(table.preamble) == table.account.set_aside["preamble"] == len(lines)
    assert table.preamble[0].startswith(lines[0].split(",")[0])
    assert table.account.lines == (above + TABLE).count("\n")


@pytest.mark.parametrize("make", [str.encode, sheet], ids=["text", "sheet"])
@pytest.mark.parametrize(
    ("text", "record"),
    [
        (
            "Title:,Spring\nSent:,1000\nOpened:,350\n",
            {"Title:": "Spring", "Sent:": "1000", "Opened:": "350"},
        ),
        (
            "Отчёт по рассылке\nНазвание,Весна\nДата,01.03.2024\nОтправлено,1000\nОткрыто,350\n",
            {"Название": "Весна", "Дата": "01.03.2024", "Отправлено": "1000", "Открыто": "350"},
        ),
        (
            "Campaign,Spring\nSent,1000\nOpened,350\nOpen rate,35%\n",
            {"Campaign": "Spring", "Sent": "1000", "Opened": "350", "Open rate": "35%"},
        ),
    ],
)
def test_a_report_of_names_and_values_is_one_record(tmp_path: Path, make, text, record) -> None:
    table = read_one(tmp_path, make(text))
    assert table.layout == "key_value"
    assert table.frame().to_dict("records") == [record]
    assert table.account.lines == text.count("\n")


@pytest.mark.parametrize(
    "text",
    [
        "Показатель;Значение\nОтправлено;1000\nДоставлено;990\nОткрыто;350\n",
        "Campaign,Sent\nSpring,1000\nClicks,350\nOpens,n/a\n",
        "Дата;Отправлено\n01.03.2024;10\n02.03.2024;20\n03.03.2024;5\n",
        "Name,Comment\nAnn,5\nBob,good\nCat,10\nDan,2024-03-01\n",
    ],
)
def test_a_table_of_two_columns_stays_one(tmp_path: Path, text: str) -> None:
    table = read_one(tmp_path, text)
    assert table.layout == "table"
    assert table.records == text.count("\n") - 1


def test_a_small_first_table_is_no_preamble(tmp_path: Path) -> None:
    text = f"Country,Owner,Plan\nSpain,Ann,basic\nFrance,Bob,pro\n\n{TABLE}"
    first, second = read_all(tmp_path, text)
    assert rows_of(first) == [["Spain", "Ann", "basic"], ["France", "Bob", "pro"]]
    assert second.headers == NAMES
