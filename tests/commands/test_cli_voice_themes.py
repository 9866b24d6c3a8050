"""`voice` tells what comments are about, as lines and as plain data."""

from __future__ import annotations

import json
from dataclasses import replace

from click.testing import CliRunner

from crm_metrics.cli_voice import voice
from crm_metrics.errors import InputError
from crm_metrics.metrics.themes import built_in
from crm_metrics.metrics.themes.dictionary import themes_text


def test_voice_tells_themes_of_comments(tmp_path):
    path = tmp_path / "nps.csv"
    lines = ["Date,NPS,Comment"]
    lines += [f"2026-03-{day % 28 + 1:02},{day % 11},Доставка опоздала" for day in range(40)]
    path.write_text("\n".join([*lines, "2026-03-01,9,мастер Иван"]) + "\n", encoding="utf-8")
    told = CliRunner().invoke(voice, [str(path), "--json", "--lines", "50"])
    assert told.exit_code == 0, told.output
    document = json.loads(told.output)
    found = document["themes"]
    assert found["account"]["texts"] == 41
    # Every number opens to the lines that it is of.
    (of_theme,), (of_none,) = (one["lines_of"] for one in (first_share(found), found["untold"]))
    assert [line["line"] for line in of_theme["lines"]] == list(range(2, 42))
    assert [line["line"] for line in of_none["lines"]] == [42]
    of_scores = [*document["values"], *document["questions"]]
    totals = {one["lines_of"][0]["lines_total"] for one in of_scores}
    assert (len(of_scores), totals) == (2, {41})
    assert len(found["themes"]) == len(built_in())
    first = found["themes"][0]
    assert (first["theme"], first["share"]["components"]) == ("delivery", {"x": 40, "n": 41})
    said = CliRunner().invoke(voice, [str(path), "--lang", "ru"])
    assert "Чаще всего пишут о теме «Доставка»: 97,6" in said.output.replace("\u00a0", " ")


def first_share(found):
    return found["themes"][0]["share"]


def test_themes_of_ones_own_come_from_a_file(tmp_path):
    path = tmp_path / "nps.csv"
    path.write_text("Date,NPS,Comment\n" + "2026-03-02,9,мастер Иван\n" * 12, encoding="utf-8")
    own = tmp_path / "own.toml"
    (theme,) = (one for one in built_in() if one.key == "delivery")
    own.write_text(themes_text((replace(theme, ru=("мастер",), en=(), but=()),)), encoding="utf-8")
    told = CliRunner().invoke(voice, [str(path), "--dictionary", str(own), "--json"])
    assert told.exit_code == 0, told.output
    (only,) = json.loads(told.output)["themes"]["themes"]
    assert only["share"]["components"] == {"x": 12, "n": 12}
    none = tmp_path / "none.toml"
    for wrong, code in ((path, "themes_file"), (none, "no_such_file")):
        refused = CliRunner().invoke(voice, [str(path), "--dictionary", str(wrong)])
        assert isinstance(refused.exception, InputError)
        assert refused.exception.code == code
