"""What the user says about a line changes the card, the numbers, and can be taken back."""

from __future__ import annotations

import pytest

from crm_metrics.store import Dataset, Workspace, default_folder, sources
from crm_metrics.texts import t
from tests.ui.test_upload_page import drop

REPORT = (
    "Отчёт за март\n"
    "Дата;Канал;Кампания;Отправлено;Доставлено\n"
    "01.03.2024;email;Весна;100;90\n02.03.2024;email;Лето;200;180\nИтого;;;300;270\n"
)


def only() -> Dataset:
    (dataset,) = Workspace(default_folder()).datasets()
    return dataset


@pytest.fixture(params=["en", "ru"])
def opened(open_app, request):
    """The report uploaded, its details open."""
    at = drop(open_app(locale=f"{request.param}-XX"), ("report.csv", REPORT.encode()))
    at.session_state[f"details_{only().id}"] = True
    at.run()
    assert not at.exception
    return at, request.param


def settle(at, line: int, role: str):
    dataset = only()
    at.number_input(key=f"settled_line_{dataset.id}").set_value(line)
    at.selectbox(key=f"role_{dataset.id}").set_value(role)
    at.run()
    at.button(key=f"decide_{dataset.id}").click().run()
    assert not at.exception
    assert not at.error
    return at


def captions(at) -> str:
    return "\n".join(item.value for item in at.caption)


def test_a_total_is_flipped_and_back(opened):
    at, language = opened
    assert only().table.records == 2
    settle(at, 5, "record")
    assert only().table.records == 3
    assert t("decide.now_record", language) in captions(at)
    at.button(key=f"undo_line_5_{only().id}").click().run()
    assert only().table.records == 2
    assert "decide.made" not in captions(at)
    assert t("decide.made", language) not in captions(at)


def test_the_header_moves_and_the_columns_follow(opened):
    at, _ = opened
    settle(at, 3, "header")
    assert only().table.headers[0] == "01.03.2024"
    settle(at, 2, "header")
    assert only().table.headers[0] == "Дата"
    assert Workspace(default_folder()).decisions(only().id).of("").roles == {2: "header"}
    settle(at, 3, "header_too")
    assert only().table.how.header_lines == (2, 3)
    at.button(key=f"undo_all_{only().id}").click().run()
    assert only().table.how.header_lines == (2,)


def test_numbers_on_the_next_page_follow(opened):
    at, _ = opened
    settle(at, 4, "footer")
    (dataset,) = Workspace(default_folder()).datasets()
    assert dataset.facts is not None
    assert dataset.facts.rows == 1
    at.switch_page("pages/channels.py").run()
    assert not at.exception
    assert not at.error


def test_encoding_and_delimiter(opened):
    at, _ = opened
    at.selectbox(key=f"delimiter_{only().id}").set_value(",").run()
    at.button(key=f"dialect_{only().id}").click().run()
    assert not at.exception
    assert only().table.how.delimiter == ","
    at.button(key=f"undo_dialect_{only().id}").click().run()
    assert only().table.how.delimiter == ";"


def test_an_undone_choice_does_not_come_back_with_the_next(opened):
    at, _ = opened
    at.selectbox(key=f"encoding_{only().id}").set_value("cp1251").run()
    at.button(key=f"dialect_{only().id}").click().run()
    assert only().table.how.encoding == "cp1251"
    at.button(key=f"undo_dialect_{only().id}").click().run()
    assert at.selectbox(key=f"encoding_{only().id}").value == "utf-8"
    at.selectbox(key=f"delimiter_{only().id}").set_value(",").run()
    at.button(key=f"dialect_{only().id}").click().run()
    assert (only().table.how.encoding, only().table.how.delimiter) == ("utf-8", ",")


def test_of_a_line_that_is_not_there_nothing_can_be_said(opened):
    at, language = opened
    at.number_input(key=f"settled_line_{only().id}").set_value(2000).run()
    assert t("decide.no_record", language, line=2000) in captions(at)
    assert at.button(key=f"decide_{only().id}").disabled
    at.number_input(key=f"settled_line_{only().id}").set_value(0).run()
    assert not at.exception
    at.number_input(key=f"settled_line_{only().id}").set_value(5).run()
    assert not at.button(key=f"decide_{only().id}").disabled


def test_a_person_of_a_record_is_not_named(open_app):
    people = "Email,Полное имя\nivan@example.com,Иванов Иван\nanna@example.com,Петрова Анна\n"
    at = drop(open_app(), ("people.csv", people.encode()))
    at.session_state[f"details_{only().id}"] = True
    at.run()
    at.number_input(key=f"settled_line_{only().id}").set_value(2).run()
    assert t("decide.now_record", "en") in captions(at)
    assert "Иванов" not in captions(at)


def test_what_cannot_be_read_so_is_said_and_changes_nothing(opened):
    at, language = opened
    for line in (3, 5):
        settle(at, line, "other")
    dataset = only()
    at.number_input(key=f"settled_line_{dataset.id}").set_value(4)
    at.selectbox(key=f"role_{dataset.id}").set_value("other")
    at.run()
    at.button(key=f"decide_{dataset.id}").click().run()
    assert not at.exception
    assert only().table.records == dataset.table.records == 1
    assert t("error.only_headers", language, file="report.csv")[-40:] in at.error[0].value


def test_without_the_file_there_is_a_reason_and_no_button(opened):
    at, language = opened
    sources.forget(default_folder() / "sources", only().table.sha256)
    at.run()
    assert t("decide.no_file", language) in captions(at)
    assert not [item for item in at.button if str(item.key).startswith("decide_")]
