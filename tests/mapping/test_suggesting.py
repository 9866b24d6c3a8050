"""Unknown tables: what is guessed, what is asked, and what must never be guessed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from crm_metrics.errors import NotFoundError
from crm_metrics.intake import read
from crm_metrics.mapping import completed, suggest
from crm_metrics.mapping.templates.template import template_of
from crm_metrics.schema import GRAINS, fields_of
from tests.mapping.made import made_table

FILES = Path(__file__).parents[1] / "data"


def field_of(mapping):
    return {item.name: item.field for item in mapping.columns if item.field}


def level_of(mapping, name):
    return next(item.level for item in mapping.columns if item.name == name)


def test_facebook_posts():
    mapping = suggest(read(FILES / "facebook_posts.csv")[0])
    assert (mapping.system, mapping.grain, mapping.level) == (
        "Facebook Page Insights (legacy)",
        "posts",
        "sure",
    )
    assert field_of(mapping) == {
        "Page total likes": "followers",
        "Type": "post_type",
        "Paid": "is_paid",
        "Lifetime Post Total Reach": "reach",
        "Lifetime Post Total Impressions": "impressions",
        "Lifetime Post Consumptions": "clicks",
        "Total Interactions": "engagements",
    }


def test_bank_calls():
    mapping = suggest(read(FILES / "bank_calls.csv")[0])
    assert mapping.grain == "calls"
    assert mapping.level in {"likely", "ask"}
    assert field_of(mapping) == {"duration": "talk_time", "y": "converted"}
    assert level_of(mapping, "y") == "ask"


def test_saas_deals():
    mapping = suggest(read(FILES / "saas_deals.csv")[0])
    assert mapping.grain == "deals"
    assert field_of(mapping) == {
        "AQL date": "created_at",
        "Source": "source",
        "Client country": "country",
        "Stage": "stage",
        "Loss reason description": "lost_reason",
        "Closing Date": "closed_at",
    }
    assert mapping.fields["created_at"].level == "likely"
    assert mapping.fields["stage"].values == {
        "negotiations": "open",
        "project set up": "open",
        "closed won": "won",
        "trial": "open",
        "closed lost": "lost",
        "payment": "open",
    }


def test_orders_without_a_header():
    mapping = suggest(read(FILES / "cdnow_orders_sample.txt")[0])
    assert mapping.grain is None
    assert mapping.level == "ask"
    assert not mapping.fields
    assert [item.kind for item in mapping.columns] == [
        "number",
        "number",
        "date",
        "number",
        "number",
    ]
    assert mapping.columns[2].date_order == "ymd"


@pytest.mark.parametrize(
    ("headers", "fields"),
    [
        (["Date", "Channel", "Cost"], ["date", "channel", "cost"]),
        (["Дата", "Расходы на рекламу"], ["date", "cost"]),
        (["Дата", "Сумма"], ["date", None]),
    ],
)
def test_a_small_table_of_days_is_spend_where_nothing_speaks_against_it(tmp_path, headers, fields):
    rows = [[f"2026-01-{day:02}", "email", str(100 + day)] for day in range(1, 9)]
    kept = [[row[0], *row[3 - len(headers) + 1 :]] for row in rows]
    mapping = suggest(made_table(tmp_path, headers, kept))
    assert [item.field for item in mapping.columns] == fields
    assert mapping.level == ("ask" if None in fields else "likely")


NEVER = {
    "Email consent": (["yes", "no"], "email"),
    "Email opt-in date": (["2024-01-05", "2024-02-07"], "email"),
    "Email domain": (["example.com", "mail.ru"], "email"),
    "Campaign ID": (["120", "121"], "campaign_name"),
    "campaign": (["3", "7"], "campaign_name"),
    "Revenue per Recipient": (["0.5", "0.7"], "revenue"),
    "Placed Order Rate": (["0.01", "0.02"], "orders"),
    "Send Weekday": (["Monday", "Tuesday"], "sent_at"),
    "Post Weekday": (["3", "7"], "published_at"),
    "Plan revenue": (["100", "200"], "revenue"),
    "План выручки": (["100", "200"], "revenue"),
    "PPC budget USD": (["500", "1000"], "amount"),
    "Cost per lead": (["10", "20"], "cost"),
    "Avg order value": (["10", "20"], "amount"),
    "Ср. чек": (["10", "20"], "amount"),
    "Birth date": (["1990-01-05", "1981-02-07"], "created_at"),
    "Дата рождения": (["05.01.1990", "07.02.1981"], "created_at"),
    "Phone verified": (["yes", "no"], "phone"),
    "Телефон подтверждён": (["да", "нет"], "phone"),
    "Country manager": (["Ann", "Bob"], "country"),
    "Stage changed by": (["Ann", "Bob"], "stage"),
    "Unsubscribe link": (["https://a.b/1", "https://a.b/2"], "unsubscribes"),
    "Отказы, %": (["12,5", "7,1"], "bounces"),
    "Открытия, %": (["22,5", "17,1"], "opens_unique"),
    "default": (["no", "yes"], "converted"),
    "housing": (["no", "yes"], "converted"),
    "loan": (["no", "yes"], "converted"),
    "Amount": (["small", "large"], "amount"),
    "Date": (["soon", "later"], "date"),
    "Score": (["low risk", "high risk"], "score"),
    "Content": (["Git", "Python"], "utm_content"),
    "Label": (["google", "bing"], "tags"),
}


@pytest.mark.parametrize("grain", GRAINS)
def test_what_must_never_be_guessed(tmp_path, grain):
    headers = list(NEVER)
    rows = [[NEVER[header][0][at] for header in headers] for at in (0, 1)]
    got = field_of(suggest(made_table(tmp_path, headers, rows), grain=grain))
    wrong = {name: got[name] for name in got if got[name] == NEVER[name][1]}
    assert wrong == {}


UNSEEN = {
    "spend": {
        "Дата": "date", "Рекламная кампания": "campaign_name", "Показы рекламы": "impressions",
        "Клики (всего)": "clicks", "Расходы, руб.": "cost", "Конверсии": "conversions",
    },
    "campaigns": {
        "Дата отправки письма": "sent_at", "Название рассылки": "campaign_name",
        "Отправлено писем": "sent", "Доставлено писем": "delivered",
        "Уникальные открытия писем": "opens_unique", "Отписки": "unsubscribes",
        "Жалобы на спам": "complaints", "Открытия, %": "open_rate",
    },
    "orders": {
        "Order date": "created_at", "Order №": "order_id", "Customer ID": "customer_id",
        "Order Amount (EUR)": "amount", "Customer country": "country",
    },
    "contacts": {
        "Имя": "first_name", "Фамилия": "last_name", "E-mail клиента": "email",
        "Мобильный телефон": "phone", "Город": "city",
    },
    "conversations": {
        "Номер обращения": "conversation_id", "Дата создания": "created_at",
        "Время первого ответа, мин": "first_reply_time", "Оператор": "agent", "Канал": "channel",
    },
}  # fmt: skip
CELLS = {
    "date": ["2026-03-01", "2026-03-02"], "sent_at": ["2026-03-01 10:00", "2026-03-02 11:00"],
    "created_at": ["2026-03-01 10:00", "2026-03-02 11:00"], "campaign_name": ["Spring", "Autumn"],
    "email": ["a@example.com", "b@example.com"], "phone": ["+79991234567", "+79991234568"],
    "first_name": ["Анна", "Пётр"], "last_name": ["Котова", "Ли"], "city": ["Москва", "Уфа"],
    "country": ["France", "Spain"], "agent": ["Анна", "Пётр"], "channel": ["Чат", "Почта"],
    "open_rate": ["22,5", "19,1"],
}  # fmt: skip


@pytest.mark.parametrize("grain", UNSEEN)
def test_usual_tables_of_no_known_system(tmp_path, grain):
    wanted = UNSEEN[grain]
    rows = [[CELLS.get(field, ["12", "15"])[at] for field in wanted.values()] for at in (0, 1)]
    mapping = suggest(made_table(tmp_path, list(wanted), rows))
    assert mapping.grain == grain
    assert field_of(mapping) == wanted


def test_one_field_per_column_and_one_column_per_field(tmp_path):
    headers = ["Email", "E-mail", "email address", "Email"]
    mapping = suggest(made_table(tmp_path, headers, [["a@b.co"] * 4]), grain="contacts")
    assert [item.field for item in mapping.columns].count("email") == 1


def test_ambiguous_dates_are_asked_and_dots_mean_day_first(tmp_path):
    rows = [["01/02/2026", "01.02.2026", "10"], ["03/04/2026", "03.04.2026", "12"]]
    mapping = suggest(made_table(tmp_path, ["Order date", "Paid at", "Order total"], rows))
    ordered, paid = mapping.fields["created_at"], mapping.fields["paid_at"]
    assert (ordered.date_order, ordered.level, ordered.why.code) == (
        None,
        "ask",
        "date_order_unclear",
    )
    assert (paid.date_order, paid.level) == ("dmy", "likely")


def test_a_clear_column_settles_the_unclear_ones_of_its_file(tmp_path):
    rows = [
        ["01/02/2026", "25/02/2026", "1,234", "1,5"],
        ["03/04/2026", "27/04/2026", "2,345", "2,5"],
    ]
    headers = ["Order date", "Paid at", "Order total", "Margin"]
    mapping = suggest(made_table(tmp_path, headers, rows))
    assert mapping.fields["created_at"].date_order == "dmy"
    assert mapping.fields["amount"].decimal == ","


def test_a_decimal_mark_that_nothing_settles_is_asked(tmp_path):
    mapping = suggest(
        made_table(tmp_path, ["Order id", "Order total"], [["a1", "1,234"], ["a2", "5,678"]])
    )
    assert mapping.fields["amount"].why.code == "decimal_unclear"
    assert mapping.fields["amount"].decimal is None


def test_a_count_takes_no_decimal_mark_from_its_file(tmp_path):
    """In one file of a social network 2.345 are posts by the thousand, and 3.45 are percent."""
    headers = ["Date", "Reach", "Engagement rate"]
    rows = [["2026-03-01", "2.345", "3.45%"], ["2026-03-02", "987", "2.5%"]]
    table = made_table(tmp_path, headers, rows)
    mapping = suggest(table, grain="posts")
    assert mapping.fields["engagement_rate"].decimal == "."
    assert (mapping.fields["reach"].decimal, mapping.fields["reach"].level) == (None, "likely")


def test_a_remembered_mapping_is_applied_in_any_order_of_columns(tmp_path):
    first = made_table(tmp_path, ["Asiakas", "Määrä", "Päivä"], [["a", "10", "2026-01-02"]])
    chosen = (
        suggest(first).with_grain("orders").with_field(0, "customer_id").with_field(1, "amount")
    )
    template = template_of(chosen, created=date(2026, 2, 1))
    later = made_table(tmp_path, ["Päivä", "MÄÄRÄ", "Asiakas"], [["2026-02-03", "12", "b"]])
    mapping = suggest(later, templates=[template])
    assert mapping.grain == "orders"
    assert field_of(mapping) == {"Asiakas": "customer_id", "MÄÄRÄ": "amount"}
    assert {item.level for item in mapping.columns} == {"sure"}
    assert mapping.why.code == "remembered"
    assert [item.column for item in mapping.columns] == [0, 1, 2]

    other = made_table(tmp_path, ["Päivä", "Summe", "Ort"], [["2026-02-03", "12", "Ulm"]])
    assert suggest(other, templates=[template]).applied is None


def test_a_remembered_mapping_asks_where_values_changed_their_kind(tmp_path):
    first = made_table(tmp_path, ["Kunde", "Betrag"], [["a", "10"]])
    chosen = suggest(first).with_grain("orders").with_field(1, "amount")
    later = made_table(tmp_path, ["Kunde", "Betrag"], [["b", "viel"]])
    mapping = suggest(later, templates=[template_of(chosen, created=date(2026, 2, 1))])
    assert mapping.fields["amount"].level == "ask"
    assert mapping.fields["amount"].why.code == "template_differs"


def test_a_chosen_stage_and_score_get_their_meanings(tmp_path):
    rows = [["Won", "9"], ["Lost", "3"], ["Talks", "10"]]
    table = made_table(tmp_path, ["Zustand", "Wie gern"], rows)
    deals = completed(table, suggest(table).with_grain("deals").with_field(0, "stage"))
    assert deals.fields["stage"].values == {"won": "won", "lost": "lost", "talks": "open"}
    survey = completed(table, suggest(table).with_grain("surveys").with_field(1, "score"))
    assert survey.constants == {"survey_type": "other", "scale_min": "1", "scale_max": "10"}
    moved = completed(table, survey.with_field(1, None))
    assert "score" not in moved.fields


def test_a_stated_grain_is_kept(tmp_path):
    table = made_table(tmp_path, ["Total", "Date"], [["10", "2026-01-02"], ["12", "2026-01-03"]])
    mapping = suggest(table, grain="orders")
    assert (mapping.grain, mapping.level) == ("orders", "sure")
    assert mapping.fields["amount"].name == "Total"
    with pytest.raises(NotFoundError):
        suggest(table, grain="letters")


def test_fields_belong_to_the_grain_and_to_one_column(tmp_path):
    headers = ["Date", "Clicks", "Impressions", "Cost", "Campaign", "Phone", "Status", "Amount"]
    row = ["2026-01-02", "10", "100", "5.5", "Spring", "+79991234567", "on", "7"]
    for grain in GRAINS:
        mapping = suggest(made_table(tmp_path, headers, [row]), grain=grain)
        fields = [item.field for item in mapping.columns if item.field]
        assert len(fields) == len(set(fields))
        assert set(fields) <= set(fields_of(grain))


def test_an_empty_table_is_still_named(tmp_path):
    mapping = suggest(made_table(tmp_path, ["Order id", "Order total"], []))
    assert mapping.grain in {"orders", None}
    assert {item.level for item in mapping.columns} <= {"ask", "none"}


def test_an_empty_header_and_a_repeated_one(tmp_path):
    headers = ["", "Email", "Email", "", "Full name"]
    mapping = suggest(made_table(tmp_path, headers, [["1", "a@b.co", "c@d.co", "x", "Ann Lee"]]))
    assert [item.column for item in mapping.columns] == [0, 1, 2, 3, 4]
    assert [item.field for item in mapping.columns] == [None, "email", None, None, "full_name"]


@pytest.mark.parametrize(
    ("file_name", "grain", "level"),
    [
        ("Заказы март.csv", "orders", "likely"),
        ("deals_2026-03.csv", "deals", "ask"),
        ("export.csv", "orders", "likely"),
    ],
)
def test_the_name_of_a_file_speaks_for_what_its_rows_are(tmp_path, file_name, grain, level):
    rows = [["7", "Анна", "01.03.2026", "1200", "Олег"], ["9", "Ира", "15.03.2026", "800", "Аня"]]
    headers = ["Номер", "Клиент", "Дата", "Сумма", "Менеджер"]
    mapping = suggest(made_table(tmp_path, headers, rows, file_name=file_name))
    assert (mapping.grain, mapping.level) == (grain, level)
