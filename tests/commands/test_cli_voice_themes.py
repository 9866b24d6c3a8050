"""`voice` tells what comments are about, as lines and as plain data."""

from __future__ import annotations

import json

from click.testing import CliRunner

from crm_metrics.cli_voice import voice
from crm_metrics.metrics.themes import built_in


def test_voice_tells_themes_of_comments(tmp_path):
    path = tmp_path / "nps.csv"
    lines = ["Date,NPS,Comment"]
    lines += [f"2026-03-{day % 28 + 1:02},{day % 11},Доставка опоздала" for day in range(40)]
    path.write_text("\n".join([*lines, "2026-03-01,9,мастер Иван"]) + "\n", encoding="utf-8")
    told = CliRunner().invoke(voice, [str(path), "--json"])
    assert told.exit_code == 0, told.output
    found = json.loads(told.output)["themes"]
    assert found["account"]["texts"] == 41
    assert len(found["themes"]) == len(built_in())
    first = found["themes"][0]
    assert (first["theme"], first["share"]["components"]) == ("delivery", {"x": 40, "n": 41})
    said = CliRunner().invoke(voice, [str(path), "--lang", "ru"])
    assert "Чаще всего пишут о теме «Доставка»: 97,6" in said.output.replace("\u00a0", " ")
