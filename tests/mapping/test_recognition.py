"""Exports of known systems: recognised whole, shuffled, thinned out; others never."""

from __future__ import annotations

import random

import pytest

from crm_metrics.mapping import SYSTEMS, exports, recognition, suggest
from crm_metrics.mapping.header import read_name
from tests.mapping.made import known_exports, made_table, of_export, other_exports

KNOWN = known_exports()
NAMES = [f"{entry['system']}: {entry['export']}" for entry in KNOWN]
UNKNOWN_HEADERS = ["Qwzx", "Внутренний код смены", "Misc 7"]
# Nothing but the first column tells an answer sheet of Google Forms from any other table.
OPEN_ENDED = {"Google Forms"}


def fields_of_headers(mapping):
    return [(item.name, item.field) for item in mapping.columns]


@pytest.mark.parametrize("entry", KNOWN, ids=NAMES)
def test_a_known_export_is_recognised_with_every_column(entry, tmp_path):
    mapping = suggest(of_export(tmp_path, entry))
    assert (mapping.system, mapping.export, mapping.grain) == (
        entry["system"],
        entry["export"],
        entry["grain"],
    )
    assert mapping.level in {"sure", "likely"}
    truth = {read_name(header).key: field for header, field in entry["mapping"].items()}
    got = {read_name(name).key: field for name, field in fields_of_headers(mapping) if field}
    for key, field in got.items():
        assert truth.get(key, field) == field, key
    # Two columns can mean one field: one of them gives it.
    present = {
        field for key, field in truth.items() if key in {read_name(h).key for h in entry["headers"]}
    }
    rows_are_headers = entry["system"] == "SurveyMonkey"
    assert present - set(got.values()) <= ({"score"} if rows_are_headers else set())


@pytest.mark.parametrize("entry", KNOWN, ids=NAMES)
def test_a_known_export_survives_shuffling_dropping_and_foreign_columns(entry, tmp_path):
    whole = dict(fields_of_headers(suggest(of_export(tmp_path, entry))))
    alternatives = set(entry["mapping"].values())
    for seed in range(6):
        chance = random.Random(seed)
        kept = chance.sample(
            range(len(entry["headers"])), max(1, round(0.7 * len(entry["headers"])))
        )
        export = next(e for e in SYSTEMS[entry["system"]] if e.name == entry["export"])
        signs = {read_name(entry["headers"][at]).key for at in kept} & export.signs
        if entry["system"] in OPEN_ENDED and not signs:
            continue
        headers = [entry["headers"][at] for at in kept] + UNKNOWN_HEADERS
        rows = [[row[at] for at in kept] + ["aa", "bb", "cc"] for row in entry["rows"]]
        order = chance.sample(range(len(headers)), len(headers))
        mapping = suggest(
            of_export(
                tmp_path,
                entry,
                [headers[at] for at in order],
                [[row[at] for at in order] for row in rows],
            )
        )
        if mapping.system is None and len(signs) < min(export.need, 2):
            continue  # one header that anybody may use tells nothing
        if mapping.level != "ask":  # two reports of one system can't be told apart by what is left
            assert (mapping.system, mapping.export) == (entry["system"], entry["export"]), seed
        assert mapping.grain == entry["grain"]
        for name, field in fields_of_headers(mapping):
            if mapping.level != "ask" and field and whole.get(name) != field:
                # A column that yielded its field to a better one takes it when that one is gone.
                assert whole.get(name, "") is None, (seed, name, field)
                assert field in alternatives
            assert name not in UNKNOWN_HEADERS or field is None


@pytest.mark.parametrize(
    "entry", other_exports(), ids=lambda entry: f"{entry['system']}: {entry['export']}"
)
def test_no_other_export_is_taken_for_a_known_one(entry, tmp_path):
    mapping = suggest(of_export(tmp_path, entry))
    assert mapping.system is None or mapping.system == entry["system"]


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
