"""The account of lines on a card: the sentence, its bar, and the lines themselves."""

from __future__ import annotations

import pytest

from crm_metrics.store import Dataset, Workspace, default_folder
from crm_metrics.texts import t
from tests.ui.test_upload_page import drop

REPORT = (
    "Отчёт по рассылкам\nПериод: 01.03.2026 – 03.03.2026\n\n"
    "Дата;Кампания;Отправлено;Доставлено\n"
    "01.03.2026;Весна;100;90\n02.03.2026;Весна;200;180\n03.03.2026;Лето;300;290\n"
    "Итого;;600;560\n"
)
SAID = {
    "ru": "3 записи из 8 строк. Отложено: 1 заголовок, 2 строки над таблицей, 1 пустая, 1 итог.",
    "en": "3 records of 8 lines. Set aside: 1 header, 2 lines above the table, 1 blank, 1 total.",
}


def only() -> Dataset:
    (dataset,) = Workspace(default_folder()).datasets()
    return dataset


def opened(at, part: str):
    at.session_state[f"{part}_{only().id}"] = True
    return at.run()


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_account_is_a_sentence_and_a_bar(open_app, language):
    at = drop(open_app(locale=language), ("report.csv", REPORT.encode()))
    (bar,) = at.get("progress")
    assert bar.proto.text == SAID[language]
    # The header is never a record: three of seven other lines are.
    assert bar.proto.value == 100 * 3 // 7


def test_the_lines_stand_with_number_reason_and_text(open_app):
    at = opened(drop(open_app(), ("report.csv", REPORT.encode())), "details")
    (lines,) = (item.value for item in at.dataframe)
    assert list(lines["Line"]) == [1, 2, 3, 4, 8]
    assert list(lines["Reason"]) == [
        t(f"upload.reason_name.{reason}", "en")
        for reason in ("preamble", "preamble", "blank", "header", "total")
    ]
    assert lines["Text"][0] == "Отчёт по рассылкам"
    labels = [item.label for item in at.download_button]
    assert t("upload.download_lines", "en") in labels
    assert not [item for item in at.text_input if str(item.key).startswith("find_")]


def test_many_lines_are_searched(open_app):
    rows = "\n\n".join(f"{day:02}.03.2026;{day}" for day in range(1, 29))
    report = f"Сводка;\nДата;Охват\n{rows}\nИтого;{sum(range(1, 29))}\n"
    at = opened(drop(open_app(), ("report.csv", report.encode())), "details")
    (lines,) = (item.value for item in at.dataframe)
    assert len(lines) == sum(only().table.account.set_aside.values()) > 20
    at.text_input(key=f"find_{only().id}").set_value("ИТОГО").run()
    (lines,) = (item.value for item in at.dataframe)
    assert list(lines["Reason"]) == ["total"]
    at.text_input(key=f"find_{only().id}").set_value("no such words").run()
    assert not at.exception
    assert len(at.dataframe[0].value) == 0


def test_first_rows_have_the_numbers_of_their_lines(open_app):
    at = opened(drop(open_app(), ("report.csv", REPORT.encode())), "rows")
    (rows,) = (item.value for item in at.dataframe)
    assert list(rows.index) == [5, 6, 7]
    assert list(rows["Отправлено"]) == ["100", "200", "300"]
