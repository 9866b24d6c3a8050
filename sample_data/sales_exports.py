"""What sales people keep in the CRM: deals with hotels and cafés, and the log of what they did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

import numpy as np
from calendar_and_bytes import (
    CITIES,
    CITY_SHARES,
    DAYS,
    FIRST_NAMES,
    LAST_NAMES,
    STAMP,
    csv_bytes,
    stream,
)

WHOLESALE_CLIENTS = range(1, 171)
_FIRST_ID = 30001
_DEALS = 640
_OWNERS = ["Иванова Анна", "Петров Олег", "Сидорова Вера"]
_LITTLE = "Сидорова Вера"  # she notes little
# Deals of which a first touch is noted, hours until it, days between further ones.
_TOUCHED = {"Иванова Анна": 0.97, "Петров Олег": 0.94, _LITTLE: 0.5}
_HOURS = {"Иванова Анна": 1.5, "Петров Олег": 2.5, _LITTLE: 6.0}
_DAYS_BETWEEN = {"Иванова Анна": 8.0, "Петров Олег": 12.0, _LITTLE: 120.0}
_TASK_AHEAD = {"Иванова Анна": 0.95, "Петров Олег": 0.85, _LITTLE: 0.45}
# The last day of other exports of the story; what lies after it lies ahead.
_LAST_SEEN = datetime(2026, 10, 5)


@dataclass(frozen=True, slots=True)
class Deal:
    """One deal; `client` numbers the hotel, `closed` is None while it is open."""

    id: int
    client: int
    amount: int
    owner: str
    made: datetime
    edited: datetime
    closed: datetime | None
    stage: str
    name: str
    phone: str
    city: str
    source: str


def deals(rng: np.random.Generator) -> list[Deal]:
    """The deals of the half-year; those of a recommendation are won more often."""
    sources, shares = ["Сайт", "Звонок", "Выставка", "Рекомендация"], [0.46, 0.27, 0.12, 0.15]
    chance = {"Сайт": 0.26, "Звонок": 0.3, "Выставка": 0.28, "Рекомендация": 0.52}
    open_stages = ["Первичный контакт", "Переговоры", "Принимают решение"]
    found = []
    for number in range(_DEALS):
        made = datetime.combine(rng.choice(DAYS), datetime.min.time()) + timedelta(
            minutes=int(rng.integers(9 * 60, 19 * 60)), seconds=int(rng.integers(0, 60))
        )
        source = str(rng.choice(sources, p=shares))
        cycle = timedelta(days=float(rng.gamma(2.2, 9)))
        closed = made + cycle if made + cycle < STAMP and rng.random() < 0.9 else None
        won = closed is not None and rng.random() < chance[source]
        stage = (
            "Успешно реализовано" if won
            else "Закрыто и не реализовано" if closed
            else str(rng.choice(open_stages))
        )  # fmt: skip
        owner = str(rng.choice(_OWNERS))
        name = f"{rng.choice(FIRST_NAMES)} {rng.choice(LAST_NAMES)}"
        edited = closed or made + timedelta(days=float(rng.uniform(0, 5)))
        phone = f"7900{rng.integers(1000000, 9999999)}"
        amount = int(rng.gamma(2, 42000) // 100 * 100)
        city = str(rng.choice(CITIES, p=CITY_SHARES))
        client = number % len(WHOLESALE_CLIENTS) + 1
        found.append(
            Deal(_FIRST_ID + number, client, amount, owner, made, edited, closed, stage, name,
                 phone, city, source)
        )  # fmt: skip
    return found


def amocrm(rng: np.random.Generator) -> bytes:
    """Deals with hotels and cafés, cp1251 and semicolons (cp1251 has no rouble sign)."""
    head = ["ID", "Название сделки", "Бюджет", "Ответственный", "Дата создания сделки",
            "Кем создана сделка", "Дата редактирования", "Кем редактирована", "Дата закрытия",
            "Теги", "Примечание", "Этап сделки", "Воронка", "Полное имя контакта",
            "Компания контакта", "Ответственный за контакт", "Компания", "Рабочий телефон",
            "Мобильный телефон", "Рабочий email", "Город", "Источник", "utm_source", "utm_medium",
            "utm_campaign", "Источник"]  # fmt: skip
    rows = []
    for number, deal in enumerate(deals(rng)):
        site = deal.source == "Сайт"
        rows.append(
            [deal.id, f"Сделка #{deal.id}", deal.amount, deal.owner, _second(deal.made), deal.owner,
             _second(deal.edited), deal.owner, _second(deal.closed) if deal.closed else "",
             "опт" if number % 3 else "опт, отель",
             "Перезвонить\nпосле праздников" if number % 53 == 7 else "", deal.stage, "Опт",
             deal.name, "", deal.owner, f"ООО «Гость {deal.client}»", deal.phone, "",
             f"client{deal.client}@example.com", deal.city, deal.source,
             "yandex" if site else "", "cpc" if site else "", "", deal.source]
        )  # fmt: skip
    return csv_bytes([head, *rows], ";", encoding="cp1251")


def crm_activities(rng: np.random.Generator) -> bytes:
    """What the sales people note in the CRM: one of them little, some weeks nothing at all."""
    head = ["Тип дела", "Дата и время", "Ответственный", "Связано с", "Срок", "Дата выполнения",
            "Происхождение"]  # fmt: skip
    rows: list[list[object]] = []
    made = deals(stream("amocrm_deals.csv"))
    for deal in made:
        if rng.random() < _TOUCHED[deal.owner]:
            rows += _history(deal, rng)
    for day in DAYS:
        if day.weekday() >= 5:
            continue
        at = datetime.combine(day, time(0, 5))
        known = [deal.id for deal in made if deal.made < at]
        count = min(int(rng.poisson(1.1)), len(known))
        for place in rng.choice(len(known), count, replace=False) if count else ():
            rows.append(["Заметка", at, "Петров Олег", known[int(place)], "", "", "Импорт"])
    rows.sort(key=lambda row: (row[1], row[2], row[3]))
    written = ([row[0], f"{row[1]:%d.%m.%Y %H:%M}", *row[2:]] for row in rows)
    return csv_bytes([head, *written], ";", encoding="utf-8-sig")


def _history(deal: Deal, rng: np.random.Generator) -> list[list[object]]:
    """A first touch, further ones until the deal is closed, and of most open deals a task ahead."""
    kinds = ["Звонок", "Письмо", "Встреча", "КП", "Задача", "Заметка"]
    shares = [0.38, 0.24, 0.06, 0.09, 0.15, 0.08]
    until, rows = deal.closed or STAMP, []
    at = deal.made + timedelta(hours=float(rng.lognormal()) * _HOURS[deal.owner])
    at = _at_work(deal, at)
    kind = str(rng.choice(["Звонок", "Письмо"], p=[0.7, 0.3]))
    while at < until:
        due = at + timedelta(days=int(rng.integers(1, 6)))
        done = max(due + timedelta(days=float(rng.normal(-0.5, 1.1))), at)
        is_task, ever = kind == "Задача", rng.random() < 0.93
        rows.append(
            [kind, at, deal.owner, deal.id, _minute(due) if is_task else "",
             _minute(done) if is_task and ever and done < STAMP else "", "Человек"]
        )  # fmt: skip
        pause = float(rng.gamma(2, _DAYS_BETWEEN[deal.owner] / 2)) + 0.2
        at += timedelta(days=pause)
        if at.weekday() >= 5:
            # What is due at a weekend is spread over the week that follows.
            at += timedelta(days=7 - at.weekday() + deal.id % 5)
        at = _at_work(deal, at)
        kind = str(rng.choice(kinds, p=shares))
    started, ended = max(deal.made, STAMP - timedelta(days=40)), STAMP - timedelta(days=1)
    if deal.closed is None and rows and started < ended and rng.random() < _TASK_AHEAD[deal.owner]:
        due = _LAST_SEEN + timedelta(days=int(rng.integers(1, 15)), hours=12)
        noted = _at_work(deal, started + float(rng.random()) * (ended - started))
        rows.append(["Задача", noted, deal.owner, deal.id, _minute(due), "", "Человек"])
    return rows


def _at_work(deal: Deal, at: datetime) -> datetime:
    """The moment itself, or the first one after it when the deal's owner is at work."""
    if not 9 <= at.hour < 19:
        at = datetime.combine(at.date() + timedelta(days=int(at.hour >= 19)), time(9, at.minute))
    while at.weekday() >= 5 or (deal.owner == _LITTLE and at.isocalendar()[1] % 9 == 0):
        at = datetime.combine(at.date() + timedelta(days=1), time(9, at.minute))
    return at


def _second(at: datetime) -> str:
    return f"{at:%d.%m.%Y %H:%M:%S}"


def _minute(at: datetime) -> str:
    return f"{at:%d.%m.%Y %H:%M}"
