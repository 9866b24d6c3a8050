"""How fast people are answered: what counts, what does not, and what is said of it."""

from __future__ import annotations

import pandas as pd
import pytest

from crm_metrics.metrics import Filters, Limits, compute
from crm_metrics.metrics.hours import usual_week
from tests.metrics.stand_in import FrameEngine

FRIDAY = "2026-05-01 17:30"


def values(limits: Limits | None = None, **frames: pd.DataFrame):
    found = compute(FrameEngine(**frames), limits=limits).values
    return {(one.grain, one.metric): one for one in found}


def tickets(**columns: list) -> pd.DataFrame:
    frame = pd.DataFrame(columns)
    for name in frame.columns.intersection(["created_at", "first_reply_at", "resolved_at"]):
        frame[name] = pd.to_datetime(frame[name])
    return frame


def test_no_conversations_have_no_speed():
    """Chatwoot shows 0 seconds for a period without any: the best speed there is."""
    frame = tickets(created_at=[FRIDAY], first_reply_at=[FRIDAY]).assign(
        date=pd.Timestamp("2026-05-01")
    )
    filters = Filters(channels=("phone",))
    for value in compute(FrameEngine(conversations=frame), filters=filters).values:
        assert value.value is None
        assert value.flags


def test_a_conversation_younger_than_the_limit_is_neither_answered_nor_not():
    frame = tickets(
        created_at=["2026-05-01 10:00", "2026-05-01 10:00", "2026-05-02 09:00", "2026-05-02 09:00"],
        first_reply_at=["2026-05-01 11:00", None, "2026-05-02 09:30", None],
    )
    found = values(conversations=frame)
    for metric, x in (("answered_within", 1), ("unanswered_rate", 1)):
        value = found["conversations", metric]
        assert value.components == {"x": x, "n": 2}
        assert "young_left_out" in value.flags
    old = values(Limits(first_reply=1200), conversations=frame)
    assert old["conversations", "answered_within"].components == {"x": 0, "n": 4}


def test_lines_of_a_ticket_are_one_ticket():
    frame = tickets(
        conversation_id=["1", "1", "2", None, None],
        created_at=["2026-05-01 10:00", "2026-05-01 10:00", *["2026-05-01 10:00"] * 3],
        first_reply_at=["2026-05-01 11:00", "2026-05-01 10:10", None, None, "2026-05-01 10:20"],
    )
    found = values(conversations=frame)
    assert found["conversations", "conversations"].value == 4
    assert found["conversations", "frt_median"].value == 900
    assert "tickets_merged" in found["conversations", "frt_median"].flags
    whole = values(conversations=frame.iloc[1:])["conversations", "conversations"]
    assert (whole.value, whole.flags) == (4, ())


def test_bots_and_our_own_conversations_stand_apart():
    frame = tickets(
        created_at=["2026-05-01 10:00"] * 4,
        first_reply_at=["2026-05-01 10:01"] * 3 + ["2026-05-01 12:00"],
        initiator=["agent", "bot", None, "customer"],
        agent=["Ann", "Ann", "Bot", "Ann"],
    )
    found = values(conversations=frame)
    assert found["conversations", "frt_median"].value == 7200
    assert {"agent_started_left_out", "bots_left_out"} <= set(
        found["conversations", "frt_median"].flags
    )
    assert found["conversations", "agent_started"].value == 1
    assert found["conversations", "bot_conversations"].value == 2


def test_business_hours_are_those_of_the_schedule_else_of_the_file():
    frame = tickets(
        created_at=[FRIDAY, FRIDAY], first_reply_at=["2026-05-04 09:30", "2026-05-01 17:20"]
    ).assign(first_reply_business_time=[77.0, None])
    own = values(Limits(hours=usual_week()), conversations=frame)["conversations", "frt_business"]
    assert (own.value, own.n) == (3600, 1)
    assert "negative_left_out" in own.flags
    file = values(conversations=frame)["conversations", "frt_business"]
    assert file.value == 77
    assert "hours_of_file" in file.flags
    none = values(conversations=frame.drop(columns="first_reply_business_time"))
    assert none["conversations", "frt_business"].flags[0] == "no_schedule"
    seconds = tickets(created_at=[FRIDAY]).assign(first_reply_time=3600.0)
    found = values(Limits(hours=usual_week()), conversations=seconds)
    assert found["conversations", "frt_business"].value == 1800


def test_a_log_of_messages_is_conversations():
    log = pd.DataFrame(
        [
            ("1", "10:00", "customer", "Olga"),
            ("1", "10:01", "bot", "Robot"),
            ("1", "10:20", "agent", "Ann"),
            ("1", "10:30", "customer", "Olga"),
            ("1", "10:31", "customer", "Olga"),
            ("1", "10:50", "agent", "Boris"),
            ("2", "11:00", "agent", "Ann"),
            ("2", "11:05", "customer", "Igor"),
            ("3", "09:00", "customer", "Vera"),
        ],
        columns=["conversation_id", "ts", "author_type", "author"],
    )
    log["ts"] = pd.to_datetime("2026-05-01 " + log.ts)
    found = values(events=log)
    assert found["conversations", "conversations"].value == 3
    assert found["conversations", "agent_started"].value == 1
    assert found["conversations", "frt_median"].value == 1200
    assert found["conversations", "frt_median"].flags[0] == "from_messages"
    # By eleven past eleven the third has waited for over two hours.
    assert found["conversations", "unanswered_rate"].components == {"x": 1, "n": 1}
    turns = found["events", "next_reply_median"]
    assert (turns.value, turns.n) == ((1200 + 1200) / 2, 2)
    by_agent = compute(FrameEngine(events=log), ["frt_median"], by=("agent",)).values
    assert {one.group["agent"]: one.n for one in by_agent if one.n} == {"Ann": 1}


def test_a_chat_without_ids_ends_after_a_day_of_silence():
    log = pd.DataFrame({"author_type": ["customer", "agent", "customer", "agent"]})
    log["ts"] = pd.to_datetime(
        ["2026-05-01 10:00", "2026-05-01 10:10", "2026-05-03 10:00", "2026-05-03 10:30"]
    )
    found = values(events=log)
    assert found["conversations", "conversations"].value == 2
    assert "by_silence" in found["conversations", "conversations"].flags
    assert found["conversations", "frt_median"].value == (600 + 1800) / 2
    # With nobody known to be ours, who is answered is not known either.
    alone = values(events=log.assign(author_type="customer"))
    assert alone["conversations", "unanswered_rate"].value is None


def test_open_tickets_count_in_the_share_resolved_in_time():
    frame = tickets(
        created_at=["2026-05-01 10:00"] * 4,
        resolved_at=["2026-05-01 11:00", "2026-05-02 10:00", None, "2026-05-01 09:00"],
    )
    value = values(conversations=frame)["conversations", "resolved_within_sla"]
    assert value.components == {"x": 1, "n": 3}
    assert "negative_left_out" in value.flags


def test_service_levels_are_three_numbers_of_one_log():
    frame = pd.DataFrame(
        {
            "direction": ["in"] * 5 + ["out"],
            "status": ["answered", "answered", "missed", "missed", "busy", "answered"],
            "wait_time": [5.0, 30.0, 2.0, 40.0, 0.0, 1.0],
        }
    )
    found = values(calls=frame)
    level = {one.variant: one.value for key, one in found.items() if "service" in key[1]}
    assert level == pytest.approx(
        {"of_inbound": 1 / 5, "without_short": 1 / 4, "of_answered": 1 / 2}
    )
    assert found["calls", "abandon_rate"].components == {"x": 2, "n": 5}
    assert found["calls", "asa_median"].value == 17.5
    longer = values(Limits(call_answer=30), calls=frame)["calls", "call_service_level"]
    assert longer.value == pytest.approx(2 / 5)
