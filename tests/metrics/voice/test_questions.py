"""Questions of a survey one by one: counted in pandas, refused in words, blanks no answers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crm_metrics.metrics import compute
from crm_metrics.metrics.voice.invited import invited
from crm_metrics.metrics.voice.questions import questions, spread
from crm_metrics.metrics.voice.scored import scored_grains
from tests.metrics.stand_in import FrameEngine

KINDS = {
    "Recommend?": ("nps", 0.0, 10.0, None),
    "Rate us": ("csat", 1.0, 5.0, None),
    "Easy?": ("ces", 1.0, 7.0, "high"),
    "Effort": ("ces", 1.0, 5.0, "low"),
    "Hard?": ("ces", 1.0, 7.0, None),
    "Stars": ("nps", 1.0, 10.0, None),
    "Age": ("other", 1.0, 5.0, None),
}


def answers(each: int = 200) -> pd.DataFrame:
    random = np.random.default_rng(6)
    parts = []
    for question, (kind, low, high, polarity) in KINDS.items():
        scores = pd.Series(random.integers(int(low), int(high) + 1, each), dtype="float64")
        parts.append(
            pd.DataFrame(
                {
                    "response_id": [str(number) for number in range(each)],
                    "question": question,
                    "survey_type": kind,
                    "scale_min": low,
                    "scale_max": high,
                    "polarity": polarity,
                    "score": scores.mask(random.random(each) < 0.1),
                }
            )
        )
    words = pd.DataFrame({"response_id": ["0", "1"], "question": "Why?", "comment": ["good", None]})
    return pd.concat([*parts, words], ignore_index=True)


def test_each_question_has_its_own_metric_or_says_why_not():
    frame = answers()
    found = {one.text: one for one in questions(FrameEngine(surveys=frame))}
    scores = {text: own.score for text, own in frame.groupby("question")}
    for text in KINDS:
        known = scores[text].dropna()
        assert (found[text].n, found[text].blanks) == (len(known), scores[text].isna().sum())
        assert dict(found[text].counts) == known.value_counts().to_dict()
        assert found[text].mean == pytest.approx(known.mean())
    nps, csat = (scores[text].dropna() for text in ("Recommend?", "Rate us"))
    value = found["Recommend?"].headline
    assert value.metric == "nps"
    assert value.value == pytest.approx(100 * ((nps >= 9).mean() - (nps <= 6).mean()))
    assert found["Rate us"].headline.value == pytest.approx((csat >= 4).mean())
    # The direction of effort is that of its wording.
    assert found["Easy?"].headline.metric == "ces"
    assert found["Effort"].headline.metric == "ces_2010"
    easy = {one.metric: one.value for one in found["Effort"].values}["ces_easy_share"]
    assert easy == pytest.approx((scores["Effort"].dropna() < 3).mean())
    assert found["Hard?"].headline is None
    assert found["Hard?"].refused == ("polarity_unknown",)
    assert found["Stars"].headline is None
    assert found["Stars"].refused == ("nps_from_one",)
    assert (found["Age"].headline, found["Age"].refused) == (None, ())
    assert (found["Why?"].n, found["Why?"].comments, found["Why?"].blanks) == (0, 1, 1)


def test_the_spread_goes_from_worst_to_best_in_the_metric_s_groups():
    found = {one.text: one for one in questions(FrameEngine(surveys=answers()))}
    for text, bad, good in (
        ("Recommend?", range(7), (9, 10)),
        ("Rate us", (1, 2), (4, 5)),
        ("Effort", (4, 5), (1, 2)),
        ("Age", (), ()),
    ):
        steps = spread(found[text])
        assert {one.score for one in steps if one.tone == "bad"} == set(bad)
        assert {one.score for one in steps if one.tone == "good"} == set(good)
        assert steps[-1].end == pytest.approx(1)
    assert [one.score for one in spread(found["Effort"])] == [5, 4, 3, 2, 1]


@pytest.mark.parametrize(
    ("scores", "scale", "flag"),
    [
        ([1, 5, 5], (1, 5), "nps_of_five"),
        ([1, 7, 5], (None, None), "nps_of_seven"),
        ([1, 10, 9], (1, 10), "nps_from_one"),
        ([0, 50, 90], (0, 100), "nps_of_more"),
    ],
)
def test_what_is_called_nps_on_another_scale_is_refused_with_that_scale(scores, scale, flag):
    frame = pd.DataFrame({"score": [float(score) for score in scores], "survey_type": "nps"})
    frame = frame.assign(scale_min=scale[0], scale_max=scale[1]).astype({"scale_min": "float64"})
    frame["scale_max"] = frame["scale_max"].astype("float64")
    (value,) = compute(FrameEngine(surveys=frame), ["nps"]).values
    assert (value.value, value.n) == (None, 0)
    assert set(value.flags) == {"not_nps", flag}


def test_a_file_that_says_how_many_were_invited_gives_the_rate_of_the_whole():
    frame = pd.DataFrame(
        {
            "response_id": ["a", "a", "b", "c"],
            "question": ["x", "y", "x", "x"],
            "score": [1.0, 2.0, 3.0, None],
            "invited": 40,
        }
    )
    (found,) = invited(FrameEngine(surveys=frame))
    assert found.responses == 2
    assert (found.rate.value, found.rate.n) == (pytest.approx(0.05), 40)
    too_few = FrameEngine(surveys=frame.assign(invited=1))
    assert invited(too_few)[0].rate.flags == ("impossible",)
    assert invited(FrameEngine(surveys=frame.drop(columns="invited"))) == ()


def test_scores_count_where_they_stand():
    talks = pd.DataFrame({"conversation_id": ["1", "2"], "first_reply_time": [1.0, 2.0]})
    assert scored_grains(FrameEngine(conversations=talks)) == frozenset()
    rated = talks.assign(score=[5.0, None])
    assert scored_grains(FrameEngine(conversations=rated)) == {"conversations"}
    values = {one.metric: one for one in compute(FrameEngine(conversations=rated)).values}
    assert values["csat"].value == 1
    assert values["survey_response_rate"].value == pytest.approx(0.5)
