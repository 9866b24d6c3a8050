"""People behind messages: how many, how often they are written to, and who responds."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from crm_metrics.metrics import Filters, Limits, Value, compute, compute_each
from tests.metrics.stand_in import FrameEngine

MAY = Filters(start=date(2026, 5, 4), end=date(2026, 5, 31))
FREQUENCY = ("contact_frequency", "contact_frequency_p90", "over_contacted_rate")


def values(frame: pd.DataFrame, *keys: str, **options) -> dict[str, Value]:
    found = compute(FrameEngine(recipients=frame), keys, **options).values
    return {value.metric: value for value in found}


def sent_to(people: dict[str, list[str]], **columns: object) -> pd.DataFrame:
    """A delivered message for each person and day."""
    rows = [(person, day) for person, days in people.items() for day in days]
    frame = pd.DataFrame(rows, columns=["customer_id", "date"])
    return frame.assign(date=pd.to_datetime(frame.date), delivered=True, **columns)


def test_weeks_of_the_period_without_a_message_count():
    """Two messages in one day of four weeks are half a message a week, not two."""
    frame = sent_to({"a": ["2026-05-04", "2026-05-04"], "b": ["2026-05-05"] * 6})
    found = values(frame, *FREQUENCY, filters=MAY, limits=Limits(contacts_per_week=5))
    assert found["contact_frequency"].value == pytest.approx((2 / 4 + 6 / 4) / 2)
    assert found["contact_frequency"].n == 2
    assert found["contact_frequency_p90"].value == pytest.approx(np.quantile([0.5, 1.5], 0.9))
    assert found["over_contacted_rate"].components == {"x": 1.0, "n": 2.0}


def test_without_a_period_the_weeks_are_those_of_the_facts():
    frame = sent_to({"a": ["2026-05-04", "2026-05-24"], "b": ["2026-05-10"]})
    value = values(frame, "contact_frequency")["contact_frequency"]
    assert value.value == pytest.approx(3 / (2 * 3))


def test_a_month_has_its_own_weeks_and_a_week_is_one():
    frame = sent_to({"a": ["2026-05-20", "2026-06-01", "2026-06-01"], "b": ["2026-06-30"]})
    engine = FrameEngine(recipients=frame)
    period = Filters(start=date(2026, 5, 11), end=date(2026, 6, 30))
    months = compute(engine, ["contact_frequency"], by=["month"], filters=period).values
    assert [value.value for value in months] == pytest.approx([1 / 3, 3 / 2 / (30 / 7)])
    weeks = compute(engine, ["contact_frequency"], by=["week"], filters=period).values
    assert [value.value for value in weeks] == [1, 2, 1]


def test_two_periods_have_their_own_weeks():
    frame = sent_to({"a": ["2026-05-04"] * 3, "b": ["2026-06-02", "2026-06-09"]})
    engine = FrameEngine(recipients=frame)
    june = Filters(start=date(2026, 6, 1), end=date(2026, 6, 14))
    found = compute_each(engine, FREQUENCY, each=(june, MAY))
    assert [one.values[0].value for one in found] == pytest.approx([1.0, 3 / 4])
    assert found == [compute(engine, FREQUENCY, filters=filters) for filters in (june, MAY)]


def test_the_limit_is_of_the_fullest_calendar_week():
    """Six messages of one week are above a limit of five even where the mean is not."""
    days = [f"2026-05-{day:02}" for day in (4, 5, 6, 7, 8, 10)]
    apart = [f"2026-05-{day:02}" for day in (4, 5, 6, 11, 12, 13)]
    frame = sent_to({"a": days, "b": apart})
    for limit, over in ((2.0, 2), (3.0, 1), (5.0, 1), (6.0, 0)):
        found = values(frame, "over_contacted_rate", limits=Limits(contacts_per_week=limit))
        assert found["over_contacted_rate"].components == {"x": over, "n": 2.0}


def test_people_of_several_channels_count_once_and_their_messages_together():
    frame = sent_to({"a": ["2026-05-04"] * 4, "b": ["2026-05-04"]})
    frame["channel"] = ["email", "email", "sms", "sms", "sms"]
    engine = FrameEngine(recipients=frame)
    keys = ["people_reached", "over_contacted_rate"]
    each = compute(engine, keys, by=["channel"]).values
    assert [value.components["sum"] for value in each[:2]] == [1, 2]
    assert [value.components["x"] for value in each[2:]] == [0, 0]
    together = {value.metric: value for value in compute(engine, keys).values}
    assert together["people_reached"].value == 2
    assert together["over_contacted_rate"].components == {"x": 1.0, "n": 2.0}


def test_an_address_tells_apart_who_has_no_number():
    frame = pd.DataFrame(
        {
            "customer_id": ["1", None, None, None, None],
            "email": [None, "anna@x.ru", "Anna@X.ru", None, None],
            "phone": [None, None, None, "1", None],
            "delivered": [True, True, True, True, True],
        }
    )
    value = values(frame, "people_reached")["people_reached"]
    assert value.value == 3
    assert "nameless_left_out" in value.flags


def test_engaged_are_people_not_messages_and_opens_count_apart():
    frame = pd.DataFrame(
        {
            "customer_id": ["a", "a", "a", "b", "c", "d"],
            "delivered": [True, True, True, True, True, False],
            "opened": [True, True, True, True, False, True],
            "clicked": [False, True, True, False, False, True],
            "replied": [None, None, None, None, True, None],
        }
    )
    found = values(frame, "engaged_audience_rate", "engaged_or_opened_rate")
    assert found["engaged_audience_rate"].components == {"x": 2.0, "n": 3.0}
    assert found["engaged_or_opened_rate"].components == {"x": 3.0, "n": 3.0}


def test_what_nobody_knows_is_not_counted_as_silence():
    frame = pd.DataFrame({"customer_id": ["a", "b"], "clicked": [False, None]})
    frame["clicked"] = pd.Series([False, None], dtype="boolean")
    value = values(frame, "engaged_audience_rate")["engaged_audience_rate"]
    assert value.components == {"x": 0.0, "n": 1.0}


def test_messages_without_a_date_have_no_frequency():
    frame = sent_to({"a": ["2026-05-04"] * 5, "b": ["2026-05-05"]})
    frame["date"] = frame.date.where(frame.customer_id == "b")
    for value in values(frame, *FREQUENCY).values():
        assert value.value == (0 if value.metric == "over_contacted_rate" else 1)
        assert value.n == 1
        assert "undated_left_out" in value.flags
    for value in values(frame.assign(date=pd.NaT), *FREQUENCY).values():
        assert value.value is None
        assert "no_data" in value.flags
