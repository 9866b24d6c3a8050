"""Word forms, phrases and what parts them; how well the dictionary does on labelled comments."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from crm_metrics.errors import InputError
from crm_metrics.metrics.themes.corpus import corpus_of
from crm_metrics.metrics.themes.dictionary import (
    MOST_THEMES,
    Theme,
    built_in,
    checked,
    own_key,
    themes_in,
    themes_text,
)
from crm_metrics.metrics.themes.matching import Index, matches
from crm_metrics.metrics.themes.words import normal, placed, tokens

LABELLED = Path(__file__).parents[2] / "data" / "themes" / "labelled.csv"


def mentioned(texts: list[str], *phrases: str, but: tuple[str, ...] = ()) -> list[str]:
    index = Index(corpus_of(enumerate(texts)))
    theme = Theme("one", "Тема", "Theme", phrases, (), but)
    return [text for text, mask in zip(texts, matches(index, (theme,)).masks, strict=True) if mask]


def test_forms_of_words_count_by_their_stem_and_other_words_do_not():
    forms = ["доставка", "Доставки", "ДОСТАВКОЙ,", "о доставке", "доставкам"]
    assert mentioned([*forms, "достаток", "подставка", "от до ставки"], "доставка") == forms
    forms = ["delivery", "Deliveries!", "our delivery's late"]
    assert mentioned([*forms, "liver", "delight"], "delivery") == forms
    assert mentioned(["отчёт", "отчеты", "отчётливо"], "отчёт") == ["отчёт", "отчеты"]


def test_beginnings_forms_phrases_and_gaps():
    assert mentioned(["вежливо", "невежливо", "веж"], "вежлив*") == ["вежливо"]
    assert mentioned(["цена", "цену", "ценный"], "=цена") == ["цена"]
    texts = ["долго ждать", "долго. ждать", "долго пришлось ждать", "ждать долго", "долго"]
    assert mentioned(texts, "долго ждать") == texts[:1]
    assert mentioned(texts, "долго ... ждать") == [texts[0], texts[2]]
    far = ["took ages to reply", "took very very very long to reply", "took. to reply"]
    assert mentioned(far, "took ... to reply") == far[:1]
    kind = ["kind people", "kind of people", "kind of kind people"]
    assert mentioned(kind, "kind", but=("kind of",)) == [kind[0], kind[2]]
    assert mentioned(
        ["write to support@shop.com", "see www.support.com", "support"], "support"
    ) == ["support"]


def test_tokens_stand_where_they_stand_in_the_text():
    text = "Ёлка — it’s İstanbul, a@b.ru!"
    for token, start, end in placed(text):
        assert token == "." or normal(text[start:end]) == token
    assert [token for token, _, _ in placed(text)] == tokens(text)
    assert tokens(text)[:3] == ["елка", "—", "it's"]


def test_the_dictionary_is_sound_and_a_file_brings_it_back():
    assert 15 <= len(built_in()) <= 25
    assert all(one.ru and one.en and one.name_ru != one.name_en for one in built_in())
    odd = (Theme("odd", 'Кавычки "и" \\ косая', "Tab\there", ("a\nb",), ()), *built_in())
    assert themes_in(themes_text(odd)) == odd
    assert own_key("Моя тема") == own_key("моя ТЕМА") != own_key("Другая")


@pytest.mark.parametrize(
    ("themes", "code"),
    [
        ([], "themes_none"),
        ([Theme(f"t{n}", str(n), "", ("a",)) for n in range(MOST_THEMES + 1)], "themes_many"),
        ([Theme("a", "", "", ("a",))], "theme_name"),
        ([Theme("A b", "имя", "", ("a",))], "theme_key"),
        ([Theme("a", "имя", "")], "theme_words"),
        ([Theme("a", "имя", "", ("a",) * 401)], "theme_many_words"),
        ([Theme("a", "имя", "", ("!!",))], "theme_phrase"),
        ([Theme("a", "имя", "", ("a",)), Theme("b", "Имя", "", ("a",))], "theme_twice"),
    ],
)
def test_a_dictionary_that_cannot_be_counted_by_is_refused(themes, code):
    with pytest.raises(InputError) as caught:
        checked(themes)
    assert caught.value.code == code


def test_words_that_only_share_a_stem_with_one_of_a_theme_do_not_count():
    texts = [
        *("it is important to me", "the tools help me every day", "health care", "my profession"),
        *("a specific case", "data were stored", "we select rows", "integrity matters"),
        *("please consider this", "custom colours", "I see the point", "available next week"),
        *("решила купить ещё", "вернулась с мужем", "в нашем деле это важно"),
    ]
    masks = matches(Index(corpus_of(enumerate(texts))), built_in()).masks
    assert [text for text, mask in zip(texts, masks, strict=True) if mask] == []


def test_the_dictionary_finds_what_people_would():
    """Labelled before the dictionary was written, but by the same hand: its worth at best."""
    with LABELLED.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    index = Index(corpus_of((place, row["text"]) for place, row in enumerate(rows)))
    masks = matches(index, built_in()).masks.tolist()
    right = wrong = missed = 0
    for row, mask in zip(rows, masks, strict=True):
        found = {one.key for bit, one in enumerate(built_in()) if mask >> bit & 1}
        said = set(row["themes"].split())
        right += len(said & found)
        wrong += len(found - said)
        missed += len(said - found)
    precision, recall = right / (right + wrong), right / (right + missed)
    assert len(rows) >= 100
    assert precision >= 0.85
    assert recall >= 0.85
