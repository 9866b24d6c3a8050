"""Which export a table is: never another's, by what it was known, and what is asked."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from crm_metrics import intake
from crm_metrics.errors import NotFoundError
from crm_metrics.intake.table import Table
from crm_metrics.mapping import SYSTEMS, suggest, suggest_all
from crm_metrics.mapping.headers.header import read_name
from crm_metrics.mapping.look import look
from crm_metrics.mapping.recognition import exports
from crm_metrics.mapping.recognition import recognising as recognition
from crm_metrics.mapping.recognition.evidence import Evidence
from crm_metrics.mapping.recognition.recognising import ranking, recognise
from crm_metrics.texts import LANGUAGES, t
from tests.conftest import DATA, SAMPLES
from tests.mapping.made import known_exports, made_table, of_export, other_exports
from tests.mapping.test_spellings import collection

KNOWN = known_exports()
FACEBOOK = ("Meta Business Suite", "Facebook content (posts) export")
INSTAGRAM = ("Meta Business Suite", "Instagram content (posts/reels) export")


def fields_of_headers(mapping):
    return [(item.name, item.field) for item in mapping.columns]


def told(found: Evidence | None) -> str:
    if found is None:
        return "nothing"
    name = f"{found.export.system}: {found.export.name}"
    return f"{found.points:.1f} of {found.share:.0%} ({name[:60]})"


def test_the_right_export_is_far_ahead_of_any_other(catalogue_files):
    """The figures that the thresholds in recognition.py rest on."""
    lines, ahead, own, other = [], [], [], []
    for file in catalogue_files:
        for table in file.tables:
            ranked = ranking(look(table))
            if file.described and ranked and ranked[0].export.name == file.export:
                own.append(ranked[0].points)
                rivals = [found.points for found in ranked[1:]]
                ahead.append((ranked[0].points - max(rivals, default=0.0)) / ranked[0].points)
            strangers = [found for found in ranked if found.export.system != file.system]
            best = max(strangers, key=lambda found: found.points, default=None)
            other += [found.points for found in strangers if found.share >= 0.5]
            lines.append(
                f"{file} [{table.name}]: {told(ranked[0] if ranked else None)}; best of another"
                f" system: {told(best)}"
            )
    low, high, least = min(own), max(other, default=0.0), min(ahead)
    figures = f"right at least {low:.1f}, a stranger at most {high:.1f}, ahead by {least:.0%}"
    sys.stdout.write("\n".join([figures, *lines, ""]))
    assert low >= 5.5
    # Klaviyo took its words from Mailchimp: 22 of its 40 headers, none of them a sign.
    assert high <= 10.5
    assert least >= 0.2


def unknown_tables(folder: Path) -> Iterator[tuple[str, Table]]:
    """Made tables of nobody, headers of vendors that no file describes, and public files."""
    blocks = (DATA / "unknown_tables.txt").read_text(encoding="utf-8").strip().split("\n\n")
    for number, block in enumerate(blocks):
        home = folder / f"made{number}"
        home.mkdir()
        path = home / "export.csv"
        path.write_text(block + "\n", encoding="utf-8")
        (table,) = intake.read(path, workdir=home)
        yield block.partition("\n")[0], table
    for spelled in (*collection("dev"), *collection("held_out")):
        if any(system.startswith(spelled.vendor) for system in SYSTEMS):
            continue
        rows = [list(row) for row in zip(*(c.values for c in spelled.columns), strict=True)]
        headers = [column.header for column in spelled.columns]
        yield f"{spelled.vendor}: {spelled.export}", made_table(folder, headers, rows)
    for name in ("bank_calls.csv", "carpentries_nps_survey_2017.csv", "saas_deals.csv"):
        (table,) = intake.read(DATA / name, workdir=folder)
        yield name, table


def test_a_table_of_no_known_system_is_not_recognised(tmp_path):
    found = {name: recognise(look(table)) for name, table in unknown_tables(tmp_path)}
    assert len(found) >= 100
    taken = {name: item.why.params for name, item in found.items() if item.level != "none"}
    assert not taken


def test_files_of_known_systems_in_the_repository_are_theirs(tmp_path):
    """The sample data, longer than the catalogue's few rows, and a public file."""
    found = {}
    paths = [*SAMPLES.glob("*.csv"), SAMPLES / "vk_ads.xlsx", DATA / "facebook_posts.csv"]
    for path in paths:
        home = tmp_path / path.stem
        home.mkdir()
        for item in suggest_all(intake.read(path, workdir=home)):
            # Of the headers that only Bitrix24 has the list of contacts shows one.
            fitting = "likely" if path.name == "bitrix24_contacts.csv" else "sure"
            assert item.system is None or item.level == fitting
            found[path.name] = item.system
    assert {name: system for name, system in found.items() if system} == {
        "amocrm_deals.csv": "amoCRM", "bitrix24_contacts.csv": "Битрикс24",
        "facebook_posts.csv": "Facebook Page Insights (legacy)",
        "google_forms_survey.csv": "Google Forms", "hootsuite_posts.csv": "Hootsuite Analytics",
        "mailchimp_campaigns.csv": "Mailchimp", "vk_ads.xlsx": "VK Реклама (ads.vk.com)",
        "sipuni_calls.csv": "Sipuni", "yandex_metrika_sources.csv": "Яндекс Метрика",
        "zendesk_tickets.csv": "Zendesk",
    }  # fmt: skip
    assert len(found) == 16


def test_the_file_of_a_system_that_is_not_known_is_not_taken_for_another(
    catalogue_files, monkeypatch
):
    """Each of the catalogue's files as if nobody had described its system."""
    known = exports.systems()
    taken = {}
    for file in catalogue_files:
        others = {system: some for system, some in known.items() if system != file.system}
        monkeypatch.setattr(recognition, "systems", lambda others=others: others)
        for table in file.tables:
            found = recognise(look(table))
            if found.level != "none":
                taken[f"{file} [{table.name}]"] = (found.level, found.why.params)
    assert not taken


COMMON = ["Post ID", "Publish time", "Permalink", "Post type", "Data comment", "Reach", "Comments"]
POST = [
    ["18", "09/27/2026 18:30", "https://example.com/p/1", "Photos", "", "980", "10"],
    ["19", "09/28/2026 10:00", "https://example.com/p/2", "Photos", "", "180", "1"],
]


def test_what_two_exports_have_in_common_is_asked(tmp_path):
    """The columns of posts that Facebook and Instagram share: which of them it is, no file says."""
    table = made_table(tmp_path, [*COMMON, "Title"], [[*row, "Spring"] for row in POST])
    tied = suggest(table)
    assert tied.level == "ask"
    assert set(tied.rivals) == {FACEBOOK, INSTAGRAM}
    assert (tied.system, tied.export, tied.grain) == ("Meta Business Suite", None, "posts")
    assert {key: item.name for key, item in tied.fields.items()} == {
        "post_id": "Post ID", "published_at": "Publish time", "url": "Permalink",
        "post_type": "Post type", "reach": "Reach", "comments": "Comments",
    }  # fmt: skip
    # Only Facebook's file has it.
    disputed = tied.columns[-1]
    assert (disputed.field, disputed.level, disputed.why.code) == (None, "ask", "rivals_differ")
    assert "platform" not in tied.constants
    for language in LANGUAGES:
        assert "Instagram" in t(f"why.{tied.why.code}", language, **tied.why.params)

    assert tied.with_grain("posts") == tied
    assert tied.with_grain("page_days").rivals == ()

    chosen = suggest(table, export=INSTAGRAM)
    assert (chosen.system, chosen.export, chosen.level, chosen.rivals) == (*INSTAGRAM, "sure", ())
    assert chosen.constants["platform"] == "instagram"
    assert suggest(table, export=FACEBOOK).fields["text"].name == "Title"
    with pytest.raises(NotFoundError):
        suggest(table, export=("Meta Business Suite", "Stories"))


def test_the_kind_of_rows_settles_a_tie_where_only_one_has_it(tmp_path, monkeypatch):
    """Two exports of one system with the same headers and other rows."""
    text = """
system = "One"
[[export]]
name = "{first}"
grain = "{grain}"
detect = ["Alpha code", "Beta code"]
[export.columns]
cost = ["Alpha code"]
clicks = ["Beta code"]
"""
    (tmp_path / "a.toml").write_text(text.format(first="Ads", grain="spend"), encoding="utf-8")
    (tmp_path / "b.toml").write_text(
        text.format(first="Web", grain="posts").replace("cost", "reach")
    )
    loaded = exports.systems(tmp_path)
    monkeypatch.setattr(recognition, "systems", lambda: loaded)
    table = made_table(tmp_path, ["Alpha code", "Beta code"], [["5", "4"]])
    assert suggest(table).rivals == (("One", "Ads"), ("One", "Web"))
    settled = suggest(table, grain="posts")
    assert (settled.export, settled.rivals, settled.level) == ("Web", (), "likely")
    assert set(settled.fields) == {"reach", "clicks"}


def kinds(tables: Sequence[Table]) -> list[tuple[str | None, str | None]]:
    return [(found.system, found.export) for found in suggest_all(tables)]


def test_sheets_of_one_workbook_speak_for_each_other(tmp_path):
    """Few columns are left of the second sheet: alone it is nobody's, beside the first it is."""
    first = made_table(
        tmp_path,
        ["Date", "Impressions (organic)", "Engagement rate (total)", "Reactions (total)"],
        [["10/01/2026", "320", "0.07", "12"]],
        name="Metrics",
    )
    headers = ["Post title", "Impressions", "Clicks", "Post link"]
    row = ["Spring sale", "320", "9", "https://www.linkedin.com/feed/update/urn:li:activity:1"]
    second = made_table(tmp_path, headers, [row], name="Sheet 2")
    linkedin = "LinkedIn Page analytics"
    assert kinds([second]) == [(None, None)]
    assert kinds([first, second]) == [
        (linkedin, "Updates (content) export, sheet 1 'Metrics'"),
        (linkedin, "Updates export, sheet 2 'All posts'"),
    ]
    # What is nobody's stays so, whatever stands beside it.
    other = made_table(tmp_path, ["Name", "Email"], [["Anna Lee", "a@example.com"]])
    assert kinds([first, other])[1] == (None, None)
    beside = suggest(second, beside={linkedin})
    assert beside.level == "likely"
    # The name that LinkedIn gives the sheet does as well.
    assert kinds([made_table(tmp_path, headers, [row], name="All posts")])[0][0] == linkedin


def test_the_name_of_a_file_tells_what_its_rows_do_not(tmp_path):
    """Mailchimp says in the file's name alone who left the list."""
    headers = ["Email Address", "First Name", "GMTOFF", "LEID", "EUID", "OPTIN_TIME"]
    row = ["a@example.com", "Anna", "2", "1", "ab12", "2026-03-01 10:00:00"]
    for name, status in (
        ("subscribed_email_audience_export_ab12.csv", "subscribed"),
        ("unsubscribed_segment_export_ab12.csv", "unsubscribed"),
        ("cleaned_email_audience_export_ab12.csv", "bounced"),
        ("list.csv", None),
    ):
        found = suggest(made_table(tmp_path, headers, [row], file_name=name))
        assert (found.system, found.grain) == ("Mailchimp", "contacts")
        assert found.constants.get("email_status") == status


def test_a_shape_of_cells_tells_where_headers_are_anybodys(tmp_path):
    """A day without a year is TikTok's; the same headers over other days are no one's."""
    headers = ["Date", "Profile Views", "Likes", "Comments", "Shares"]
    rows = [["December 31", "10", "2", "1", "3"], ["January 1", "20", "4", "0", "1"]]
    assert suggest(made_table(tmp_path, headers, rows)).system == "TikTok Studio"
    dated = [["2026-03-01", *rows[0][1:]], ["2026-03-02", *rows[1][1:]]]
    assert suggest(made_table(tmp_path, headers, dated)).system is None


def test_a_header_that_states_a_unit_wins_over_its_export(tmp_path):
    """Klaviyo's flows have fractions, Zendesk's tickets minutes, unless the header says else."""
    names = ["Flow ID", "Flow Name", "Flow Message ID", "Flow Message Name"]
    units = {}
    rates = [("Open Rate", "0.5"), ("Open Rate (%)", "0.5"), ("Open Rate", "50.2")]
    for header, cell in rates:
        found = suggest(made_table(tmp_path, [*names, header], [["a", "b", "c", "d", cell]]))
        assert found.export.startswith("Flows")
        units[header, cell] = found.fields["open_rate"].unit
    assert units == dict(zip(rates, ("fraction", None, None), strict=True))
    for header, unit in (("First reply time", "min"), ("First reply time (hours)", "h")):
        headers = ["Id", "Satisfaction Score", "Summation column", "Requester domain", header]
        found = suggest(made_table(tmp_path, headers, [["1", "Good", "1", "example.com", "7"]]))
        assert found.system == "Zendesk"
        assert found.fields["first_reply_time"].unit == unit


def test_a_reason_names_what_gave_the_export_away(catalogue_files):
    """The most telling columns, the line above the table, or the form of the lines."""
    reasons = {}
    for file in catalogue_files:
        found = suggest(file.tables[0])
        if found.system:
            reasons[file.system, file.export] = t(f"why.{found.why.code}", "en", **found.why.params)
    assert reasons["X (Twitter) Analytics", "Tweet activity by tweet"].startswith(
        "Recognized as X (Twitter) Analytics by the columns “Tweet id”, “Tweet permalink” and"
    )
    assert (
        "“# Start date"
        in reasons[
            "Google Analytics 4",
            "Standard report CSV (Traffic acquisition, Pages and screens, ...)",
        ]
    )
    assert reasons["WhatsApp / WhatsApp Business", "Chat export (.txt)"].endswith("of its lines.")


def test_headers_rarely_mean_anything_else_where_no_system_is_known(tmp_path, monkeypatch):
    """Of the headers of all exports, at most a few get a wrong field from their words alone."""
    monkeypatch.setattr(recognition, "systems", dict)
    right = wrong = 0
    for entry in [*KNOWN, *other_exports()]:
        truth = {read_name(header).key: field for header, field in entry["mapping"].items()}
        for name, field in fields_of_headers(suggest(of_export(tmp_path, entry))):
            if field and (known := truth.get(read_name(name).key)):
                right += field == known
                wrong += field != known
    assert right > 660
    assert wrong <= 11


def test_russian_headers_of_chatwoot(tmp_path):
    headers = [
        "Имя оператора", "Оценка", "Комментарий к отзыву", "Имя контакта", "Email контакта",
        "Номер телефона контакта", "Ссылка на диалог", "Дата записи",
    ]  # fmt: skip
    row = [
        "Анна",
        "5",
        "Спасибо",
        "Пётр",
        "p@example.com",
        "+79991234567",
        "https://a.b/1",
        "2024-03-05 10:12:00 UTC",
    ]
    mapping = suggest(made_table(tmp_path, headers, [row]))
    assert mapping.export == "CSAT responses CSV"
    assert [item.field for item in mapping.columns] == [
        "agent", "score", "comment", "full_name", "email", "phone", "url", "responded_at",
    ]  # fmt: skip
    assert mapping.constants["scale_max"] == "5"


def test_the_three_shapes_of_analytics_are_told_apart(tmp_path):
    rows = [["20260826", "/", "4100", "15200"], ["20260827", "/", "4000", "15000"]]
    headers = ["Date", "Page path and screen class", "Active users", "Event count"]
    rule = "# ----------------------------------------"
    explore = made_table(
        tmp_path, headers, rows, preamble=(rule, "# Shop", "# Free form-Free form 1")
    )
    renamed = made_table(
        tmp_path,
        headers,
        rows,
        preamble=(rule, "# Shop", "# Monday numbers", "# 20260723-20260922"),
    )
    standard = made_table(
        tmp_path, headers, rows, preamble=(rule, "# Pages", "# Start date: 20260101")
    )
    overview = made_table(
        tmp_path,
        headers,
        rows,
        layout="stacked",
        preamble=(rule, "# Overview", "# Start date: 20260101"),
    )
    exports = [suggest(table).export for table in (explore, renamed, standard, overview)]
    assert exports == [
        "Explore (free form) CSV",
        "Explore (free form) CSV",
        "Standard report CSV (Traffic acquisition, Pages and screens, ...)",
        "Overview report CSV (multi table)",
    ]


def test_the_old_analytics_is_not_taken_for_the_new_one(tmp_path):
    headers = ["Landing Page", "Sessions", "New Users", "Bounce Rate", "Goal Completions"]
    table = made_table(
        tmp_path,
        headers,
        [["/", "10", "5", "0.4", "1"]],
        preamble=("# ----", "# All Web Site Data", "# 20201001-20201031"),
    )
    assert suggest(table).system == "Google Analytics Universal (old)"


def test_clicks_by_link_are_no_campaigns(tmp_path):
    table = made_table(
        tmp_path,
        ["URL", "Total Clicks", "Unique Clicks"],
        [["https://example.com/", "120", "80"]],
        layout="stacked",
        preamble=("Clicks by URL",),
    )
    mapping = suggest(table)
    assert mapping.system == "Mailchimp"
    assert mapping.grain is None
    assert not mapping.fields


def test_website_bounces_never_become_returned_mail(tmp_path):
    entry = next(item for item in KNOWN if item["export"].startswith("Campaign reports"))
    filled = [[text if text != "n/a" else "12.5%" for text in row] for row in entry["rows"]]
    mapping = suggest(of_export(tmp_path, entry, rows=filled))
    column = next(item for item in mapping.columns if item.name == "Bounce Rate")
    assert column.field is None
    assert column.why.code == "system_no_field"


def test_currency_comes_from_the_header(tmp_path):
    entry = next(item for item in KNOWN if item["system"] == "amoCRM")
    for header, code in (("Бюджет ₸", "KZT"), ("Бюджет, ₽", "RUB"), ("Бюджет", None)):
        headers = [header if name == "Бюджет" else name for name in entry["headers"]]
        mapping = suggest(of_export(tmp_path, entry, headers))
        assert mapping.fields["amount"].name == header
        assert mapping.constants.get("currency") == code


def test_final_stages_and_other_words_of_systems(tmp_path):
    by_system = {entry["export"]: entry for entry in KNOWN}
    deals = suggest(of_export(tmp_path, by_system["Экспорт сделок"]))
    assert deals.fields["stage"].values == {
        "успешно реализовано": "won",
        "первичный контакт": "open",
    }
    tickets = suggest(of_export(tmp_path, by_system["Tickets CSV (view / legacy export)"]))
    assert tickets.fields["score"].values == {"good": "5", "offered": ""}
    assert tickets.fields["channel"].values == {"mail": "email", "chat": "chat"}
    assert tickets.fields["first_reply_time"].unit == "min"
    assert tickets.fields["resolution_time"].name == "Full resolution time in minutes"


def test_two_system_files_that_fit_equally_are_left_to_the_user(tmp_path, monkeypatch):
    text = """
system = "{name}"
[[export]]
name = "Report"
grain = "campaigns"
detect = ["Alpha code", "Beta code"]
[export.columns]
sent = ["Alpha code"]
delivered = ["Beta code"]
"""
    for name in ("One", "Two"):
        (tmp_path / f"{name}.toml").write_text(text.format(name=name), encoding="utf-8")
    loaded = exports.systems(tmp_path)
    monkeypatch.setattr(recognition, "systems", lambda: loaded)
    mapping = suggest(made_table(tmp_path, ["Alpha code", "Beta code"], [["5", "4"]]))
    assert mapping.system is None
    assert mapping.why.code == "near_tie"
    assert set(mapping.why.params.values()) == {"One: Report", "Two: Report"}


def test_a_report_of_sales_with_its_period_is_not_of_direct(tmp_path):
    path = tmp_path / "1c.csv"
    rows = (f"УТ-{n:04d};0{n}.01.2026;Клиент {n};{n}00,50\n" for n in range(1, 9))
    above = "Отчет по продажам;;;\nПериод: 01.01.2026 - 31.03.2026;;;\n;;;\n"
    headers = "Номер заказа;Дата;Контрагент;Сумма\n"
    path.write_text(above + headers + "".join(rows), encoding="utf-8")
    (read,) = intake.read(path, workdir=tmp_path)
    found = suggest(read)
    assert (found.system, found.grain) == (None, "orders")
