"""Conversations per customer, against pandas: the base is customers, not those who wrote."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from crm_metrics.metrics import changes_from
from crm_metrics.metrics.contact_rate import NOT_MATCHED, OTHERS_LEFT_OUT, contact_rate
from crm_metrics.metrics.model import Filters, Missing, Value
from tests.metrics.stand_in import FrameEngine


def facts(seed: int = 4) -> tuple[pd.DataFrame, pd.DataFrame]:
    random = np.random.default_rng(seed)
    orders = pd.DataFrame(
        {
            "date": pd.Timestamp("2026-03-01") + pd.to_timedelta(random.integers(0, 60, 300), "D"),
            "customer_id": [f"C{one}" for one in random.integers(0, 120, 300)],
            "amount": 10.0,
            "status": random.choice(["paid", "cancelled"], 300, p=[0.9, 0.1]),
        }
    )
    # Some who write are no customers, and some began by us are no contacts of theirs.
    talks = pd.DataFrame(
        {
            "created_at": pd.Timestamp("2026-03-01 10:00")
            + pd.to_timedelta(random.integers(0, 60, 400), "D"),
            "customer_id": [f" c{one}" for one in random.integers(60, 200, 400)],
            "channel": random.choice(["chat", "email"], 400),
            "initiator": random.choice(["client", "agent"], 400, p=[0.9, 0.1]),
        }
    )
    return orders, talks.assign(date=talks.created_at.dt.normalize())


def slow(orders: pd.DataFrame, talks: pd.DataFrame) -> np.ndarray:
    """How often each customer of the frame wrote."""
    wrote = talks[talks.initiator != "agent"].customer_id.str.strip().str.upper().value_counts()
    people = orders[orders.status == "paid"].customer_id.unique()
    return np.array([wrote.get(one, 0) for one in people], dtype=float)


def test_it_is_the_mean_over_customers_with_students_interval():
    orders, talks = facts()
    engine = FrameEngine(orders=orders, conversations=talks)
    for filters in (
        Filters(),
        Filters(start=date(2026, 3, 10), end=date(2026, 4, 5)),
        Filters(channels=("chat",)),
    ):
        own, other = orders, talks
        if filters.start:
            own, other = (
                one[one.date.between(str(filters.start), str(filters.end))] for one in (own, other)
            )
        if filters.channels:
            other = other[other.channel == "chat"]
        times = slow(own, other)
        found = contact_rate(engine, filters)
        assert isinstance(found, Value)
        low, high = stats.t.interval(0.95, len(times) - 1, times.mean(), stats.sem(times))
        assert (found.value, found.low, found.high) == pytest.approx((times.mean(), low, high))
        assert (found.n, found.components["sum"]) == (len(times), times.sum())
        assert OTHERS_LEFT_OUT in found.flags


def test_two_periods_are_compared_by_welch():
    orders, talks = facts()
    engine = FrameEngine(orders=orders, conversations=talks)
    halves = (("2026-03-01", "2026-03-30"), ("2026-03-31", "2026-04-29"))
    before, now = (
        contact_rate(engine, Filters(*(date.fromisoformat(day) for day in half))) for half in halves
    )
    ((_, change),) = changes_from([now], [before])
    samples = [slow(*(one[one.date.between(*half)] for one in (orders, talks))) for half in halves]
    welch = stats.ttest_ind(samples[1], samples[0], equal_var=False)
    ends = welch.confidence_interval()
    assert (change.low, change.high) == pytest.approx((ends.low, ends.high))
    assert change.pvalue == pytest.approx(welch.pvalue)


def test_without_a_common_field_it_is_totals_without_an_interval():
    orders, talks = facts()
    mails = talks.rename(columns={"customer_id": "email"})
    found = contact_rate(FrameEngine(orders=orders, conversations=mails))
    people = orders[orders.status == "paid"].customer_id.nunique()
    assert found.value == pytest.approx((talks.initiator != "agent").sum() / people)
    assert (found.low, found.variant) == (None, "of_totals")
    assert NOT_MATCHED in found.flags


def test_cards_are_customers_where_there_are_no_orders():
    _, talks = facts()
    cards = pd.DataFrame(
        {
            "contact_id": ["1", "2", "3"],
            "customer_id": ["C70", "C71", "C999"],
            "date": pd.to_datetime(["2020-01-01", "2026-03-01", "2027-01-01"]),
        }
    )
    engine = FrameEngine(contacts=cards, conversations=talks)
    wrote = talks[talks.initiator != "agent"].customer_id.str.strip().str.upper().value_counts()
    found = contact_rate(engine, Filters(end=date(2026, 12, 31)))
    assert (found.value, found.n) == ((wrote.get("C70", 0) + wrote.get("C71", 0)) / 2, 2)


def test_what_lacks_is_named():
    orders, talks = facts()
    assert contact_rate(FrameEngine(orders=orders)) == Missing(
        "contact_rate_in", "conversations", ()
    )
    for one in (
        FrameEngine(conversations=talks),
        FrameEngine(conversations=talks, orders=orders.drop(columns="customer_id")),
    ):
        assert contact_rate(one).grain == "orders"
    cards = pd.DataFrame({"name": ["A"], "date": [pd.Timestamp("2026-05-01")]})
    nameless = orders.drop(columns="customer_id")
    lacks = contact_rate(FrameEngine(conversations=talks, orders=nameless, contacts=cards))
    assert lacks.needs == ("customer_id",)
    nobody = contact_rate(
        FrameEngine(orders=orders, conversations=talks), Filters(end=date(2020, 1, 1))
    )
    assert (nobody.value, nobody.flags) == (None, ("no_customers",))
