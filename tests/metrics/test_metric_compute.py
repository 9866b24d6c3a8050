"""Asking: groups, filters, what is missing, and what is unknown."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from crm_metrics.errors import NotFoundError
from crm_metrics.metrics import Filters, Missing, compute, metric_named, metrics_of, unlocks
from tests.metrics.stand_in import FrameEngine


@pytest.fixture
def engine() -> FrameEngine:
    return FrameEngine(
        campaigns=pd.DataFrame(
            {
                "date": pd.to_datetime(["2026-01-05", "2026-01-11", "2026-02-01", None]),
                "channel": ["email", "sms", "email", None],
                "campaign_name": ["A", "B", "A", "C"],
                "campaign_id": ["1", "2", "3", "4"],
                "delivered": [100, 200, 300, 400],
                "clicks_unique": [1, 2, 3, 4],
                "Our Segment": ["x", "x", "y", None],
            }
        ),
        calls=pd.DataFrame({"is_answered": [True, False], "channel": ["phone", "phone"]}),
    )


def clicks(engine, **options) -> dict:
    values = compute(engine, ["click_rate"], **options).values
    return {tuple(value.group.values()): value.components["x"] for value in values}


def test_groups_keep_what_is_not_known(engine):
    assert clicks(engine, by=["channel"]) == {("email",): 4, ("sms",): 2, (None,): 4}
    assert clicks(engine, by=["Our Segment"]) == {("x",): 3, ("y",): 3, (None,): 4}


def test_groups_by_time_are_named_by_their_first_day(engine):
    assert clicks(engine, by=["month"]) == {("2026-01-01",): 3, ("2026-02-01",): 3, (None,): 4}
    assert list(clicks(engine, by=["week"])) == [("2026-01-05",), ("2026-01-26",), (None,)]
    assert next(iter(clicks(engine, by=["date"]))) == ("2026-01-05",)
    assert clicks(engine, by=["channel", "month"])["email", "2026-02-01"] == 3


def test_filters(engine):
    january = Filters(start=date(2026, 1, 1), end=date(2026, 1, 31))
    assert clicks(engine, filters=january) == {(): 3}
    assert clicks(engine, filters=Filters(end=date(2026, 1, 5))) == {(): 1}
    assert clicks(engine, filters=Filters(channels=("sms",))) == {(): 2}
    assert clicks(engine, filters=Filters(campaigns=("A", "4"))) == {(): 8}
    assert clicks(engine, filters=Filters(equal=(("Our Segment", ("y",)),))) == {(): 3}


def test_a_filter_that_leaves_nothing_gives_no_value(engine):
    (value,) = compute(engine, ["click_rate"], filters=Filters(channels=("push",))).values
    assert (value.value, value.n) == (None, 0)
    assert "no_data" in value.flags


def test_grains_without_the_column_are_missing_it(engine):
    result = compute(engine, ["click_rate", "call_answer_rate"], by=["Our Segment"])
    assert {value.metric for value in result.values} == {"click_rate"}
    assert result.missing == (Missing("call_answer_rate", "calls", ("Our Segment",)),)


def test_missing_names_the_best_field(engine):
    missing = {lack.metric: lack.needs for lack in compute(engine).missing}
    assert missing["open_rate"] == ("opens_unique",)
    assert missing["revenue_per_message"] == ("revenue",)


def test_a_key_whose_grain_has_no_facts_is_missing(engine):
    assert compute(engine, ["nps"]).missing == (Missing("nps", "surveys", ("score",)),)
    # These need rows alone, so that there is no field to name.
    assert compute(engine, ["deals"]).missing == (Missing("deals", "deals", ()),)
    orders = compute(engine, ["orders"])
    assert not orders.values
    assert Missing("orders", "orders", ()) in orders.missing


def test_a_key_of_several_grains_is_computed_where_there_are_facts(engine):
    result = compute(engine, ["conversion_rate"])
    assert {lack.grain for lack in result.missing} == {"campaigns", "calls"}


def test_no_facts_at_all():
    result = compute(FrameEngine())
    assert (result.values, result.missing) == ((), ())


def test_unknown_names_are_refused(engine):
    with pytest.raises(NotFoundError, match="unknown_metric") as caught:
        compute(engine, ["open_rat"])
    assert caught.value.params == {"metric": "open_rat", "near": "open_rate"}
    with pytest.raises(NotFoundError, match="unknown_column"):
        compute(engine, ["click_rate"], by=["nowhere"])
    with pytest.raises(NotFoundError, match="unknown_column"):
        compute(engine, filters=Filters(equal=(("nowhere", ("x",)),)))
    with pytest.raises(NotFoundError, match="metric_of_other_rows"):
        metric_named("nps", "calls")
    with pytest.raises(NotFoundError, match="no_such_metric"):
        metric_named("qwertz")


def test_hostile_names_and_values_are_only_text(engine):
    hostile = "x'; DROP TABLE campaigns; --"
    frame = pd.DataFrame({hostile: [hostile, "y"], "delivered": [10, 20], "clicks_unique": [1, 2]})
    own = FrameEngine(campaigns=frame)
    assert clicks(own, by=[hostile]) == {(hostile,): 1, ("y",): 2}
    assert clicks(own, filters=Filters(equal=((hostile, (hostile,)),))) == {(): 1}


def test_unlocks_says_what_a_mapping_gives_and_what_one_field_adds():
    ready, added = unlocks({"delivered", "opens_unique"}, "campaigns")
    assert [metric.key for metric in ready] == [
        "messages_sent",
        "messages_delivered",
        "people_reached",
        "open_rate",
    ]
    assert {metric.key for metric in added["clicks_unique"]} == {"click_rate", "ctor"}
    assert {metric.key for metric in added["revenue"]} == {"revenue_per_message", "revenue"}
    assert all(metric not in ready for metrics in added.values() for metric in metrics)


def test_unlocks_of_a_rate_names_the_count_it_lacks():
    ready, added = unlocks({"open_rate"}, "campaigns")
    assert ready == ()
    assert "open_rate" in {metric.key for metric in added["delivered"]}


def test_metrics_of_a_grain():
    assert [metric.key for metric in metrics_of("deals")][:2] == ["deals", "win_rate"]
    assert metrics_of("contacts") == ()
