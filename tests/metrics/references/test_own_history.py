"""The own typical campaign against a slow pandas computation."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from crm_metrics.metrics.model import Filters
from crm_metrics.metrics.references import own_history
from tests.metrics.stand_in import FrameEngine

KEYS = ("click_rate", "unsub_rate")


def sends(seed: int = 1) -> pd.DataFrame:
    """Campaigns of two channels and two kinds, some on two days, some too small to count."""
    random = np.random.default_rng(seed)
    rows = []
    for number in range(60):
        start = pd.Timestamp("2026-01-05") + pd.Timedelta(days=3 * number)
        channel, kind = ("email", "sms")[number % 2], ("campaign", "campaign", "flow")[number % 3]
        for later in range(1 + number % 4 // 3):
            delivered = int(random.integers(5, 9_000) if number % 7 else 12)
            rows.append(
                {
                    "date": start + pd.Timedelta(days=later),
                    "channel": channel,
                    "message_type": kind,
                    "campaign_id": f"id{number}",
                    "campaign_name": f"Name {number % 5}",
                    "delivered": delivered,
                    "clicks_unique": int(random.integers(0, delivered + 1)),
                    "unsubscribes": int(random.integers(0, 5)),
                }
            )
    return pd.DataFrame(rows)


def slow(frame: pd.DataFrame, count: str, before: str, by: str) -> dict[tuple[str, str], list]:
    """Rates of the last twelve campaigns that count, by channel and kind."""
    frame = frame[frame["date"] < before]
    keys = ["channel", "message_type", by] + (["date"] if by == "campaign_name" else [])
    sums = frame.groupby(keys, as_index=False).agg(
        start=("date", "min"), x=(count, "sum"), n=("delivered", "sum")
    )
    sums = sums[sums["n"] >= 30].sort_values("start")
    return {
        place: list((own["x"] / own["n"]).tail(12))
        for place, own in sums.groupby(["channel", "message_type"])
    }


@pytest.mark.parametrize("name", ["campaign_id", "campaign_name"])
@pytest.mark.parametrize("shuffled", [False, True])
def test_median_and_quartiles_of_the_last_campaigns_of_each_kind(name, shuffled):
    frame = sends()
    other = "campaign_name" if name == "campaign_id" else "campaign_id"
    shown = frame.drop(columns=other)
    if shuffled:
        shown = shown.sample(frac=1, random_state=3)
    found = own_history(FrameEngine(campaigns=shown), KEYS, before=date(2026, 6, 1))
    assert len(found) == 8
    for one in found:
        column = {"click_rate": "clicks_unique", "unsub_rate": "unsubscribes"}[one.metric]
        rates = slow(frame, column, "2026-06-01", name)[one.channel, one.message_type]
        assert one.campaigns == len(rates)
        assert one.lacking == max(8 - len(rates), 0)
        if one.lacking:
            assert (one.median, one.low, one.high) == (None, None, None)
        else:
            expected = pd.Series(rates).quantile([0.5, 0.25, 0.75])
            assert (one.median, one.low, one.high) == pytest.approx(tuple(expected))
            assert one.until < date(2026, 6, 1)
    assert {one.lacking > 0 for one in found} == {True, False}


def test_kinds_that_are_not_told_are_one_kind_and_said_so():
    found = own_history(FrameEngine(campaigns=sends().drop(columns="message_type")), KEYS[:1])
    assert {one.message_type for one in found} == {None}
    assert [one.campaigns for one in found] == [12, 12]


def test_a_filter_of_channels_holds_and_its_period_does_not():
    asked = Filters(start=date(2026, 6, 1), end=date(2026, 6, 30), channels=("email",))
    found = own_history(
        FrameEngine(campaigns=sends()), KEYS[:1], before=date(2026, 6, 1), filters=asked
    )
    assert {one.channel for one in found} == {"email"}
    assert max(one.campaigns for one in found) == 12


def test_without_names_of_campaigns_there_is_no_history():
    bare = sends().drop(columns=["campaign_id", "campaign_name"])
    assert own_history(FrameEngine(campaigns=bare), KEYS) == ()


def test_campaigns_that_stand_in_two_places_are_one_history():
    """A part of the facts in a warehouse and a part in files: the same as all in one place."""
    frame = sends()
    first = frame["campaign_id"].str.removeprefix("id").astype(int) % 4 < 2
    parts = (frame[first], frame[~first])  # both reach to the end, where nothing is ripe yet
    places = [FrameEngine(campaigns=part) for part in parts]
    apart = SimpleNamespace(
        parts=places, grains=("campaigns",), mapped=places[0].mapped, once=lambda _, make: make()
    )
    whole = own_history(FrameEngine(campaigns=frame), KEYS[:1], before=date(2026, 6, 1))
    found = own_history(apart, KEYS[:1], before=date(2026, 6, 1))

    def ordered(histories):
        return sorted(histories, key=lambda one: (one.channel, one.message_type))

    assert ordered(found) == ordered(whole)
