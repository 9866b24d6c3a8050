"""What a large file seems to be is shown while it is read, and what is wrong is left to reading."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from crm_metrics import intake
from crm_metrics.errors import InputError
from crm_metrics.mapping.templates.template import template_of
from crm_metrics.texts import t
from crm_metrics.ui.glimpse import LARGE, glimpses
from tests.ui.test_jobs import LONG
from tests.ui.test_reading_on_the_page import finished, gate  # noqa: F401 - a fixture
from tests.ui.test_upload_page import drop, names

HEADER = "Дата;Кампания;Отправлено;Доставлено;Открытия;E-mail менеджера\n"
ROW = "{:02}.03.2026;Весна;1000;950;300;anna.smirnova@example.com\n"


def large() -> bytes:
    rows = "".join(ROW.format(day) for day in range(1, 29)).encode("cp1251")
    return HEADER.encode("cp1251") + rows * (LARGE // len(rows) + 1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "copy" / "big"
    made.parent.mkdir()
    made.write_bytes(large())
    return made


def test_the_beginning_is_read_as_the_whole_would_be(path):
    (seen,) = glimpses(path, "письма.csv", path.stat().st_size, None)
    assert seen.columns == 6
    assert seen.mapping.grain == "campaigns"
    assert list(seen.rows["Отправлено"]) == ["1000"] * 8
    assert list(seen.rows.index) == list(range(2, 10))
    assert "smirnova" not in seen.rows.to_csv()
    assert list(path.parent.iterdir()) == [path]
    template = template_of(seen.mapping, created=date(2026, 11, 3), name="Письма")
    (again,) = glimpses(path, "письма.csv", path.stat().st_size, None, [template])
    assert again.mapping.applied.name == "Письма"


def test_a_small_file_is_not_looked_at_twice(tmp_path, monkeypatch):
    monkeypatch.setattr(intake, "preview", None)
    assert glimpses(tmp_path / "small.csv", "small.csv", LARGE - 1, None) == ()


@pytest.mark.parametrize("error", [InputError("not_text", file="big.csv"), ZeroDivisionError()])
def test_what_is_wrong_is_left_to_reading(path, monkeypatch, error):
    def broken(*given, **options):
        raise error

    monkeypatch.setattr(intake, "preview", broken)
    assert glimpses(path, "big.csv", path.stat().st_size, None) == ()
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_page_shows_it_until_the_card_is_there(open_app, home, gate, language):  # noqa: F811
    at = drop(open_app(locale=language), ("письма.csv", large()))
    assert gate.reached.wait(LONG)
    at.run()
    assert not at.exception
    assert t("upload.columns_count", language) in [item.value for item in at.caption]
    assert t("grain.campaigns.name", language) in [item.value for item in at.markdown]
    (rows,) = (item.value for item in at.dataframe)
    assert list(rows["Кампания"]) == ["Весна"] * 8
    assert "smirnova" not in rows.to_csv()
    assert rows.index.name == t("upload.line", language)
    finished(gate)
    at.run()
    assert names(home) == ["письма.csv"]
    assert t("upload.columns_count", language) not in [item.value for item in at.caption]
