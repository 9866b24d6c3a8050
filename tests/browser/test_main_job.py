"""The main job from the first click to the workbook, as a person does it."""

from __future__ import annotations

import csv
import re
from io import BytesIO, StringIO
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as Closed

from crm_metrics.store import Workspace
from crm_metrics.texts import decimal_text, percent_text, t
from scripts.app_server import serving
from scripts.browser import open_page, settled

pytestmark = pytest.mark.browser
DATA = Path(__file__).resolve().parents[1] / "data"


def card(page: Page, label: str) -> str:
    """The value of a metric's card."""
    metric = page.get_by_test_id("stMetric").filter(has_text=label).first
    return metric.get_by_test_id("stMetricValue").inner_text().strip()


def upload(page: Page, address: str, name: str, language: str = "en") -> None:
    open_page(page, f"{address}/upload?lang={language}")
    page.locator("input[type=file]").set_input_files(DATA / name)
    expect(page.get_by_text(name).first).to_be_visible(timeout=60_000)
    on = page.get_by_role("button", name=t("upload.to_columns", language))
    expect(on).to_be_visible(timeout=60_000)
    settled(page)


def choose(page: Page, key: str, option: str) -> None:
    """Pick an option of the select box with this key, by typing as a person does.

    A rerun that begins just then closes the list, and the person opens it again.
    """
    box = page.locator(f".st-key-{key}").get_by_role("combobox")
    found = page.get_by_role("option", name=re.compile(re.escape(option))).first
    for patience in (5_000, 5_000, 60_000):
        try:
            box.click()
            box.fill(option)
            found.click(timeout=patience)
            break
        except Closed:
            if patience == 60_000:
                raise
            settled(page)
    settled(page)


def apply(page: Page, language: str = "en") -> None:
    page.locator(".st-key-apply").get_by_role("button").click()
    expect(page.get_by_text(t("columns.applied", language))).to_be_visible()
    settled(page)


def posts_pooled(denominator: str) -> float:
    with (DATA / "facebook_posts.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    done = sum(int(row["Total Interactions"]) for row in rows)
    return done / sum(int(row[denominator]) for row in rows)


def test_samples_draw_the_channels_page(app, visit):
    page = visit(f"{app.address}/?lang=en")
    page.get_by_role("button", name="sample").first.click()
    expect(page.get_by_role("button", name=t("upload.to_channels", "en"))).to_be_visible(
        timeout=120_000
    )
    # The way on is there with the first of the files: the others are still being read.
    expect(page.locator(".st-key-reading")).to_have_count(0, timeout=120_000)
    settled(page)
    page.get_by_role("link", name=t("nav.channels", "en")).click()
    page.get_by_test_id("stMetric").first.wait_for(timeout=120_000)
    settled(page)
    # Of a metric of messages: who leads, what changed, and why the total did.
    choose(page, "metric_en", t("metric.click_rate.name", "en"))
    page.get_by_test_id("stVegaLiteChart").nth(2).wait_for()
    page.locator(".st-key-section_en").get_by_text(t("channels.section_course", "en")).click()
    page.locator(".st-key-trend_charted").get_by_test_id("stVegaLiteChart").wait_for()
    assert chosen(page, "section") == ["course"]
    assert page.locator("table").first.locator("tbody tr").count() >= 3
    assert page.get_by_test_id("stAlert").count() == 0


def test_buttons_lead_on_where_the_address_holds_the_language(app_with_samples, visit):
    page = visit(f"{app_with_samples.address}/upload?lang=ru")
    assert page.get_by_role("dialog").count() == 0
    page.locator(".st-key-to_columns").get_by_role("button").click(timeout=120_000)
    expect(page.get_by_role("heading", level=1)).to_have_text(t("columns.title", "ru"))
    page.get_by_role("link", name=t("nav.upload", "ru")).click()
    page.locator(".st-key-to_channels").get_by_role("button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(t("channels.title", "ru"))
    assert "lang=ru" in page.url


def test_a_corrected_mapping_changes_the_number_and_stays(app, visit):
    page = visit(f"{app.address}/upload?lang=en")
    upload(page, app.address, "facebook_posts.csv")
    open_page(page, f"{app.address}/channels?lang=en")
    name = t("metric.er_reach.name", "en")
    assert card(page, name) == percent_text(posts_pooled("Lifetime Post Total Reach"), "en")

    open_page(page, f"{app.address}/columns?lang=en")
    (dataset,) = Workspace(app.home).datasets()
    column = next(
        item.column
        for item in dataset.mapping.columns
        if item.name == "Lifetime Post Total Impressions"
    )
    choose(page, f"column_{dataset.id}", "Lifetime Post Total Impressions")
    choose(page, f"all_field_{dataset.id}_{column}", t("field.reach.name", "en"))
    apply(page)
    corrected = posts_pooled("Lifetime Post Total Impressions")
    open_page(page, f"{app.address}/channels?lang=en")
    assert card(page, name) == percent_text(corrected, "en")

    page.locator(".st-key-lang").get_by_text("ru", exact=True).click()
    expect(page.get_by_role("heading", name=t("channels.title", "ru"))).to_be_visible()
    settled(page)
    russian = t("metric.er_reach.name", "ru")
    assert card(page, russian) == percent_text(corrected, "ru")
    page.reload()
    settled(page)
    assert card(page, russian) == percent_text(corrected, "ru")


def test_the_work_is_there_after_f5_and_in_a_new_process(visit, tmp_path):
    home = tmp_path / "home"
    with serving(home) as address:
        page = visit(f"{address}/upload?lang=en")
        upload(page, address, "bank_calls.csv")
        open_page(page, f"{address}/channels?lang=en&metric=conversion_rate:of_calls")
        shown = card(page, t("metric.conversion_rate.name", "en"))
        with (DATA / "bank_calls.csv").open(encoding="utf-8") as file:
            answers = [row["y"] for row in csv.DictReader(file, delimiter=";")]
        assert shown == percent_text(answers.count("yes") / len(answers), "en")
        page.reload()
        settled(page)
        assert card(page, t("metric.conversion_rate.name", "en")) == shown
        assert "metric" in page.url or page.locator("table").count()
    # A fresh process whose first visitor comes by a deep link, in the other language.
    with serving(home) as address:
        page = visit(f"{address}/channels?lang=ru")
        expect(page.get_by_role("heading", name=t("channels.title", "ru"))).to_be_visible()
        expected = percent_text(answers.count("yes") / len(answers), "ru")
        assert card(page, t("metric.conversion_rate.name", "ru")) == expected
        expect(page.get_by_role("link", name=t("nav.upload", "ru"))).to_be_visible()
        assert page.get_by_role("dialog").count() == 0


def test_a_deep_link_carries_the_filters(app_with_samples, visit):
    page = visit(f"{app_with_samples.address}/channels?lang=ru&channel=email&span=all")
    rows = page.locator("table").first.locator("tbody tr")
    assert rows.count() == 1
    assert "E-mail" in rows.first.inner_text()
    assert "channel=email" in page.url
    assert "span=all" in page.url


def chosen(page: Page, name: str) -> list[str]:
    return parse_qs(urlsplit(page.url).query).get(name, [])


def test_the_keyboard_goes_into_a_campaign_and_a_reload_stays_there(app_with_samples, visit):
    address = f"{app_with_samples.address}/channels?lang=en&channel=email&span=all&section=groups"
    page = visit(address)
    table = page.locator("[class*=st-key-groups_click_rate] canvas").first
    go_in = page.locator(".st-key-go_in").get_by_role("button")
    # A table that is drawn just then takes no keys yet, and the person presses them again.
    for patience in (10_000, 10_000, 60_000):
        table.scroll_into_view_if_needed()
        table.focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Shift+Space")
        try:
            go_in.wait_for(timeout=patience)
            break
        except Closed:
            if patience == 60_000:
                raise
    go_in.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**campaign=**")
    settled(page)
    (campaign,) = chosen(page, "campaign")
    way = page.locator(".st-key-path")
    expect(way).to_contain_text(campaign)
    page.reload()
    settled(page)
    expect(way).to_contain_text(campaign)
    page.locator(".st-key-path_channel").get_by_role("button").focus()
    page.keyboard.press("Enter")
    expect(way).not_to_contain_text(campaign)
    assert chosen(page, "channel") == ["email"]
    assert chosen(page, "campaign") == []


def test_the_file_beside_a_chart_holds_what_it_draws(app_with_samples, visit):
    page = visit(f"{app_with_samples.address}/channels?lang=ru&metric=click_rate:of_delivered")
    page.locator(".st-key-intervals_beside").get_by_role("button").press("Enter")
    button = page.locator(".st-key-intervals_download").get_by_role("button")
    with page.expect_download() as download:
        button.press("Enter")
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    lines = list(csv.DictReader(StringIO(text), delimiter=";"))
    assert [line[t("channels.channel", "ru")] for line in lines] == ["E-mail", "SMS", "Push"]
    for line in lines:
        value, low, high = (
            float(line[t(f"channels.column.{name}", "ru")].replace(",", "."))
            for name in ("value", "low", "high")
        )
        assert 0 < low < value < high < 1


def test_the_workbook_says_what_the_page_says(app_with_samples, visit):
    page = visit(f"{app_with_samples.address}/channels?lang=en&table=all")
    headings = [cell.inner_text() for cell in page.locator("table").first.locator("thead th").all()]
    cells = {
        row.locator("th").inner_text(): [cell.inner_text() for cell in row.locator("td").all()]
        for row in page.locator("table").first.locator("tbody tr").all()
    }
    open_page(page, f"{app_with_samples.address}/findings?lang=en")
    with page.expect_download(timeout=120_000) as download:
        page.get_by_role("button", name=t("findings.workbook", "en")).click()
    book = load_workbook(BytesIO(Path(download.value.path()).read_bytes()))
    rows = list(book[t("report.tab.channels", "en")].iter_rows(values_only=True))
    start = next(
        place for place, row in enumerate(rows) if row[0] == t("report.column.channel", "en")
    )
    columns = {str(name): place for place, name in enumerate(rows[start])}
    name, unit = t("metric.click_rate.name", "en"), t("report.unit.share", "en")
    compared = 0
    for row in rows[start + 1 :]:
        if row[1] != name or row[columns[t("report.column.value", "en")]] is None:
            continue
        assert row[columns[t("report.column.unit", "en")]] == unit
        shown = cells[str(row[0])][headings.index(name) - 1].splitlines()
        assert shown[0] == percent_text(_fraction(row, columns), "en")
        n = row[columns[t("report.column.n", "en")]]
        assert f"{n:,.0f}" in shown[-1]
        compared += 1
    assert compared >= 3


def _fraction(row: tuple[object, ...], columns: dict[str, int]) -> float:
    value = row[columns[t("report.column.value", "en")]]
    assert isinstance(value, int | float)
    return float(value)


def test_a_survey_of_75_columns_is_mapped_in_its_list_of_questions(app, visit):
    page = visit(f"{app.address}/upload?lang=ru")
    upload(page, app.address, "carpentries_nps_survey_2017.csv", "ru")
    open_page(page, f"{app.address}/columns?lang=ru")
    (dataset,) = Workspace(app.home).datasets()
    with (DATA / "carpentries_nps_survey_2017.csv").open(encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    # One more of the other columns holds answers: it becomes the first question of the list.
    choose(page, f"asked_more_{dataset.id}", "Position-Other")
    names = ["Position-Other", *(item.name for item in dataset.mapping.questions)]
    table = page.locator(f"[class*=st-key-asked_{dataset.id}] canvas").first
    # A line is 35 pixels high, and the kind of a question stands after its 260 pixels of words.
    kind = {"x": 300, "y": 35 * (names.index("Skills-Advance-Career") + 1) + 17}
    # A table that is drawn just then takes no clicks yet, and the person clicks again.
    for patience in (10_000, 10_000, 60_000):
        table.click(position=kind, force=True)
        page.keyboard.press("Enter")
        page.keyboard.type(t("columns.survey_type.csat", "ru"))
        page.keyboard.press("Enter")
        try:
            expect(page.locator(".st-key-apply")).to_contain_text("2", timeout=patience)
            break
        except AssertionError:
            if patience == 60_000:
                raise
    apply(page, "ru")
    open_page(page, f"{app.address}/voice?lang=ru")
    likely = [int(row[-1]) for row in rows if row[-1].strip()]
    nps = 100 * (sum(one >= 9 for one in likely) - sum(one <= 6 for one in likely)) / len(likely)
    assert card(page, t("metric.nps.name", "ru")) == decimal_text(nps, "ru", 1)
    place = header.index("Skills-Advance-Career")
    words = [row[place] for row in rows if row[place].strip()]
    satisfied = sum(one in ("Agree", "Strongly agree") for one in words) / len(words)
    assert card(page, t("metric.csat.name", "ru")) == percent_text(satisfied, "ru")


def test_orders_without_a_header_are_mapped_by_hand(app, visit):
    page = visit(f"{app.address}/upload?lang=en")
    upload(page, app.address, "cdnow_orders_sample.txt")
    open_page(page, f"{app.address}/columns?lang=en")
    (dataset,) = Workspace(app.home).datasets()
    choose(page, f"grain_{dataset.id}", t("grain.orders.name", "en"))
    # By the file's readme: the customer's number, the date, the number of discs, the amount.
    for column, field in {1: "customer_id", 2: "date", 3: "quantity", 4: "amount"}.items():
        choose(page, f"column_{dataset.id}", f"{column + 1}. {column + 1}")
        choose(page, f"all_field_{dataset.id}_{column}", t(f"field.{field}.name", "en"))
    apply(page)
    orders = [
        line.split() for line in (DATA / "cdnow_orders_sample.txt").read_text().splitlines() if line
    ]
    buyers = [order[1] for order in orders]
    repeat = sum(buyers.count(buyer) > 1 for buyer in set(buyers)) / len(set(buyers))
    open_page(page, f"{app.address}/channels?lang=en&span=all")
    assert card(page, t("metric.repeat_purchase_rate.name", "en")) == percent_text(repeat, "en")
