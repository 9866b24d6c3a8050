from __future__ import annotations

import logging
import tomllib

import pytest
from streamlit.testing.v1 import AppTest

from crm_metrics.charts.palette import CHANNELS, GROUNDS, contrast
from crm_metrics.errors import InputError
from crm_metrics.texts import LANGUAGES, has, t
from crm_metrics.ui.escape import esc
from crm_metrics.ui.shell import PAGES, error_text
from tests.ui.conftest import ROOT


def test_language_comes_from_the_browser(open_app):
    assert open_app(locale="ru-RU").segmented_control(key="lang").value == "ru"
    assert open_app(locale="de-DE").segmented_control(key="lang").value == "en"


def test_language_in_the_address_wins(open_app, home):
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
    at.context = {"locale": "en-US"}
    at.query_params["lang"] = "ru"
    assert at.run().segmented_control(key="lang").value == "ru"


def test_a_deep_link_into_a_cold_process_gets_the_shell(cold_server, open_app):
    at = open_app("columns", locale="ru-RU")
    assert not at.exception
    assert at.segmented_control(key="lang").value == "ru"
    assert at.title[0].value == t("columns.title", "ru")
    again = at.run()
    assert again.segmented_control(key="lang").value == "ru"


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("locale", ["ru-RU", "en-US"])
def test_every_page_opens_without_data(open_app, page, locale):
    at = open_app(page, locale=locale)
    assert not at.exception
    assert not at.error


def test_pages_are_thin_and_guarded():
    for name in PAGES:
        source = (ROOT / "pages" / f"{name}.py").read_text(encoding="utf-8")
        assert "require_shell()" in source
        assert len(source.splitlines()) <= 80


def test_every_page_has_a_title_and_a_hint():
    for name in PAGES:
        for language in LANGUAGES:
            assert has(f"nav.{name}", language)
            assert has(f"nav.{name}_help", language)


FAILING = """
import streamlit as st

from crm_metrics.ui.shell import boundary

cell = "ivan@example.com"
with boundary():
    raise ZeroDivisionError(cell)
st.markdown("after")
"""
RERUNNING = """
import streamlit as st

from crm_metrics.ui.shell import boundary

with boundary():
    if "again" not in st.session_state:
        st.session_state["again"] = True
        st.rerun()
    st.markdown("second run")
    st.stop()
st.markdown("never")
"""


def test_an_unknown_error_is_a_calm_sentence_with_a_number(caplog):
    with caplog.at_level(logging.ERROR, logger="crm_metrics.ui.error_log"):
        at = AppTest.from_string(FAILING).run()
    shown = at.error[0].value
    assert not at.exception
    assert [item.value for item in at.markdown] == ["after"]
    assert "ZeroDivisionError" not in shown
    assert "ivan" not in shown
    number = caplog.records[0].getMessage().split(":")[0].split()[-1]
    assert number in shown
    assert "ZeroDivisionError" in caplog.text
    assert "ivan" not in caplog.text


def test_streamlits_own_signals_pass_the_boundary():
    at = AppTest.from_string(RERUNNING).run()
    assert [item.value for item in at.markdown] == ["second run"]
    assert not at.error


def test_an_error_without_words_is_not_given_its_code_as_a_sentence():
    assert error_text(InputError("no_such_code"), "en") is None


def test_a_known_error_says_names_escaped():
    sentence = error_text(InputError("empty_file", file="![x](http://evil/p.png)"), "en")
    assert sentence is not None
    assert "![x](" not in sentence


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("![x](http://evil/p.png)", "\\!\\[x\\]\\(http\\:\u200d\\/\\/evil\\/p.png\\)"),
        ("a_b*c", r"a\_b\*c"),
        (":red[hi] $x$", r"\:red\[hi\] \$x\$"),
        ("<b>", r"\<b\>"),
        ("1. one", r"1\. one"),
        ("a\nb", "a b"),
        ("see www.evil.com", "see www\u200d.evil.com"),
        ("anna@example.com", "anna\\@\u200dexample.com"),
    ],
)
def test_escape_by_example(text, shown):
    assert esc(text).replace("\\/", "/") == shown.replace("\\/", "/")


def test_escape_cuts_before_it_escapes():
    assert esc("*" * 10, limit=3) == r"\*\*…"


def test_theme_matches_the_palette_of_the_charts():
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    for ground, background in GROUNDS.items():
        theme = config["theme"][ground]
        assert theme["backgroundColor"].lower() == background.lower()
        shown = {color.lower() for color in CHANNELS[ground].values()}
        assert {color.lower() for color in theme["chartCategoricalColors"]} <= shown
        for color in theme["chartCategoricalColors"]:
            assert contrast(color, background) >= 3
        assert contrast(theme["textColor"], background) >= 7
        assert contrast(theme["linkColor"], background) >= 4.5
        # A chosen section is written in the accent, and a main button's words stand on it.
        assert contrast(theme["primaryColor"], background) >= 4.5
        assert contrast(theme["violetTextColor"], theme["primaryColor"]) >= 4.5


def test_server_is_local_and_quiet():
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert config["server"]["address"] == "localhost"
    assert config["server"]["maxUploadSize"] == 500
    assert config["browser"]["gatherUsageStats"] is False
    assert config["runner"]["postScriptGC"] is False
    assert config["client"]["showErrorDetails"] == "none"
