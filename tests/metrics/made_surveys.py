"""Made-up survey answers with gaps, several to a response, and their metrics the slow way."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.metrics.making import N, Slow, counts, frame, gaps, ones, over, quantile, rows, times


def survey_facts() -> pd.DataFrame:
    made = frame(
        10,
        survey_type=lambda random: random.choice(["nps", "csat", "ces", "other"], N),
        score=gaps(counts(0, 11)),
        scale_min=0.0,
        scale_max=10.0,
        polarity=lambda random: random.choice(["high", "low", None], N),
        response_id=lambda random: np.where(
            random.random(N) < 0.1, None, random.integers(0, 300, N).astype(str)
        ),
        customer_id=lambda random: np.where(
            random.random(N) < 0.2, None, random.integers(0, 150, N).astype(str)
        ),
        invited_at=times(),
        responded_at=times(),
        duration=gaps(lambda random: random.lognormal(4, 1, N) - 5, 0.3),
    )
    random = np.random.default_rng(11)
    silent = random.random(N) < 0.3
    made.loc[silent, ["score", "responded_at", "duration"]] = [None, pd.NaT, None]
    made["invited_at"] = made.invited_at.mask(random.random(N) < 0.2)
    # A response is one answer on one day, in one channel.
    first = made.groupby("response_id")[["channel", "date"]].transform("first")
    made[["channel", "date"]] = first.where(made.response_id.notna(), made[["channel", "date"]])
    return made


def surveys(data: pd.DataFrame) -> dict[str, Slow]:
    def scores(kind: str, polarity: str | None = None) -> pd.Series:
        own = data[(data.survey_type == kind) & data.score.notna()]
        return own.score if polarity is None else own.score[own.polarity == polarity]

    good = data.score.mask(data.polarity == "low", 10 - data.score)  # its good end up
    nps, csat = scores("nps"), good[(data.survey_type == "csat") & data.score.notna()]
    up, down = (scores("ces", end) for end in ("high", "low"))
    easy = (up > 5).sum() + (down < 5).sum()
    response = data.response_id.fillna(pd.Series(data.index.astype(str) + " row", data.index))
    who = data.customer_id.fillna("of response " + response)

    def people(scores: pd.Series) -> float:
        return float(who[scores.index].nunique())

    answered = data.score.notna()
    asked = data.invited_at.notna()
    who_answered = answered[asked].groupby(response[asked]).any()
    known = data.duration[data.duration >= 0]
    took = known.groupby(response[known.index]).mean()
    happy = data[(data.survey_type == "csat") & (good >= 8)].customer_id.dropna()
    return {
        "answers": rows(data[data.score.notna()]),
        "survey_responses": (float(response[answered].nunique()),) * 2,
        "nps": (100 * ((nps >= 9).mean() - (nps <= 6).mean()), people(nps)),
        "csat": ((csat >= 8).mean(), people(csat)),
        "csat_bottom2": ((csat <= 2).mean(), people(csat)),
        "csat_mean": (csat.mean(), people(csat)),
        "ces": (up.mean(), people(up)),
        "ces_2010": (down.mean(), people(down)),
        "ces_easy_share": (easy / (len(up) + len(down)), people(pd.concat([up, down]))),
        "survey_response_rate": (who_answered.mean(), float(len(who_answered))),
        "survey_duration_median": quantile(took, 0.5),
        "survey_duration_p90": quantile(took, 0.9),
        "satisfied_customers": (float(happy.nunique()), float(happy.nunique())),
    }


def rated(data: pd.DataFrame) -> dict[str, Slow]:
    """Scores of 1 to 5 that stand in rows of something else."""
    no_score = data.score.isna()
    return {
        "csat": over((data.score >= 4).mask(no_score), ones(data)),
        "csat_bottom2": over((data.score <= 2).mask(no_score), ones(data)),
        "csat_mean": (data.score.mean(), float(data.score.count())),
    }
