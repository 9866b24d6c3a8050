"""The company's calendar and names, and the bytes of a file without the clock."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime, timedelta

import numpy as np
from openpyxl import Workbook

FIRST, LAST = date(2026, 4, 1), date(2026, 9, 30)
DAYS = [FIRST + timedelta(days=i) for i in range((LAST - FIRST).days + 1)]
STAMP = datetime(2026, 10, 1, 9, 0)
FIRST_NAMES = ["Анна", "Мария", "Ольга", "Елена", "Ирина", "Дарья", "Вера", "Нина", "Софья"]
LAST_NAMES = ["Смирнова", "Кузнецова", "Попова", "Соколова", "Лебедева", "Новикова", "Волкова"]
CITIES = ["Москва", "Санкт-Петербург", "Казань", "Екатеринбург", "Новосибирск", "Тверь"]
CITY_SHARES = [0.38, 0.22, 0.12, 0.11, 0.1, 0.07]
# A file's place gives it a stream of its own: a new one goes to the end.
_FILES = (
    "mailchimp_campaigns.csv", "vk_ads.xlsx", "yandex_metrika_sources.csv", "amocrm_deals.csv",
    "zendesk_tickets.csv", "google_forms_survey.csv", "hootsuite_posts.csv", "orders.csv",
    "ab_push_text.csv", "ab_sms_sender.csv", "sipuni_calls.csv", "chat_messages.csv",
    "crm_activities.csv", "support_survey.csv", "bitrix24_contacts.csv",
)  # fmt: skip


def stream(name: str) -> np.random.Generator:
    """The random numbers of a file: changing one file leaves the others' bytes alone."""
    return np.random.default_rng([20260401, _FILES.index(name)])


def csv_bytes(
    rows: list[list[object]],
    delimiter: str,
    *,
    encoding: str = "utf-8",
    quoting: int = csv.QUOTE_MINIMAL,
) -> bytes:
    """Rows, the header first, as a CSV file."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator="\n").writerows(rows)
    return text.getvalue().encode(encoding)


def workbook_bytes(book: Workbook) -> bytes:
    """The workbook's bytes without the clock: fixed dates inside and on every zip entry."""
    book.properties.created = book.properties.modified = STAMP
    made, fixed = io.BytesIO(), io.BytesIO()
    book.save(made)
    with (
        zipfile.ZipFile(made) as source,
        zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for entry in sorted(source.namelist()):
            data = source.read(entry)
            if entry == "docProps/core.xml":
                start, end = data.index(b"<dcterms:modified"), data.index(b"</dcterms:modified>")
                stamp = b'<dcterms:modified xsi:type="dcterms:W3CDTF">2026-10-01T09:00:00Z'
                data = data[:start] + stamp + data[end:]
            target.writestr(
                zipfile.ZipInfo(entry, (2026, 10, 1, 9, 0, 0)), data, zipfile.ZIP_DEFLATED
            )
    return fixed.getvalue()
