"""Checks are sound, and all they say has words in both languages."""

from __future__ import annotations

import re
from datetime import date

import pandas as pd
import pytest

from crm_metrics.audit import Settings, catalogue, thresholds
from crm_metrics.findings.audit_words import in_words, meaning_text
from crm_metrics.metrics.ground import ground
from crm_metrics.schema import GRAINS, fields_of
from crm_metrics.texts import LANGUAGES, has, keys, t
from tests.audit.made import engine
from tests.audit.proved import PROVED, UNPROVED


def test_declarations_are_sound():
    for check in catalogue():
        assert check.grain in GRAINS, check.key
        fields = {field for need in check.needs for field in need.split("|")}
        assert fields <= set(fields_of(check.grain)), check.key
        assert set(check.shows) <= set(fields_of(check.grain)), check.key
        assert set(check.ages) <= set(GRAINS), check.key
        assert check.money is None or check.money in fields_of(check.grain), check.key
        for need in check.also:
            grain, _, own = need.partition(".")
            assert set(filter(None, own.split("|"))) <= set(fields_of(grain)), check.key
    for one in thresholds().values():
        assert one.low <= one.default <= one.high, one.key


def test_a_condition_that_asks_what_day_it_is_says_that_it_ages():
    days = [Settings(today=date(year, 6, 30)) for year in (2026, 2027)]
    own = [check for check in catalogue() if check.broken]
    row = pd.DataFrame({"date": ["2026-01-01"]})
    given = engine(**dict.fromkeys((check.grain for check in own), row))
    tables = {check.grain: ground(given, check.grain)[0] for check in own}
    asks = set()
    for check in own:
        first, then = (check.broken(tables[check.grain], one) for one in days)
        asks |= set() if first.equals(then) else {check.key}
    # A day ahead of today is no less ahead of it in an older export.
    assert asks == {one.key for one in own if one.ages} | {"date_impossible"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_check_has_words_and_every_word_a_check(lang: str):
    parts = ("name", "meaning", "advice")
    needed = {f"audit.check.{check.key}.{part}" for check in catalogue() for part in parts}
    needed |= {f"audit.threshold.{key}" for key in thresholds()}
    needed |= {f"audit.threshold.{key}" for check in catalogue() for key in check.limits}
    needed |= {f"audit.unit.{check.counted}" for check in catalogue()}
    assert {key for key in needed if not has(key, lang)} == set()
    sections = ("audit.check.", "audit.threshold.", "audit.unit.")
    told = {f"audit.check.{check.key}.more" for check in catalogue()}
    assert {key for key in keys(lang) if key.startswith(sections)} <= needed | told


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_meaning_names_no_number_but_thresholds(lang: str):
    for check in catalogue():
        assert meaning_text(check, Settings(), lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_days_and_times_come_with_their_word_and_texts_give_them_no_second(lang: str):
    twice = re.compile(r"_(?:days|times)\} (?:day|time|дн|раз)")
    told = {key for key in keys(lang) if re.search(r"^audit\.check\..*\.(meaning|more)$", key)}
    assert {key for key in told if twice.search(t(key, lang))} == set()
    assert in_words({"stale_days": 21.0, "won_days": 3, "load_times": 2.5}, "ru") == {
        "stale_days": "21 дня",
        "won_days": "3 дней",
        "load_times": "2,5 раза",
    }


def test_every_check_is_held_against_made_defects_or_named_as_one_that_is_not():
    assert not PROVED & UNPROVED
    assert {(check.key, check.grain) for check in catalogue()} == PROVED | UNPROVED
