"""The versions of a test under a name that means other things too: the values tell."""

from __future__ import annotations

import pytest

from crm_metrics.mapping.cells.profile import profile
from crm_metrics.mapping.headers.header import read_name
from crm_metrics.mapping.headers.synonyms import guesses, on_grain

LETTERS, WORDS, CYRILLIC = ("A", "B"), ("control", "test"), ("Контроль", "Тест")


def level(header: str, cells: tuple[str, ...]) -> str:
    """How sure the column is the version; "" where it is none."""
    values = profile(cells)
    found = guesses(read_name(header), values, calls=False)
    likely = on_grain(found, values, "recipients", rate=False)
    return next((guess.level for guess in likely if guess.field == "variant"), "")


@pytest.mark.parametrize(
    "header", ["group", "Группа", "variant", "Вариант", "тест", "Test", "A/B", "AB тест", "Cell"]
)
def test_letters_and_controls_are_versions_whatever_the_column_is_called(header):
    for cells in (LETTERS, WORDS, CYRILLIC, ("Группа А", "Группа Б"), ("variant 1", "variant 2")):
        assert level(header, cells) == "likely", cells


def test_other_groups_and_tests_are_none():
    for header, cells, known in (
        ("Group", ("A", "B", "C"), "ask"),  # of an ABC analysis, perhaps
        ("Group", ("VIP", "New"), ""),
        ("Группа", ("Москва", "Казань"), ""),
        ("Test", ("passed", "failed"), ""),
        ("тест", ("да", "нет"), ""),
        ("Grade", LETTERS, ""),
        ("Group", ("A", "A"), ""),
        ("Вариант", ("1", "2"), "likely"),
        ("Variant", ("40123", "40124"), ""),
    ):
        assert level(header, cells) == known, (header, cells)
