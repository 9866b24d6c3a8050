"""What is said of customers: payback as a sentence, a loss before all else, in both languages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from crm_metrics.findings.customers import (
    customer_sentences,
    derived_text,
    payback_text,
    returns_sentence,
    sales_sentence,
)
from crm_metrics.findings.wording import bound_text
from crm_metrics.metrics.derived import worked_out
from crm_metrics.metrics.value.acquisition import Acquisition
from crm_metrics.metrics.value.overview import Customers, Winning
from crm_metrics.texts import LANGUAGES, t, value_text

CAC = worked_out("cac", {"n": 100.0, "spend": 2e4}, (200.0, 150.0, 250.0), currency="EUR")
RATIO = worked_out("ltv_cac", {"n": 100.0}, (0.5, 0.4, 0.7))


def payback(value, low, high):
    flags = ("not_paid_back",) if value is None else ()
    return worked_out("payback_months", {"n": 9.0, "seen": 12.0}, (value, low, high), flags=flags)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_payback_is_a_sentence_and_zero_is_the_first_month(lang):
    at_once = t("customers.payback_first", lang)
    sure = t("customers.payback_first_sure", lang)
    assert payback_text(payback(0.0, 0.0, 0.0), lang) == f"{at_once} {sure}"
    late = t("customers.payback_first_late", lang, months="3")
    assert payback_text(payback(0.0, 0.0, 3.0), lang) == f"{at_once} {late}"
    said = t("customers.payback", lang, months="4", low="2", high="7")
    assert payback_text(payback(4.0, 2.0, 7.0), lang) == said
    assert payback_text(payback(4.0, None, None), lang) == t(
        "customers.payback_alone", lang, months="4"
    )
    assert payback_text(payback(None, None, None), lang) == t(
        "customers.payback_not_yet", lang, months="12"
    )
    assert derived_text(payback(0.0, 0.0, 0.0), lang) == t("customers.payback_at_once", lang)
    assert "0" not in derived_text(payback(0.0, 0.0, 0.0), lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_sure_loss_leads_and_an_unsure_one_is_no_loss(lang):
    won = Winning(
        Acquisition(CAC, date(2026, 1, 1), date(2026, 1, 31)), RATIO, payback(None, None, None)
    )
    first, *rest = customer_sentences(Customers(people=100), won, lang)
    assert first.startswith(t("customers.loss_said", lang, ratio="@").partition("@")[0])
    assert any("EUR" in one or "€" in one for one in rest)
    unsure = replace(won, over_cac=replace(RATIO, high=1.2))
    assert first not in customer_sentences(Customers(people=100), unsure, lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_known_is_nothing_said(lang):
    assert customer_sentences(Customers(), None, lang) == []
    assert returns_sentence(None, lang) == ""
    assert sales_sentence((), lang) == ""


@pytest.mark.parametrize(
    ("bound", "shown"), [(1, "1 дня"), (3, "3 дней"), (31, "31 дня"), (9.96, "10 дней")]
)
def test_ends_of_an_interval_of_days_stand_in_the_genitive(bound, shown):
    assert bound_text(bound, 40, "days", "ru") == shown
    assert bound_text(bound, 40, "days", "en") == value_text(bound, "days", "en")
