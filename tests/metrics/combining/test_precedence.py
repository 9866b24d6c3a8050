"""The same campaign in several grains and files: one counts, and it is said."""

from __future__ import annotations

import pandas as pd
import pytest

from crm_metrics.metrics import compute
from tests.metrics.stand_in import FrameEngine

DAY = pd.Timestamp("2026-05-04")


def sums(*rows: tuple, **columns: object) -> pd.DataFrame:
    """Campaigns of (name, day, delivered, clicks)."""
    names = ["campaign_name", "day", "delivered", "clicks_unique"]
    made = pd.DataFrame(rows, columns=names)
    date = DAY + pd.to_timedelta(made.day, unit="D")
    return made.drop(columns="day").assign(
        date=date, channel="email", __dataset="sums", sent=made.delivered, **columns
    )


def people(*rows: tuple, **columns: object) -> pd.DataFrame:
    """Recipients of (name, day, how many, how many of them clicked)."""
    made = [
        {"campaign_name": name, "date": DAY + pd.Timedelta(days=day), "clicked": place < clicks,
         "email": f"u{place}@a.ru"}
        for name, day, count, clicks in rows
        for place in range(count)
    ]  # fmt: skip
    return (
        pd.DataFrame(made)
        .assign(channel="email", delivered=True, __dataset="people")
        .assign(**columns)
    )


def clicks(settled=None, **frames: pd.DataFrame):
    engine = FrameEngine(**frames)
    engine.settled = settled or {}
    (value,) = compute(engine, ["click_rate"]).values
    return value


A, B = ("A", 0, 100, 40), ("B", 1, 50, 9)


def test_people_count_before_the_sums_of_their_campaign():
    value = clicks(campaigns=sums(A, B), recipients=people(("a ", 0, 99, 10)))
    assert value.components == {"x": 10 + 9, "n": 99 + 50}
    assert value.grains == ("recipients", "campaigns")
    assert "finer_counts" in value.flags
    assert "finer_partial" not in value.flags


def test_a_campaign_that_is_there_only_in_part_counts_by_its_sums_and_is_said():
    value = clicks(campaigns=sums(A, B), recipients=people(("A", 0, 40, 40), ("C", 0, 10, 1)))
    assert value.components == {"x": 40 + 9 + 1, "n": 100 + 50 + 10}
    assert {"coarser_counts", "finer_partial"} <= set(value.flags)
    assert "finer_counts" not in value.flags


def test_people_of_a_part_are_no_silent_base():
    keys = ["engaged_audience_rate", "people_reached"]
    for count, partial in ((40, True), (99, False)):
        engine = FrameEngine(campaigns=sums(A), recipients=people(("A", 0, count, 40)))
        flags = {one.variant: one.flags for one in compute(engine, keys).values}
        assert ("finer_partial" in flags["of_people_reached"]) == partial
        assert ("finer_partial" in flags["unique_people"]) == partial


def test_people_in_two_files_are_one_campaign():
    halves = pd.concat(
        [people(("A", 0, 50, 5), __dataset="one"), people(("A", 0, 50, 6), __dataset="two")],
        ignore_index=True,
    )
    value = clicks(campaigns=sums(A), recipients=halves)
    assert value.components == {"x": 11, "n": 100}
    assert "finer_partial" not in value.flags


def test_what_was_decided_goes_before_the_rule():
    frames = {"campaigns": sums(A), "recipients": people(("A", 0, 100, 10))}
    pair = ("sums", "people")
    assert clicks({pair: "once_first"}, **frames).components == {"x": 40, "n": 100}
    assert clicks({pair: "both"}, **frames).components == {"x": 50, "n": 200}


@pytest.mark.parametrize(
    ("ours", "theirs", "same"),
    [
        ({"id": "7"}, {"id": "007", "name": "Other"}, True),
        ({"id": "7"}, {"id": "8"}, False),
        ({}, {"id": "8"}, True),
        ({}, {"day": 1}, True),
        ({}, {"day": 5}, False),
        ({}, {"channel": "sms"}, False),
        ({"id": "7", "day": 5}, {"id": "7"}, True),
    ],
)
def test_a_campaign_is_known_by_its_id_else_by_name_and_day(ours, theirs, same):
    one, two = (
        make((own.get("name", "A"), own.get("day", 0), 100, 10)).assign(
            campaign_id=pd.Series([own.get("id")] * count, dtype="string"),
            channel=own.get("channel", "email"),
        )
        for make, own, count in ((sums, ours, 1), (people, theirs, 100))
    )
    assert clicks(campaigns=one, recipients=two).components["n"] == (100 if same else 200)


def test_a_name_that_is_used_every_day_is_a_campaign_a_day():
    value = clicks(
        campaigns=sums(("Daily", 0, 10, 1), ("Daily", 1, 10, 2), ("Daily", 2, 10, 3)),
        recipients=people(("Daily", 1, 10, 7)),
    )
    assert value.components == {"x": 1 + 7 + 3, "n": 30}


@pytest.mark.parametrize(
    ("ours", "theirs", "counted"),
    [
        # One send over a week, with the sum on its first day.
        ([("A", 0, 100, 9)], [("A", 0, 40, 1), ("A", 1, 30, 1), ("A", 3, 20, 1), ("A", 7, 10, 1)],
         {"x": 4, "n": 100}),
        # As many again two days later: another send, that the sums do not have.
        ([("A", 0, 100, 9)], [("A", 0, 100, 1), ("A", 2, 100, 1)], {"x": 2, "n": 200}),
        # Too late to be the rest of the first, of which then a part is known only.
        ([("A", 0, 100, 9)], [("A", 0, 60, 1), ("A", 9, 40, 1)], {"x": 9 + 1, "n": 140}),
        # The name is used again: each send goes on until then.
        ([("A", 0, 100, 9), ("A", 4, 90, 8)],
         [("A", 0, 60, 1), ("A", 2, 40, 1), ("A", 4, 50, 1), ("A", 6, 40, 1)], {"x": 4, "n": 190}),
    ],
)  # fmt: skip
def test_a_send_over_several_days_is_one_campaign(ours, theirs, counted):
    value = clicks(campaigns=sums(*ours), recipients=people(*theirs))
    assert value.components == counted


def test_what_the_finer_file_does_not_tell_counts_by_the_sums():
    engine = FrameEngine(campaigns=sums(A, unsubscribes=[3]), recipients=people(("A", 0, 100, 10)))
    found = {value.metric: value for value in compute(engine, ["click_rate", "unsub_rate"]).values}
    assert found["click_rate"].components == {"x": 10, "n": 100}
    assert (found["unsub_rate"].components, found["unsub_rate"].grains) == (
        {"x": 3, "n": 100}, ("campaigns",),
    )  # fmt: skip


def events_of(recipients: pd.DataFrame) -> pd.DataFrame:
    """The log that these recipients would have left."""
    sent = recipients.assign(event_type="delivered")
    clicked = recipients[recipients.clicked].assign(event_type="click")
    log = pd.concat([sent, clicked], ignore_index=True)
    return log.assign(ts=log.date, __dataset="log").drop(columns=["clicked", "delivered"])


def test_lists_of_people_count_before_events_and_these_before_sums():
    value = clicks(
        campaigns=sums(A, B, ("C", 2, 30, 3)),
        events=events_of(people(("A", 0, 100, 20), ("B", 1, 50, 10))),
        recipients=people(("A", 0, 100, 1)),
    )
    assert value.components == {"x": 1 + 10 + 3, "n": 100 + 50 + 30}
    assert {"finer_counts", "lists_count", "from_events"} <= set(value.flags)


def test_a_log_without_sends_leaves_the_sums_alone():
    log = events_of(people(("A", 0, 100, 40)))
    value = clicks(campaigns=sums(A), events=log[log.event_type == "click"])
    assert value.components == {"x": 40, "n": 100}
