"""Leads, tasks and users: what each check finds in a log made by hand."""

from __future__ import annotations

import pandas as pd

from crm_metrics.audit import Settings
from tests.audit.made import TODAY, audited, found, lines

DEALS = pd.DataFrame(
    {
        "deal_id": ["1", "2", "3", "4", "5"],
        "status": ["open", "open", "won", "open", "open"],
        "amount": [10.0, 20.0, 30.0, 40.0, 50.0],
        "created_at": [
            *("2026-06-02 10:00", "2026-06-03 10:00", "2026-06-04 10:00"),
            *("2026-06-29 20:00", "2026-05-01 10:00"),
        ],
    }
)
ACTS = pd.DataFrame(
    {
        "activity_type": ["call", "call", "email", "task", "task", "task"],
        "object_id": ["9", "1", "1", "3", "3", "1"],
        "ts": [
            *("2026-06-01 09:00", "2026-06-02 12:00", "2026-06-03 09:00"),
            *("2026-06-07 09:00", "2026-06-08 09:00", "2026-06-08 10:00"),
        ],
        "due_at": [None, None, None, "2026-06-20", "2026-06-30", "2026-06-20"],
        "done_at": [None, "2026-06-02 12:05", "2026-06-03 09:01", None, None, "2026-06-19"],
        "result": [None, "Agreed", None, None, None, " "],
        "status": [None, None, None, "open", "open", None],
    }
)


def test_leads_that_nobody_turned_to_or_late():
    told = audited("lead_untouched first_touch_slow", deals=DEALS, activities=ACTS)
    # Deal 5 is older than the log, 4 is four hours old; 3 was touched after 71 hours.
    assert found(told) == {"lead_untouched deals": (1, 2), "first_touch_slow deals": (1, 2)}
    assert lines(told, "lead_untouched") == [3]
    (slow,) = (one for one in told.findings if one.check == "first_touch_slow")
    assert (slow.examples[0]["line"], slow.examples[0]["hours"]) == ("4", "71.0")
    slower = Settings(today=TODAY, thresholds={"touch_hours": 72})
    told = audited("first_touch_slow", slower, deals=DEALS, activities=ACTS)
    assert found(told) == {"first_touch_slow deals": (0, 2)}
    other = ACTS.assign(object_id="c7")
    told = audited("lead_untouched", deals=DEALS, activities=other)
    assert [one.reason for one in told.not_run] == ["nothing"]


def test_tasks_past_their_day_or_without_a_result():
    told = audited("task_overdue task_no_result", activities=ACTS)
    assert found(told) == {
        "task_overdue activities": (1, 3),
        "task_no_result activities": (2, 3),
    }
    assert lines(told, "task_overdue") == [5]
    assert lines(told, "task_no_result") == [4, 7]
    # Done by its status alone, in the file's own word.
    said = audited("task_overdue", activities=ACTS.assign(status="Выполнено"))
    assert found(said) == {"task_overdue activities": (0, 3)}


def test_users_who_do_nothing_little_or_all_on_the_last_day():
    rows = []
    for day in pd.date_range("2026-05-25", "2026-06-30"):
        of_ann = 11 if day == pd.Timestamp("2026-05-31") else 2
        of_bob = 10 if day == pd.Timestamp("2026-05-29") else 2
        rows += [("Ann", day)] * of_ann + [("Bob", day)] * of_bob
    rows += [("Cat", pd.Timestamp("2026-06-28"))] * 3 + [("Dan", pd.Timestamp("2026-06-16"))] * 40
    acts = pd.DataFrame(rows, columns=["owner", "ts"]).assign(activity_type="call")
    told = audited("user_inactive user_low_usage usage_spike", activities=acts)
    per_user = acts.groupby("owner").ts.count()
    low = int((per_user < 0.25 * per_user.median()).sum())
    # Ann and Bob each have the last day of May, its last working day, and the last of June.
    assert found(told) == {
        "user_inactive activities": (1, 4),
        "user_low_usage activities": (low, 4),
        "usage_spike activities": (2, 6),
    }
    by_check = {one.check: one.examples[0] for one in told.findings}
    spikes = next(one.examples for one in told.findings if one.check == "usage_spike")
    assert {(one["owner"], one["day"]) for one in spikes} == {
        ("Ann", "2026-05-31"),
        ("Bob", "2026-05-29"),
    }
    assert by_check["user_inactive"]["owner"] == "Dan"
    assert by_check["user_low_usage"]["owner"] == "Cat"


def test_two_users_alone_are_not_held_against_their_median():
    rows = [("Ann", "2026-06-20")] * 9 + [("Bob", "2026-06-20")]
    acts = pd.DataFrame(rows, columns=["owner", "ts"]).assign(activity_type="call")
    acts["ts"] = pd.to_datetime(acts.ts)
    told = audited("user_low_usage", activities=acts)
    assert (told.findings, [one.reason for one in told.not_run]) == ((), ["nothing"])


def test_a_busy_last_day_of_somebody_who_has_such_days_is_none():
    rows = [("Ann", day) for day in pd.date_range("2026-05-04", "2026-06-12") for _ in range(2)]
    rows += [("Ann", pd.Timestamp("2026-05-31"))] * 20
    acts = pd.DataFrame(rows, columns=["owner", "ts"]).assign(activity_type="call")
    busy = pd.DataFrame({"owner": "Ann", "ts": [pd.Timestamp("2026-05-14")] * 20})
    assert found(audited("usage_spike", activities=acts)) == {"usage_spike activities": (1, 2)}
    both = pd.concat([acts, busy.assign(activity_type="call")], ignore_index=True)
    assert found(audited("usage_spike", activities=both)) == {"usage_spike activities": (0, 2)}
