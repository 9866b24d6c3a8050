"""What the customers leave behind: tickets, survey answers, orders."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
from calendar_and_bytes import (
    CITIES,
    CITY_SHARES,
    DAYS,
    FIRST,
    FIRST_NAMES,
    LAST,
    LAST_NAMES,
    csv_bytes,
)


def zendesk(rng: np.random.Generator) -> bytes:
    """Support tickets; weekends are slow, and some are never answered."""
    head = ["Summation column", "Id", "Requester", "Requester id", "Requester email", "Assignee",
            "Group", "Subject", "Tags", "Status", "Priority", "Via", "Created at", "Updated at",
            "Solved at", "Satisfaction Score", "Reopens", "Replies",
            "First reply time in minutes", "First reply time in minutes within business hours",
            "Full resolution time in minutes"]  # fmt: skip
    agents = ["Ann Lee", "Oleg Petrov", "Vera Sidorova"]
    subjects = ["Where is my order", "Refund", "Size of the blanket", "Delivery address"]
    rows = []
    for number in range(1500):
        made = datetime.combine(rng.choice(DAYS), datetime.min.time()) + timedelta(
            minutes=int(rng.normal(14 * 60, 190)) % 1440
        )
        slow = 3.4 if made.weekday() >= 5 else 1.0
        reply = rng.lognormal(np.log(42 * slow), 0.9)
        answered = rng.random() < (0.9 if made.weekday() >= 5 else 0.975)
        solve = reply + rng.lognormal(np.log(260), 0.8)
        solved = answered and rng.random() < 0.96
        happy = rng.random() < (0.93 if reply < 60 else 0.78 if reply < 240 else 0.55)
        asked = solved and rng.random() < 0.42
        score = ("Good" if happy else "Bad") if asked else ("Offered" if solved else "Unoffered")
        rows.append(
            [1, 5001 + number, f"{rng.choice(FIRST_NAMES)} {rng.choice(LAST_NAMES)}",
             900 + number % 700, f"client{number % 700}@example.com",
             str(rng.choice(agents)) if answered else "", "Support", str(rng.choice(subjects)),
             "order" if number % 2 else "refund,vip", "Solved" if solved else "Open",
             "High" if number % 9 == 0 else "Normal", str(rng.choice(["Mail", "Chat", "Web"])),
             f"{made:%Y-%m-%d %H:%M}", f"{made + timedelta(minutes=float(solve)):%Y-%m-%d %H:%M}",
             f"{made + timedelta(minutes=float(solve)):%Y-%m-%d %H:%M}" if solved else "",
             score, rng.binomial(1, 0.06) if solved else 0, rng.poisson(1.4) + 1 if answered else 0,
             int(reply) if answered else "", int(reply / slow) if answered else "",
             int(solve) if solved else ""]
        )  # fmt: skip
    rows.sort(key=lambda row: row[12])
    return csv_bytes([head, *rows], ",")


def google_forms(rng: np.random.Generator) -> bytes:
    """Answers to a short survey, the Russian interface of Google Forms."""
    head = ["Отметка времени", "Адрес электронной почты",
            "Насколько вероятно, что вы порекомендуете нас?", "Оцените качество поддержки",
            "Что улучшить?"]  # fmt: skip
    wishes = ["Доставку, упаковку", "Всё хорошо", "Больше цветов", "Быстрее отвечать в чате", "",
              "Размеры на сайте", ""]  # fmt: skip
    shares = [0.01, 0.01, 0.01, 0.02, 0.02, 0.05, 0.07, 0.11, 0.18, 0.22, 0.30]
    rows = []
    for number in range(430):
        at = datetime.combine(rng.choice(DAYS), datetime.min.time()) + timedelta(
            seconds=int(rng.integers(8 * 3600, 22 * 3600))
        )
        score = int(rng.choice(11, p=shares))
        support = int(np.clip(round(rng.normal(2.2 + score * 0.28, 0.6)), 1, 5))
        email = f"client{number}@example.com" if number % 3 else ""
        rows.append([at, email, score, support, str(rng.choice(wishes))])
    rows.sort(key=lambda row: row[0])
    return csv_bytes([head, *([f"{row[0]:%d.%m.%Y %H:%M:%S}", *row[1:]] for row in rows)], ",")


def support_survey(rng: np.random.Generator) -> bytes:
    """Invitations to rate a closed request by e-mail, in English; two in five answer."""
    head = ["Response ID", "Invited at", "Responded at", "Channel",
            "How satisfied are you with our support? (1-5)", "Comment"]  # fmt: skip
    praise = ["Fast and friendly answer, thank you", "Delivery came a day early", "Great quality"]
    blame = ["Waited too long for a reply", "Delivery was late again", "The refund is still missing",
             "Too expensive for this quality", "Nobody answered the phone"]  # fmt: skip
    rows = []
    for number in range(360):
        invited = datetime.combine(rng.choice(DAYS[:-7]), datetime.min.time()) + timedelta(
            seconds=int(rng.integers(9 * 3600, 19 * 3600))
        )
        answers = rng.random() < 0.4
        score = int(rng.choice([1, 2, 3, 4, 5], p=[0.08, 0.08, 0.14, 0.3, 0.4]))
        said = str(rng.choice(praise if score > 3 else blame)) if rng.random() < 0.6 else ""
        at = invited + timedelta(minutes=int(rng.lognormal(5, 1)))
        given = (
            [f"{at:%Y-%m-%d %H:%M:%S}", "email", score, said] if answers else ["", "email", "", ""]
        )
        rows.append([invited, f"SV-{5001 + number}", *given])
    rows.sort(key=lambda row: (row[0], row[1]))
    listed = ([row[1], f"{row[0]:%Y-%m-%d %H:%M:%S}", *row[2:]] for row in rows)
    return csv_bytes([head, *listed], ",")


def orders(rng: np.random.Generator) -> bytes:
    """The shop's own order list; a good third of the customers come back.

    Each order says where it was placed; who came by email keeps coming by it more often.
    """
    head = ["Номер заказа", "Дата заказа", "ID клиента", "Сумма, ₽", "Статус", "Категория",
            "Город", "Канал"]  # fmt: skip
    ways, way_shares = (
        ["Сайт", "Email", "ВКонтакте", "Реклама", "Телефон"],
        [0.38, 0.24, 0.16, 0.15, 0.07],
    )
    placed = np.random.default_rng([20260401, 100])
    kinds, kind_shares = (
        ["Пледы", "Постельное бельё", "Полотенца", "Подушки"],
        [0.3, 0.34, 0.2, 0.16],
    )
    rows = []
    for customer in range(2300):
        at = FIRST + timedelta(days=int(rng.integers(0, len(DAYS))))
        city = str(rng.choice(CITIES, p=CITY_SHARES))
        way = str(placed.choice(ways, p=way_shares))
        while at <= LAST:
            amount = f"{float(rng.gamma(2.2, 1500) + 490):,.2f}".replace(",", "\u00a0")
            status = "Отменён" if rng.random() < 0.03 else "Доставлен"
            kind = str(rng.choice(kinds, p=kind_shares))
            amount = amount.replace(".", ",")
            rows.append([at, f"C{10000 + customer}", amount, status, kind, city, way])
            if placed.random() > (0.9 if way == "Email" else 0.6):
                way = str(placed.choice(ways, p=way_shares))
            if rng.random() > 0.42:
                break
            at += timedelta(days=int(rng.gamma(2.0, 19)) + 2)
    rows.sort(key=lambda row: (row[0], row[1]))
    numbered = [[f"{100001 + i}", f"{row[0]:%d.%m.%Y}", *row[1:]] for i, row in enumerate(rows)]
    return csv_bytes([head, *numbered], ";", encoding="utf-8-sig")
