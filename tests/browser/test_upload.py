"""What only a browser shows of uploading: cancel in the middle, a password, files taken home."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from crm_metrics.store import Workspace
from crm_metrics.texts import t
from scripts.browser import open_page, settled
from tests.browser.test_accessibility import found, in_the_light
from tests.browser.test_main_job import choose
from tests.ui.test_reading_on_the_page import locked_book

pytestmark = pytest.mark.browser
MEGABYTE = 1024 * 1024
LANGUAGES = pytest.mark.parametrize("language", ["ru", "en"])
REPORT = (
    "Отчёт за март;;\n"
    "Дата заказа;Кампания;Сумма, руб.\n"
    + "".join(f"{day:02}.03.2026;Весна {day};{day} 120,50\n" for day in range(1, 29))
    + "29.03.2026;Весна 29;около ста\n30.03.2026;Весна 30;=1+1\nИтого;;45 000,00\n"
)


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of mailings of some 90 MB, cp1251."""
    path = tmp_path_factory.mktemp("big") / "большой.csv"
    day = "".join(
        f"{day:02}.03.2025;email;Кампания {day};{1000 + day};{900 + day};{300 + day};{day}\n"
        for day in range(1, 29)
    ).encode("cp1251")
    head = "Дата;Канал;Кампания;Отправлено;Доставлено;Открытия;Клики\n".encode("cp1251")
    with path.open("wb") as file:
        file.write(head)
        for _ in range(90 * MEGABYTE // len(day)):
            file.write(day)
    return path


def drop(page: Page, *paths: Path) -> None:
    page.locator("input[type=file]").first.set_input_files(paths)


def card(page: Page, name: str):
    return page.locator("[class*=st-key-card_]").filter(has_text=name)


def left_behind(home: Path) -> list[Path]:
    """Files in the data folder; the copies of uploads and what was half-read among them."""
    return [path for path in home.rglob("*") if path.is_file()]


@LANGUAGES
def test_a_big_file_is_cancelled_in_the_middle(app, visit, big, language):
    page = visit(f"{app.address}/upload?lang={language}")
    drop(page, big)
    bar = page.locator(".st-key-reading").get_by_test_id("stProgress")
    expect(bar).to_contain_text(big.name)
    # The page lives on meanwhile: another page says so too, and F5 loses nothing.
    page.get_by_role("link", name=t("nav.columns", language)).click()
    said = t("upload.reading_file", language, name=big.name)
    expect(page.get_by_test_id("stCaptionContainer").filter(has_text=said)).to_be_visible()
    open_page(page, f"{app.address}/upload?lang={language}")
    page.locator(".st-key-cancel_reading").get_by_role("button").click()
    cancelled = t("reading.cancelled", language, names=big.name)
    expect(page.get_by_text(cancelled)).to_be_visible(timeout=60_000)
    expect(page.locator(".st-key-reading")).to_have_count(0)
    assert left_behind(app.home) == []
    page.locator(".st-key-hide_outcomes").get_by_role("button").click()
    expect(page.get_by_text(cancelled)).to_have_count(0)


def test_a_big_file_becomes_a_card_by_itself(app, visit, big):
    page = visit(f"{app.address}/upload?lang=en")
    drop(page, big)
    expect(page.locator(".st-key-cancel_reading")).to_be_visible()
    expect(card(page, big.name)).to_be_visible(timeout=120_000)
    expect(page.locator(".st-key-reading")).to_have_count(0)
    (dataset,) = Workspace(app.home).datasets()
    rows = big.read_bytes().count(b"\n") - 1
    assert dataset.table.records == rows
    assert not [path for path in left_behind(app.home) if "uploads-" in str(path)]


@LANGUAGES
def test_a_password_is_typed_wrong_and_then_right(app, visit, tmp_path, language):
    path = tmp_path / "locked.xlsx"
    path.write_bytes(locked_book(100, 200, 300))
    page = visit(f"{app.address}/upload?lang={language}")
    drop(page, path)
    field = page.get_by_label(t("password.label", language))
    expect(field).to_have_attribute("type", "password")
    field.fill("wrong")
    field.press("Enter")
    expect(page.get_by_text(t("password.wrong", language))).to_be_visible()
    expect(field).to_have_value("")
    field.fill("right")
    page.get_by_role("button", name=t("password.open", language), exact=True).click()
    expect(card(page, "locked.xlsx")).to_be_visible()
    expect(field).to_have_count(0)
    (dataset,) = Workspace(app.home).datasets()
    assert dataset.table.records == 3


def downloaded(page: Page, label: str, language: str) -> list[list[str]]:
    with page.expect_download() as waiting:
        page.get_by_role("button", name=label).click()
    text = Path(waiting.value.path()).read_bytes().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";" if language == "ru" else ","))


@LANGUAGES
def test_what_was_not_taken_goes_home_as_files(app, visit, tmp_path, language):
    path = tmp_path / "отчёт.csv"
    path.write_bytes(REPORT.encode("cp1251"))
    page = visit(f"{app.address}/upload?lang={language}")
    drop(page, path)
    shown = card(page, "отчёт.csv")
    shown.get_by_text(t("upload.details", language), exact=True).click()
    cells = downloaded(page, t("upload.rejects", language), language)
    assert cells[0] == [t(f"upload.{key}", language) for key in ("line", "column", "text")]
    assert ["31", "Сумма, руб.", "около ста"] in cells
    # A formula from a file is text when it goes home.
    assert ["32", "Сумма, руб.", "'=1+1"] in cells
    lines = downloaded(page, t("upload.download_lines", language), language)
    assert [line[0] for line in lines[1:]] == ["1", "2", "33"]
    assert lines[1][2].startswith("Отчёт за март")
    assert lines[3][1] == t("upload.reason_name.total", language)


def test_an_archive_of_five_and_twenty_files_at_once(app, visit, tmp_path):
    archive = tmp_path / "weeks.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for week in range(5):
            file.writestr(f"week {week}.csv", f"Date,Reach\n2026-03-0{week + 1},{week}00\n")
    files = [tmp_path / f"posts {number:02}.csv" for number in range(20)]
    for number, path in enumerate(files):
        first = date(2026, 4, 1) + timedelta(days=2 * number)
        path.write_text(f"Date,Reach\n{first},{number}\n{first + timedelta(days=1)},{number}\n")
    page = visit(f"{app.address}/upload?lang=en")
    drop(page, archive, *files)
    expect(page.locator("[class*=st-key-card_]")).to_have_count(25, timeout=120_000)
    settled(page)
    expect(card(page, "weeks.zip")).to_have_count(5)
    expect(page.get_by_test_id("stAlert")).to_have_count(0)


def test_axe_finds_nothing_where_all_of_it_is_open(app, visit, tmp_path):
    files = {
        "отчёт.csv": REPORT.encode("cp1251"),
        "locked.xlsx": locked_book(1, 2),
        "empty.csv": b"",
        "copy.csv": REPORT.encode("cp1251"),
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    page = visit(f"{app.address}/upload?lang=ru", color_scheme="dark")
    drop(page, *(tmp_path / name for name in files))
    expect(page.get_by_text(t("password.label", "ru"))).to_be_visible()
    settled(page)
    for words in ("upload.rows", "upload.details"):
        page.get_by_text(t(words, "ru"), exact=True).click()
        settled(page)
    assert found(page) == {}
    in_the_light(page)
    assert found(page) == {}


@LANGUAGES
def test_a_row_is_picked_and_read_as_a_total_and_back(app, visit, tmp_path, language):
    path = tmp_path / "отчёт.csv"
    path.write_bytes(REPORT.encode("cp1251"))
    page = visit(f"{app.address}/upload?lang={language}")
    drop(page, path)
    page.get_by_text(t("upload.rows", language), exact=True).click()
    settled(page)
    # The table is a picture: its first row has its box to tick at the left, under the header.
    page.get_by_test_id("stDataFrame").click(position={"x": 18, "y": 52})
    line = page.get_by_role("spinbutton", name=t("decide.line", language))
    expect(line).to_have_value("3")
    settled(page)
    (dataset,) = Workspace(app.home).datasets()
    choose(page, f"role_{dataset.id}", t("decide.role.total", language))
    page.locator("[class*=st-key-decide_]").get_by_role("button").click()
    expect(card(page, path.name)).to_contain_text(t("upload.record_count", language, count=29))
    settled(page)
    page.locator("[class*=st-key-undo_line_3]").get_by_role("button").click()
    expect(card(page, path.name)).to_contain_text(t("upload.record_count", language, count=30))
