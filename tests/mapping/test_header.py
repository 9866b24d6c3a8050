"""Headers as they are compared: one script, no units, no case."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_metrics.mapping.headers.header import fold, read_name


@pytest.mark.parametrize(
    ("header", "key", "currency", "unit", "percent"),
    [
        ("Amount spent (PEN)", "amount spent", "PEN", None, False),
        ("Потрачено всего, ₽", "потрачено всего", "RUB", None, False),
        ("Amount spent (USD)", "amount spent", "USD", None, False),
        ("Расход (руб.)", "расход", "RUB", None, False),
        ("Сумма затрат (USD)", "сумма затрат", "USD", None, False),
        ("Importe gastado (MXN)", "importe gastado", "MXN", None, False),
        ("Расход без НДС, RUB", "расход без ндс", "RUB", None, False),
        ("Бюджет ₸", "бюджет", "KZT", None, False),
        ("CTR (%)", "ctr", None, None, True),
        ("Открытия, %", "открытия", None, None, True),
        ("First reply time (min)", "first reply time", None, "min", False),
        ("First reply time in minutes", "first reply time", None, "min", False),
        ("Resolution time (in hrs)", "resolution time", None, "h", False),
        ("Длительность, сек", "длительность", None, "s", False),
        ("Date (GMT)", "date", None, None, False),
        (
            "Conversation started at (America/New_York)",
            "conversation started at",
            None,
            None,
            False,
        ),
        ("CPC (cost per link click) (USD)", "cpc cost per link click", "USD", None, False),
        ("Clicks (total)", "clicks total", None, None, False),
        ("RecordedDate", "recorded date", None, None, False),
        ("utm_source", "utm source", None, None, False),
        ("E-mail", "email", None, None, False),
        ("Order #", "order no", None, None, False),
        ("№ Кампании", "no кампании", None, None, False),
        ("Total Recipients:", "total recipients", None, None, False),
        ("\ufeffДата\u00a0 отправки *", "дата отправки", None, None, False),
        ("", "", None, None, False),
        ("%", "", None, None, True),
    ],
)
def test_names_and_units(header, key, currency, unit, percent):
    name = read_name(header)
    assert (name.key, name.currency, name.unit, name.percent) == (key, currency, unit, percent)


@pytest.mark.parametrize(
    ("header", "key", "currency", "scale"),
    [
        ("Выручка, тыс. руб.", "выручка", "RUB", 1e3),
        ("Бюджет (млн ₽)", "бюджет", "RUB", 1e6),
        ("Оборот, в миллиардах", "оборот", None, 1e9),
        ("Оборот, млрд", "оборот", None, 1e9),
        ("Revenue (USD thousands)", "revenue", "USD", 1e3),
        ("Revenue, in millions", "revenue", None, 1e6),
        ("Цена за тыс. показов", "цена за тыс показов", None, 1.0),
    ],
)
def test_scales(header, key, currency, scale):
    found = read_name(header)
    assert (found.key, found.currency, found.scale) == (key, currency, scale)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Oтказы", "Отказы"),
        ("ВИЗИТЫ", "визиты"),
        ("Отчёт", "отчет"),
        ("Длительность вызова ЧЧ:MM:СС", "длительность вызова ЧЧ:ММ:СС"),
        ("СTR", "CTR"),
        ("Emаil", "email"),
    ],
)
def test_look_alike_letters_are_one(one, other):
    assert fold(one) == fold(other)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=40))
def test_folding_twice_changes_nothing_and_never_fails(header):
    assert fold(fold(header)) == fold(header)
    assert fold(header) == fold(f"  {header} ")
    read_name(header)
