"""Made-up conversations, chats and calls, and how fast people are answered, the slow way."""

from __future__ import annotations

import numpy as np
import pandas as pd
from statsmodels.duration.survfunc import SurvfuncRight

from tests.metrics.made_surveys import rated
from tests.metrics.making import (
    N,
    Slow,
    counts,
    frame,
    gaps,
    ones,
    over,
    quantile,
    rows,
    times,
    yes,
)

LIMIT, SOLVED, ANSWER, SHORT = 3600.0, 7200.0, 20.0, 5.0


def conversation_facts() -> pd.DataFrame:
    talks = frame(
        7,
        created_at=times(),
        first_reply_time=gaps(lambda random: random.lognormal(8, 1.5, N), 0.05),
        first_reply_business_time=gaps(lambda random: random.lognormal(7, 1.5, N), 0.3),
        resolution_time=gaps(lambda random: random.lognormal(10, 1, N), 0.3),
        initiator=lambda random: random.choice(
            ["client", "agent", "bot", None], N, p=[0.45, 0.1, 0.05, 0.4]
        ),
        agent=lambda random: random.choice(["Ann", "Boris", None], N),
        reopens=gaps(counts(0, 3)),
        replies=gaps(counts(1, 4)),
        score=gaps(counts(1, 6), 0.5),
    )
    return talks.assign(date=talks.created_at.dt.normalize())


def call_facts() -> pd.DataFrame:
    return frame(
        9,
        direction=lambda random: random.choice(["in", "out", None], N),
        is_answered=yes(0.8),
        converted=yes(0.1),
        talk_time=lambda random: np.maximum(random.normal(120, 90, N), 0),
        wait_time=gaps(lambda random: random.exponential(20, N)),
        callback_time=gaps(lambda random: random.normal(3000, 2000, N), 0.6),
        score=gaps(counts(1, 6), 0.5),
    )


def with_chats(events: pd.DataFrame) -> pd.DataFrame:
    """The events with who wrote them, some in chats."""
    random = np.random.default_rng(17)
    return events.assign(
        author_type=random.choice(["customer", "agent", "bot", None], N),
        conversation_id=random.integers(0, 25, N).astype(str),
        ts=times()(random),
    )


def conversations(data: pd.DataFrame) -> dict[str, Slow]:
    clients = data[~data.initiator.isin(["agent", "bot"])]
    end = pd.Timestamp(END)
    age = (end - clients.created_at).dt.total_seconds()
    reply = clients.first_reply_time
    old = clients[age >= LIMIT]
    older = clients[age >= SOLVED]
    resolved = data[data.resolution_time.notna()]
    touches = (resolved.replies <= 1) & (resolved.reopens.fillna(0) == 0)
    unsure = resolved.replies.isna() & (resolved.reopens.fillna(0) == 0)
    named = data[data.agent.notna()]
    days = named.groupby("agent").date.nunique()
    open_for = (end - data.created_at).dt.total_seconds()
    return {
        "conversations": rows(data),
        "agent_started": rows(data[data.initiator == "agent"]),
        "bot_conversations": rows(data[data.initiator == "bot"]),
        "frt_median": quantile(reply, 0.5),
        "frt_p90": quantile(reply, 0.9),
        "frt_mean": (reply.mean(), float(reply.count())),
        "frt_km_median": _survival(reply, age, 0.5),
        "frt_km_p90": _survival(reply, age, 0.9),
        "frt_business": quantile(clients.first_reply_business_time, 0.5),
        "frt_business_p90": quantile(clients.first_reply_business_time, 0.9),
        "answered_within": over((old.first_reply_time <= LIMIT).astype(float), ones(old)),
        "unanswered_rate": over(old.first_reply_time.isna(), ones(old)),
        "resolution_median": quantile(data.resolution_time, 0.5),
        "resolution_km_median": _survival(data.resolution_time, open_for, 0.5),
        "resolved_within_sla": over((older.resolution_time <= SOLVED).astype(float), ones(older)),
        "reopen_rate": over(
            (resolved.reopens > 0).mask(resolved.reopens.isna()).astype(float), ones(resolved)
        ),
        "fcr": over(touches.mask(unsure).astype(float), ones(resolved)),
        "backlog": rows(data[data.resolution_time.isna()]),
        "load_per_agent": (len(named) / days.sum(), float(len(days))),
        **rated(data),
        "survey_response_rate": (data.score.notna().mean(), float(len(data))),
    }


def calls(data: pd.DataFrame) -> dict[str, Slow]:
    inbound = data[data.direction != "out"]
    answered = inbound[inbound.is_answered.fillna(value=False)]
    soon = (inbound.wait_time <= ANSWER).astype(float).mask(inbound.wait_time.isna())
    level = soon.where(inbound.is_answered.fillna(value=False), 0.0).mask(
        inbound.is_answered.isna()
    )
    lost = ~inbound.is_answered
    short = lost.fillna(value=False) & (inbound.wait_time < SHORT)
    back = inbound.callback_time
    return {
        **rated(data),
        "calls": rows(data),
        "call_answer_rate": over(inbound.is_answered, ones(inbound)),
        "abandon_rate": over(lost, ones(inbound)),
        "call_service_level": over(level, ones(inbound)),
        "call_service_level_long": over(level[~short], ones(inbound)[~short]),
        "call_service_level_answered": over(level[answered.index], ones(answered)),
        "conversion_rate": over(data.converted, ones(data)),
        "aht_median": quantile(data.talk_time[data.talk_time > 0], 0.5),
        "wait_median": quantile(inbound.wait_time, 0.5),
        "asa_median": quantile(answered.wait_time, 0.5),
        "callback_median": quantile(back[back >= 0], 0.5),
    }


def next_replies(events: pd.DataFrame) -> pd.Series:
    """Seconds from the first message of each client's turn to the next of a person, by a loop."""
    found = {}
    chats = events[events.author_type.isin(["customer", "agent"])]
    for _, talk in chats.groupby(["__dataset", "conversation_id"]):
        turn: object = None
        for message in talk.sort_values("ts").itertuples():
            if message.author_type == "customer" and turn is None:
                turn = message.Index, message.ts
            if message.author_type == "agent" and turn is not None:
                found[turn[0]] = (message.ts - turn[1]).total_seconds()
                turn = None
    return pd.Series(found, dtype=float)


def _survival(ended: pd.Series, watched: pd.Series, share: float) -> Slow:
    """The quantile by statsmodels; how many there are."""
    time = ended.fillna(watched)
    curve = SurvfuncRight(time.to_numpy(), ended.notna().astype(int).to_numpy())
    # Where the curve is level at the share, the middle of that stretch.
    ends = curve.quantile(share), curve.quantile(share - 1e-9)
    return sum(map(float, ends)) / 2, float(len(time))


END = conversation_facts().created_at.max()
