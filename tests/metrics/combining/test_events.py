"""Recipients from logs of events: equal to a slow computation, whatever the order and the files."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from crm_metrics.metrics import compute, funnel
from crm_metrics.metrics.combining.events import recipients_of
from crm_metrics.metrics.ground import ground, unread_logs
from tests.metrics.combining.slow_events import slow_recipients
from tests.metrics.stand_in import FrameEngine

START = pd.Timestamp("2026-05-04 23:59:50")
AGENTS = ["Mozilla/5.0", "Mozilla/5.0 (iPhone)", "Barracuda/2", "Mozilla/5.0 (CUBOT X18)"]
LINKS = ["https://a.ru/1", "https://a.ru/2", "https://a.ru/3", "https://a.ru/unsubscribe"]
KINDS = ["sent", "delivered", "open", "click", "bounce", "unsubscribe", "complaint", "reply",
         "conversion"]  # fmt: skip


def log_of(events: list[tuple]) -> pd.DataFrame:
    """Events of (message, person, type, tenths of a second, link, agent, value)."""
    rows = pd.DataFrame(
        events, columns=["message", "person", "event_type", "tenths", "link", "agent", "value"]
    )
    is_click = rows.event_type == "click"
    seen = is_click | (rows.event_type == "open")
    ts = START + pd.to_timedelta(rows.tenths * 100, unit="ms")
    return pd.DataFrame(
        {
            "ts": ts,
            "date": ts.dt.normalize(),
            "channel": "email",
            "campaign_id": "c" + (rows.message % 2).astype(str),
            "message_id": "m" + rows.message.astype(str),
            "email": "u" + rows.person.astype(str) + "@a.ru",
            "event_type": rows.event_type,
            "url": rows.link.map(LINKS.__getitem__).astype("string").where(is_click),
            "user_agent": rows.agent.map(AGENTS.__getitem__).astype("string").where(seen),
            "value": rows.value.where(rows.event_type == "conversion").astype("float64"),
        }
    )


EVENT = st.tuples(
    st.integers(0, 2), st.integers(0, 2), st.sampled_from(KINDS), st.integers(0, 60),
    st.integers(0, 3), st.integers(0, 3), st.integers(1, 3),
)  # fmt: skip


def fast(log: pd.DataFrame) -> dict[tuple[str, str], dict]:
    engine = FrameEngine(events=log)
    found = recipients_of(engine.table("events"), engine.mapped("events"))
    rows = found.rows.to_pyarrow().to_pylist()
    assert len({(row["message_id"], row["email"]) for row in rows}) == len(rows)
    return {(row["message_id"], row["email"]): row for row in rows}


def same(found: dict, expected: dict) -> None:
    assert set(found) == set(expected)
    for key, row in expected.items():
        own = found[key] | {"sendless": found[key]["__sendless"]}
        for name, value in row.items():
            told = pd.Timestamp(own[name]) if isinstance(value, pd.Timestamp) else own[name]
            assert told == value, (key, name)


def many(seed: int, count: int, messages: int = 6, people: int = 30) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    kinds = random.choice(KINDS, count, p=[0.2, 0.1, 0.2, 0.3, 0.04, 0.04, 0.02, 0.05, 0.05])
    columns = [
        random.integers(0, messages, count), random.integers(0, people, count), kinds,
        random.integers(0, 300, count), random.integers(0, 4, count),
        random.choice(4, count, p=[0.3, 0.5, 0.1, 0.1]), random.integers(1, 4, count),
    ]  # fmt: skip
    return log_of(list(zip(*columns, strict=True)))


def test_a_large_log_equals_the_slow_computation():
    log = many(7, 1500)
    expected = slow_recipients(log)
    assert sum(row["click_is_machine"] is True for row in expected.values()) > 5
    assert sum(row["open_is_machine"] is True for row in expected.values()) > 1
    same(fast(log), expected)


@settings(max_examples=3, deadline=None, phases=[Phase.generate])
@given(events=st.lists(EVENT, min_size=30, max_size=80), data=st.data())
def test_order_files_and_lines_twice_change_nothing(events, data):
    log = log_of(events)
    order = data.draw(st.permutations(range(len(log))))
    twice = data.draw(st.lists(st.sampled_from(range(len(log))), max_size=5))
    again = log.iloc[[*order, *twice]].reset_index(drop=True)
    again["__dataset"] = data.draw(
        st.lists(st.sampled_from(["a", "b"]), min_size=len(again), max_size=len(again))
    )
    # Two files are one log where they name the same campaigns.
    again["campaign_id"], log["campaign_id"] = "c0", "c0"
    same(fast(again), slow_recipients(log))


def test_metrics_of_recipients_need_no_second_declaration():
    log = many(3, 600)
    rows = pd.DataFrame(slow_recipients(log).values())
    rows = rows[~rows.sendless]
    engine = FrameEngine(events=log)
    keys = ["messages_sent", "click_rate", "conversion_rate", "open_rate_adj"]
    found = {value.metric: value for value in compute(engine, keys).values}
    assert {value.grain for value in found.values()} == {"recipients"}
    base = rows[rows.delivered]
    assert found["messages_sent"].value == len(rows)
    assert found["click_rate"].components == {"x": rows.clicked.sum(), "n": len(base)}
    assert found["conversion_rate"].components == {"x": rows.converted.sum(), "n": len(base)}
    people = rows[rows.open_is_machine.map(lambda machine: machine is not True)]
    n = people.delivered.sum()
    assert found["open_rate_adj"].components == {"x": people.opened.sum(), "n": n}
    assert {"from_events", "send_unknown"} <= set(found["click_rate"].flags)
    assert funnel(engine)[0].count == len(rows)


def log(*events: tuple, **columns: object) -> pd.DataFrame:
    """Events of (campaign, e-mail, type, hour)."""
    rows = pd.DataFrame(events, columns=["campaign_name", "email", "event_type", "hour"])
    ts = pd.Timestamp("2026-05-04") + pd.to_timedelta(rows.hour, unit="h")
    named = rows.drop(columns="hour").astype("string")
    return named.assign(ts=ts, date=ts.dt.normalize(), **columns)


def test_the_day_is_that_of_the_send():
    events = log(("A", "u@a.ru", "sent", 1), ("A", "u@a.ru", "click", 50),
                 ("A", "v@a.ru", "click", 50), channel="email")  # fmt: skip
    engine = FrameEngine(events=events)
    table, _ = ground(engine, "recipients")
    rows = {row["email"]: row for row in table.to_pyarrow().to_pylist()}
    assert str(rows["u@a.ru"]["date"])[:10] == "2026-05-04"
    assert (str(rows["v@a.ru"]["date"])[:10], rows["v@a.ru"]["__sendless"]) == ("2026-05-06", True)
    (value,) = compute(engine, ["click_rate"]).values
    assert (value.value, value.n) == (1, 1)
    assert "send_unknown" in value.flags


def test_a_log_without_sends_has_no_base():
    engine = FrameEngine(events=log(("A", "u@a.ru", "open", 1), ("A", "v@a.ru", "open", 2)))
    (value,) = compute(engine, ["open_rate"]).values
    assert (value.value, value.n) == (None, 0)
    assert "send_unknown" in value.flags


def test_what_a_channel_holds_no_event_of_is_not_known():
    events = log(*((c, f"u{n}@a.ru", "sent", 1) for c in ("mail", "text") for n in range(4)),
                 ("mail", "u1@a.ru", "open", 2), ("text", "u1@a.ru", "delivered", 1))  # fmt: skip
    events["channel"] = events.campaign_name.map({"mail": "email", "text": "sms"})
    values = compute(FrameEngine(events=events), ["open_rate", "delivery_rate"], by=["channel"])
    found = {(value.metric, value.group["channel"]): value.n for value in values.values}
    assert found == {("open_rate", "email"): 4, ("open_rate", "sms"): 0,
                     ("delivery_rate", "email"): 0, ("delivery_rate", "sms"): 4}  # fmt: skip


def test_sends_and_clicks_in_files_of_their_own_are_one_log():
    sends = log(*(("A", f"u{n}@a.ru", "sent", 1) for n in range(10)), __dataset="sends",
                customer_id=[str(n) for n in range(10)])  # fmt: skip
    clicks = log(("A", "U1@a.ru ", "click", 30), __dataset="clicks")
    other = log(*(("B", f"u{n}@a.ru", "sent", 1) for n in range(5)), __dataset="other")
    engine = FrameEngine(events=pd.concat([sends, clicks, other], ignore_index=True))
    (value,) = compute(engine, ["click_rate"]).values
    # The third file names other campaigns and holds no click: whether there were is not known.
    assert value.components == {"x": 1, "n": 10}


def test_events_that_name_no_message_are_left_out_and_said():
    events = log(("A", "u@a.ru", "sent", 1), ("A", "v@a.ru", "sent", 1),
                 ("A", "u@a.ru", "click", 2), (None, "u@a.ru", "conversion", 3))  # fmt: skip
    found = compute(FrameEngine(events=events), ["click_rate", "conversion_rate"])
    values = {value.metric: value for value in found.values}
    assert values["click_rate"].components == {"x": 1, "n": 2}
    assert "events_left_out" in values["click_rate"].flags
    assert "conversion_rate" not in values


def test_a_log_that_names_no_message_is_named():
    silent = log((None, "u@a.ru", "open", 1), (None, "u@a.ru", "click", 2), __dataset="silent")
    visits = log(("A", "u@a.ru", "visit", 1), __dataset="visits")
    told = log(("A", "u@a.ru", "sent", 1), __dataset="told")
    engine = FrameEngine(events=pd.concat([silent, visits, told], ignore_index=True))
    assert unread_logs(engine) == ("silent",)


@pytest.mark.parametrize(("hours", "n"), [((1, 1), 2), ((1, 30), None)])
def test_people_alone_tell_messages_apart_where_each_has_one(hours, n):
    events = log((None, "u@a.ru", "sent", 1), (None, "v@a.ru", "sent", hours[0]),
                 (None, "v@a.ru", "sent", hours[1]), (None, "u@a.ru", "open", 2))  # fmt: skip
    found = compute(FrameEngine(events=events), ["open_rate"])
    assert [value.n for value in found.values] == ([n] if n else [])


def test_chats_and_visits_are_no_messages():
    events = log(("A", "u@a.ru", "message_in", 1), ("A", "u@a.ru", "visit", 2))
    values = compute(FrameEngine(events=events)).values
    assert "recipients" not in {value.grain for value in values}


@pytest.mark.parametrize(
    ("links", "seconds", "machine"),
    [
        ("123", (0, 1, 2), True),
        ("123", (0, 1, 2.2), False),
        ("112", (0, 0.1, 0.2), False),
        ("14", (0, 2), True),
        ("14", (0, 3), False),
        ("11", (0, 1), None),
    ],
)
def test_a_burst_is_three_links_in_two_seconds_or_two_with_one_that_leaves(links, seconds, machine):
    events = [(0, 0, "sent", -9, 0, 1, 1)]
    events += [
        (0, 0, "click", int(second * 10), int(link) - 1, 1, 1)
        for link, second in zip(links, seconds, strict=True)
    ]
    # Another person clicks the rest of the links long after, but for a mailing of a single link.
    rest = (0, 1, 2, 3) if len(set(links)) > 1 else ()
    events += [(0, 1, "click", 9000 * (link + 1), link, 1, 1) for link in rest]
    assert fast(log_of(events))["m0", "u0@a.ru"]["click_is_machine"] is machine
