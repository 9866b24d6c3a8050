"""What the channels export: mail, advertising, the website, social networks."""

from __future__ import annotations

import csv
from datetime import date, datetime

import numpy as np
from calendar_and_bytes import DAYS, csv_bytes, workbook_bytes
from openpyxl import Workbook


def mailchimp(rng: np.random.Generator) -> bytes:
    """Two campaigns a week; clicks rise from July on."""
    head = [
        "Title",
        "Subject",
        "List",
        "Send Date",
        "Send Weekday",
        "Total Recipients",
        "Successful Deliveries",
        "Soft Bounces",
        "Hard Bounces",
        "Total Bounces",
        "Times Forwarded",
        "Forwarded Opens",
        "Unique Opens",
        "Open Rate",
        "Total Opens",
        "Unique Clicks",
        "Click Rate",
        "Total Clicks",
        "Unsubscribes",
        "Abuse Complaints",
        "Times Liked on Facebook",
        "Folder Id",
        "Unique Id",
        "Total Orders",
        "Total Gross Sales",
        "Total Revenue",
    ]
    themes = ["New arrivals", "Weekend sale", "How to choose a blanket", "Bed linen guide",
              "Last sizes", "Letter from the founder", "Summer terrace", "Cosy evenings"]  # fmt: skip
    rows = []
    sends = [day for day in DAYS if day.weekday() in (1, 4)]
    for number, day in enumerate(sends):
        sent = int(18000 + 60 * number + rng.integers(-400, 400))
        soft, hard = rng.binomial(sent, 0.006), rng.binomial(sent, 0.003)
        delivered = int(sent - soft - hard)
        opens = int(rng.binomial(delivered, rng.beta(120, 380)))
        clicks = int(rng.binomial(delivered, rng.beta(50, 2230) if day < date(2026, 7, 1)
                                  else rng.beta(60, 1950)))  # fmt: skip
        orders = int(rng.binomial(clicks, 0.062))
        revenue = int(np.round(rng.gamma(2.2, 1500, orders).sum()))
        title = f"{themes[number % len(themes)]}, {day:%b} {day.day}"
        hour = 10 if day.weekday() == 1 else 17
        rows.append(
            [title, themes[number % len(themes)], "Main list",
             f"{day:%b %d, %Y} {(hour - 1) % 12 + 1:02d}:00 {'am' if hour < 12 else 'pm'}",
             f"{day:%A}", sent, delivered, soft, hard, soft + hard, rng.integers(0, 4), 0, opens,
             f"{opens / delivered:.2%}", int(opens * 1.5), clicks, f"{clicks / delivered:.2%}",
             int(clicks * 1.25), rng.binomial(delivered, 0.0017), rng.binomial(delivered, 0.00006),
             0, 0, f"{0xA1B2C3 + 7919 * number:010x}", orders, revenue, revenue]
        )  # fmt: skip
    return csv_bytes([head, *rows], ",")


def vk_ads(rng: np.random.Generator) -> bytes:
    """Advertising by day and ad, as the cabinet's workbook."""
    head = ["Дата", "ID кампании", "Название кампании", "ID объявления", "Название объявления",
            "ID группы", "Показы", "Клики", "Результат", "Цена за результат, ₽",
            "Потрачено всего, ₽", "eCPC, ₽"]  # fmt: skip
    ads = [(1101, "Пледы, охват", 20001, "Видео «Вечер»", 501, 0.0052),
           (1101, "Пледы, охват", 20002, "Карусель", 501, 0.0055),
           (1102, "Бельё, каталог", 20003, "Каталог", 502, 0.0081),
           (1103, "Ретаргетинг", 20004, "Брошенная корзина", 503, 0.0124)]  # fmt: skip
    book = Workbook()
    sheet = book.active
    sheet.title = "Объявления"
    sheet.append(head)
    for day in DAYS:
        for campaign, campaign_name, ad, ad_name, group, rate in ads:
            shown = int(rng.integers(2600, 5200))
            clicks = int(rng.binomial(shown, rate))
            results = int(rng.binomial(clicks, 0.021))
            cost = round(float(shown * rng.normal(0.145, 0.01)), 2)
            sheet.append(
                [datetime(day.year, day.month, day.day), str(campaign), campaign_name, str(ad),
                 ad_name, str(group), shown, clicks, results,
                 round(cost / results, 2) if results else None, cost,
                 round(cost / clicks, 2) if clicks else None]
            )  # fmt: skip
    for row in sheet.iter_rows(min_row=2, max_col=1):
        row[0].number_format = "DD.MM.YYYY"
    return workbook_bytes(book)


def metrika(rng: np.random.Generator) -> bytes:
    """Visits by day and source; the totals stand first, as Метрика writes them."""
    head = ["Дата визита", "Источник трафика", "Визиты", "Посетители", "Просмотры", "Отказы",
            "Глубина просмотра", "Время на сайте", "Целевые визиты"]  # fmt: skip
    sources = {
        "Переходы из поисковых систем": (410, 0.019, 0.16),
        "Прямые заходы": (230, 0.024, 0.14),
        "Переходы по рекламе": (190, 0.0135, 0.24),
        "Переходы из социальных сетей": (140, 0.0138, 0.22),
        "Переходы из почтовых рассылок": (95, 0.041, 0.11),
    }
    rows = []
    for day in DAYS:
        for source, (mean, conversion, bounced) in sources.items():
            weekly = 1.12 if day.weekday() >= 5 else 1.0
            visits = int(rng.poisson(mean * weekly))
            users = int(visits * rng.uniform(0.86, 0.93))
            depth = rng.normal(3.1 - bounced * 3, 0.15)
            seconds = int(rng.normal(190 - bounced * 220, 12))
            rows.append(
                [f"{day:%Y-%m-%d}", source, visits, users, int(visits * depth),
                 f"{rng.binomial(visits, bounced) / visits:.4f}", f"{depth:.2f}",
                 f"00:{seconds // 60:02d}:{seconds % 60:02d}", rng.binomial(visits, conversion)]
            )  # fmt: skip
    visits = sum(int(row[2]) for row in rows)
    total = ["Итого и средние", "", visits, sum(int(row[3]) for row in rows),
             sum(int(row[4]) for row in rows), "0.1708", "2.58", "00:02:32",
             sum(int(row[8]) for row in rows)]  # fmt: skip
    return csv_bytes([head, total, *rows], ",", encoding="utf-8-sig", quoting=csv.QUOTE_ALL)


def hootsuite(rng: np.random.Generator) -> bytes:
    """Posts of three networks under Hootsuite's two preamble lines."""
    head = ["Date (GMT)", "Post ID", "Post Message", "Post Permalink", "Post Type",
            "Social Network", "Impressions", "Reach", "Engagement", "Likes", "Comments", "Shares",
            "Post Link Clicks", "Video Views"]  # fmt: skip
    networks = {"Facebook": (2100, 0.021), "Instagram": (3900, 0.043), "VK": (2900, 0.034)}
    texts = ["Новая коллекция пледов", "Закулисье: как мы шьём", "Разбор: хлопок или лён?",
             "Отзыв недели"]  # fmt: skip
    rows = []
    for number in range(240):
        day = DAYS[number * len(DAYS) // 240]
        network = list(networks)[number % 3]
        mean, rate = networks[network]
        video = rng.random() < 0.25
        reach = int(rng.lognormal(np.log(mean), 0.35))
        engaged = int(rng.binomial(reach, rate * (1.35 if video else 1)))
        comments, shares = int(engaged * 0.11), int(engaged * 0.08)
        link = f"https://example.com/{network.lower()}/p{number + 1}"
        rows.append(
            [f"{day:%Y-%m-%d} {10 + number % 9}:30", f"{700 + number}_{number + 1}",
             texts[number % len(texts)], link, "Video" if video else "Photo", network,
             f"{int(reach * 1.35):,}", reach, engaged, engaged - comments - shares, comments, shares,
             rng.binomial(reach, 0.006), int(reach * 0.6) if video else ""]
        )  # fmt: skip
    preamble = "Post performance,,,,,,,,,,,\n" + '"Apr 1, 2026 - Sep 30, 2026",,,,,,,,,,,\n'
    return preamble.encode() + csv_bytes([head, *rows], ",")
