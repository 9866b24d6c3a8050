"""The base of contacts as a CRM keeps it: whom one can reach, and what went wrong with the rest."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import datetime, timedelta

import numpy as np
from calendar_and_bytes import (
    CITIES,
    CITY_SHARES,
    FIRST,
    FIRST_NAMES,
    LAST_NAMES,
    STAMP,
    csv_bytes,
    stream,
)
from customer_exports import orders
from sales_exports import WHOLESALE_CLIENTS, deals

_HEAD = ["ID", "Имя", "Фамилия", "Тип контакта", "Источник", "Компания", "Рабочий телефон",
         "Рабочий e-mail", "Населенный пункт", "Ответственный", "Дата создания", "Дата изменения",
         "ID клиента", "Согласие на рассылку", "Дата отписки",
         "Последнее обращение"]  # fmt: skip
_MORE_FIRST = ["Александра", "Алина", "Валентина", "Галина", "Евгения", "Ксения", "Людмила",
               "Наталья", "Полина", "Светлана", "Татьяна", "Юлия"]  # fmt: skip
_MORE_LAST = ["Абрамова", "Белова", "Воронина", "Гусева", "Данилова", "Ершова", "Жукова",
              "Зайцева", "Ильина", "Калинина", "Мельникова", "Никитина", "Орлова", "Павлова",
              "Рябова", "Савельева", "Титова", "Уварова", "Фролова", "Щербакова"]  # fmt: skip
_SHORT = {"Анна": "Аня", "Мария": "Маша", "Ольга": "Оля", "Елена": "Лена", "Ирина": "Ира",
          "Дарья": "Даша", "Татьяна": "Таня", "Наталья": "Наташа"}  # fmt: skip
_JUNK = ["тест", "Тест Тестов", "asdf", "Клиент", "89000001122", "йцукен", "Без имени"]
# Endings that no registry gives: nobody gets these letters.
_SLIPS = ["gmail.con", "mail.ri", "yandex.ry", "gmail.con", "rambler.ry"]
_LOOK_ALIKE = str.maketrans("аоес", "aoec")
_SOURCES = ["Сайт", "ВКонтакте", "Звонок", "Рекомендация", "Реклама", "", "сайт", "САЙТ"]
_SOURCE_SHARES = [0.38, 0.15, 0.13, 0.08, 0.1, 0.12, 0.03, 0.01]
_SHOPPERS, _FORMER, _SMS_LIST = range(171, 521), 140, 110

_Card = dict[str, str]


def bitrix24_contacts(rng: np.random.Generator) -> bytes:
    """Cards of buyers, of those who once bought, of hotels and of the SMS list, and their copies.

    Buyers have the shop's customer number and the address of their tickets; hotels the address of
    their deals; who came by the SMS list, the list's number.
    """
    cards = [*_shoppers(rng), *_wholesale(rng), *_former(rng), *_subscribers(rng)]
    for card in cards:
        _spoil(card, rng)
    copied = rng.choice(len(cards), 48, replace=False)
    cards += [_copy(cards[int(place)], number, rng) for number, place in enumerate(copied)]
    cards.sort(key=lambda card: datetime.strptime(card["Дата создания"], "%d.%m.%Y %H:%M:%S"))
    rows = [
        [str(501 + number), *(card.get(name, "") for name in _HEAD[1:])]
        for number, card in enumerate(cards)
    ]
    return csv_bytes([_HEAD, *rows], ";", encoding="utf-8-sig")


def _shoppers(rng: np.random.Generator) -> list[_Card]:
    """Customers of the shop with a card: made at the first order, touched at the last."""
    text = orders(stream("orders.csv")).decode("utf-8-sig")
    lines = csv.DictReader(text.splitlines(), delimiter=";")
    days: dict[str, list[datetime]] = {}
    cities: dict[str, str] = {}
    for line in lines:
        who = line["ID клиента"]
        days.setdefault(who, []).append(datetime.strptime(line["Дата заказа"], "%d.%m.%Y"))
        cities[who] = line["Город"]
    cards = []
    for number in _SHOPPERS:
        who = f"C{10000 + number}"
        own = days[who]
        made = own[0] + timedelta(seconds=int(rng.integers(8 * 3600, 22 * 3600)))
        card = _person(rng, made, max(own[-1], made))
        card |= {"ID клиента": who, "Рабочий e-mail": f"client{number}@example.com",
                 "Населенный пункт": cities[who],
                 "Тип контакта": "Постоянные клиенты" if len(own) > 2 else "Клиенты"}  # fmt: skip
        cards.append(card)
    return cards


def _wholesale(rng: np.random.Generator) -> list[_Card]:
    """The people behind the deals; the one who answers for a card is the one of most deals."""
    of_client: dict[int, list[int]] = {}
    made = deals(stream("amocrm_deals.csv"))
    for place, deal in enumerate(made):
        of_client.setdefault(deal.client, []).append(place)
    cards = []
    for client in WHOLESALE_CLIENTS:
        own = [made[place] for place in of_client[client]]
        active = [deal for deal in own if deal.closed is None] or own
        first, last = min(deal.made for deal in own), max(deal.edited for deal in own)
        card = _person(rng, first, min(last, STAMP))
        card |= {
            "Имя": own[0].name.split()[0],
            "Фамилия": own[0].name.split()[1],
            "Компания": f"ООО «Гость {client}»",
            "Тип контакта": "Опт",
            "Рабочий e-mail": f"client{client}@example.com",
            "Источник": own[0].source,
            "Рабочий телефон": f"+{own[0].phone}",
            "Населенный пункт": own[0].city,
            "Ответственный": Counter(deal.owner for deal in active).most_common(1)[0][0],
        }
        cards.append(card)
    return cards


def _former(rng: np.random.Generator) -> list[_Card]:
    """Buyers of the years before, carried over from a sheet: many of them long silent."""
    cards = []
    for number in range(_FORMER):
        made = datetime(2023, 2, 1, 10) + timedelta(days=int(rng.integers(0, 1100)))
        last = min(made + timedelta(days=int(rng.gamma(1.3, 190))), datetime(FIRST.year, 3, 31, 12))
        card = _person(rng, made, max(last, made))
        card |= {"Рабочий e-mail": f"buyer{2001 + number}@example.com", "Тип контакта": "Клиенты"}
        if number % 3 == 0:
            card |= {"Рабочий e-mail": "", "Населенный пункт": ""}
        cards.append(card)
    return cards


def _subscribers(rng: np.random.Generator) -> list[_Card]:
    """People of the SMS list: a phone, a first name, seldom anything else."""
    cards = []
    for number in range(_SMS_LIST):
        made = datetime.combine(FIRST, datetime.min.time()) + timedelta(
            minutes=int(rng.integers(0, 160 * 1440))
        )
        card = _person(rng, made, made)
        card |= {"ID клиента": str(300001 + 7 * number), "Источник": "Сайт", "Тип контакта": "",
                 "Последнее обращение": "", "Населенный пункт": ""}  # fmt: skip
        if rng.random() < 0.6:
            card["Фамилия"] = ""
        cards.append(card)
    return cards


def _person(rng: np.random.Generator, made: datetime, last: datetime) -> _Card:
    agreed = str(rng.choice(["да", "нет", ""], p=[0.76, 0.06, 0.18]))
    left = made + timedelta(days=int(rng.integers(5, 90)))
    gone = agreed == "да" and rng.random() < 0.04 and left < STAMP
    changed, source = max(made, last), str(rng.choice(_SOURCES, p=_SOURCE_SHARES))
    return {
        "Имя": str(rng.choice(FIRST_NAMES + _MORE_FIRST)),
        "Фамилия": str(rng.choice(LAST_NAMES + _MORE_LAST)),
        "Тип контакта": "",
        "Источник": source,
        "Рабочий телефон": f"+7900{rng.integers(1000000, 9999999)}",
        "Населенный пункт": str(rng.choice(CITIES, p=CITY_SHARES)),
        "Ответственный": "Колл-центр" if source in ("Звонок", "") else "Интернет-магазин",
        "Дата создания": f"{made:%d.%m.%Y %H:%M:%S}",
        "Дата изменения": f"{changed:%d.%m.%Y %H:%M:%S}",
        "Согласие на рассылку": agreed,
        "Дата отписки": f"{left:%d.%m.%Y}" if gone else "",
        "Последнее обращение": f"{last:%d.%m.%Y}",
    }


def _spoil(card: _Card, rng: np.random.Generator) -> None:
    """What people who type, and forms that check nothing, do to a card."""
    _spoil_phone(card, rng)
    _spoil_email(card, rng)
    luck = rng.random()
    if luck < 0.013:
        card |= {"Имя": str(rng.choice(_JUNK)), "Фамилия": ""}
    elif luck < 0.05:
        card |= {name: card[name].upper() for name in ("Имя", "Фамилия")}
    elif luck < 0.06:
        card["Фамилия"] = card["Фамилия"].translate(_LOOK_ALIKE)
    elif luck < 0.13:
        card["Фамилия"] = ""
    elif luck < 0.135:
        card |= {"Имя": "", "Фамилия": ""}
    if rng.random() < 0.1:
        card["Населенный пункт"] = ""
    elif card["Населенный пункт"] == "Москва" and rng.random() < 0.06:
        card["Населенный пункт"] = str(rng.choice(["г. Москва", "москва", "МОСКВА"]))
    if rng.random() < 0.12:
        card["Тип контакта"] = ""


def _spoil_phone(card: _Card, rng: np.random.Generator) -> None:
    digits, luck = card["Рабочий телефон"][2:], rng.random()
    grouped = f"({digits[:3]}) {digits[3:6]}-{digits[6:8]}-{digits[8:]}"
    if luck < 0.08 and card.get("Рабочий e-mail"):
        card["Рабочий телефон"] = ""
    elif luck < 0.24:
        card["Рабочий телефон"] = f"8 {grouped}"
    elif luck < 0.32:
        card["Рабочий телефон"] = f"8{digits}"
    elif luck < 0.37:
        card["Рабочий телефон"] = f"+7 {grouped}"
    elif luck < 0.385:
        card["Рабочий телефон"] = f"8{digits[:-2]}"
    elif luck < 0.395:
        card["Рабочий телефон"] = str(rng.choice(["+79999999999", "80000000000", "+71234567890"]))


def _spoil_email(card: _Card, rng: np.random.Generator) -> None:
    address, luck = card.get("Рабочий e-mail", ""), rng.random()
    if not address:
        return
    local = address.partition("@")[0]
    if luck < 0.05:
        card["Рабочий e-mail"] = ""
    elif luck < 0.06:
        card["Рабочий e-mail"] = f"{local}@example,com"
    elif luck < 0.065:
        card["Рабочий e-mail"] = f"{local}example.com"
    elif luck < 0.08:
        card["Рабочий e-mail"] = f"{local}@{rng.choice(_SLIPS)}"
    elif luck < 0.13 and card.get("Компания"):
        role = rng.choice(["info", "zakupki", "office"])
        card["Рабочий e-mail"] = f"{role}@hotel{local[6:]}.example.com"


def _copy(card: _Card, number: int, rng: np.random.Generator) -> _Card:
    """The same person once more, as the chat or a call made the card: without number and consent."""
    made = datetime.strptime(card["Дата создания"], "%d.%m.%Y %H:%M:%S")
    again = min(made + timedelta(days=int(rng.integers(1, 60))), STAMP)
    copy = card | {
        "Источник": str(rng.choice(["Звонок", "ВКонтакте", "Сайт"])),
        "ID клиента": "",
        "Согласие на рассылку": "",
        "Дата отписки": "",
        "Дата создания": f"{again:%d.%m.%Y %H:%M:%S}",
        "Дата изменения": f"{again:%d.%m.%Y %H:%M:%S}",
        "Последнее обращение": f"{again:%d.%m.%Y}",
    }
    if number % 3 == 0:
        copy |= {"Рабочий телефон": "", "Рабочий e-mail": card.get("Рабочий e-mail", "").title()}
    elif number % 3 == 1:
        copy |= {"Рабочий e-mail": "", "Фамилия": ""}
    else:
        short = _SHORT.get(card["Имя"], card["Имя"])
        copy |= {"Имя": short, "Рабочий телефон": "", "Рабочий e-mail": ""}
    return copy
