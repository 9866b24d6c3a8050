"""People by their fullest week, against pandas."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd

from crm_metrics.metrics import Filters, Limits, compute
from crm_metrics.metrics.frequency import fullest_weeks
from crm_metrics.store import Workspace
from tests.metrics.stand_in import FrameEngine

# Person, day, delivered; the second person has two weeks of two, a Sunday and a Monday apart.
SENT = [
    ("a", "2026-03-02", "yes"),
    ("a", "2026-03-08", "yes"),
    ("a", "2026-03-04", "no"),
    ("b", "2026-03-08", "yes"),
    ("b", "2026-03-09", "yes"),
    ("c", "2026-03-02", "yes"),
    ("c", "2026-03-03", "yes"),
    ("c", "2026-03-04", "yes"),
    ("d", "2026-03-10", "no"),
    ("", "2026-03-02", "yes"),
]


def test_the_fullest_week_counts_what_reached_a_named_person(tmp_path):
    lines = ["Subscriber ID,Sent at,Channel,Delivered,Clicked"]
    lines += [f"{person},{day} 10:00,push,{came},no" for person, day, came in SENT]
    path = tmp_path / "sent.csv"
    path.write_text("\n".join(lines) + "\n")
    space = Workspace(tmp_path / "home")
    space.add(path, path.name)
    frame = pd.DataFrame(SENT, columns=["person", "day", "came"])
    frame = frame[(frame["came"] == "yes") & (frame["person"] != "")]
    week = pd.to_datetime(frame["day"]).dt.to_period("W")
    fullest = frame.groupby(["person", week]).size().groupby("person").max()
    with space.engine() as engine:
        assert fullest_weeks(engine) == sorted(fullest.value_counts().items())
        assert fullest_weeks(engine, Filters(channels=("email",))) == []


def test_totals_of_campaigns_do_not_say_who_got_them(tmp_path):
    path = tmp_path / "mail.csv"
    path.write_text("Date,Channel,Sent,Delivered,Unique clicks\n2026-03-02,email,100,90,9\n")
    space = Workspace(tmp_path / "home")
    space.add(path, path.name)
    with space.engine() as engine:
        assert fullest_weeks(engine) == []


def test_logs_of_events_and_other_places_count_too():
    """Against the share over the limit, and by hand: a got two in a week, b one, c none."""
    days = ["2026-03-02", "2026-03-04", "2026-03-03"]
    log = pd.DataFrame(
        {
            "event_type": ["sent", "sent", "sent", "click"],
            "customer_id": ["a", "a", "b", "c"],
            "message_id": ["1", "2", "1", "3"],
            "ts": pd.to_datetime([*days, "2026-03-03"]),
            "date": pd.to_datetime([*days, "2026-03-03"]),
        }
    )
    sent = pd.DataFrame({"customer_id": ["d"] * 3, "date": pd.to_datetime(days), "delivered": True})
    events, lists = FrameEngine(events=log), FrameEngine(recipients=sent)
    assert fullest_weeks(events) == [(1, 1), (2, 1)], "c was sent nothing that the log knows"
    both = SimpleNamespace(parts=(events, lists), grains=("events", "recipients"))
    assert fullest_weeks(both) == [(1, 1), (2, 1), (3, 1)]
    limits = Limits(contacts_per_week=1)
    (share,) = compute([events, lists], ["over_contacted_rate"], limits=limits).values
    assert share.components == {"x": 2.0, "n": 3.0}
