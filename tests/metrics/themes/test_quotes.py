"""Quotes: the same ones each time, nothing personal in them, the theme's words marked."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from crm_metrics.facts.masking import mask_text
from crm_metrics.metrics.model import Filters
from crm_metrics.metrics.themes import Source, mentioning, quotes
from tests.metrics.themes.made_comments import DICTIONARY, engine, frame, mentions

SOURCE = Source("surveys", "comment")
DELIVERY = DICTIONARY[0]
LONG = "Начало. " + "Очень долгий рассказ обо всём на свете. " * 12 + "А доставка опоздала на день."


def of(*texts: str) -> pd.DataFrame:
    return pd.DataFrame({"date": pd.Timestamp("2026-03-01"), "comment": texts})


def test_quotes_are_real_comments_of_the_period_with_the_words_marked():
    data = frame()
    april = Filters(start=date(2026, 4, 1), end=date(2026, 4, 30))
    found = quotes(engine(data), SOURCE, DELIVERY, april)
    own = data[(data.date.dt.month == 4) & data.comment.notna()]
    real = {text for text in own.comment if mentions(text, "delivery")}
    assert {one.text for one in found} == real
    for one in found:
        assert one.day.month == 4
        marked = [one.text[start:end].lower() for start, end in one.spans]
        assert marked
        assert all(word.startswith(("достав", "deliver")) for word in marked)
    shuffled = data.sample(frac=1, random_state=1, ignore_index=True)
    assert quotes(engine(shuffled), SOURCE, DELIVERY, april) == found
    assert quotes(engine(data), SOURCE, DELIVERY, april, 2) == found[:2]


def test_a_long_comment_is_cut_around_the_word():
    (one,) = quotes(engine(of(LONG)), SOURCE, DELIVERY)
    assert len(one.text) < 260 < len(LONG)
    assert one.text.startswith("… ")
    assert [one.text[start:end] for start, end in one.spans] == ["доставка"]


def test_all_comments_can_be_taken_away_masked_or_not():
    text = "доставка: звоните +7 916 123-45-67"
    own = engine(of(text, text, "цена"))
    lines = list(mentioning(own, SOURCE, DELIVERY))
    assert [line[3] for line in lines] == ["доставка: звоните +7 *** ** 67"] * 2
    assert [line[3] for line in mentioning(own, SOURCE, DELIVERY, masked=False)] == [text] * 2


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("Пишите ivan.petrov@mail.ru", "Пишите i***@mail.ru"),
        ("карта 4276 1234 5678 9012", "карта *** 9012"),
        ("Спасибо менеджеру Ольге Петровой", "Спасибо менеджеру О*** П***"),
        ("помогла Анна Сергеевна", "помогла А*** С***"),
        ("My name is John Smith", "My name is J*** S***"),
        ("канал @ivan_petrov, t.me/ivanp", "канал @***, t.me/***"),
        ("Оператор нахамил 2026-03-04 12:00", "Оператор нахамил 2026-03-04 12:00"),
        ("Agent was rude, order 12345", "Agent was rude, order 12345"),
    ],
)
def test_what_is_personal_in_a_comment_is_hidden(text, hidden):
    assert mask_text(text) == hidden
