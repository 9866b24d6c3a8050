"""Times of response against scores: held against scipy, pandas, and what must be refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest, spearmanr

from crm_metrics.findings.sentences.link import link_sentences
from crm_metrics.metrics import Filters
from crm_metrics.metrics.voice.link import link
from crm_metrics.metrics.voice.pairs import pairs
from tests.metrics.stand_in import FrameEngine

N = 600


def talks(**columns: object) -> pd.DataFrame:
    """Conversations of which the slow ones please less; a third has no score."""
    random = np.random.default_rng(8)
    wait = random.lognormal(8, 1.3, N).round()
    unhappy = np.clip(0.1 + wait / 60000, 0, 0.9)
    score = np.where(random.random(N) < unhappy, random.integers(1, 4, N), random.integers(4, 6, N))
    made = pd.DataFrame(
        {
            "conversation_id": [f"T{number}" for number in range(N)],
            "created_at": pd.Timestamp("2026-04-01")
            + pd.to_timedelta(random.integers(0, 90, N), unit="D"),
            "first_reply_time": pd.Series(wait).mask(random.random(N) < 0.05),
            "score": pd.Series(score, dtype="float64").mask(random.random(N) < 1 / 3),
        }
    )
    made["date"] = made.created_at
    return made.assign(**columns)


def satisfied_by_bucket(frame: pd.DataFrame, found) -> None:
    """Each bucket against pandas and scipy's Wilson interval."""
    known = frame.dropna(subset=["first_reply_time", "score"])
    for bucket in found.buckets:
        end = np.inf if bucket.end is None else bucket.end
        own = known[(known.first_reply_time >= bucket.start) & (known.first_reply_time < end)]
        happy = int((own.score >= 4).sum())
        value = bucket.value
        assert (value.components["x"], value.n) == (happy, len(own))
        ends = binomtest(happy, len(own)).proportion_ci(method="wilson")
        assert (value.low, value.high) == pytest.approx((ends.low, ends.high))
    assert sum(bucket.value.n for bucket in found.buckets) == len(known)


def test_scores_in_conversations_are_held_against_their_waits():
    frame = talks()
    engine = FrameEngine(conversations=frame)
    found = link(engine)
    known = frame.dropna(subset=["first_reply_time", "score"])
    assert (found.level, found.measure) == ("conversation", "csat")
    value = found.correlation
    assert value.value == pytest.approx(spearmanr(known.first_reply_time, known.score).statistic)
    assert value.low < value.value < value.high < 0
    assert value.n == len(known)
    satisfied_by_bucket(frame, found)
    assert all(bucket.value.n >= 30 for bucket in found.buckets)
    assert found.gap.is_clear
    assert found.gap.difference < 0
    counted = found.counted
    assert (counted.conversations, counted.scored) == (N, frame.score.notna().sum())
    assert counted.silent == (frame.score.notna() & frame.first_reply_time.isna()).sum()
    first = link_sentences(found, "en")[0]
    assert "satisfied less often" in first
    assert "association only" in first.lower()
    # A conversation of ours, or one that a bot began, has nobody who waited.
    ours = talks(initiator=["agent", "bot", "customer"] * (N // 3))
    assert link(FrameEngine(conversations=ours)).counted.conversations == N // 3
    april = Filters(end=pd.Timestamp("2026-04-30").date())
    assert link(engine, april).counted.conversations == (frame.date < "2026-05-01").sum()


def test_too_many_different_waits_are_cut_to_minutes_and_stay_in_their_buckets():
    frame = talks()
    engine = FrameEngine(conversations=frame)
    whole, cut = (pairs(engine, Filters(), "first_reply", most_lines=most) for most in (10**6, 50))
    assert (whole.in_minutes, cut.in_minutes) == (False, True)
    assert cut.n == whole.n
    assert (cut.wait % 60 == 0).all()
    for edge in (3600, 14400):
        below = [one.times[one.wait < edge].sum() for one in (whole, cut)]
        assert below[0] == below[1]


def test_answers_that_name_their_conversation_are_joined_and_none_counts_twice():
    frame = talks()
    both = frame.conversation_id[frame.score.notna()].iloc[0]
    others = frame[frame.score.isna()].conversation_id.iloc[:80]
    answers = pd.DataFrame(
        {
            "conversation_id": [*others, *others[:5], both, None],
            "score": [5.0] * 80 + [1.0] * 5 + [1.0, 2.0],
            "survey_type": "csat",
            "scale_min": 1.0,
            "scale_max": 5.0,
        }
    )
    found = link(FrameEngine(conversations=frame, surveys=answers)).counted
    assert (found.joined, found.twice) == (80, 1)
    assert found.scored == frame.score.notna().sum() + 80
    alone = frame.drop(columns="score")
    only = link(FrameEngine(conversations=alone, surveys=answers))
    assert only.counted.scored == 81
    # Who answered twice, once unhappily, is not satisfied.
    happy = sum(bucket.value.components["x"] for bucket in only.buckets)
    waited = alone.set_index("conversation_id").first_reply_time.notna()
    assert happy == waited[others[5:]].sum()
    recommend = answers.assign(survey_type="nps", scale_min=0.0, scale_max=10.0, score=9.0)
    nps = link(FrameEngine(conversations=alone, surveys=recommend))
    assert nps.measure == "nps"
    assert nps.correlation.flags == ("one_score",)
    # 100 is the most there is, and an interval holds its value.
    assert {(bucket.value.value, bucket.value.high) for bucket in nps.buckets} == {(100.0, 100.0)}


def test_without_a_common_number_weeks_are_compared_and_the_level_is_said():
    frame = talks().drop(columns="score")
    random = np.random.default_rng(4)
    days = frame.date.sample(900, replace=True, random_state=2).reset_index(drop=True)
    answers = pd.DataFrame({"date": days, "score": random.integers(1, 6, 900).astype(float)})
    answers = answers.assign(survey_type="csat", scale_min=1.0, scale_max=5.0)
    found = link(FrameEngine(conversations=frame, surveys=answers))
    assert found.level == "week"

    def by_week(rows: pd.DataFrame):
        return rows.groupby(rows.date.dt.to_period("W").dt.start_time)

    waits = by_week(frame).first_reply_time.agg(["median", "count"])
    share = by_week(answers).score.agg([lambda own: (own >= 4).mean(), "count"])
    joined = waits.join(share, suffixes=("_wait", ""), how="inner")
    joined = joined[(joined["count_wait"] >= 5) & (joined["count"] >= 5)]
    assert len(found.points) == len(joined)
    expected = spearmanr(joined["median"], joined.iloc[:, 2]).statistic
    assert found.correlation.value == pytest.approx(expected)
    assert "weeks are compared" in " ".join(link_sentences(found, "en"))
    few = link(FrameEngine(conversations=frame.iloc[:20], surveys=answers))
    assert few is None or few.correlation.flags == ("few_points",)


def test_too_few_scores_and_no_spread_are_refused_in_words():
    for frame, flag in (
        (talks().iloc[:30], "few_scored"),
        (talks(score=5.0), "one_score"),
    ):
        found = link(FrameEngine(conversations=frame))
        assert found.correlation.value is None
        assert found.correlation.flags == (flag,)
        assert found.gap is None
        for language in ("en", "ru"):
            assert all(link_sentences(found, language))
    assert link(FrameEngine(conversations=talks().drop(columns="score"))) is None
