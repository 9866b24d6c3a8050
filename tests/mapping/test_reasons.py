"""Every reason that a suggestion gives has its sentence in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from crm_metrics import mapping
from crm_metrics.mapping import suggest
from crm_metrics.mapping.cells.profile import KINDS
from crm_metrics.schema import FIELDS, GRAINS
from crm_metrics.texts import LANGUAGES, has, t
from tests.mapping.made import known_exports, made_table, of_export, other_exports


@pytest.mark.parametrize("lang", LANGUAGES)
def test_reasons_fill_their_sentences(tmp_path, lang):
    for entry in known_exports() + other_exports():
        found = suggest(of_export(tmp_path, entry))
        for why in (found.why, *(item.why for item in found.columns)):
            assert t(f"why.{why.code}", lang, **why.params)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_code_in_the_room_has_a_sentence(lang):
    source = "".join(
        path.read_text(encoding="utf-8") for path in Path(mapping.__file__).parent.rglob("*.py")
    )
    codes = set(re.findall(r'Why\(\s*"(\w+)"', source))
    assert len(codes) > 10
    assert not {code for code in codes if not has(f"why.{code}", lang)}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_fields_grains_and_kinds_have_their_words(lang):
    wanted = {f"field.{key}.{part}" for key in FIELDS for part in ("name", "help")}
    wanted |= {f"grain.{key}.{part}" for key in GRAINS for part in ("name", "row")}
    wanted |= {f"kind.{kind}" for kind in KINDS}
    assert not {key for key in wanted if not has(key, lang)}


def test_a_reason_speaks_the_language_of_the_header(tmp_path):
    headers = ["Дата рассылки", "Ушло писем", "Доставлено, шт", "Просм.", "Uniq. opens"]
    rows = [["03.03.2026", "120", "110", "33", "30"], ["10.03.2026", "88", "80", "20", "15"]]
    words = [
        item.why.params["word"]
        for item in suggest(made_table(tmp_path, headers, rows)).columns
        if "word" in item.why.params
    ]
    assert words == ["доставлено", "unique opens"]
