"""Who a person is: one answer for every metric, whichever way a file writes the key."""

from __future__ import annotations

import pandas as pd

from crm_metrics.metrics import compute
from crm_metrics.metrics.frequency import fullest_weeks
from tests.metrics.stand_in import FrameEngine

PEOPLE = {
    "email": ["A@x.ru", " a@x.ru", None, None, None, None, None],
    "phone": [None, None, "+7 900 111-22-33", "89001112233", None, None, None],
    "customer_id": [None, None, None, None, "C1", "c1", None],
}


def test_a_person_is_the_same_however_the_key_is_written():
    frame = pd.DataFrame(PEOPLE).assign(
        date=pd.Timestamp("2026-05-04"), delivered=True, clicked=[True, *[False] * 6]
    )
    engine = FrameEngine(recipients=frame)
    keys = ["people_reached", "engaged_audience_rate", "over_contacted_rate"]
    found = {value.metric: value for value in compute(engine, keys).values}
    assert found["people_reached"].value == 3
    assert found["engaged_audience_rate"].components == {"x": 1.0, "n": 3.0}
    assert found["over_contacted_rate"].n == 3
    assert all("nameless_left_out" in value.flags for value in found.values())
    assert fullest_weeks(engine) == [(2, 3)]


def test_an_id_is_no_phone():
    frame = pd.DataFrame(
        {"customer_id": ["9001112233", None], "phone": [None, "9001112233"], "delivered": True}
    )
    (value,) = compute(FrameEngine(recipients=frame), ["people_reached"]).values
    assert value.value == 2
