"""Words in cells, from a table that nobody described to what the facts say."""

from __future__ import annotations

from crm_metrics.facts import build
from crm_metrics.mapping import completed, suggest
from tests.facts.made import made_mapping, made_table, values_of


def test_a_channels_name_tells_the_network_too(tmp_path):
    words = ["ВК", "Инстаграм", "VK Реклама", "Почта", "WhatsApp Business", "Голуби", ""]
    table = made_table(tmp_path, {"Id": [*"1234567"], "Канал": words})
    mapping = suggest(table, grain="orders").with_field(0, "order_id")
    facts = build(table, mapping)
    channels = ["social", "social", "ads", "email", "messenger", "Голуби", None]
    assert values_of(facts, "channel") == channels
    networks = ["vk", "instagram", "vk", None, "whatsapp", None, None]
    assert values_of(facts, "platform") == networks
    assert "platform" in facts.derived
    column = mapping.columns[1]
    assert (column.level, column.why.code) == ("ask", "words_unknown")
    assert column.why.params == {"words": "«голуби»"}


def test_a_network_that_the_file_states_is_kept(tmp_path):
    cells = {"Id": ["1"], "Канал": ["ВК"], "Сеть": ["Telegram"]}
    fields = {"Id": "order_id", "Канал": "channel", "Сеть": "platform"}
    words = {"channel": {"values": {"вк": "social"}}}
    table = made_table(tmp_path, cells)
    assert values_of(build(table, made_mapping(table, "orders", fields, **words)), "platform") == [
        "Telegram"
    ]
    del fields["Сеть"]
    constants = {"platform": "vk"}
    mapping = made_mapping(table, "orders", fields, constants=constants, **words)
    assert values_of(build(table, mapping), "platform") == ["vk"]


def test_a_status_says_what_became_of_a_message_and_no_more(tmp_path):
    words = ["Доставлено", "Не доставлено", "Открыл", "Кликнул", "Отправлено", "Отписка", "Ой"]
    table = made_table(tmp_path, {"Email": [f"a{n}@b.ru" for n in range(7)], "Статус": words})
    mapping = suggest(table, grain="recipients")
    assert mapping.fields["status"].level == "ask"
    facts = build(table, mapping)
    assert values_of(facts, "delivered") == [True, False, True, True, None, True, None]
    assert values_of(facts, "opened") == [False, False, True, True, False, None, None]
    assert values_of(facts, "clicked") == [False, False, False, True, False, None, None]
    assert values_of(facts, "bounced") == [False, True, False, False, None, False, None]
    assert values_of(facts, "unsubscribed") == [False, False, False, False, False, True, None]


def test_a_status_says_who_came(tmp_path):
    words = ["Checked In", "No show", "Attending", "Not attending"]
    table = made_table(tmp_path, {"Registered at": ["2026-09-01"] * 4, "Status": words})
    facts = build(table, suggest(table, grain="attendance"))
    assert values_of(facts, "status") == ["attended", "no_show", "registered", "cancelled"]
    assert values_of(facts, "attended") == [True, False, None, None]


def test_orders_and_calls_have_words_of_their_own(tmp_path):
    words = ["Отменён", "Доставлен", "Ожидает оплаты", "Возврат", "Собран"]
    table = made_table(tmp_path, {"Номер заказа": [*"12345"], "Статус": words})
    facts = build(table, suggest(table, grain="orders"))
    assert values_of(facts, "status") == ["cancelled", "paid", "pending", "refunded", "Собран"]
    words = ["ANSWERED", "NO ANSWER", "BUSY", "Пропущен"]
    table = made_table(tmp_path / "calls", {"Call id": [*"1234"], "Disposition": words})
    mapping = suggest(table, grain="calls").with_field(1, "status")
    facts = build(table, completed(table, mapping))
    assert values_of(facts, "status") == ["answered", "missed", "busy", "missed"]
