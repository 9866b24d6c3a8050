"""Themes counted, against a look at each comment's words and against statsmodels and scipy."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests

from crm_metrics.metrics.model import Filters
from crm_metrics.metrics.themes.corpus import corpus_of
from crm_metrics.metrics.themes.counting import themes
from crm_metrics.metrics.themes.matching import Index, matches
from crm_metrics.metrics.themes.model import Source, Themes
from crm_metrics.metrics.themes.phrases import phrases
from crm_metrics.metrics.themes.sources import asked_in, questions_of, sources_of
from tests.metrics.stand_in import FrameEngine
from tests.metrics.themes.made_comments import (
    DICTIONARY,
    FOREIGN,
    TEXTS,
    engine,
    frame,
    mentions,
    says,
)

SOURCE = Source("surveys", "comment")


def found_in(data: pd.DataFrame, **options) -> Themes:
    return themes(engine(data), SOURCE, DICTIONARY, **options)


def texts_of(data: pd.DataFrame) -> pd.DataFrame:
    return data[data.comment.map(says)]


def test_every_number_is_that_of_a_slow_look_at_each_comment():
    data = frame()
    found = found_in(data)
    texts = texts_of(data)
    account = found.account
    assert account.answers == len(data)
    assert account.texts == len(texts) > 500
    assert account.other == data.comment.isin(FOREIGN).sum() > 0
    assert account.blank == (data.comment.isna() | (data.comment == "")).sum() > 0
    assert account.texts + account.nothing + account.blank + account.other == len(data)
    assert account.russian == texts.comment.str.contains("[а-я]").sum()
    low = texts[texts.score <= 6]
    assert found.low == len(low)
    for one in found.themes:
        own = texts.comment.map(lambda text, key=one.theme: mentions(text, key))
        value, n = one.share, len(texts)
        assert value.components == {"x": own.sum(), "n": n}
        ends = stats.binomtest(int(own.sum()), n).proportion_ci(method="wilson")
        assert (value.low, value.high) == (pytest.approx(ends.low), pytest.approx(ends.high))
        scored = texts[own & texts.score.notna()]
        assert one.negative.components == {"x": (scored.score <= 6).sum(), "n": len(scored)}
        assert one.complaints.components["x"] == own[low.index].sum()
        by_month = texts.groupby(texts.date.dt.to_period("M"))
        assert [(month, value.components["x"], value.n) for month, value in one.months] == [
            (period.start_time.date(), own[part.index].sum(), len(part))
            for period, part in by_month
        ]
    assert [one.theme for one in found.themes] == ["delivery", "price", "speed", "never"]
    told = texts.comment.map(lambda text: any(mentions(text, one.key) for one in DICTIONARY))
    assert found.untold.components["x"] == (~told).sum()
    assert found.mentions == sum(one.share.components["x"] for one in found.themes)
    both = texts.comment.map(lambda text: mentions(text, "delivery") and mentions(text, "price"))
    assert found.themes[0].often == (("price", both.sum()),)


def test_scores_beside_themes_are_adjusted_over_all_of_them():
    data = frame(rows=4000)
    found = {one.theme: one.beside[0] for one in found_in(data).themes if one.beside}
    assert set(found) == {"delivery", "price", "speed"}
    assert found["delivery"].clear
    assert found["delivery"].difference < 0
    texts = texts_of(data)
    texts = texts[texts.score.notna()]
    for key, one in found.items():
        own = texts.comment.map(lambda text, key=key: mentions(text, key))
        score = 100 * ((texts.score >= 9).astype(int) - (texts.score <= 6))
        assert one.mention.value == pytest.approx(score[own].mean())
        assert one.difference == pytest.approx(score[own].mean() - score[~own].mean())
        assert one.low < one.difference < one.high
        assert one.clear == (one.pvalue_adjusted < 0.05) == (one.low > 0 or one.high < 0)
    raw = [found[key].pvalue for key in sorted(found)]
    adjusted = multipletests(raw, method="holm")[1]
    assert [found[key].pvalue_adjusted for key in sorted(found)] == pytest.approx(list(adjusted))


def test_filters_keep_answers_and_the_period_before_gives_the_change():
    data = frame()
    march, april = (
        Filters(start=date(2026, month, 1), end=date(2026, month, 30), channels=("chat",))
        for month in (3, 4)
    )
    found = found_in(data, filters=april, earlier=march)
    own = data[(data.channel == "chat")]
    kept, earlier = (own[own.date.dt.month == month] for month in (4, 3))
    earlier = earlier[earlier.date.dt.day <= 30]
    one = found.themes[0]
    assert found.account.answers == len(kept)
    assert one.before.n == len(texts_of(earlier))
    share = texts_of(kept).comment.map(lambda text: mentions(text, "delivery")).mean()
    before = texts_of(earlier).comment.map(lambda text: mentions(text, "delivery")).mean()
    assert one.change.difference == pytest.approx(share - before)
    assert one.change.low < one.change.difference < one.change.high
    assert one.change.good is None
    nobody = found_in(data, filters=Filters(start=date(2030, 1, 1)))
    assert (nobody.account.answers, nobody.themes, nobody.untold) == (0, (), None)


def test_order_changes_nothing_and_what_says_nothing_changes_no_count():
    data = frame(seed=5, rows=60)
    found = found_in(data)
    assert found_in(data.sample(frac=1, random_state=2, ignore_index=True)) == found
    empty = pd.concat([data.tail(1)] * 5).assign(comment=["…", "", "!!!", "42", "👍"])
    more = found_in(pd.concat([data, empty], ignore_index=True))
    assert (more.themes, more.untold, more.phrases) == (found.themes, found.untold, found.phrases)
    assert more.account.answers == found.account.answers + len(empty)


@settings(max_examples=15, deadline=None)
@given(
    texts=st.lists(st.sampled_from([*TEXTS, *FOREIGN]) | st.text(max_size=30), max_size=25),
    order=st.randoms(use_true_random=False),
)
def test_the_order_of_reading_leaves_no_trace(texts, order):
    """Nor do marks and spaces at an end, whatever the text is."""
    named = list(enumerate(texts))
    shuffled = order.sample(named, len(named))
    told = []
    for one in (named, shuffled, [(name, f"{text} … ") for name, text in named]):
        corpus = corpus_of(one)
        found = matches(Index(corpus), DICTIONARY)
        weights = np.ones(len(texts), dtype=np.int64)
        masks, kinds = found.masks.tolist(), corpus.kinds.tolist()
        told.append((masks, kinds, phrases(corpus, weights, found.covered)))
    assert told[0] == told[1] == told[2]


def test_texts_of_one_response_are_one_answer():
    data = pd.DataFrame(
        {
            "date": pd.Timestamp("2026-03-01"),
            "response_id": ["a", "a", "a", "b", "b", None],
            "question": ["score", "good", "bad", "score", "bad", "bad"],
            "comment": [None, "доставка", "доставка, цены", None, "prices", "delivery"],
            "survey_type": ["nps", None, None, "nps", None, None],
            "score": [3.0, None, None, 10.0, None, None],
            "scale_min": 0.0,
            "scale_max": 10.0,
        }
    )
    own = FrameEngine(surveys=data)
    found = themes(own, SOURCE, DICTIONARY)
    assert (found.account.answers, found.account.texts, found.low) == (3, 3, 1)
    shares = {one.theme: one.share.components["x"] for one in found.themes}
    assert shares == {"delivery": 2, "price": 2, "speed": 0, "never": 0}
    assert found.themes[0].negative.components == {"x": 1, "n": 1}
    assert questions_of(own, SOURCE) == ("bad", "good")
    asked = Filters(equal=(("question", ("good", "score")), ("channel", ("chat",))))
    assert asked_in(own, SOURCE, asked) == (
        replace(SOURCE, questions=("good",)),
        Filters(equal=(("channel", ("chat",)),)),
    )
    good = themes(own, replace(SOURCE, questions=("good",)), DICTIONARY)
    assert (good.account.answers, good.account.texts) == (3, 1)


def test_conversations_are_read_where_they_have_texts():
    data = pd.DataFrame(
        {
            "conversation_id": ["1", "2"],
            "created_at": pd.Timestamp("2026-03-01"),
            "subject": ["Доставка", "Цена"],
            "score": [5.0, 1.0],
        }
    )
    own = FrameEngine(conversations=data)
    assert sources_of(own) == (Source("conversations", "subject"),)
    found = themes(own, Source("conversations", "subject"), DICTIONARY)
    assert (found.account.texts, found.low) == (2, 1)
    assert found.themes[0].share.grain == "conversations"
    assert sources_of(FrameEngine(surveys=frame().drop(columns="comment"))) == ()
