"""The Customers page of deals and activities alone: the numbers of a slow computation, in words."""

from __future__ import annotations

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from crm_metrics.facts import Facts
from crm_metrics.metrics.goals import Goal, write_goals
from crm_metrics.store import Workspace
from crm_metrics.texts import integer_text, percent_text, t
from crm_metrics.ui.customers import crm_use
from tests.conftest import DATA

DEALS = DATA / "saas_deals.csv"


def said(at: AppTest) -> str:
    parts = (*at.markdown, *at.caption, *at.info)
    return "\n".join(one.value for one in parts).replace("\\", "")


@pytest.fixture
def visit(open_app):
    def visited(section: str, language: str) -> AppTest:
        at = open_app(locale=language)
        at.query_params["section"] = section
        at.query_params["span"] = "all"
        at = at.switch_page("pages/customers.py").run()
        assert not at.exception
        assert not at.error
        return at

    return visited


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_file_of_deals_answers_in_both_languages(visit, home, language):
    Workspace(home).add(DEALS, DEALS.name)
    read = pd.read_csv(DEALS)
    won, lost = (read["Stage"] == f"Closed {word}" for word in ("Won", "Lost"))
    at = visit("deals", language)
    rate = won.sum() / (won | lost).sum()
    words = said(at)
    assert percent_text(rate, language) in words
    assert percent_text(won.mean(), language) in words
    still_open = (~(won | lost)).sum()
    most = percent_text(won.mean() + still_open / len(read), language)
    assert most in words
    # Every open deal has the chance of the decided ones.
    assert integer_text(round(still_open * rate), language) in words
    assert t("deals.told.snapshot", language) in words
    assert t("flag.short_past", language) in words
    (order,) = [one for one in at.multiselect if one.label == t("deals.order", language)]
    assert order.value == ["Negotiations", "Project set up", "Trial", "Payment"]
    order.set_value(["Negotiations", "Trial", "Project set up", "Payment"]).run()
    assert t("deals.ordered.said", language) in said(at)
    assert t("crm_use.nobody", language) in said(visit("crm_use", language))


def test_activities_say_who_uses_the_crm_and_a_goal_gives_coverage(visit, home, tmp_path):
    days = pd.date_range("2026-03-02", "2026-03-29", freq="D")
    acts = pd.DataFrame(
        {
            "Activity type": ["Call", "Note", "Task", "Email"] * 7,
            "Date": days.strftime("%Y-%m-%d"),
            "Owner": ["Ann", "Oleg"] * 14,
            "Due date": days.strftime("%Y-%m-%d"),
            "Completed date": ["", *days[1:].strftime("%Y-%m-%d")],
            "Origin": ["Import"] + ["User"] * 27,
        }
    )
    path = tmp_path / "activities.csv"
    acts.to_csv(path, index=False)
    space = Workspace(home)
    (dataset,) = space.add(path, path.name)
    assert dataset.mapping.grain == "activities"
    at = visit("crm_use", "en")
    words = said(at)
    assert t("crm_use.quality", "en") in words
    assert "Left out as made by imports and bots: 1." in words
    # 27 records of two users over 20 workdays.
    name = t("metric.records_per_user_day.name", "en")
    (card,) = [one.value for one in at.metric if one.label == name]
    assert card.replace("\\", "") == "0.68"
    space.add(DATA.parent.parent / "sample_data" / "amocrm_deals.csv", "amocrm_deals.csv")
    write_goals(home, [Goal("won_amount", 20_000_000.0)])
    words = said(visit("deals", "en"))
    assert "Open deals cover what lacks to the target" in words


def test_two_files_of_orders_are_held_against_each_other_once(
    open_app, home, tmp_path, monkeypatch
):
    held = []
    original = crm_use.registered_sales_share

    def counted(ours: Facts, theirs: Facts) -> object:
        held.append((ours, theirs))
        return original(ours, theirs)

    monkeypatch.setattr(crm_use, "registered_sales_share", counted)
    space, ids = Workspace(home), {}
    for name, numbers in (("crm", range(100, 140)), ("books", range(100, 150))):
        path = tmp_path / f"{name}.csv"
        lines = {"Order ID": list(numbers), "Order date": "2026-03-02", "Amount": 10}
        pd.DataFrame(lines).to_csv(path, index=False)
        (dataset,) = space.add(path, path.name)
        assert dataset.mapping.grain == "orders"
        ids[name] = dataset.id
    space.add(DEALS, DEALS.name)
    at = open_app(locale="en")
    at.query_params["section"] = "crm_use"
    at.query_params |= {f"{name}_file": one for name, one in ids.items()}
    at = at.switch_page("pages/customers.py").run()
    assert not at.exception
    at = at.run()
    label = t("metric.registered_sales_share.name", "en")
    (card,) = [one.value for one in at.metric if one.label == label]
    assert card.replace("\\", "") == percent_text(40 / 50, "en")
    assert len(held) == 1
