"""Words in cells, and the scale that a score shows."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from crm_metrics.mapping import choices
from crm_metrics.mapping.cells import words
from crm_metrics.mapping.cells.blanks import bare
from crm_metrics.mapping.cells.profile import profile
from crm_metrics.mapping.cells.words import meanings
from crm_metrics.mapping.headers.header import read_name
from crm_metrics.mapping.matching.cues import survey_scale
from crm_metrics.schema import GRAINS, fields_of
from crm_metrics.schema.channels import CHANNELS
from crm_metrics.texts import LANGUAGES, has


@pytest.mark.parametrize(
    ("header", "cells", "kind", "low", "high"),
    [
        ("Насколько вероятно, что вы порекомендуете нас?", ["9", "6"], "nps", "0", "10"),
        ("How likely are you to recommend us?", ["0", "10"], "nps", "0", "10"),
        ("NPS", ["7"], "nps", "0", "10"),
        ("Would you recommend us?", [str(1 + at % 5) for at in range(40)], "other", "1", "5"),
        ("Rating", ["1", "5"], "csat", "1", "5"),
        ("Оцените качество поддержки", ["5", "3"], "csat", "1", "5"),
        ("How easy was it?", ["7", "1"], "ces", "1", "7"),
        ("Оценка", ["10", "0"], "other", "0", "10"),
        ("Score", ["87", "40"], "other", "0", "100"),
    ],
)
def test_scales(header, cells, kind, low, high):
    found = survey_scale(read_name(header), profile(cells))
    assert found == {"survey_type": kind, "scale_min": low, "scale_max": high}


def test_no_scale_where_there_is_none():
    assert survey_scale(read_name("Score"), profile(["good"])) == {}
    assert survey_scale(read_name("Score"), profile(["-3", "900"])) == {}


def test_a_stage_of_unknown_words_is_open_only_beside_won_or_lost():
    assert meanings("stage", ["выиграна", "счёт выставлен"]) == {
        "выиграна": "won",
        "счёт выставлен": "open",
    }
    assert meanings("stage", ["первый звонок", "счёт выставлен"]) == {}
    assert meanings("stage", ["переговоры", "счёт выставлен"]) == {"переговоры": "open"}


@pytest.mark.parametrize(
    ("word", "channel"),
    [("вк", "social"), ("вконтакте", "social"), ("e-mail", "email"), ("смс", "sms"),
     ("звонок", "phone"), ("whatsapp", "messenger"), ("чат", "chat")],
)  # fmt: skip
def test_channel_words(word, channel):
    assert meanings("channel", [word]) == {word: channel}


def test_unknown_words_stay_themselves():
    assert meanings("channel", ["голубиная почта"]) == {}
    assert meanings("event_type", ["Delivered".lower(), "xyz"]) == {"delivered": "delivered"}


def test_the_words_that_a_field_can_be_given_are_offered_and_have_names():
    assert choices("channel") == CHANNELS
    assert choices("status", "calls") == ("answered", "missed", "busy", "failed")
    assert choices("status", "deals") == choices("stage", "deals") == ("won", "lost", "open")
    assert choices("status", "spend") == choices("variant", "campaigns") == ()
    offered = {
        (field, word)
        for grain in GRAINS
        for field in fields_of(grain)
        for word in choices(field, grain)
    }
    shown = {
        (field, word)
        for field, word in offered
        if all(
            has(f"columns.{field}.{word}", lang) or has(f"{field}.{word}", lang)
            for lang in LANGUAGES
        )
    }
    assert offered == shown


def test_no_word_has_two_meanings_in_one_field():
    for grain in GRAINS:
        for field in fields_of(grain):
            known: dict[str, str] = {}
            for word, texts in words._words(field, grain).items():
                for text in texts:
                    assert known.setdefault(bare(text), word) == word, (grain, field, text)


def test_words_as_vendors_write_them():
    path = Path(__file__).parent / "spellings" / "values.toml"
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["value"]
    told = [
        (entry["vendor"], entry["field"], text, None if word == "-" else word)
        for entry in entries
        for word, texts in entry["words"].items()
        for text in texts
    ]
    assert len(told) >= 150
    wrong = []
    for vendor, place, text, word in told:
        grain, field = place.split(".")
        found = words.known_meaning(field, text.strip().lower(), grain)
        if found != word:
            wrong.append((vendor, place, text, word, found))
    assert not wrong
