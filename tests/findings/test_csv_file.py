from __future__ import annotations

import csv
import io
from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest

from crm_metrics.findings.csv_file import csv_bytes, table_csv
from tests.findings.made import HOSTILE, report


def test_russian_has_semicolons_and_decimal_commas():
    made = table_csv(["Канал", "Доля"], [("E-mail", 0.5), ("SMS", -5)], "ru")
    assert made.decode("utf-8-sig") == '"Канал";"Доля"\r\n"E-mail";0,5\r\n"SMS";-5\r\n'
    assert made.startswith(b"\xef\xbb\xbf")


def test_english_has_commas_and_points():
    made = table_csv(["a"], [(1234567.25,), (0.00000012,), (1e21,)], "en").decode("utf-8-sig")
    assert made.splitlines()[1:] == ["1234567.25", "0.00000012", "1" + "0" * 21]


def test_quotes_delimiters_and_line_ends_stay_in_their_cell():
    text = 'say "hi"; then,\nleave'
    made = table_csv(["a", "b"], [(text, 1)], "ru").decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(made, newline=""), delimiter=";"))[1] == [text, "1"]


@pytest.mark.parametrize("text", HOSTILE)
def test_formulas_are_defused_in_headers_and_cells(text):
    made = table_csv([text], [(text,)], "en").decode("utf-8-sig")
    read = list(csv.reader(io.StringIO(made, newline="")))
    assert read == [[f"'{text}"], [f"'{text}"]]


def test_cells_of_a_frame_are_written():
    cells = (np.float64(0.25), np.int64(7), np.nan, pd.NaT, None, date(2026, 8, 31), np.bool_(1))
    made = table_csv(["x"] * 7, [cells], "en").decode("utf-8-sig")
    assert made.splitlines()[1] == '0.25,7,,,,2026-08-31,"True"'
    moment = table_csv(["x"], [(datetime(2026, 8, 31, 9, 5),)], "en").decode("utf-8-sig")
    assert moment.splitlines()[1] == "2026-08-31 09:05:00"


@pytest.mark.parametrize(("lang", "delimiter"), [("ru", ";"), ("en", ",")])
def test_a_report_gives_its_tidy_data(lang, delimiter):
    text = csv_bytes(report(lang)).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    assert len(rows) == 1 + 4 + 2
    value = rows[1][10].replace(",", ".")
    assert float(value) == 0.0213
    assert rows[3][3] == "ads"
    assert "'=ads" in rows[4]
