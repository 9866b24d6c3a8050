"""The ends of the scores that a question got, told once or row by row: against pandas."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crm_metrics.metrics import observed, scales
from crm_metrics.metrics.ground import ground
from tests.metrics.stand_in import FrameEngine


@pytest.mark.parametrize("most", [100, 0])
def test_scales_are_those_of_each_question_of_each_data_set(
    most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(observed, "_MOST_QUESTIONS", most)
    random = np.random.default_rng(4)
    n = 400
    data = pd.DataFrame(
        {
            "__dataset": random.choice(["one", "two"], n),
            "question": random.choice(["How was it?", "Would you?", None], n),
            "score": np.where(random.random(n) < 0.2, np.nan, random.integers(1, 6, n)),
        }
    )
    of_ten = (data["__dataset"] == "two") & (data.question == "Would you?")
    data.loc[of_ten, "score"] = data.score[of_ten] * 2 - 2
    data.loc[(data["__dataset"] == "one") & data.question.isna(), "score"] = np.nan
    table, _ = ground(FrameEngine(surveys=data), "surveys")
    rows = table.select(
        line=table["__line"].cast("int64"),
        seen=observed.highest(table),
        given=observed.given(table),
        top=scales.scale_top(table),
        bottom=scales.scale_bottom(table),
    )
    found = rows.order_by("line").to_pyarrow().to_pandas()
    scores = data.groupby(["__dataset", data.question.fillna("")]).score
    highest, lowest = scores.transform("max"), scores.transform("min")
    assert {5.0, 8.0} <= set(highest.dropna()), highest.unique()
    np.testing.assert_array_equal(found.seen.astype(float), highest)
    np.testing.assert_array_equal(found.given, scores.transform("count"))
    known = highest.notna()
    np.testing.assert_array_equal(found.top[known], np.where(highest <= 5, 5.0, 10.0)[known])
    assert found.top[~known].isna().all()
    np.testing.assert_array_equal(found.bottom[known], np.where(lowest < 1, 0.0, 1.0)[known])
