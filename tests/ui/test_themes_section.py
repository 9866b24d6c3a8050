"""Lines of the editor of themes."""

from __future__ import annotations

import pandas as pd

from crm_metrics.metrics.themes import Theme
from crm_metrics.ui.voice.dictionary import edited_themes


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
