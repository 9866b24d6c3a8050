"""Every name that people use leads to its metrics, and never to another one."""

from __future__ import annotations

import pytest

from crm_metrics.errors import NotFoundError
from crm_metrics.findings.metric_search import metric_meant, own_names, search, squeezed
from crm_metrics.metrics import CATALOGUE
from crm_metrics.metrics.contact_rate import CONTACT_RATE
from crm_metrics.metrics.names import guides, names
from crm_metrics.texts import LANGUAGES, error_text

KEYS = (*dict.fromkeys(metric.key for metric in CATALOGUE), CONTACT_RATE)

# What the guides name, in Russian and English, and the metric that they mean by it.
GUIDES = """
ER|ER|engaged_audience_rate
вовлечённость|engagement|er_reach
лояльность|loyalty|nps
удовлетворённость|satisfaction|csat
отзывы и жалобы|reviews and complaints|complaint_theme_share
оперативность ответов|speed of response|frt_median
конверсия|conversion|conversion_rate
конверсия|conversion|visitor_conversion_rate
средний чек|average check|revenue_per_buyer
средний чек|average check|aov
удержание|retention|retention_rate
удержание|retention|repeat_purchase_rate
LTV|LTV|ltv_simple
отказы|refusals|churn_rate
отказы|refusals|web_bounce_rate
отказы|refusals|bounce_rate
обратная связь|feedback|csat
CSAT|CSAT|csat
среднее время ответа|average response time|frt_mean
среднее время ответа|average response time|answered_within
частота обращений|requests per customer|contact_rate_in
продажи по каналам|sales by channel|sales_share
CAC|CAC|cac
записей в день|records per day|records_per_user_day
звонков, SMS, писем, КП и встреч в неделю|communications a week|comms_per_user_week
новые лиды|new leads|new_leads
закрытые сделки|closed deals|closed_deals
доля зарегистрированных продаж|registered sales|registered_sales_share
частота входов|log-ins|logins_per_user_week
транзакций на пользователя|transactions per user|tx_per_user
доля активных сотрудников|share of active users|active_user_share
прибыльность клиентов|customer profitability|profit_per_customer
воронка|funnel|stage_conversion
прогноз|forecast|forecast_weighted
звонки, встречи и письма|calls, meetings and letters|activity_volume
просроченные задачи|overdue tasks|overdue_task_share
решено за 2 часа|resolved within two hours|resolved_within_sla
заказы за 24 часа|orders within 24 hours|orders_within_24h
длительность опроса|survey duration|survey_duration_p90
сопоставить KPI с тем, что думают клиенты|KPI against customers' opinion|kpi_voice_link
цикл продаж|sales cycle|cycle_median
перекрёстные продажи|cross-selling|cross_sell_rate
довольные клиенты|satisfied customers|satisfied_customers
open rate|open rate|open_rate
CTR|CTR|click_rate
"""


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_the_guides_name_leads_to_its_metric(lang):
    for line in GUIDES.split("\n")[1:-1]:
        russian, english, key = line.split("|")
        (found, *_) = search(russian if lang == "ru" else english, lang)
        assert key in (*found.metrics, *found.not_yet), line
        assert (key in KEYS) == (key in found.metrics), line
        assert len({*found.metrics, *found.not_yet}) == 1 or found.said, line


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_metric_is_found_by_its_own_names_and_by_its_key(lang):
    for key in KEYS:
        for name in (key, *own_names(key, lang)):
            assert key in search(name, lang)[0].metrics, name


def test_names_are_told_apart():
    places: dict[str, int] = {}
    for place, name in enumerate(names()):
        for spelling in (*name.spellings["ru"], *name.spellings["en"]):
            assert places.setdefault(squeezed(spelling), place) == place, spelling
        assert len(name.metrics) == 1 or set(name.said) == {"ru", "en"}, name.spellings
        assert set(name.guides) <= set(guides("en")) == set(guides("ru"))


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("ОТКРЫВАЕМОСТЬ", "open_rate"),
        ("вовлеченность  по охвату", "er_reach"),
        ("open-rate", "open_rate"),
        ("доходимасть", "event_attendance_rate"),
        ("clik-to-open rate", "ctor"),
        ("глубин", "pages_per_session"),
        ("ДРР", "drr"),
    ],
)
def test_case_spaces_and_a_slip_of_the_hand_do_not_matter(typed, key):
    assert key in search(typed, "ru")[0].metrics


@pytest.mark.parametrize("typed", ["", "  ", "погода", "CTX", "xyz"])
def test_what_nobody_calls_so_leads_nowhere(typed):
    assert search(typed, "ru") == ()


def test_a_metric_that_is_not_computed_is_not_replaced_by_another():
    absent = {key for name in names() for key in name.metrics} - set(KEYS)
    for name in names():
        if set(name.metrics) <= absent:
            (found, *_) = search(name.spellings["ru"][0], "ru")
            assert (found.metrics, found.not_yet) == ((), name.metrics)
            with pytest.raises(NotFoundError, match="metric_not_yet"):
                metric_meant(name.spellings["en"][0], "en")


def test_one_meaning_is_taken_and_several_are_listed():
    assert metric_meant("drr", "en") == metric_meant("ДРР", "en") == "drr"
    assert metric_meant("Доходимость", "ru") == "event_attendance_rate"
    with pytest.raises(NotFoundError, match="several_metrics") as caught:
        metric_meant("средний чек", "ru")
    sentence = error_text(caught.value, "ru")
    assert "Выручка на покупателя (revenue_per_buyer)" in sentence
    assert "(aov)" in sentence
    with pytest.raises(NotFoundError, match="unknown_metric") as caught:
        metric_meant("доходимасть", "ru")
    assert "Возможно, вы имели в виду доходимость" in error_text(caught.value, "ru")
