"""What a currency or the columns beside say of a header that alone would mean another field."""

from __future__ import annotations

import pytest

from crm_metrics.mapping import suggest
from tests.mapping.made import made_table

SENT = {"Send date": ["2026-03-03", "2026-03-10"], "Sent": ["120", "88"]}


@pytest.mark.parametrize(
    ("columns", "fields"),
    [
        (
            {"Sales": ["12", "18"], "Sales EUR": ["1453.50", "2210.00"]},
            {"Sales": "orders", "Sales EUR": "revenue"},
        ),
        ({"Sales": ["1453.50", "2210.00"]}, {"Sales": "revenue"}),
        (
            {"Orders": ["1", "3"], "Orders, $": ["1453", "2210"]},
            {"Orders": "orders", "Orders, $": "revenue"},
        ),
        ({"Заказы": ["1 200 ₽", "900 ₽"]}, {"Заказы": "revenue"}),
        (
            {
                "Email открыто": ["9", "8"],
                "SMS доставлено": ["5", "6"],
                "Email доставлено": ["9", "9"],
            },
            {"Email открыто": None, "SMS доставлено": None, "Email доставлено": None},
        ),
        (
            {"Email opened": ["9", "8"], "SMS consent": ["yes", "no"]},
            {"Email opened": "opens_unique"},
        ),
    ],
)
def test_neighbors_and_currencies_tell(tmp_path, columns, fields):
    cells = {**SENT, **columns}
    table = made_table(
        tmp_path, list(cells), [list(row) for row in zip(*cells.values(), strict=True)]
    )
    found = {item.name: item for item in suggest(table, grain="campaigns").columns}
    assert {name: found[name].field for name in fields} == fields
    assert all(found[name].level == "ask" for name in fields if found[name].field == "revenue")


def test_a_number_that_looks_like_a_phone_is_no_number_of_an_order(tmp_path):
    rows = [["79991234567", "2500"], ["79991234568", "1800"]]
    table = made_table(tmp_path, ["Номер", "Итого"], rows)
    assert [item.field for item in suggest(table, grain="orders").columns] == ["phone", "amount"]


def test_four_columns_of_spending_leave_no_question_of_what_a_row_is(tmp_path):
    rows = [["2026-03-01", "1000", "100", "50.25"], ["2026-03-02", "1001", "101", "51.25"]]
    found = suggest(made_table(tmp_path, ["Date", "Impressions", "Clicks", "Cost"], rows))
    assert (found.grain, found.level) == ("spend", "likely")
    assert set(found.fields) == {"date", "impressions", "clicks", "cost"}
    rows = [["A", *rows[0][1:]], ["B", *rows[1][1:]]]
    found = suggest(made_table(tmp_path, ["Campaign", "Impressions", "Clicks", "Cost"], rows))
    assert set(found.fields) == {"campaign_name", "impressions", "clicks", "cost"}


def test_placements_with_costs_may_be_posts_or_spending(tmp_path):
    headers = [
        "Дата выхода",
        "Площадка",
        "Формат",
        "Охват",
        "Переходы",
        "Стоимость",
        "Цена перехода",
    ]
    rows = [["01.03.2026", "ВК", "пост", "5000", "410", "30000", "73,17"]] * 3
    found = suggest(made_table(tmp_path, headers, rows))
    assert (found.level, found.why.code) == ("ask", "grain_tie")
    assert not {"post_type", "published_at"} & set(found.fields)
    reasons = {item.name: item.why.code for item in found.columns}
    assert reasons["Дата выхода"] == reasons["Формат"] == "grain_first"


def test_a_count_with_a_percent_sign_is_its_share(tmp_path):
    rows = [["120", "0,1"], ["88", "0,2"]]
    table = made_table(tmp_path, ["Отправлено", "Отписок, %"], rows)
    assert set(suggest(table, grain="campaigns").fields) == {"sent", "unsubscribe_rate"}
