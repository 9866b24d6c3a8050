"""Channels far below their own history, and those where nobody answers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import ttest_ind

from crm_metrics.audit import Settings
from tests.audit.made import TODAY, audited, found

_CHANNELS = {"email": 0.5, "sms": 0.9, "push": 1.0}
"""What becomes of the opens in the last weeks."""


def mailings(seed: int = 1) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    rows = []
    for channel, factor in _CHANNELS.items():
        for place in range(60):
            day = pd.Timestamp(TODAY) - pd.Timedelta(days=4 + 3 * place)
            rate = rng.uniform(0.15, 0.25) * (factor if place < 9 else 1)
            rows.append((day, f"{channel}{place}", channel, 1000, round(1000 * rate)))
    # Of the last two days nobody had the time to open.
    rows += [(pd.Timestamp(TODAY), f"new{place}", "push", 1000, 0) for place in range(20)]
    columns = ["sent_at", "campaign_name", "channel", "delivered", "opens_unique"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(sent_at=frame.sent_at.dt.strftime("%Y-%m-%d"))


def test_a_channel_below_its_own_history_by_mailings():
    frame = mailings()
    told = audited("channel_dead", campaigns=frame)
    assert found(told) == {"channel_dead campaigns": (1, 3)}
    (row,) = told.findings[0].examples
    own = frame[frame.channel == "email"]
    rates = own.opens_unique / own.delivered
    now = pd.to_datetime(own.sent_at) > pd.Timestamp(TODAY) - pd.Timedelta(days=31)
    test = ttest_ind(rates[now], rates[~now], equal_var=False).confidence_interval()
    assert (row["channel"], row["why"], int(row["n"])) == ("email", "opens_fell", now.sum())
    assert float(row["low"]) == pytest.approx(test.low)
    assert float(row["high"]) == pytest.approx(test.high)
    assert float(row["value_share"]) == pytest.approx(rates[now].mean())
    deep = Settings(today=TODAY, thresholds={"fall_share": 0.8})
    assert found(audited("channel_dead", deep, campaigns=frame)) == {
        "channel_dead campaigns": (0, 3)
    }


def test_the_same_by_lists_of_recipients_and_too_few_mailings():
    sends = pd.DataFrame(
        [
            (pd.Timestamp(TODAY) - pd.Timedelta(days=4 + 5 * place), f"m{place}", number)
            for place in range(20)
            for number in range(60)
        ],
        columns=["sent_at", "campaign_name", "number"],
    )
    late = sends.sent_at > pd.Timestamp(TODAY) - pd.Timedelta(days=31)
    sends = sends.assign(
        email=[f"c{number}@x.ru" for number in sends.number],
        channel="email",
        delivered=True,
        clicked=sends.number < np.where(late, 5, 20) + sends.index % 2,
        sent_at=sends.sent_at.dt.strftime("%Y-%m-%d"),
    ).drop(columns="number")
    assert found(audited("channel_dead", recipients=sends)) == {"channel_dead recipients": (1, 1)}
    few = sends[sends.campaign_name.isin([f"m{place}" for place in range(10)])]
    told = audited("channel_dead", recipients=few.reset_index(drop=True))
    assert "recipients" not in {one.grain for one in (*told.findings, *told.passed)}


def test_channels_where_no_conversation_is_answered():
    talks = pd.DataFrame(
        [
            ("2026-06-01", channel, "2026-06-02" if replied else None)
            for channel, count, answers in (("chat", 30, 1), ("vk", 25, 0), ("viber", 19, 0))
            for replied in [True] * answers + [False] * (count - answers)
        ],
        columns=["created_at", "channel", "first_reply_at"],
    )
    told = audited("channel_unanswered", conversations=talks)
    assert found(told) == {"channel_unanswered conversations": (1, 2)}
    assert told.findings[0].examples[0]["channel"] == "vk"
    young = talks.assign(created_at="2026-06-29")
    told = audited("channel_unanswered", conversations=young)
    assert [one.reason for one in told.not_run] == ["nothing"]
