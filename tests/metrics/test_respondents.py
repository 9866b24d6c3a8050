"""Answers of people who gave several: intervals by person against statsmodels and by simulation."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

from crm_metrics.metrics import Filters, Value, compare, compute, intervals
from crm_metrics.metrics.comparing.change import compare_each
from crm_metrics.metrics.comparing.differences import differences
from crm_metrics.metrics.respondents import independent
from crm_metrics.metrics.values import nps_estimate
from tests.metrics.stand_in import FrameEngine

PEOPLE, QUESTIONS = 60, 5


def answers(seed: int = 3, kind: str = "csat", top: int = 5, *, asked: int = QUESTIONS):
    """Scores of people who like or dislike all they are asked about; some blanks."""
    random = np.random.default_rng(seed)
    mood = random.normal(0, 1, (PEOPLE, 1))
    noise = random.normal(0, 0.8, (PEOPLE, asked))
    score = np.clip(np.round(top * (0.65 + 0.2 * (mood + noise))), int(top == 5), top)
    score[random.random(score.shape) < 0.2] = np.nan
    return pd.DataFrame(
        {
            "response_id": np.repeat([f"r{number}" for number in range(PEOPLE)], asked),
            "question": np.tile([f"Question {number}" for number in range(asked)], PEOPLE),
            "survey_type": kind,
            "scale_min": float(top == 5),
            "scale_max": float(top),
            "score": score.ravel(),
        }
    )


def one(data: pd.DataFrame, key: str, **asked: object) -> Value:
    (value,) = compute(FrameEngine(surveys=data), [key], **asked).values  # type: ignore[arg-type]
    return value


def by_statsmodels(score: pd.Series, people: pd.Series) -> tuple[float, float, float]:
    """Mean, its error by clusters, and the error as if all were independent."""
    fitted = sm.OLS(score.to_numpy(), np.ones(len(score)))
    clusters = {"groups": pd.factorize(people)[0]}
    robust = fitted.fit(cov_type="cluster", cov_kwds=clusters)
    return (
        float(robust.params[0]),
        float(robust.bse[0]),
        float(score.std(ddof=0) / len(score) ** 0.5),
    )


def test_intervals_are_those_of_cluster_robust_errors():
    data = answers().dropna(subset=["score"])
    mean, error, _ = by_statsmodels(data.score, data.response_id)
    people = data.response_id.nunique()
    half = stats.t.ppf(0.975, people - 1) * error
    value = one(data, "csat_mean")
    assert (value.value, value.low, value.high) == pytest.approx((mean, mean - half, mean + half))
    assert (value.n, value.answers) == (people, len(data))
    assert "several_answers_each" in value.flags

    happy = (data.score >= 4).astype(float)
    share, error, plain = by_statsmodels(happy, data.response_id)
    few = (stats.norm.ppf(0.975) / stats.t.ppf(0.975, people - 1)) ** 2
    size = len(data) * plain**2 / error**2 * few
    value = one(data, "csat")
    assert value.value == pytest.approx(share) == pytest.approx(happy.mean())
    low, high = intervals.wilson(np.array(share * size), np.array(size))
    assert (value.low, value.high) == pytest.approx((float(low), float(high)))
    assert (value.n, value.base) == (people, len(data))
    assert people < size < 0.6 * len(data)


def test_who_answers_once_is_counted_as_ever():
    data = answers(asked=1)
    for key in ("csat", "csat_mean"):
        value = one(data, key)
        assert value.n == data.score.count()
        assert value.answers is None
        assert {"m", "yy"}.isdisjoint(value.components)
    # Beside a second question the sums by person are there, and change nothing.
    other = answers(4, "nps", 10, asked=1).assign(question="Recommend?")
    alone, beside = one(data, "csat"), one(pd.concat([data, other]), "csat")
    assert beside.components["m"] == beside.n == alone.n
    assert (beside.low, beside.high) == pytest.approx((alone.low, alone.high))
    assert "several_answers_each" not in beside.flags


def test_values_by_person_and_others_are_compared_side_by_side():
    alone, several = one(answers(asked=1), "csat"), one(answers(), "csat")
    pairs = [(several, several), (alone, alone)]
    mixed = [compare_each([*pairs]), compare_each([*reversed(pairs)])[::-1]]
    for found in mixed:
        for pair, change in zip(pairs, found, strict=True):
            own = compare(*pair)
            assert (change.low, change.high) == pytest.approx((own.low, own.high))


def test_one_person_in_several_responses_is_one():
    data = answers().assign(customer_id=lambda rows: rows.response_id.str[:2])
    assert one(data, "csat").n == 10
    assert one(answers(), "csat").n == PEOPLE


def test_alike_answers_are_worth_no_more_than_their_people():
    data = answers().assign(score=5.0)
    value = one(data, "csat")
    low, _ = intervals.wilson(np.array(float(PEOPLE)), np.array(float(PEOPLE)))
    assert (value.value, value.n, value.high) == (1.0, PEOPLE, 1.0)
    assert value.low == pytest.approx(float(low))


def test_a_question_alone_is_not_by_person_and_groups_are():
    data = answers()
    question = Filters(equal=(("question", ("Question 1",)),))
    alone = one(data, "csat", filters=question)
    asked = data[(data.question == "Question 1") & data.score.notna()]
    assert (alone.n, alone.answers) == (len(asked), None)
    low, high = intervals.wilson(
        np.array(float((asked.score >= 4).sum())), np.array(float(len(asked)))
    )
    assert (alone.low, alone.high) == pytest.approx((float(low), float(high)))


def test_a_change_is_judged_by_people():
    """The same answers of as many people as answers differ clearly, of few people they do not."""
    worse, better = answers(3), answers(4)
    few = compare(one(better, "csat"), one(worse, "csat"))
    apart = [
        data.assign(response_id=[f"{number}" for number in range(len(data))])
        for data in (worse, better)
    ]
    many = compare(one(apart[1], "csat"), one(apart[0], "csat"))
    assert few.difference == pytest.approx(many.difference)
    assert few.low is not None
    assert few.high is not None
    assert many.low is not None
    assert many.high is not None
    assert few.high - few.low > 1.3 * (many.high - many.low)


def made_sums(
    random: np.random.Generator, cuts: list[float], people: int, rounds: int = 4000
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Sums of a share and of an NPS over rounds of people who give five answers that agree."""
    mood = random.normal(0, 0.8, (rounds, people, 1))
    score = mood + random.normal(0, 0.6, (rounds, people, QUESTIONS))
    worst, best = (score < cuts[0]), (score > cuts[1])
    full = np.full((rounds, people), float(QUESTIONS))

    def by_person(y: np.ndarray) -> dict[str, np.ndarray]:
        own = {"m": np.ones_like(full), "yy": y * y, "xx": full * full, "xy": y * full}
        return {name: part.sum(axis=1) for name, part in own.items()}

    good, bad = best.sum(axis=2) * 1.0, worst.sum(axis=2) * 1.0
    n = full.sum(axis=1)
    share = {"x": good.sum(axis=1), "n": n, **by_person(good)}
    return share, {
        "promoters": good.sum(axis=1),
        "passives": n - good.sum(axis=1) - bad.sum(axis=1),
        "detractors": bad.sum(axis=1),
        "n": n,
        **by_person(good - bad),
    }


def naive(sums: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {name: part for name, part in sums.items() if name not in ("m", "yy", "xx", "xy")}


@pytest.mark.parametrize("people", [30, 200])
def test_intervals_hold_the_truth_as_often_as_they_say(people: int):
    random = np.random.default_rng(7)
    cuts = [-0.8, 0.4]
    bad, good = stats.norm.cdf(cuts[0]), stats.norm.sf(cuts[1])
    share, nps = made_sums(random, cuts, people)
    other, _ = made_sums(random, cuts, people)

    def held(ends, truth: float) -> float:
        return float(((ends[0] <= truth) & (truth <= ends[1])).mean())

    def wilson(sums):
        return intervals.wilson(sums["x"], sums["n"])

    def scored(sums):
        return nps_estimate(*(sums[name] for name in ("promoters", "detractors", "n")))[1:]

    assert held(wilson(independent(share)), good) == pytest.approx(0.95, abs=0.015)
    assert held(wilson(naive(share)), good) < 0.83
    assert held(scored(independent(nps)), 100 * (good - bad)) == pytest.approx(0.95, abs=0.015)
    assert held(scored(naive(nps)), 100 * (good - bad)) < 0.83
    alpha = np.full(len(share["x"]), 0.05)
    found = differences("proportion", share, other, alpha)
    assert held((found.low, found.high), 0.0) == pytest.approx(0.95, abs=0.015)
    assert float((found.pvalue < 0.05).mean()) == pytest.approx(0.05, abs=0.015)
    plain = differences("proportion", naive(share), naive(other), alpha)
    assert float((plain.pvalue < 0.05).mean()) > 0.17
