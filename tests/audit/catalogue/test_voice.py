"""The voice of clients: asked long ago, answered by few, answered late."""

from __future__ import annotations

import pandas as pd

from crm_metrics.audit import Settings, check_of
from crm_metrics.findings.audit_words import meaning_text
from crm_metrics.metrics.model import Limits
from tests.audit.made import TODAY, audited, found


def test_surveys_of_long_ago_and_of_the_few():
    frame = pd.DataFrame(
        {
            "survey_type": ["nps"] * 1000 + ["csat"] * 4,
            "score": [9.0] * 20 + [None] * 980 + [5.0] * 4,
            "date": ["2025-12-01"] * 1000 + ["2026-06-01"] * 4,
            "responded_at": ["2025-12-02"] * 20 + [None] * 980 + ["2026-06-02"] * 4,
            "invited_at": ["2025-12-01"] * 1000 + [None] * 4,
        }
    )
    frame["invited_at"] = pd.to_datetime(frame["invited_at"])
    told = audited("voice_absent voice_biased", surveys=frame)
    assert found(told)["voice_absent surveys"] == (1, 2)
    assert found(told)["voice_biased surveys"] == (1, 1)


def test_replies_later_than_promised():
    frame = pd.DataFrame(
        {
            "channel": ["chat"] * 100 + ["email"] * 101,
            "created_at": ["2026-06-01 10:00"] * 200 + ["2026-06-09 10:00"],
            "first_reply_at": (
                ["2026-06-01 11:00"] * 60 + ["2026-06-01 15:00"] * 40
                + ["2026-06-01 11:00"] * 78 + ["2026-06-01 15:00"] * 22 + ["2026-06-09 11:00"]
            ),
        }
    )  # fmt: skip
    told = audited("sla_broken", conversations=frame)
    assert found(told) == {"sla_broken conversations": (1, 2)}
    assert told.findings[0].examples[0]["channel"] == "chat"
    # The slow ones take five hours: by the user's own limit they are in time, or none is.
    for hours, count in ((0.5, 2), (6, 0)):
        own = Settings(today=TODAY, limits=Limits(first_reply=hours * 3600))
        told = audited("sla_broken", own, conversations=frame)
        assert found(told) == {"sla_broken conversations": (count, 2)}
    words = meaning_text(check_of("sla_broken", "conversations"), own, "en")
    assert "within 6\N{NO-BREAK SPACE}h" in words
