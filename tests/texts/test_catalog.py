"""Both languages say the same things."""

from __future__ import annotations

import string
import tomllib
from importlib.resources import files

import pytest

from crm_metrics.errors import InputError, UsageError
from crm_metrics.texts import LANGUAGES, error_text, has, keys, language_of, on_command_line, t
from crm_metrics.texts.catalog import texts_of


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def shared_placeholders(entry: str | dict[str, str]) -> set[str]:
    if isinstance(entry, str):
        return placeholders(entry)
    return set.union(*map(placeholders, entry.values()))


def test_the_languages_have_the_same_keys():
    assert keys("ru") == keys("en")


def test_the_same_key_takes_the_same_placeholders():
    different = {
        key
        for key in keys("en")
        if shared_placeholders(texts_of("en")[key]) != shared_placeholders(texts_of("ru")[key])
    }
    assert not different


def test_no_text_is_empty_and_none_has_stray_blanks():
    for lang in LANGUAGES:
        for key, entry in texts_of(lang).items():
            for text in entry.values() if isinstance(entry, dict) else [entry]:
                assert text, (lang, key)
                assert text == text.strip(), (lang, key)


def test_russian_plurals_have_all_their_forms():
    for key, entry in texts_of("ru").items():
        if isinstance(entry, dict):
            assert {"one", "few", "many"} <= set(entry), key


def test_russian_texts_are_russian():
    """A text with a word of three Latin letters and no Cyrillic one was left untranslated."""
    allowed = ("language.", "metric.", "platform.", "channel.sms", "channel.push", "app.")
    for key, entry in texts_of("ru").items():
        if key.startswith(allowed) or isinstance(entry, dict):
            continue
        plain = "".join(literal for literal, *_ in string.Formatter().parse(entry) if literal)
        latin = any(len(word) > 3 and word.isascii() and word.isalpha() for word in plain.split())
        cyrillic = any("а" <= letter <= "я" or letter == "ё" for letter in plain.lower())
        assert cyrillic or not latin, (key, entry)


def test_plurals_follow_the_count():
    assert t("unit.days", "ru", count=1) == "1 день"
    assert t("unit.days", "ru", count=3) == "3 дня"
    assert t("unit.days", "ru", count=11) == "11 дней"
    assert t("unit.days", "en", count=1) == "1 day"
    assert t("unit.days", "en", count=0) == "0 days"


@pytest.mark.parametrize(
    ("locale", "lang"), [("ru-RU", "ru"), ("ru", "ru"), ("en-US", "en"), ("de", "en"), (None, "en")]
)
def test_the_browser_chooses_the_first_language(locale: str | None, lang: str):
    assert language_of(locale) == lang


def test_words_of_the_command_line_stand_for_a_text_of_a_page():
    own = [key for key in keys("en") if key.startswith("command_line.")]
    for lang in LANGUAGES:
        for key in own:
            page = key.removeprefix("command_line.")
            given = {"names": "x", "mean": "1", "table": "x", "needs": ("a|b",), "count": 2}
            given |= {"column": "x", "success": "x", "trials": "y", "metric": "m", "grain": "g"}
            with on_command_line():
                said = t(page, lang, **given)
            assert said == t(key, lang, **given)
            assert said != t(page, lang, **given)
            assert "--" in said


def test_has_knows_what_t_would_say():
    assert has("channel.email", "ru")
    assert not has("channel.pigeon", "ru")


def test_the_files_are_valid_and_flat_enough_to_edit():
    for lang in LANGUAGES:
        source = files("crm_metrics.texts").joinpath(f"{lang}.toml").read_text(encoding="utf-8")
        assert tomllib.loads(source)


def test_an_error_names_metrics_and_fields_as_pages_do_and_numbers_as_the_language_does():
    lacking = InputError("metric_lacks", metric="click_rate", needs="clicks_unique, Mine")
    said = error_text(lacking, "ru")
    assert "«Кликабельность (CTR)»" in said
    assert "Кликнули, Mine" in said
    assert "2,5 " in error_text(UsageError("plan_baseline", baseline=2.5), "ru")
    # What needs rows of a kind and no column of them has these to name.
    rows = InputError("metric_lacks_rows", metric="conversations", grain="conversations")
    for lang, words in (("en", "rows of the kind"), ("ru", "нет данных вида")):
        assert words in error_text(rows, lang)
