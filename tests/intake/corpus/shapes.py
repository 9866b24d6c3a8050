"""Shapes of exports, each in the style of a real system."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tests.intake.corpus.values import (
    RUSSIAN,
    WESTERN,
    Column,
    amount,
    blank,
    clock,
    code,
    count,
    day,
    link,
    mail,
    percent,
    phone,
    title,
    word,
)

RU = ("utf-8", "utf-8-sig", "cp1251", "utf-16")
RU_OLD = ("utf-8", "cp1251", "koi8-r", "cp866")
RU_WIDE = ("utf-8", "cp1251", "utf-16-le", "utf-16-be")
EN = ("utf-8", "utf-8-sig", "cp1252", "utf-16")
EN_WIDE = ("utf-8", "cp1252", "utf-16-le", "utf-16")


@dataclass(frozen=True, slots=True)
class Shape:
    """How a system writes its export.

    `preamble`, `second` (further header rows) and `footer` are rows of cells; `total` says where
    a row of sums stands and `total_word` what it is called; `quoting` is csv's: "minimal",
    "all", "text" (all but numbers) or "none"; `escape` is "double" or "backslash".
    """

    name: str
    columns: tuple[Column, ...]
    encodings: tuple[str, ...]
    delimiter: str = ","
    quote: str = '"'
    quoting: Literal["minimal", "all", "text", "none"] = "minimal"
    escape: Literal["double", "backslash"] = "double"
    ends: str = "\n"
    preamble: tuple[str, ...] = ()
    second: tuple[tuple[str, ...], ...] = ()
    names: tuple[str, ...] = ()
    header: bool = True
    total: Literal["", "first", "last"] = ""
    total_word: str = ""
    footer: tuple[str, ...] = ()
    blank_every: int = 0
    closing: bool = False
    last_end: bool = True

    @property
    def width(self) -> int:
        """How many columns a record has."""
        return len(self.columns)

    @property
    def headers(self) -> tuple[str, ...]:
        """The names that reading should give."""
        if not self.header:
            return tuple(str(i + 1) for i in range(self.width))
        return self.names or tuple(col.name for col in self.columns)

    @property
    def accepted_headers(self) -> tuple[tuple[str, ...], ...]:
        """Delimiters that close every line may be seen as one more column without a name."""
        more = ((*self.headers, f"Column {self.width + 1}"),) if self.closing else ()
        return (self.headers, *more)


QUOTED = ('the "big" one', 'size 5" pipe', "a, b; c", "it's")
QUOTED_RU = ('ООО "Ромашка"', "чай, кофе; сок", "размер 5, синий", "д'Артаньян")
LINES = ("first line\nsecond line", "Hello,\n\nplease call back\nThanks", "one; two\nthree")
LINES_RU = ("первая строка\nвторая строка", "Здравствуйте,\n\nперезвоните\nСпасибо", "да; нет\nвсё")
STATUS = ("sent", "draft", "archived")
STATUS_RU = ("Отправлено", "Черновик", "В архиве")

SHAPES: tuple[Shape, ...] = (
    Shape(
        "mailchimp",
        (
            title("Title", extra=QUOTED),
            title("Subject"),
            word("List", "Main list", "VIP"),
            day("Send Date", "%b %d, %Y %I:%M %p"),
            count("Total Recipients"),
            percent("Open Rate", missing="n/a"),
            count("Total Clicks"),
            amount("Total Revenue"),
        ),
        EN,
    ),
    Shape(
        "klaviyo",
        (
            title("Campaign Name"),
            word("Tags", "", "promo", "news"),
            day("Send Time", "%Y-%m-%d %H:%M:%S"),
            word("Status", *STATUS),
            count("Total Recipients"),
            percent("Open Rate"),
            amount("Revenue", group=",", sign="${}"),
        ),
        EN_WIDE,
        ends="\r\n",
    ),
    Shape(
        "brevo",
        (
            mail("EMAIL"),
            title("FIRSTNAME", WESTERN, extra=QUOTED),
            day("ADDED_TIME", "%d-%m-%Y %H:%M"),
            word("BLOCKLISTED", "Yes", "No"),
            phone("SMS"),
        ),
        EN,
        delimiter=";",
    ),
    Shape(
        "ga4",
        (
            word(
                "Session source / medium", "google / organic", "mail / email", "(direct) / (none)"
            ),
            count("Users"),
            count("Sessions"),
            percent("Engagement rate", sign=""),
            amount("Total revenue"),
        ),
        EN,
        preamble=(
            "# ----------------------------------------",
            "# Traffic acquisition: Session source / medium",
            "# Account: Shop",
            "# Start date: 20240101",
            "# End date: 20240131",
            "# ----------------------------------------",
            "",
        ),
        ends="\r\n",
    ),
    Shape(
        "google ads",
        (
            title("Campaign", extra=("Total Wine, brand",)),
            word("Campaign status", "Enabled", "Paused"),
            word("Currency code", "USD"),
            count("Impr.", 1_000, 90_000, group=","),
            count("Clicks", 1, 3_000, group=","),
            amount("Cost", group=","),
            percent("CTR"),
        ),
        EN,
        preamble=("Campaign report", '"January 1, 2024 - January 31, 2024"'),
        total="last",
        total_word="Total: Campaigns",
    ),
    Shape(
        "яндекс директ",
        (
            day("Дата", "%d.%m.%Y"),
            title("Кампания", RUSSIAN),
            code("№ Кампании"),
            count("Показы"),
            count("Клики"),
            percent("CTR (%)", mark=",", sign="", missing="-"),
            amount("Расход (руб.)", mark=","),
        ),
        RU,
        delimiter=";",
        ends="\r\n",
        preamble=(
            "Отчёт по кампаниям",
            "Клиент: shop-example",
            "Период: 08.01.2024 - 31.01.2024",
            "",
        ),
        total="last",
        total_word="Итого",
    ),
    Shape(
        "яндекс метрика",
        (
            word("Источник трафика", "Прямые заходы", "Переходы из рекламы", "Рассылки"),
            title("Страница входа", RUSSIAN),
            count("Визиты"),
            count("Посетители"),
            percent("Отказы, %", mark=".", sign=""),
            clock("Время на сайте"),
        ),
        RU_WIDE,
        total="first",
        total_word="Итого и средние",
    ),
    Shape(
        "vk реклама",
        (
            code("ID объявления"),
            title("Название", RUSSIAN, extra=QUOTED_RU),
            day("Дата", "%d.%m.%Y"),
            count("Показы", group="\u00a0"),
            count("Клики", group="\u00a0"),
            amount("Расход без НДС, RUB", mark=",", group="\u00a0"),
        ),
        RU,
        delimiter=";",
    ),
    Shape(
        "meta ads",
        (
            title("Campaign name", extra=QUOTED),
            day("Reporting starts"),
            day("Reporting ends"),
            word("Campaign delivery", "active", "inactive", "completed"),
            count("Reach"),
            count("Impressions"),
            amount("Amount spent (USD)"),
        ),
        EN,
        quoting="text",
    ),
    Shape(
        "meta page metric",
        (day("Date", "%Y-%m-%dT%H:%M:%S"), count("Primary")),
        ("utf-8", "utf-16", "utf-16-le", "utf-8-sig"),
        quoting="all",
        preamble=("sep=,", '"Page visits"'),
    ),
    Shape(
        "amocrm",
        (
            code("ID"),
            title("Название сделки", RUSSIAN, extra=QUOTED_RU),
            word("Ответственный", "Иванова Анна", "Петров Пётр"),
            day("Дата создания", "%d.%m.%Y %H:%M:%S"),
            amount("Бюджет ₽"),
            title("Примечание", RUSSIAN, extra=LINES_RU),
            word("Этап сделки", "Первичный контакт", "Успешно реализовано", "Закрыто"),
        ),
        ("utf-8", "utf-8-sig", "utf-16", "utf-16-le"),
        quoting="all",
    ),
    Shape(
        "битрикс24",
        (
            code("ID"),
            word("Стадия сделки", "Новая", "В работе", "Сделка успешна"),
            title("Название сделки", RUSSIAN, extra=QUOTED_RU),
            amount("Сумма"),
            word("Валюта", "Российский рубль"),
            day("Дата создания", "%d.%m.%Y %H:%M:%S"),
            blank("Комментарий", LINES_RU),
        ),
        ("utf-8", "cp1251", "utf-8-sig", "koi8-r"),
        delimiter=";",
        quoting="all",
        ends="\r\n",
    ),
    Shape(
        "sipuni",
        (
            word("Тип", "Входящий", "Исходящий"),
            word("Статус", "Отвечен", "Не отвечен"),
            day("Время", "%d.%m.%Y %H:%M:%S"),
            phone("Откуда"),
            phone("Куда"),
            count("Длительность звонка, сек", 1, 900),
        ),
        RU_OLD,
        delimiter=";",
    ),
    Shape(
        "retailcrm",
        (
            code("Номер"),
            day("Дата оформления", "%d.%m.%Y %H:%M"),
            title("Покупатель", RUSSIAN),
            mail("E-mail"),
            word("Статус", "Выполнен", "Отменён", "Новый"),
            amount("Сумма", mark=",", group=" "),
            blank("Промокод", ("ЛЕТО", "ДРУГ")),
        ),
        RU_OLD,
        delimiter=";",
        quoting="text",
    ),
    Shape(
        "zendesk",
        (
            code("Ticket Id"),
            title("Subject", extra=QUOTED),
            title("Description", extra=LINES),
            day("Created at", "%Y-%m-%d %H:%M"),
            word("Status", "Open", "Solved", "Closed"),
            count("Full resolution time (min)", 1, 900),
        ),
        EN,
        quoting="all",
    ),
    Shape(
        "surveymonkey",
        (
            code("Respondent ID"),
            day("Start Date", "%m/%d/%Y %I:%M:%S %p"),
            mail("Email Address"),
            word("Which channels?", "E-mail", ""),
            word("", "SMS", ""),
            count("How likely?", 0, 10),
        ),
        EN_WIDE,
        second=(("", "", "", "E-mail", "SMS", "Response"),),
        names=(
            "Respondent ID",
            "Start Date",
            "Email Address",
            "Which channels? / E-mail",
            "Which channels? / SMS",
            "How likely?",
        ),
    ),
    Shape(
        "qualtrics",
        (
            day("StartDate", "%Y-%m-%d %H:%M:%S"),
            word("Status", "IP Address", "Survey Preview"),
            count("Progress", 1, 100),
            count("Q1_NPS", 0, 10),
            title("Q2", extra=QUOTED),
        ),
        EN,
        second=(
            ("Start Date", "Response Type", "Progress", "How likely, 0 to 10?", "Why?"),
            (
                '{"ImportId":"startDate"}',
                '{"ImportId":"status"}',
                '{"ImportId":"progress"}',
                '{"ImportId":"QID1"}',
                '{"ImportId":"QID2_TEXT"}',
            ),
        ),
    ),
    Shape(
        "hootsuite",
        (
            day("Date (GMT)", "%Y-%m-%d %H:%M:%S"),
            link("Post Permalink"),
            title("Post Message", extra=QUOTED),
            word("Type", "photo", "video", "status"),
            count("Reactions"),
            count("Shares"),
        ),
        EN,
        preamble=("Post performance,,,,,", "Jan 01 2024 - Jan 31 2024,,,,,"),
        ends="\r\n",
    ),
    Shape(
        "salesforce",
        (
            title("Opportunity Name", extra=QUOTED),
            word("Stage", "Prospecting", "Closed Won", "Closed Lost"),
            amount("Amount", group=","),
            day("Close Date", "%m/%d/%Y"),
            title("Account", WESTERN),
        ),
        ("utf-8", "cp1252", "utf-8-sig", "utf-16"),
        quoting="all",
        footer=(
            "",
            '"Confidential Information - Do Not Distribute"',
            '"Copyright (c) 2000-2024 salesforce.com, inc. All rights reserved."',
        ),
    ),
    Shape(
        "ozon",
        (
            title("Товар", RUSSIAN),
            code("Артикул"),
            day("Дата", "%Y-%m-%d"),
            count("Заказано, шт."),
            amount("Сумма, ₽"),
        ),
        ("utf-8-sig", "utf-8", "utf-16", "utf-16-le"),
        delimiter=";",
        preamble=(";Отчёт по заказам, период 08.01.2024-31.01.2024",),
        total="last",
        total_word="Всего",
    ),
    Shape(
        "no header",
        (
            day("1", "%Y-%m-%d %H:%M:%S"),
            phone("2"),
            word("3", "delivered", "failed", "expired"),
            amount("4"),
            title("5"),
        ),
        EN_WIDE,
        delimiter="\t",
        header=False,
    ),
    Shape(
        "apostrophes",
        (
            title("Segment", extra=("a| b",)),
            word("Channel", "email", "sms"),
            day("Day"),
            count("Sent"),
            percent("Rate"),
        ),
        EN,
        delimiter="|",
        quote="'",
        quoting="text",
    ),
    Shape(
        "backslashes",
        (
            code("id"),
            title("message", RUSSIAN, extra=QUOTED_RU),
            day("created", "%Y-%m-%d %H:%M:%S"),
            word("channel", "почта", "смс"),
            amount("sum"),
        ),
        RU,
        quoting="all",
        escape="backslash",
    ),
    Shape(
        "carets",
        (code("id"), title("name", RUSSIAN), day("date", "%d.%m.%Y"), amount("sum", mark=",")),
        RU_OLD,
        delimiter="^",
        quoting="none",
    ),
    Shape(
        "hubspot",
        (
            code("Record ID"),
            title("Deal Name"),
            amount("Amount"),
            day("Close Date", "%Y-%m-%d %H:%M"),
            word("Deal Stage", "Closed won", "Closed lost", "Qualified"),
            blank("Deal Description"),
        ),
        EN,
        blank_every=7,
        quoting="all",
    ),
    Shape(
        "old mac",
        (day("Дата", "%d.%m.%y"), title("Имя", RUSSIAN), count("Баллы"), clock("Время")),
        RU_OLD,
        delimiter=";",
        ends="\r",
    ),
    Shape(
        "closing delimiters",
        (day("Date"), title("Post"), count("Likes"), count("Views"), percent("ER", sign="")),
        EN,
        delimiter=";",
        closing=True,
        last_end=False,
    ),
    Shape(
        "words only",
        (
            title("Бренд", RUSSIAN),
            word("Город", "Москва", "Казань", "Тверь", "Омск"),
            word("Статус", "Активен", "Отписан", "Новый"),
            word("Канал", "Почта", "Пуш", "Смс"),
        ),
        RU,
        delimiter=";",
    ),
    Shape(
        "wide",
        (
            day("Week"),
            title("Campaign"),
            *(count(f"Metric {i}") for i in range(1, 31)),
            title("Note", extra=QUOTED),
            *(percent(f"Share {i}") for i in range(1, 31)),
        ),
        EN_WIDE,
    ),
)
