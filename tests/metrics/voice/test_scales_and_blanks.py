"""Scores of several scales have no common mean, blank forms are no answers, 1 to 10 is doubted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from crm_metrics.metrics import Value, compare, compute
from crm_metrics.metrics.voice.questions import questions
from tests.metrics.stand_in import FrameEngine

N = 60


def question(name: str, kind: str, low: float | None, high: float | None, **more: object):
    random = np.random.default_rng(5)
    first, last = int(low or 1), int(high or 10)
    return pd.DataFrame(
        {
            "response_id": [f"{name}{number}" for number in range(N)],
            "question": name,
            "survey_type": kind,
            "scale_min": np.nan if low is None else low,
            "scale_max": np.nan if high is None else high,
            "score": random.integers(first, last + 1, N).astype(float),
            **more,
        }
    )


def values(data: pd.DataFrame, *keys: str, **asked: object) -> list[Value]:
    return list(compute(FrameEngine(surveys=data), keys, **asked).values)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["csat", "ces"])
@pytest.mark.parametrize("other", [(1.0, 10.0), (0.0, 5.0)])
def test_a_mean_over_two_scales_is_refused_and_stands_by_question(kind: str, other):
    key = "csat_mean" if kind == "csat" else "ces"
    data = [
        question("short", kind, 1.0, 5.0, polarity="high"),
        question("long", kind, *other, polarity="high"),
    ]
    (both,) = values(pd.concat(data), key)
    assert (both.value, both.low, both.flags[0]) == (None, None, "mixed_scales")
    apart = {one.group["question"]: one for one in values(pd.concat(data), key, by=("question",))}
    for name, frame in zip(("short", "long"), data, strict=True):
        assert apart[name].value == pytest.approx(frame.score.mean())
    assert apart["short"].scale == "1\N{EN DASH}5"
    refused = compare(apart["long"], apart["short"])
    assert (refused.difference, refused.flags) == (None, ("mixed_scales",))
    (alike,) = values(pd.concat([data[0], question("again", kind, 1.0, 5.0, polarity="high")]), key)
    assert alike.value is not None


def test_the_box_of_each_scale_still_makes_one_share():
    data = [question("short", "csat", 1.0, 5.0), question("long", "csat", 1.0, 10.0)]
    (both,) = values(pd.concat(data), "csat")
    happy = (data[0].score >= 4).sum() + (data[1].score >= 8).sum()
    assert both.value == pytest.approx(happy / (2 * N))


def test_nps_says_so_where_nobody_chose_zero_and_the_scale_is_not_stated():
    unsaid, stated = question("NPS", "nps", None, 10.0), question("NPS", "nps", 0.0, 10.0)
    stated["score"] = unsaid["score"]
    (doubted,), (sure,) = values(unsaid, "nps"), values(stated, "nps")
    assert doubted.value == sure.value is not None
    assert "nobody_chose_zero" in doubted.flags
    assert "nobody_chose_zero" not in sure.flags
    with_zero = unsaid.assign(score=unsaid.score.where(unsaid.score > 1, 0.0))
    assert "nobody_chose_zero" not in values(with_zero, "nps")[0].flags


def test_a_form_without_a_score_or_a_comment_is_no_answer():
    data = question("Rate", "csat", 1.0, 5.0, comment=None)
    data["invited_at"] = pd.Timestamp("2026-01-01")
    data["responded_at"] = pd.Timestamp("2026-01-02")
    data.loc[10:, "score"] = None
    data.loc[10:12, "comment"] = "too slow"
    found = {one.metric: one for one in values(data, "survey_responses", "survey_response_rate")}
    assert found["survey_responses"].value == 13
    assert found["survey_response_rate"].components == {"x": 13, "n": N}
    for one in found.values():
        assert "blank_forms_left_out" in one.flags


def test_two_words_are_no_grades_and_have_no_mean():
    ends, grades = question("words", "csat", None, None), question("grades", "csat", None, None)
    random = np.random.default_rng(1)
    ends["score"] = random.choice([1.0, 5.0], N)
    grades["score"] = random.choice([1.0, 4.0, 5.0], N)
    near = grades.assign(question="near", score=random.choice([4.0, 5.0], N))
    keys = ("csat", "csat_mean")
    happy, mean = values(ends, *keys)
    assert happy.value == pytest.approx((ends.score == 5).mean())
    assert (mean.value, mean.n, "two_answers" in mean.flags) == (None, 0, True)
    assert values(grades, "csat_mean")[0].value == pytest.approx(grades.score.mean())
    both = values(pd.concat([ends, grades, near]), "csat_mean")[0]
    assert both.value == pytest.approx(pd.concat([grades, near]).score.mean())
    assert "two_answers" in both.flags
    told = {one.text: one for one in questions(FrameEngine(surveys=pd.concat([ends, near])))}
    assert (told["words"].mean, told["near"].mean) == (None, pytest.approx(near.score.mean()))
    ends = stats.t.interval(0.95, N - 1, near.score.mean(), stats.sem(near.score))
    own = told["near"].mean_value
    assert (own.low, own.high, own.n) == (*map(pytest.approx, ends), N)
