"""However a header is written, it means the same."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_metrics.mapping import suggest
from crm_metrics.mapping.cells.profile import profile
from crm_metrics.mapping.headers.header import read_name
from crm_metrics.mapping.headers.synonyms import guesses
from tests.mapping.made import made_table

KNOWN = (
    "Unique opens", "Total clicks", "Delivered", "Campaign name", "Send date", "Email address",
    "Order total", "Created at", "First response time", "Amount spent", "Lost reason",
    "Уникальные открытия", "Доставлено", "Название рассылки", "Дата отправки", "Отписки",
    "Сумма заказа", "Ответственный", "Расход", "Жёсткие отказы", "Номер телефона", "Отчёт о",
)  # fmt: skip
LATIN, CYRILLIC = "aceopxy", "асеорху"
TO_LATIN = str.maketrans(CYRILLIC, LATIN)
TO_CYRILLIC = str.maketrans(LATIN, CYRILLIC)


def meant(header: str) -> set[tuple[str, float]]:
    found = guesses(read_name(header), profile([]), calls=False)
    return {(guess.field, round(guess.score, 3)) for guess in found}


def one_letter(header: str, place: int) -> str:
    """The header with one letter in the other script, as a wrong keyboard layout leaves it."""
    letters = [at for at, letter in enumerate(header) if letter in LATIN + CYRILLIC]
    if not letters:
        return header
    at = letters[place % len(letters)]
    table = TO_LATIN if header[at] in CYRILLIC else TO_CYRILLIC
    return header[:at] + header[at].translate(table) + header[at + 1 :]


FORMS = st.sampled_from(
    (
        str.upper, str.title, lambda text: text.replace(" ", "\u00a0"),
        lambda text: text.replace(" ", "_"), lambda text: f"  {text} *",
        lambda text: text.replace(" ", "  "), lambda text: text.replace("ё", "е"),
        lambda text: f"{text}:", lambda text: f"\ufeff{text}",
    )
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(KNOWN), st.lists(FORMS, max_size=3), st.integers(0, 30))
def test_case_spaces_marks_and_look_alike_letters_change_nothing(header, forms, place):
    written = one_letter(header, place)
    for form in forms:
        written = form(written)
    assert meant(written) == meant(header)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(("Amount spent", "Order total", "Расход", "Сумма заказа", "Выручка")),
    st.sampled_from((" (USD)", ", ₽", ", руб.", " (EUR)", ", RUB", " [USD]", ", тыс. руб.")),
)
def test_currencies_and_scales_change_no_meaning(header, unit):
    assert meant(header + unit) == meant(header)


@settings(max_examples=25, deadline=None)
@given(st.permutations(range(6)))
def test_the_order_of_columns_changes_nothing(tmp_path_factory, order):
    headers = ["Day", "Campaign", "Impressions", "Clicks", "Spend, $", "Leads"]
    row = ["2026-03-01", "Brand", "5000", "25", "30.5", "3"]
    table = made_table(
        tmp_path_factory.mktemp("order"), [headers[at] for at in order], [[row[at] for at in order]]
    )
    mapping = suggest(table)
    assert mapping.grain == "spend"
    assert {item.name: item.field for item in mapping.columns} == dict(
        zip(
            headers,
            ("date", "campaign_name", "impressions", "clicks", "cost", "leads"),
            strict=True,
        )
    )


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Открытий писем, уникальных", "opens_unique"),
        ("opens_unique_count", "opens_unique"),
        ("stats.uniqueOpens", "opens_unique"),
        ("properties.contact.email", "email"),
        ("Contact.Email", "email"),
        ("Deal - Value", "amount"),
        ("Сделка: сумма", "amount"),
        ("Lifetime Post Total Reach", "reach"),
        ("num_of_clicks", "clicks"),
        ("Клики (за 30 дней)", "clicks"),
        ("Cost / click", "cpc"),
        ("Длит. разговора", "talk_time"),
        ("calldate", "started_at"),
        ("Impresiones", "impressions"),
        ("Zugestellt", "delivered"),
        ("Ouvertures uniques", "opens_unique"),
        ("Delivred emails", "delivered"),
        ("CTR (click-through rate)", "click_rate"),
    ],
)
def test_other_words_for_a_field(header, field):
    assert field in {guess for guess, _ in meant(header)}


def test_what_was_taken_out_is_asked():
    (found,) = (
        guess
        for guess in guesses(read_name("Клики (за 30 дней)"), profile([]), calls=False)
        if guess.field == "clicks"
    )
    assert found.level == "ask"
