"""Young sends: marked, or left out where asked, each metric with a window of its own."""

from __future__ import annotations

import pandas as pd
import pytest

from crm_metrics.findings.wording import flags_text
from crm_metrics.metrics import Limits, compute
from tests.metrics.stand_in import FrameEngine

FIRST = pd.Timestamp("2026-05-01")


def engine() -> FrameEngine:
    """A campaign a day for ten days; on day d 10 + d clicks and d purchases of 100 delivered."""
    days = range(10)
    return FrameEngine(
        campaigns=pd.DataFrame(
            {
                "date": [FIRST + pd.Timedelta(days=day) for day in days],
                "channel": "email",
                "sent": 100,
                "delivered": 100,
                "clicks_unique": [10 + day for day in days],
                "conversions": list(days),
            }
        )
    )


@pytest.mark.parametrize(
    ("limits", "clicked", "sold"),
    [
        (Limits(), 10, 10),
        (Limits(mature_only=True), 7, 5),
        (Limits(mature_only=True, response_days=1, conversion_days=8), 9, 2),
    ],
)
def test_young_sends_are_marked_or_left_out(limits, clicked, sold):
    keys = ["click_rate", "conversion_rate", "delivery_rate"]
    found = {value.metric: value for value in compute(engine(), keys, limits=limits).values}
    assert found["click_rate"].components == {"x": sum(range(10, 10 + clicked)), "n": 100 * clicked}
    assert found["conversion_rate"].components == {"x": sum(range(sold)), "n": 100 * sold}
    # What is delivered is so at once.
    assert (found["delivery_rate"].n, found["delivery_rate"].flags) == (1000, ())
    # How much of the base is young is said; what a purchase is waited for is longer.
    young = 0 if limits.mature_only else 0.3
    assert found["click_rate"].young == pytest.approx(young)
    assert found["delivery_rate"].young == 0
    assert found["conversion_rate"].young == pytest.approx(0 if limits.mature_only else 0.5)
    flag = "immature_left_out" if limits.mature_only else "immature"
    assert flag in found["click_rate"].flags
    assert ("immature" in found["click_rate"].flags) is (not limits.mature_only)


def test_how_much_is_young_is_said_in_words():
    (value,) = compute(engine(), ["click_rate"]).values
    assert "30.0%" in " ".join(flags_text(value, "en"))
    by_day = compute(engine(), ["click_rate"], by=["date"]).values
    assert [one.young for one in by_day] == [0] * 7 + [1] * 3


def test_of_people_the_young_are_not_counted():
    frame = pd.DataFrame(
        {"date": [FIRST, FIRST + pd.Timedelta(days=9)], "delivered": True, "clicked": True,
         "email": ["a@a.ru", "a@a.ru"]}
    )  # fmt: skip
    (value,) = compute(FrameEngine(recipients=frame), ["engaged_audience_rate"]).values
    assert ("immature" in value.flags, value.young) == (True, None)


def test_a_group_without_young_sends_is_not_marked():
    values = compute(engine(), ["click_rate"], by=["date"]).values
    assert ["immature" in value.flags for value in values] == [False] * 7 + [True] * 3


def test_the_end_is_the_last_that_is_known_of_any_message():
    frame = pd.DataFrame(
        {
            "date": [FIRST, FIRST + pd.Timedelta(days=1)],
            "delivered": True,
            "clicked": [True, False],
            "clicked_at": [FIRST + pd.Timedelta(days=9), pd.NaT],
            "email": ["a@a.ru", "b@a.ru"],
        }
    )
    (value,) = compute(FrameEngine(recipients=frame), ["click_rate"]).values
    assert "immature" not in value.flags
