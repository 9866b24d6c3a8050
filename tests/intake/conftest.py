"""Files that several tests of reading use."""

from __future__ import annotations

import io

import openpyxl
import pytest


@pytest.fixture(scope="session")
def workbook_bytes() -> bytes:
    """A small workbook with one sheet of three campaigns."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Кампании"
    sheet.append(["Кампания", "Показы", "Клики"])
    for row in (["Весна", 1000, 20], ["Лето", 5000, 80], ["Осень", 300, 7]):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
