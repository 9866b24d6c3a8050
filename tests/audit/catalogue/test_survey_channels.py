"""Surveys through one channel while clients talk through several."""

from __future__ import annotations

import pandas as pd

from tests.audit.made import audited, found

TALKS = pd.DataFrame(
    {
        "channel": ["chat"] * 50 + ["messenger"] * 30 + ["email"] * 12 + ["social"] * 8,
        "created_at": "2026-06-01",
    }
)


def surveys(**channels: int) -> pd.DataFrame:
    names = [name for name, count in channels.items() for _ in range(count)]
    return pd.DataFrame({"channel": names, "score": 9.0, "responded_at": "2026-06-01"})


def test_channels_that_no_survey_asks_through():
    told = audited("voice_one_channel", surveys=surveys(email=40), conversations=TALKS)
    # Social media have less than a tenth of the requests.
    assert found(told) == {"voice_one_channel surveys": (2, 3)}
    assert {row["channel"] for row in told.findings[0].examples} == {"chat", "messenger"}


def test_several_channels_or_few_answers_tell_nothing():
    for asked in (surveys(email=40, chat=1), surveys(email=29)):
        told = audited("voice_one_channel", surveys=asked, conversations=TALKS)
        assert [one.reason for one in told.not_run] == ["nothing"]
