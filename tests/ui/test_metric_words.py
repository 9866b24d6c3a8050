"""Words about metrics that pages share: days shown, and how a group stands to the rest."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest

from crm_metrics.findings.trial_numbers import between_text
from crm_metrics.metrics import against_the_rest
from crm_metrics.metrics.model import Value
from crm_metrics.metrics.value.moved import moved
from crm_metrics.texts import t
from crm_metrics.ui.choices import Choices
from crm_metrics.ui.metrics import view
from crm_metrics.ui.metrics.apart import apart_words
from crm_metrics.ui.metrics.data import _in_currency
from crm_metrics.ui.metrics.derived import change_lines
from tests.findings.made import row, value
from tests.metrics.comparing.made import click_rates


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_group_that_is_not_compared_says_why(language):
    counts = {"email": (300, 9000), "sms": (90, 2000), "push": (30, 20), "vk": (1, 3)}
    found = dict(zip(counts, against_the_rest(click_rates(counts)), strict=True))
    words = {name: apart_words(one, "share", language) for name, one in found.items()}
    assert words["push"] == f"— ({t('goals.reason.impossible_rows', language)})"
    assert words["vk"] == f"— ({t('goals.reason.small_n', language)})"
    assert "—" not in words["email"]


@pytest.mark.parametrize(("undated", "said"), [(0, False), (3, True)])
def test_records_without_a_date_are_named_where_there_are_some(monkeypatch, undated, said):
    lines = []
    monkeypatch.setattr(view.st, "caption", lines.append)
    period = (date(2026, 3, 1), date(2026, 4, 30))
    known = Choices(period, (), (), None, (), undated=undated)
    view.period_line(SimpleNamespace(period=None, before=None), known, "en")
    (line,) = lines
    assert "Mar 1, 2026" in line
    assert ("without a date" in line) is said


def test_a_page_of_some_kinds_of_rows_tells_the_days_of_their_files_alone():
    spring, may = (date(2026, 3, 1), date(2026, 4, 30)), (date(2026, 5, 2), date(2026, 5, 9))
    spans = (("mail", spring), ("answers", may), ("undated", None))
    known = Choices(spring, (), (), None, (), spans=spans, kinds=("campaigns", "surveys", "calls"))
    known = replace(known, undated=9, undated_of=(("campaigns", 5), ("surveys", 1), ("calls", 3)))
    own = known.of_kinds({"surveys", "calls"})
    assert (own.period, own.undated) == (may, 4)
    assert dict(zip((name for name, _ in own.spans), own.kinds, strict=True)) == {
        "answers": "surveys",
        "undated": "calls",
    }
    assert own.outside(spring) == ("answers", "undated")
    assert known.of_kinds({"deals"}) is known


@pytest.mark.parametrize(
    ("group", "said"),
    [
        ({}, "vs. the previous period, +$3.02 to +$6.98"),
        ({"cohort": "2026-03"}, "vs. the cohort before, +$3.02 to +$6.98"),
    ],
)
def test_a_clear_change_of_what_is_worked_out_names_what_it_is_from(group, said):
    def cost(value: float) -> Value:
        ends = (value - 1.4, value + 1.4)
        return Value("cac", "of_new", "orders", group, value, *ends, 100, {}, currency="USD")

    (line,) = change_lines(moved(cost(10.0), cost(5.0))[0], "en")
    assert line == said


def test_amounts_without_a_currency_are_in_the_only_one_of_the_data_and_say_so():
    priced = replace(value("revenue_per_message"), currency="EUR")
    rows = [row(one, unit="money") for one in (priced, replace(priced, currency=None))]
    named, unnamed = (one.now for one in _in_currency(rows, "EUR"))
    assert (named.currency, named.flags) == ("EUR", ())
    assert (unnamed.currency, unnamed.flags) == ("EUR", ("currency_unknown",))
    assert [one.now.currency for one in _in_currency(rows, None)] == ["EUR", None]


@pytest.mark.parametrize("language", ["en", "ru"])
def test_an_interval_without_ends_is_told_in_words(language):
    assert between_text("—", "—", language) == t("experiments.no_interval", language)
    assert between_text("1", "2", language) == t("experiments.between", language, low="1", high="2")
