"""Values outside of the user's own lists, by field."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from crm_metrics.audit import Settings
from crm_metrics.audit.chosen import Chosen, read_chosen, with_list, write_chosen
from crm_metrics.audit.lists import MOST_VALUES, refuse_unlistable, values_in
from crm_metrics.errors import InputError, LimitError, NotFoundError
from tests.audit.made import TODAY, audited, found, lines

CONTACTS = pd.DataFrame(
    {
        "email": [f"c{number}@x.ru" for number in range(8)],
        "city": ["Москва", "МОСКВА ", "Орёл", "орел", "Масква", "Тверь", None, "не указан"],
        "source": ["сайт", "сайт", "звонок", "x", "сайт", "сайт", "сайт", "сайт"],
    }
)
CHECK = "value_not_in_list"


def by(**lists: tuple[str, ...]) -> Settings:
    return Settings(today=TODAY, lists=lists)


def test_values_outside_of_a_list_by_field_with_what_was_meant():
    told = audited(CHECK, by(city=("Москва", "Орел"), source=("Сайт", "Звонок")), contacts=CONTACTS)
    assert found(told) == {f"{CHECK} contacts:city": (2, 6), f"{CHECK} contacts:source": (1, 8)}
    assert lines(told, CHECK) == [6, 7]
    meant = {row["value"]: row.get("suggestion") for row in told.findings[0].examples}
    assert meant == {"Масква": "Москва", "Тверь": None}


def test_another_list_is_asked_anew():
    for cities, bad in (
        (("Москва", "Орёл", "Тверь"), 1),
        (("Москва", "Орёл", "Тверь", "масква"), 0),
    ):
        told = audited(CHECK, by(city=cities), contacts=CONTACTS)
        assert found(told) == {f"{CHECK} contacts:city": (bad, 6)}


def test_without_a_list_it_does_not_run_and_says_why():
    told = audited(CHECK, contacts=CONTACTS)
    assert {(one.grain, one.reason) for one in told.not_run if one.grain == "contacts"} == {
        ("contacts", "no_list")
    }
    told = audited(CHECK, by(stage=("new",)), contacts=CONTACTS)
    assert [one.reason for one in told.not_run if one.grain == "contacts"] == ["no_list"]


def test_lists_are_kept_with_the_workspace(tmp_path: Path):
    chosen = with_list(Chosen(), "city", values_in([" Москва ", "", "Нижний  Новгород", "Москва"]))
    write_chosen(tmp_path, chosen)
    assert read_chosen(tmp_path).settings().lists == {"city": ("Москва", "Нижний Новгород")}
    assert with_list(chosen, "city", ()) == Chosen()


def test_only_categories_have_lists():
    refuse_unlistable("lost_reason")
    with pytest.raises(InputError, match="not_listable"):
        refuse_unlistable("email")
    with pytest.raises(NotFoundError):
        refuse_unlistable("towns")


def test_two_russian_letters_are_two_slips():
    towns = pd.DataFrame({"city": ["Масква", "Мсква", "Мска", "Мск", "Новгрд", "Самарра-на"]})
    told = audited(CHECK, by(city=("Москва", "Новгород", "Самара")), contacts=towns)
    meant = {row["value"]: row.get("suggestion") for row in told.findings[0].examples}
    assert meant == {
        "Масква": "Москва",
        "Мсква": "Москва",
        "Мска": None,  # of so few letters any word is two slips away
        "Мск": None,
        "Новгрд": "Новгород",
        "Самарра-на": None,
    }


def test_a_list_that_is_too_long_is_refused_and_not_cut():
    values = [f"v{number}" for number in range(MOST_VALUES + 1)]
    assert len(values_in(values[1:])) == MOST_VALUES
    with pytest.raises(LimitError, match="list_full"):
        values_in(values)
