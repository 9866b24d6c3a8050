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
