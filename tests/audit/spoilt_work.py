"""Defects of the log of activities and of those who write it: tasks, users, the last day."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.audit.made_sales import NOW, OWNERS
from tests.audit.spoiling import BLANKS, Making, days_ago
from tests.audit.spoilt_deals import SILENT

IDLE, AT_REST, RARELY, NOT_MUCH = "Mia Stone", "Иван Седых", "Олег Тихонов", "Ella Marsh"
_MONTH_ENDS = (pd.Timestamp("2026-05-29"), pd.Timestamp("2026-04-30"), NOW)
_MID_MONTH = pd.Timestamp("2026-05-13")
_DAY = pd.Timedelta(days=1)


def spoil_work(making: Making) -> None:
    """All of them; those that add rows last."""
    _tasks(making)
    _users(making)
    _last_days(making)


def _tasks(making: Making) -> None:
    acts = making.acts
    people = acts.origin == "person"
    done = people & (acts.status == "done") & (acts.activity_type == "task") & (acts.due_at < NOW)
    # A task that is not done any more would be the next one of a deal in work.
    in_work = making.deals.deal_id[making.deals.status == "open"]
    done &= ~acts.object_id.isin(in_work)
    cells = {"done_at": pd.NaT, "status": "planned", "result": None}

    def undone(own: list[int], due: object) -> None:
        for name, value in (cells | {"due_at": due}).items():
            making.put("activities", own, name, value)

    late = making.take("activities", done, 0.1)
    undone(late, days_ago(making, 1, 40, len(late)))
    making.tell("task_overdue", "activities", late)
    # Due today, due on no day, done after its day, done by its status alone, of a machine.
    for due in (NOW, pd.NaT):
        undone(making.take("activities", done, 0.03), due)
    after = making.take("activities", done, 0.03)
    making.put("activities", after, "done_at", lambda row: row.due_at + 2 * _DAY)
    making.put("activities", making.take("activities", done, 0.03), "done_at", pd.NaT)
    robot = making.take("activities", done, 0.03)
    undone(robot, NOW - 3 * _DAY)
    making.put("activities", robot, "origin", "import")
    tells = people & (acts.status == "done") & acts.activity_type.isin(["call", "meeting", "task"])
    bad = making.take("activities", tells, 0.03)
    for name in ("result", "comment"):
        making.put("activities", bad, name, making.any_of(BLANKS[:3]))
    making.tell("task_no_result", "activities", bad)
    # The comment says it.
    told = making.take("activities", tells & acts.comment.notna(), 0.03)
    making.put("activities", told, "result", None)


def _users(making: Making) -> None:
    """Five more users, each with some of the others' records."""
    acts = making.acts
    since = NOW - 90 * _DAY
    recent = acts[(acts.ts >= since + _DAY) & (acts.origin == "person")]
    usual = recent.groupby("owner").ts.count().median()
    for user, first, last, share in (
        *((SILENT, 89, 41, 0.6), (IDLE, 89, 14, 0.6), (AT_REST, 89, 13, 0.6)),
        *((RARELY, 89, 1, 0.1), (NOT_MUCH, 89, 1, 0.35)),
    ):
        age = (NOW - acts.ts.dt.normalize()).dt.days
        own = (acts.origin == "person") & acts.owner.isin([*OWNERS["ru"], *OWNERS["en"]])
        on_last = making.take("users", own & (age == last), 0, least=2)
        within = own & age.between(last, first)
        rest = making.take("users", within, 0, least=max(int(share * usual), 2))
        making.put("activities", [*on_last, *rest], "owner", user)
    making.crm.tell("user_inactive", "activities", [SILENT, IDLE])
    making.crm.tell("user_low_usage", "activities", [RARELY])


def _last_days(making: Making) -> None:
    """Records written for the report on the last days of months; busy days in between are none."""
    acts = making.acts[making.acts.origin == "person"]
    days = acts.groupby(["owner", acts.ts.dt.normalize()]).size()
    for place, (owner, day) in enumerate(
        zip((*OWNERS["ru"][1:4], OWNERS["en"][0]), (*_MONTH_ENDS, _MONTH_ENDS[1]), strict=True)
    ):
        own = days[owner]
        usual = own[abs(own.index - day) <= 31 * _DAY].median()
        edge = place == 3
        # Much on the last of them, and not three times the usual: later defects move the median.
        count = int(np.floor(2.5 * usual) if edge else 4 * usual + 5) - int(days[owner].get(day, 0))
        _write(making, owner, day, count)
        if not edge:
            making.crm.tell("usage_spike", "activities", [(owner, day.date())])
            # Busy, but less so: a day as busy as the last one would clear it.
            _write(making, owner, _MID_MONTH, count // 2)


def _write(making: Making, owner: str, day: pd.Timestamp, count: int) -> None:
    rows = {"ts": day + 17 * pd.Timedelta(hours=1), "activity_type": "note", "owner": owner}
    rows |= {"status": "done", "origin": "person", "segment": "A"}
    making.add("activities", pd.DataFrame([rows] * count))
