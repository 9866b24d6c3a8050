"""Columns that confirm each other, tell each other apart, or cannot both be right."""

from __future__ import annotations

from crm_metrics.mapping import suggest
from tests.mapping.made import made_table

HEADERS = ["Campaign name", "Send date", "Delivered"]
ROWS = [["Spring", "2026-03-01", "1000"], ["Autumn", "2026-04-01", "2000"]]


def suggested(folder, **more: tuple[str, str]):
    headers = HEADERS + [header.replace("_", " ") for header in more]
    rows = [row + [cells[at] for cells in more.values()] for at, row in enumerate(ROWS)]
    return suggest(made_table(folder, headers, rows), grain="campaigns")


def test_opens_that_give_the_open_rate_are_unique(tmp_path):
    mapping = suggested(tmp_path, Opens=("296", "500"), Open_rate=("29.6%", "25.0%"))
    item = mapping.fields["opens_unique"]
    assert (item.name, item.level, item.why.code) == ("Opens", "likely", "rate_agrees")


def test_opens_that_do_not_give_it_are_all_of_them(tmp_path):
    mapping = suggested(tmp_path, Opens=("412", "733"), Open_rate=("29.6%", "25.0%"))
    item = mapping.fields["opens_total"]
    assert (item.name, item.level, item.why.code) == ("Opens", "ask", "rate_disagrees")


def test_opens_alone_are_asked(tmp_path):
    assert suggested(tmp_path, Opens=("296", "500")).fields["opens_unique"].level == "ask"


def test_a_click_rate_of_the_opened_is_click_to_open(tmp_path):
    mapping = suggested(
        tmp_path,
        Unique_opens=("300", "500"),
        Unique_clicks=("31", "104"),
        Click_through_rate=("10.3%", "20.8%"),
    )
    assert mapping.fields["ctor"].why.code == "clicks_by_opens"
    plain = suggested(
        tmp_path,
        Unique_opens=("300", "500"),
        Unique_clicks=("31", "104"),
        Click_through_rate=("3.1%", "5.2%"),
    )
    assert "ctor" not in plain.fields
    assert plain.fields["click_rate"].level == "likely"


def test_a_part_larger_than_its_whole_is_asked(tmp_path):
    mapping = suggested(tmp_path, Unique_opens=("500", "900"), Total_opens=("300", "1100"))
    assert mapping.fields["opens_unique"].why.code == "part_larger"
    assert mapping.fields["opens_total"].why.code == "whole_smaller"
    assert {mapping.fields[key].level for key in ("opens_unique", "opens_total")} == {"ask"}


def test_the_sites_rates_are_no_rates_of_mail(tmp_path):
    mapping = suggested(tmp_path, Visits=("100", "90"), Bounce_rate=("", ""))
    assert "bounce_rate" not in mapping.fields


def test_source_beside_a_keyword_is_the_links(tmp_path):
    headers = ["Дата звонка", "Номер звонящего", "Источник", "Канал", "Ключевое слово"]
    row = ["01.03.2024 10:15:30", "79991234567", "yandex", "cpc", "диван"]
    mapping = suggest(made_table(tmp_path, headers, [row]))
    assert mapping.grain == "calls"
    found = {item.name: item.field for item in mapping.columns}
    assert (found["Источник"], found["Канал"]) == ("utm_source", "utm_medium")
    assert mapping.fields["utm_source"].level == "ask"


def test_a_duration_beside_both_ends_is_the_whole_call(tmp_path):
    headers = ["Call start", "Call end", "Duration"]
    row = ["2026-03-01 10:00:00", "2026-03-01 10:01:15", "75"]
    assert suggest(made_table(tmp_path, headers, [row])).fields["total_time"].name == "Duration"
