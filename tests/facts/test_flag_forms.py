"""Yes and no in both languages, and the fields where a date says yes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.facts.made import parsed


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["yes", "NO", "Y", "n", ""], [True, False, True, False, None]),
        (["Да", "нет", "ДА"], [True, False, True]),
        (["1", "0", "1.0", "0.0"], [True, False, True, False]),
        (["true", "False", "TRUE"], [True, False, True]),
        (["истина", "ложь"], [True, False]),
        (["3", "0", "12"], [True, False, True]),
        (["+", "-", "+"], [True, False, True]),
        (["yes", "-", "n/a"], [True, None, None]),
        (["✓", "✗", "✔", "✘"], [True, False, True, False]),
        (["☑", "☐"], [True, False]),
        (["✅", "❌", ""], [True, False, None]),
        (["on", "off", "вкл", "Выкл."], [True, False, True, False]),
        (["enabled", "disabled"], [True, False]),
        (["Opened", "not opened", "Unopened"], [True, False, False]),
        (["Открыто", "Не открыто", "не открывал"], [True, False, False]),
        (["прочитано", "не прочитано"], [True, False]),
    ],
)
def test_words(tmp_path: Path, cells: list[str], expected: list[bool | None]):
    values, facts = parsed(tmp_path, cells, "opened", "recipients")
    assert values == expected
    assert facts.failed == 0


def test_a_date_says_yes_and_its_absence_no(tmp_path: Path):
    cells = ["2024-03-05 10:00", "", "05.03.2024 11:00", "Mar 5, 2024 10:00 am", "-"]
    values, facts = parsed(tmp_path, cells, "clicked", "recipients")
    assert values == [True, False, True, True, False]
    assert facts.failed == 0


def test_other_text_is_not_a_yes(tmp_path: Path):
    values, facts = parsed(tmp_path, ["yes", "maybe", "no"], "opened", "recipients")
    assert values == [True, None, False]
    assert facts.recipes[0].failed_forms == (("maybe", 1),)


def test_the_mapping_gives_words_their_meaning(tmp_path: Path):
    words = {"купил": "true", "не купил": "false", "позже": ""}
    cells = ["Купил", " не купил ", "позже", "да"]
    values, facts = parsed(tmp_path, cells, "converted", "recipients", values=words)
    assert values == [True, False, None, True]
    assert facts.failed == 0


@pytest.mark.parametrize(
    ("field", "grain", "cells", "expected"),
    [
        ("delivered", "recipients", ["Delivered", "Not delivered", "bounced"], [1, 0, 0]),
        ("delivered", "recipients", ["доставлено", "Не доставлено"], [1, 0]),
        ("clicked", "recipients", ["Clicked", "No click", "не кликнул"], [1, 0, 0]),
        ("unsubscribed", "recipients", ["Unsubscribed", "Subscribed", "подписан"], [1, 0, 0]),
        ("unsubscribed", "recipients", ["Отписался", "не отписался"], [1, 0]),
        ("is_missed", "calls", ["Пропущен", "Отвечен", "Missed", "answered"], [1, 0, 1, 0]),
        ("is_answered", "calls", ["Принят", "Не отвечен", "No answer"], [1, 0, 0]),
        ("attended", "attendance", ["Attended", "No-show", "Did not attend"], [1, 0, 0]),
        ("is_answered", "calls", ["Connected", "busy", "Недозвон"], [1, 0, 0]),
        ("is_control", "recipients", ["Control", "Holdout", "Variant 1", "test"], [1, 1, 0, 0]),
        ("is_control", "recipients", ["Контроль", "контрольная группа", "Тест"], [1, 1, 0]),
        ("attended", "attendance", ["Пришёл", "не пришёл", "Отсутствовал"], [1, 0, 0]),
    ],
)  # fmt: skip
def test_a_fields_own_words(
    tmp_path: Path, field: str, grain: str, cells: list[str], expected: list[int | None]
):
    values, _ = parsed(tmp_path, cells, field, grain)
    assert values == [None if answer is None else bool(answer) for answer in expected]


def test_words_of_another_field_say_nothing(tmp_path: Path):
    values, facts = parsed(tmp_path, ["Opened", "yes"], "clicked", "recipients")
    assert values == [None, True]
    assert facts.failed == 1
