"""The use of the CRM against slow counts in pandas; idle users and weeks stay in the base."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from crm_metrics.facts import Facts
from crm_metrics.findings.crm_use import use_sentences
from crm_metrics.metrics import Filters
from crm_metrics.metrics.crm_use import crm_use, registered_sales_share
from crm_metrics.texts import t
from tests.metrics.stand_in import FrameEngine

MAY = Filters(start=date(2026, 5, 1), end=date(2026, 5, 31))


def acts(seed: int = 5, n: int = 900) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    day = pd.Timestamp("2026-04-20") + pd.to_timedelta(random.integers(0, 60, n), unit="D")
    return pd.DataFrame(
        {
            "date": day,
            "ts": day,
            "activity_type": random.choice(["call", "email", "note", "task", "login"], n),
            "owner": random.choice([f"user {i:02}" for i in range(24)], n),
            "origin": random.choice(["person", "import", "bot", None], n),
        }
    )


def values(found) -> dict[str, object]:
    return {one.metric: one for one in found.values}


def test_means_over_users_equal_slow_ones():
    frame = acts()
    frame.loc[frame["date"] < "2026-05-01", "owner"] = "only in April"
    found = crm_use(FrameEngine(activities=frame), MAY)
    own = frame[~frame["origin"].isin(["import", "bot"]) & frame["date"].between(*span())]
    users = sorted(frame["owner"].unique())
    assert (found.users, found.base) == (len(users), len(users))
    each = own.groupby("owner").size().reindex(users, fill_value=0) / 21
    value = values(found)["records_per_user_day"]
    assert value.value == pytest.approx(each.mean())
    low, high = stats.t.interval(0.95, len(each) - 1, each.mean(), stats.sem(each))
    assert (value.low, value.high) == pytest.approx((max(low, 0), high))
    for key, kinds in (
        ("comms_per_user_week", ["call", "email"]),
        ("logins_per_user_week", ["login"]),
    ):
        count = own["activity_type"].isin(kinds).sum()
        assert values(found)[key].value == pytest.approx(count / len(users) / (31 / 7))
    mondays = pd.date_range("2026-05-04", "2026-05-25", freq="7D")
    assert found.weeks == 4
    active = sum(
        own[(own["date"] >= monday) & (own["date"] < monday + pd.Timedelta(days=7))].owner.nunique()
        for monday in mondays
    )
    assert values(found)["active_user_share"].value == pytest.approx(active / len(users) / 4)
    machines = frame["origin"].isin(["import", "bot"]) & frame["date"].between(*span())
    assert found.machines == machines.sum()


def span() -> tuple[str, str]:
    return "2026-05-01", "2026-05-31"


def test_licences_enlarge_the_base_and_never_shrink_it():
    frame = acts()
    seen = values(crm_use(FrameEngine(activities=frame), MAY))["active_user_share"]
    more = values(crm_use(FrameEngine(activities=frame), MAY, licences=48))["active_user_share"]
    assert more.value == pytest.approx(seen.value / 2)
    assert more.variant == "of_licences"
    fewer = values(crm_use(FrameEngine(activities=frame), MAY, licences=3))["active_user_share"]
    assert fewer.value == seen.value
    assert "more_users" in fewer.flags


def test_deals_and_orders_count_per_user_and_what_lacks_is_said():
    deals = pd.DataFrame(
        {
            "status": ["won", "lost", "open", "won"],
            "owner": ["Ann", "Ann", "Oleg", "Vera"],
            "created_at": pd.Timestamp("2026-04-01"),
            "closed_at": pd.to_datetime(["2026-05-02", "2026-05-03", None, "2026-07-01"]),
        }
    )
    orders = pd.DataFrame(
        {"order_id": ["1", "1", "2"], "owner": ["Ann", "Ann", None], "amount": 5.0}
    ).assign(date=pd.Timestamp("2026-05-05"))
    found = crm_use(FrameEngine(deals=deals, orders=orders), MAY)
    assert values(found)["closed_per_user"].value == pytest.approx(2 / 3)
    assert values(found)["tx_per_user"].value == pytest.approx(1 / 3)
    assert values(found)["records_per_user_day"].value is None
    assert values(found)["records_per_user_day"].flags == ("no_records",)
    assert values(found)["closed_per_user"].low is None
    assert found.needs == ("activity_type", "ts", "owner")
    assert crm_use(FrameEngine(deals=deals.drop(columns="owner")), MAY) is None


def test_a_file_without_logins_has_none_to_count_not_nought():
    frame = acts()
    frame = frame[frame["activity_type"] != "login"]
    value = values(crm_use(FrameEngine(activities=frame), MAY))["logins_per_user_week"]
    assert value.value is None
    assert value.flags == ("no_logins",)


def facts(path: Path, frame: pd.DataFrame, grain: str = "orders") -> Facts:
    frame.assign(__line=np.arange(2, len(frame) + 2)).to_parquet(path)
    return Facts(path, grain, len(frame), (), {}, None)


def test_registered_sales_are_matched_by_number_on_days_of_both(tmp_path):
    books = pd.DataFrame(
        {
            "order_id": ["001", "2", "3", "4", None],
            "date": pd.to_datetime(["2026-05-01", "2026-05-02", "2026-05-03", "2026-06-09", None]),
            "amount": [10.0, 20.0, 30.0, 40.0, 5.0],
        }
    )
    crm = pd.DataFrame(
        {
            "order_id": ["1", "2", "9", "2"],
            "date": pd.to_datetime(["2026-05-01", "2026-05-02", "2026-05-30", "2026-05-02"]),
            "amount": [10.0, 25.0, 1.0, 25.0],
        }
    )
    found = registered_sales_share(facts(tmp_path / "c", crm), facts(tmp_path / "b", books))
    # The order of 9 June lies after the last day of the CRM's file.
    assert found.value.components == {"x": 2.0, "n": 3.0}
    assert found.amount == pytest.approx(30 / 60)
    assert (found.only_books, found.only_crm, found.differing, found.nameless) == (1, 1, 1, 1)
    told = {(one.why, one.number, one.book_line, one.crm_line) for one in found.apart}
    assert told == {
        ("only_books", "3", 4, None),
        ("differing", "2", 3, 3),
        ("only_crm", "9", None, 4),
    }
    other = crm.assign(order_id=["a", "b", "c", "d"])
    none = registered_sales_share(facts(tmp_path / "d", other), facts(tmp_path / "b", books))
    assert none.value.value is None
    assert none.value.flags == ("no_shared_numbers",)


def test_a_deal_is_sold_on_the_day_on_which_it_was_won(tmp_path):
    """Made in April, sold in May: the books have the sale in May, one of them on their last day."""
    books = pd.DataFrame(
        {
            "order_id": ["7", "8", "9"],
            "date": pd.to_datetime(["2026-05-01", "2026-05-10", "2026-05-20"]),
            "amount": 10.0,
        }
    )
    crm = pd.DataFrame(
        {
            "deal_id": ["007", "8", "9", "5"],
            "date": pd.to_datetime("2026-04-10"),
            "closed_at": pd.to_datetime(["2026-05-02", "2026-05-11", "2026-05-21", "2026-05-05"]),
            "status": "won",
            "amount": 10.0,
        }
    )
    found = registered_sales_share(
        facts(tmp_path / "c", crm, "deals"), facts(tmp_path / "b", books)
    )
    assert (found.both, found.only_books, found.only_crm) == (3, 0, 1)
    assert (found.start, found.end) == (date(2026, 5, 1), date(2026, 5, 20))


def test_deals_that_are_not_won_tell_of_days_too(tmp_path):
    """Ten sales on ten days, of which the CRM has won five: half, not all of five days."""
    days = pd.date_range("2026-05-01", periods=10)
    numbers = [f"{one}" for one in range(1, 11)]
    books = pd.DataFrame({"order_id": numbers, "date": days, "amount": 10.0})
    crm = pd.DataFrame({"deal_id": numbers, "date": days, "amount": 10.0})
    crm["status"] = ["won"] * 5 + ["lost"] * 5
    deals = replace(facts(tmp_path / "c", crm), grain="deals")
    found = registered_sales_share(deals, facts(tmp_path / "b", books))
    assert found.value.components == {"x": 5.0, "n": 10.0}
    assert (found.start, found.end) == (days[0].date(), days[-1].date())


def test_open_deals_alone_have_no_period_and_say_so():
    deals = pd.DataFrame({"owner": ["Ann", "Bob"], "stage": ["New", "Offer"], "closed_at": pd.NaT})
    deals = deals.assign(closed_at=pd.to_datetime(deals["closed_at"]))
    found = crm_use(FrameEngine(deals=deals))
    assert (found.start, found.end, found.weeks, found.users) == (None, None, 0, 2)
    assert all(one.value is None and one.flags for one in found.values)
    assert values(found)["closed_per_user"].flags == ("no_days_of_users",)
    for lang in ("ru", "en"):
        assert use_sentences(found, lang)[0] == t("flag.no_days_of_users", lang)
    # A period that is asked for is one: nobody closed anything in it.
    assert values(crm_use(FrameEngine(deals=deals), MAY))["closed_per_user"].value == 0
