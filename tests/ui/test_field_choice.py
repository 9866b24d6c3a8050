from __future__ import annotations

import pytest

from crm_metrics.mapping.model import ColumnMapping, Mapping, Why
from crm_metrics.schema import FIELDS
from crm_metrics.texts import LANGUAGES, t
from crm_metrics.ui.columns.field_choice import NO_FIELD, field_chosen, field_label, field_options


def mapping(*fields: str | None, grain: str = "campaigns") -> Mapping:
    columns = tuple(
        ColumnMapping(place, f"Column of {field}", field, "sure", Why("chosen"))
        for place, field in enumerate(fields)
    )
    return Mapping("print", grain, columns)


def labels(language: str, *, of: Mapping, column: int = 0) -> list[str]:
    item = of.columns[column]
    label = field_label(of, item, language)
    return [label(field) for field in field_options(of, item, language)]


def first_with(typed: str, language: str) -> str:
    """The name of the option that Enter takes after these letters, as the browser filters."""
    shown = labels(language, of=mapping(None))
    return next(text for text in shown if typed.casefold() in text.casefold()).split(" · ")[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_field_is_found_by_the_words_of_both_languages(language):
    expected = {
        "все открытия": "opens_total",
        "opened": "opens_unique",
        "открываемость": "open_rate",
        "open rate": "open_rate",
        "delivered": "delivered",
        "доставлено": "delivered",
        "жесткие": "bounces_hard",
        "отписки": "unsubscribes",
        "unsubscribes": "unsubscribes",
        "revenue": "revenue",
        "выручка": "revenue",
    }
    found = {typed: first_with(typed, language) for typed in expected}
    assert found == {typed: t(f"field.{field}.name", language) for typed, field in expected.items()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_label_that_comes_too_late_still_says_its_field(language):
    of = mapping("sent", "delivered")
    item = of.columns[0]
    label = field_label(of, item, language)
    for field in field_options(of, item, language):
        assert field_chosen(label(field)) == (field or None)
        assert field_chosen(field) == (field or None)


def test_the_names_of_fields_tell_them_apart():
    for language in LANGUAGES:
        names = [t(f"field.{field}.name", language) for field in FIELDS]
        assert len(set(names)) == len(names)


def test_a_used_field_says_by_which_column():
    of = mapping("sent", "delivered")
    label = field_label(of, of.columns[0], "en")
    assert label("sent") == t("field.sent.name", "en")
    assert t("columns.used_by", "en", name="Column of delivered") in label("delivered")


def test_no_field_comes_first_then_the_fields_of_such_rows():
    of = mapping(None, grain="deals")
    options = field_options(of, of.columns[0], "en")
    assert options[0] == NO_FIELD
    assert options.index("stage") < options.index("country")
