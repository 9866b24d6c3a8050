"""Amounts that name no currency: of one file they are alike, of several that is a guess."""

from __future__ import annotations

from itertools import combinations

import pandas as pd
import pytest

from crm_metrics.metrics import compute
from tests.metrics.stand_in import FrameEngine

FILES = ("a", "b", "c", "d", "e")


def engine(currency: dict[str, str] | None = None) -> FrameEngine:
    rows = [(name, name, 10, 5.0) for name in FILES for _ in range(2)]
    frame = pd.DataFrame(rows, columns=["__dataset", "campaign_name", "delivered", "revenue"])
    if currency:
        frame["currency"] = frame["__dataset"].map(currency)
    return FrameEngine(campaigns=frame)


def flags(made: FrameEngine, key: str, **options: object) -> list[bool]:
    values = compute(made, [key], **options).values
    assert not [flag for one in values for flag in one.flags if flag.startswith("unnamed")]
    return ["currency_unknown" in one.flags for one in values]


@pytest.mark.parametrize("key", ["revenue", "revenue_per_message"])
def test_any_two_files_without_a_currency_are_told(key):
    made = engine()
    assert flags(made, key) == [True]
    assert flags(made, key, by=("campaign_name",)) == [False] * len(FILES)
    for pair in combinations(FILES, 2):
        frame = pd.DataFrame(
            {
                "__dataset": FILES,
                "segment": ["together" if name in pair else name for name in FILES],
                "delivered": 10,
                "revenue": 5.0,
            }
        )
        found = compute(FrameEngine(campaigns=frame), [key], by=("segment",)).values
        told = {one.group["segment"] for one in found if "currency_unknown" in one.flags}
        assert told == {"together"}


def test_a_named_currency_is_known():
    assert flags(engine(dict.fromkeys(FILES, "EUR")), "revenue") == [False]
    assert flags(engine({"a": "EUR"}), "revenue") == [True], "the others are taken for euros"
    assert flags(engine(), "messages_delivered") == [False]
