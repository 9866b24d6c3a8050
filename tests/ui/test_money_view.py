"""Currencies on the upload page: asked, converted at a typed rate, said."""

from __future__ import annotations

from crm_metrics.store import Workspace, default_folder
from crm_metrics.texts import t
from tests.ui.test_upload_page import drop

RUB = b"Order ID,Date,Amount\n1,2026-03-01,100\n2,2026-03-02,300\n"
USD = b"Order No,Order date,Total (USD)\nA-1,2026-03-01,5\nA-2,2026-03-03,7\n"


def total() -> list[tuple[str | None, float]]:
    with Workspace(default_folder()).engine() as engine:
        table = engine.table("orders")
        sums = table.group_by("currency").aggregate(sum=table.amount.sum()).to_pyarrow()
        return sorted((row["currency"] or "", row["sum"]) for row in sums.to_pylist())


def test_a_currency_is_asked_once_and_another_converted(open_app, home):
    at = drop(open_app(), ("rub.csv", RUB), ("usd.csv", USD))
    assert not at.exception
    assert total() == [("", 400), ("USD", 12)]
    (box,) = [item for item in at.selectbox if str(item.key).startswith("currency_")]
    at = box.set_value("RUB").run()
    assert total() == [("RUB", 400), ("USD", 12)]
    assert not [item for item in at.selectbox if str(item.key).startswith("currency_")]
    at = at.selectbox(key="show_in_en").set_value("RUB").run()
    assert total() == [("RUB", 400), ("USD", 12)]
    at = at.number_input(key="rate_USD_RUB_en").set_value(-90.0).run()
    assert "above 0" in " ".join(item.value for item in at.warning)
    assert total() == [("RUB", 400), ("USD", 12)]
    at = at.number_input(key="rate_USD_RUB_en").set_value(90.0).run()
    assert not at.exception
    assert total() == [("RUB", 400 + 90 * 12)]
    assert any("1 USD = 90 RUB" in item.value for item in at.caption)
    at = at.selectbox(key="show_in_en").set_value("").run()
    assert total() == [("RUB", 400), ("USD", 12)]
    assert t("money.title", "en") in [item.label for item in at.expander]
