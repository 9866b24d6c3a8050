"""Comments by theme on the Voice page: sentences, masked quotes, themes of one's own."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from crm_metrics.metrics.themes import Theme, built_in, read_themes
from crm_metrics.metrics.themes.dictionary import themes_text
from crm_metrics.store import Workspace
from crm_metrics.texts import t
from crm_metrics.ui.voice.dictionary import edited_themes
from tests.ui.conftest import ROOT

COMMENTS = (
    "Доставка опоздала, звоните +7 916 123-45-67",
    "Менеджер Ольга Петрова очень вежливая",
    "Дорого, зато доставка быстрая",
    "The parcel never arrived, write to ann@example.com",
    "Great prices",
    "мастер пришёл вовремя",
    "Всё отлично",
    "нет",
    "",
    "Sehr gut und schnell, ich bin zufrieden",
)


def survey(folder: Path) -> Path:
    rows = 400
    start = pd.Timestamp("2026-03-01")
    frame = pd.DataFrame(
        {
            "Response ID": [f"r{place}" for place in range(rows)],
            "Date": [start + pd.Timedelta(days=place * 3 // 10) for place in range(rows)],
            "NPS": [(3, 10, 6, 0, 9, 10, 10, 8, 7, 9)[place % 10] for place in range(rows)],
            "Comment": [COMMENTS[place % 10] for place in range(rows)],
        }
    )
    path = folder / "nps.csv"
    frame.to_csv(path, index=False)
    return path


def visit(language: str = "en", **address: str) -> AppTest:
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    at.query_params["lang"] = at.session_state["lang"] = language
    for name, value in {"section": "themes", "span": "all", **address}.items():
        at.query_params[name] = value
    at.switch_page("pages/voice.py").run()
    assert not at.exception
    assert not at.error
    return at


def said(at: AppTest) -> str:
    drawn = (*at.markdown, *at.caption, *at.info, *at.subheader)
    words = " ".join(str(one.value) for one in drawn).replace("\\", "").replace("\u00a0", " ")
    return words.replace("\u200d", "")


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_section_says_what_comments_are_about_and_quotes_them_masked(home, tmp_path, language):
    Workspace(home).add(survey(tmp_path), "nps.csv")
    at = visit(language, theme="delivery")
    words = said(at)
    name = next(one for one in built_in() if one.key == "delivery").name(language)
    assert re.search(rf"[«“]{name}[»”]: 42[.,]9", words)
    assert "280" in words
    assert t("themes.no_judgement", language) in words
    assert "мастер пришел вовремя" in words
    assert "**Доставка** опоздала" in words
    assert "916" not in words
    assert "ann@" not in words
    assert "a***@example.com" in words
    assert t("themes.association", language) in words
    polite = said(visit(language, theme="politeness"))
    assert "О*** П*** очень **вежливая**" in polite
    for word in ("themes.", "metric.", "variant."):
        assert word not in words


def test_ones_own_theme_is_kept_with_the_data_and_counted(home, tmp_path):
    Workspace(home).add(survey(tmp_path), "nps.csv")
    own = Theme("own_1", "Мастера", "Craftsmen", ("мастер",))
    (home / "themes.toml").write_text(themes_text((own, *built_in())), encoding="utf-8")
    at = visit("ru", theme="own_1")
    assert "Мастера: доля комментариев 14,3" in said(at)
    at.session_state["themes_dictionary"] = True
    at.run()
    assert not at.exception
    at.button(key="themes_forget").click().run()
    assert read_themes(home) == built_in()
    assert "Мастера: доля" not in said(at)


def test_without_comments_the_section_names_the_column(home, tmp_path):
    path = survey(tmp_path)
    pd.read_csv(path).drop(columns="Comment").to_csv(path, index=False)
    Workspace(home).add(path, "nps.csv")
    assert t("themes.no_texts", "en") in said(visit())


def test_lines_of_the_editor_become_themes():
    known = (Theme("a", "Цена", "Price", ("цена",), ("price",)), Theme("b", "Б", "B", ("б",)))
    frame = pd.DataFrame(
        [
            {"key": "a", "name": "Цены", "ru": "цена, дорог*; =цены", "en": "price", "but": ""},
            {"key": None, "name": "Мастера", "ru": "мастер\nмастер", "en": None, "but": None},
            {"key": None, "name": None, "ru": "", "en": " , ", "but": None},
        ]
    )
    first, own = edited_themes(frame, known, "ru")
    assert first == Theme("a", "Цены", "Price", ("цена", "дорог*", "=цены"), ("price",))
    assert (own.name_ru, own.name_en, own.ru) == ("Мастера", "", ("мастер",))
    assert own.key.startswith("own_")
