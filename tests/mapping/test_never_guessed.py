"""Headers that look like a field and are another thing: on no kind of table may they become it."""

from __future__ import annotations

from crm_metrics.mapping.cells.profile import profile
from crm_metrics.mapping.headers.header import read_name
from crm_metrics.mapping.headers.synonyms import guesses, on_grain
from crm_metrics.schema import GRAINS

WORDS = ("spring", "autumn")
FLAGS = ("yes", "no")
COUNTS = ("120", "350")
MONEY = ("12.50", "99.90")
SHARES = ("12.5%", "7.1%")
DATES = ("2024-01-05", "2024-02-07")
LINKS = ("https://a.example/1", "https://a.example/2")
PEOPLE = ("Ann Lee", "Bob Fox")
MAILS = ("ann@example.com", "bob@example.com")

# Header, its cells, the fields that it may be at most.
NEVER: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("Email consent", FLAGS, "consent"),
    ("Email status", WORDS, "email_status status"),
    ("Email opt-in date", DATES, "created_at"),
    ("Email domain", ("example.com", "mail.ru"), ""),
    ("Email verified", FLAGS, ""),
    ("Email template", WORDS, ""),
    ("Email менеджера", MAILS, ""),
    ("From email", MAILS, ""),
    ("Email отправителя", MAILS, "author"),
    ("Phone verified", FLAGS, ""),
    ("Phone type", WORDS, ""),
    ("Телефон подтверждён", FLAGS, ""),
    ("Телефон менеджера", ("+79991234567", "+79991234568"), ""),
    ("Second phone", ("+79991234567", "+79991234568"), ""),
    ("Open rate goal", SHARES, ""),
    ("Target open rate", SHARES, ""),
    ("Open rate benchmark", SHARES, ""),
    ("Change in open rate", SHARES, ""),
    ("Opens without bots", COUNTS, ""),
    ("Opens (previous period)", COUNTS, ""),
    ("Opens, previous period", COUNTS, ""),
    ("Opens, % of total", SHARES, ""),
    ("Открытия (план)", COUNTS, ""),
    ("План открытий", COUNTS, ""),
    ("Открытия без ботов", COUNTS, ""),
    ("Открытия за прошлый период", COUNTS, ""),
    ("Прирост открытий", COUNTS, ""),
    ("Доля открытий на мобильных", SHARES, ""),
    ("Delivery rate", SHARES, ""),
    ("Delivered, %", SHARES, ""),
    ("Доставлено, %", SHARES, ""),
    ("Не открыли", COUNTS, ""),
    ("Not opened", COUNTS, ""),
    ("Did not click", COUNTS, ""),
    ("Cost per click", MONEY, "cpc"),
    ("Cost per lead", MONEY, "cpa"),
    ("Cost per email", MONEY, ""),
    ("Cost per open", MONEY, ""),
    ("Цена клика", MONEY, "cpc"),
    ("Цена за 1000 показов", MONEY, ""),
    ("CPM", MONEY, ""),
    ("Revenue per recipient", MONEY, ""),
    ("Revenue per click", MONEY, ""),
    ("Average order value", MONEY, ""),
    ("Средний чек", MONEY, ""),
    ("Ср. чек", MONEY, ""),
    ("Plan revenue", MONEY, ""),
    ("Revenue target", MONEY, ""),
    ("План выручки", MONEY, ""),
    ("Выручка прошлого года", MONEY, ""),
    ("Доля выручки, %", SHARES, ""),
    ("Revenue growth", SHARES, ""),
    ("Daily budget", MONEY, ""),
    ("Бюджет план", MONEY, ""),
    ("Остаток бюджета", MONEY, ""),
    ("Discount amount", MONEY, ""),
    ("Сумма скидки", MONEY, ""),
    ("Tax amount", MONEY, ""),
    ("Сумма НДС", MONEY, ""),
    ("Refund amount", MONEY, ""),
    ("Сумма возврата", MONEY, ""),
    ("Shipping cost", MONEY, ""),
    ("Стоимость доставки", MONEY, ""),
    ("Комиссия", MONEY, ""),
    ("Organic reach", COUNTS, ""),
    ("Охват без рекламы", COUNTS, ""),
    ("Охват подписчиков", COUNTS, ""),
    ("Average watch time", COUNTS, ""),
    ("Returning users", COUNTS, ""),
    ("Доля новых посетителей", SHARES, ""),
    ("Unsubscribe link", LINKS, ""),
    ("Ссылка отписки", LINKS, ""),
    ("Unsubscribe reason", WORDS, ""),
    ("Причина отписки", WORDS, ""),
    ("Click map link", LINKS, ""),
    ("Birth date", DATES, ""),
    ("Дата рождения", DATES, ""),
    ("Card expiry date", DATES, ""),
    ("Срок действия карты", DATES, ""),
    ("Send weekday", ("Monday", "Tuesday"), ""),
    ("День недели отправки", ("Понедельник", "Вторник"), ""),
    ("Campaign end date", DATES, ""),
    ("Campaign budget", MONEY, ""),
    ("Campaign objective", WORDS, ""),
    ("Country manager", PEOPLE, ""),
    ("Stage changed by", PEOPLE, ""),
    ("Created by", PEOPLE, ""),
    ("Кем создан", PEOPLE, ""),
    ("Кем изменено", PEOPLE, ""),
    ("Parent company", WORDS, ""),
    ("Company size", ("1-10", "11-50"), ""),
    ("Job title", WORDS, ""),
    ("Должность", WORDS, ""),
    ("Lead score", COUNTS, ""),
    ("Days to close", COUNTS, ""),
    ("Дней в работе", COUNTS, ""),
    ("Next stage", WORDS, ""),
    ("Previous stage", WORDS, ""),
    ("SLA first response", FLAGS, ""),
    ("Норматив первого ответа", COUNTS, ""),
    ("Order count last year", COUNTS, ""),
    ("Invoice sent", FLAGS, ""),
    ("Promo code", WORDS, ""),
    ("Промокод", WORDS, ""),
)  # fmt: skip


def possible(header: str, cells: tuple[str, ...]) -> set[str]:
    """Every field that the header can become on any kind of table."""
    name, values = read_name(header), profile(cells)
    found = guesses(name, values, calls=False)
    rate = name.percent or values.kind == "percent"
    return {guess.field for grain in GRAINS for guess in on_grain(found, values, grain, rate=rate)}


def test_no_header_becomes_what_it_only_looks_like():
    assert len(NEVER) >= 80
    wrong = {
        header: fields
        for header, cells, allowed in NEVER
        if (fields := possible(header, cells) - set(allowed.split()))
    }
    assert wrong == {}


def test_values_refute_what_a_header_says():
    for header, cells, refuted in (
        ("Open rate", ("350", "400"), "open_rate"),
        ("Clicks", ("12.5", "7.1"), "clicks_total clicks_unique clicks"),
        ("Sent", ("-5", "12"), "sent"),
        ("Email", ("yes", "no"), "email"),
        ("Email", ("Ann", "Bob"), "email"),
        ("Name", ("#1001", "#1002"), "full_name first_name"),
        ("Channel", ("PJSIP/trunk-00000011", "PJSIP/101-00000012"), "channel"),
        ("Amount", ("small", "large"), "amount"),
        ("Score", ("maybe", "tomorrow"), "score"),
        ("Unique opens", ("27.78%", "5%"), "opens_unique"),
        ("Дата заказа", ("скоро", "потом"), "created_at date"),
    ):
        assert not possible(header, cells) & set(refuted.split()), header


def test_a_web_bounce_and_a_mail_bounce_are_told_by_table_and_values():
    name = read_name("Отказы")
    counts, shares = profile(["17", "12"]), profile(["0.17", "0.21"])
    mail = {
        g.field
        for g in on_grain(guesses(name, counts, calls=False), counts, "campaigns", rate=False)
    }
    web = {
        g.field for g in on_grain(guesses(name, shares, calls=False), shares, "traffic", rate=False)
    }
    assert mail == {"bounces"}
    assert web == {"bounce_rate"}
    assert all(guess.level == "ask" for guess in guesses(name, shares, calls=False))
