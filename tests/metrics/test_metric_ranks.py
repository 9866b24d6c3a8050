"""Order statistics, counted off from few different values or numbered among many."""

import numpy as np
import pytest

from crm_metrics.metrics import compute, ranks
from tests.metrics.made_facts import facts
from tests.metrics.stand_in import FrameEngine


@pytest.mark.parametrize("most", [0, 200_000])
def test_medians_by_group_are_those_of_pandas(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranks, "_MOST_VALUES", most)
    data = facts()["calls"].copy()
    data["wait_time"] = data["wait_time"].round(-1)
    engine = FrameEngine(calls=data)
    found = compute(engine, ["wait_median"], by=("channel",)).values
    inbound = data[data.direction != "out"].dropna(subset="wait_time")
    assert len(found) == 3
    for value in found:
        own = np.sort(inbound[inbound.channel == value.group["channel"]].wait_time)
        assert value.value == np.median(own)
        assert {value.low, value.high} <= set(own.tolist())
        assert value.n == len(own)
