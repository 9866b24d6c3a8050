"""The user's dictionary is kept with the workspace, sent as a file, and forgotten on wish."""

from __future__ import annotations

import pytest

from crm_metrics.errors import InputError
from crm_metrics.metrics.themes import (
    Theme,
    built_in,
    read_themes,
    themes_of_file,
    write_themes,
)
from crm_metrics.metrics.themes.keeping import THEMES

OWN = Theme("own_1", "Упаковка \\ «тест»", "", ("упаковка", "мятая ... коробка"), (), ('"in"',))


def test_a_dictionary_comes_back_from_its_file(tmp_path):
    assert read_themes(tmp_path) == built_in()
    write_themes(tmp_path, (OWN, *built_in()))
    assert read_themes(tmp_path) == (OWN, *built_in())
    sent = (tmp_path / THEMES).read_bytes()
    assert themes_of_file(b"\xef\xbb\xbf" + sent, file="t.toml") == (OWN, *built_in())
    with pytest.raises(InputError):
        write_themes(tmp_path, ())
    assert read_themes(tmp_path)[0] == OWN
    (tmp_path / THEMES).write_text("broken [[", encoding="utf-8")
    assert read_themes(tmp_path) == built_in()
    write_themes(tmp_path, None)
    assert [one.name for one in tmp_path.iterdir()] == []


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xfe",
        b"a = 1",
        b"themes = 1",
        b"[[themes]]\nkey = 'a'",
        b"[[themes]]\nkey = 'a'\nname = 'b'",
        b"[[themes]]\nkey = 'a'\nname = {ru = 'b'}\nru = [1]",
        b"[[themes]]\nkey = 'a'\nname = {ru = 'b'}\nru = 'word'",
    ],
)
def test_a_file_that_is_no_dictionary_is_told_so(data):
    with pytest.raises(InputError) as caught:
        themes_of_file(data, file="goals.toml")
    assert caught.value.code == "themes_file"
    assert caught.value.params == {"file": "goals.toml"}
