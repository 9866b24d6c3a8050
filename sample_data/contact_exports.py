"""What comes in by phone and chat: a log of calls and a log of messages."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
from calendar_and_bytes import DAYS, csv_bytes

_OPERATORS = ["Анна (201)", "Олег (202)", "Вера (203)"]
_QUESTIONS = ["Где мой заказ?", "Есть ли плед 150×200?", "Можно поменять адрес?", "Как вернуть?"]
_ANSWERS = ["Проверяю, минуту.", "Да, есть, отложить?", "Поменяли.", "Заявка принята."]


def sipuni(rng: np.random.Generator) -> bytes:
    """Calls of working days; at lunch and on Mondays fewer are picked up, and later."""
    head = ["Тип", "Статус", "Время", "ID схемы звонка", "Схема", "Исходящая линия", "Откуда",
            "Куда", "Кто ответил", "Длительность звонка", "Длительность разговора",
            "Время ответа", "Оценка", "ID записи", "Метка", "Теги",
            "Инициатор завершения звонка", "ID заказа звонка", "Запись существует",
            "Новый клиент", "Состояние перезвона", "Время перезвона", "Информация из CRM",
            "Ответственный из CRM"]  # fmt: skip
    rows = []
    for day in (one for one in DAYS if one.weekday() < 6):
        for _ in range(int(rng.poisson(6 if day.weekday() < 5 else 3))):
            at = datetime(day.year, day.month, day.day, 9) + timedelta(
                seconds=int(rng.integers(0, 10 * 3600))
            )
            outgoing = rng.random() < 0.14
            busy = at.hour == 13 or day.weekday() == 0
            answered = rng.random() < (0.62 if outgoing else 0.78 if busy else 0.92)
            wait = int(rng.gamma(2, 9 if busy else 5)) + 2
            talk = int(rng.gamma(2.0, 75)) + 8 if answered else 0
            back = not answered and not outgoing and rng.random() < 0.7
            who = str(rng.choice(_OPERATORS))
            phone = f"7900{rng.integers(1000000, 9999999)}"
            rows.append(
                ["Исходящий" if outgoing else "Входящий", "Отвечен" if answered else "Не отвечен",
                 at, "000-001", "Основная", "74950000000" if outgoing else "",
                 who[-4:-1] if outgoing else phone, phone if outgoing else "74950000000",
                 who if answered else "", wait + talk, talk, wait if answered else "", "",
                 "", "", "", "абонент" if rng.random() < 0.6 else "оператор", "", int(answered),
                 int(rng.random() < 0.3), "Перезвонили" if back else "",
                 int(rng.lognormal(np.log(900), 0.9)) if back else "", "", ""]
            )  # fmt: skip
    rows.sort(key=lambda row: row[2])
    return csv_bytes(
        [head, *([*row[:2], f"{row[2]:%d.%m.%Y %H:%M:%S}", *row[3:]] for row in rows)], ";"
    )


def chat_messages(rng: np.random.Generator) -> bytes:
    """The site's chat, a line a message; a bot greets at night, people answer in the morning."""
    head = ["Conversation ID", "Channel", "Sent at", "Author type", "Author", "Text"]
    operators = ["Ann Lee", "Oleg Petrov", "Vera Sidorova"]
    rows: list[list[object]] = []
    for number in range(420):
        day = DAYS[int(rng.integers(0, len(DAYS)))]
        at = datetime(day.year, day.month, day.day) + timedelta(
            minutes=int(rng.normal(15 * 60, 240)) % 1440
        )
        name = f"chat-{7001 + number}"
        who, night = str(rng.choice(operators)), at.hour < 9 or at.hour >= 21
        lines = [(at, "client", f"visitor {number}", str(rng.choice(_QUESTIONS)))]
        if night:
            lines.append((at + timedelta(seconds=4), "bot", "Bot", "Ответим утром."))
        for turn in range(int(rng.integers(1, 4)) if rng.random() < 0.94 else 0):
            opens = datetime(at.year, at.month, at.day, 9) + timedelta(days=int(at.hour >= 21))
            base = max(at, opens) if turn == 0 and night else at
            at = base + timedelta(seconds=int(rng.lognormal(np.log(150), 0.9)))
            lines.append((at, "agent", who, str(rng.choice(_ANSWERS))))
            if rng.random() < 0.6:
                at += timedelta(seconds=int(rng.lognormal(np.log(90), 0.7)))
                lines.append((at, "client", f"visitor {number}", "Спасибо!"))
        rows += [[name, "chat", *line] for line in lines]
    rows.sort(key=lambda row: (str(row[2]), str(row[0])))
    return csv_bytes(
        [head, *([*row[:2], f"{row[2]:%Y-%m-%d %H:%M:%S}", *row[3:]] for row in rows)], ","
    )
