"""Files of CRM, shops, chats, telephony, surveys and events, in the vendors' own shapes."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from crm_metrics import facts, intake
from crm_metrics.mapping import suggest
from crm_metrics.mapping.model import Mapping
from tests.intake import catalogue
from tests.mapping.made import made_table


def exported(system: str) -> catalogue.Export:
    return next(export for export in catalogue.tables() if export.system == system)


def understood(folder: Path, name: str, content: bytes) -> list[tuple[intake.Table, Mapping]]:
    path = folder / name
    path.write_bytes(content)
    return [(table, suggest(table)) for table in intake.read(path, workdir=folder)]


def fields(mapping: Mapping) -> dict[str, str | None]:
    return {item.name: item.field for item in mapping.columns}


def values(table: intake.Table, mapping: Mapping, *columns: str) -> list[tuple]:
    built = facts.build(table, mapping)
    return duckdb.sql(f"SELECT {', '.join(columns)} FROM '{built.path}' ORDER BY __line").fetchall()


def test_the_sections_of_a_webinar_report_are_told_apart(tmp_path):
    content = catalogue.sample_of("Zoom", "Webinar attendee report")
    found = understood(tmp_path, "attendee.csv", content.replace(b"Pat Fox,Pat", b"Pat\0 Fox,Pat"))
    kinds = [(mapping.system, mapping.export, mapping.grain) for _, mapping in found]
    assert kinds == [
        ("Zoom", "Webinar summary", None),
        ("Zoom", "Hosts and panelists", None),
        ("Zoom", "Webinar attendee report", "attendance"),
    ]
    # The parts that are no audience are left out by themselves: there is nothing to answer.
    assert [mapping.left_out for _, mapping in found] == [True, True, False]
    table, mapping = found[-1]
    assert mapping.level == "sure"
    rows = values(
        table, mapping, "full_name", "attended", "minutes_attended", "registered_at::DATE::VARCHAR"
    )
    assert rows[:1] == [("Pat Fox", True, 39 * 60.0, "2024-03-10")]
    assert rows[-1][1:3] == (False, None)


def test_people_who_joined_by_phone_are_no_registrations(tmp_path):
    table = made_table(
        tmp_path,
        [
            "User Name",
            "Join Time",
            "Leave Time",
            "Time in Session (minutes)",
            "Country/Region Name",
        ],
        [["1555***", "03/12/2024 07:00:00 PM", "03/12/2024 07:30:00 PM", "30", "US"]],
        layout="stacked",
        preamble=("Attendee Report", "Attendee Details", "Other Attended"),
    )
    mapping = suggest(table)
    assert (mapping.export, mapping.grain) == ("Other attended", None)


def test_a_chat_is_known_by_its_layout_alone(tmp_path):
    content = catalogue.sample_of("WhatsApp / WhatsApp Business", "Chat export (.txt)")
    [(_, chat)] = understood(tmp_path, "chat.txt", content)
    assert (chat.system, chat.level) == ("WhatsApp / WhatsApp Business", "sure")
    assert chat.constants == {"channel": "messenger", "platform": "whatsapp"}
    rows = [["12/03/2026", "09:15", "Anna", "hello"]]
    table = made_table(tmp_path, ["date", "time", "author", "text"], rows)
    assert suggest(table).system is None


def test_a_page_named_xls_is_a_list_of_deals(tmp_path):
    [(table, mapping)] = understood(tmp_path, "deal.xls", catalogue.as_html(exported("Битрикс24")))
    assert (mapping.system, mapping.level) == ("Битрикс24", "sure")
    assert "closed_at" not in mapping.fields
    assert values(table, mapping, "status", "is_closed", "amount") == [("won", True, 45000.0)]


def test_english_headers_of_the_same_deals(tmp_path):
    headers = [
        "ID", "Deal Name", "Stage", "Pipeline", "Income", "Currency", "Responsible", "Created",
        "Assumed close date", "Repeat deal", "My own field",
    ]  # fmt: skip
    row = ["5", "Roses", "Deal won", "Sales", "10.5", "USD", "Ann", "03/13/2026", "", "no", "x"]
    mapping = suggest(made_table(tmp_path, headers, [row]))
    assert mapping.system == "Битрикс24"
    assert list(fields(mapping).values()) == [
        "deal_id", "title", "stage", "pipeline", "amount", "currency", "owner", "created_at",
        "expected_close_at", None, None,
    ]  # fmt: skip


def test_a_deal_that_is_not_closed_has_no_date_of_closing(tmp_path):
    export = exported("amoCRM")
    closed = export.names.index("Дата закрытия")
    rows = [[*row] for row in export.rows]
    rows[1][closed] = "не закрыта"
    table = made_table(tmp_path, list(export.names), rows)
    mapping = suggest(table)
    assert mapping.fields["closed_at"].level == "sure"
    assert values(table, mapping, "closed_at::VARCHAR") == [("2026-09-01 10:00:00",), (None,)]


def test_the_day_of_closing_is_better_than_the_day_of_winning(tmp_path):
    headers = [
        "Deal - ID",
        "Deal - Title",
        "Deal - Status",
        "Deal - Won time",
        "Deal – Deal closed on *",
    ]
    rows = [
        ["1", "A", "Won", "2024-03-02 10:00:00", "2024-03-02 10:00:00"],
        ["2", "B", "Lost", "", "2024-03-05 10:00:00"],
    ]
    mapping = suggest(made_table(tmp_path, headers, rows))
    assert mapping.system == "Pipedrive"
    assert list(fields(mapping).values())[3:] == [None, "closed_at"]
    only_won = suggest(made_table(tmp_path, headers[:4], [row[:4] for row in rows]))
    assert only_won.fields["closed_at"].name == "Deal - Won time"


def test_an_order_on_two_lines_is_paid_once(tmp_path):
    [(table, mapping)] = understood(tmp_path, "orders.csv", catalogue.as_text(exported("Shopify")))
    assert (mapping.system, mapping.level) == ("Shopify", "sure")
    rows = values(table, mapping, "order_id", "amount", "product", "status")
    assert rows == [("#1001", 108.9, "Mug, large", "paid"), ("#1001", None, "Vase", "paid")]


def test_every_line_of_a_refunded_order_is_refunded(tmp_path):
    headers = ["Name", "Financial Status", "Total", "Created at", "Lineitem name", "Lineitem price"]
    rows = [
        ["#1", "refunded", "30", "2026-03-12 09:10:00 +0000", "Mug", "10"],
        ["#1", "", "", "2026-03-12 09:10:00 +0000", "Vase", "20"],
        ["#2", "paid", "10", "2026-03-12 09:10:00 +0000", "Mug", "10"],
        ["", "", "5", "2026-03-12 09:10:00 +0000", "Tip", "5"],
    ]
    table = made_table(tmp_path, headers, rows)
    got = values(table, suggest(table), "__line", "status")
    assert got == [(2, "refunded"), (3, "refunded"), (4, "paid"), (5, None)]


@pytest.mark.parametrize(
    "zone", ["America/New_York", "Europe/Berlin", "America/Argentina/Buenos_Aires"]
)
def test_the_zone_in_a_header_does_not_hide_it(tmp_path, zone):
    headers = [
        "Conversation ID",
        f"Conversation started at ({zone})",
        "Teammate currently assigned",
        "Channel",
    ]
    rows = [["1", "2024-03-01 10:15:30", "Ann", "Messenger"]]
    mapping = suggest(made_table(tmp_path, headers, rows))
    assert mapping.system == "Intercom"
    assert fields(mapping)[headers[1]] == "created_at"
    assert mapping.fields["channel"].values == {"messenger": "chat"}


def test_calls_with_their_seconds_in_the_headers(tmp_path):
    headers = [
        "Тип", "Статус", "Время", "Исходящая линия", "Откуда", "Куда", "Кому звонили",
        "Кто разговаривал", "Кто ответил", "Длительность звонка, сек",
        "Длительность разговора, сек", "Время ответа, сек", "ID записи", "Состояние перезвона",
    ]  # fmt: skip
    row = [
        "Входящий",
        "Отвечен",
        "18.01.2018 14:51:49",
        "",
        "+74832783118",
        "+78612117108",
        "220",
        "220",
        "220",
        "178",
        "162",
        "16",
        "1516276309.775398",
        "",
    ]
    table = made_table(tmp_path, headers, [row])
    mapping = suggest(table)
    assert mapping.system == "Sipuni"
    assert values(table, mapping, "direction", "agent", "talk_time", "wait_time", "total_time") == [
        ("in", "220", 162.0, 16.0, 178.0)
    ]


def test_only_some_links_of_a_survey_are_a_channel(tmp_path):
    headers = [
        "StartDate",
        "RecordedDate",
        "ResponseId",
        "Status",
        "DistributionChannel",
        "UserLanguage",
        "Q1",
    ]
    rows = [
        ["2026-01-01 10:00:00", "2026-01-01 10:02:01", f"R_{at}", status, channel, "EN", "4"]
        for at, (status, channel) in enumerate(
            [("0", "anonymous"), ("1", "preview"), ("0", "email")]
        )
    ]
    table = made_table(tmp_path, headers, rows)
    mapping = suggest(table)
    assert mapping.system == "Qualtrics"
    assert values(table, mapping, "status", "channel") == [
        ("response", None),
        ("preview", None),
        ("response", "email"),
    ]


@pytest.mark.parametrize(("cell", "share"), [("0.17", 0.17), ("17,0 %", 0.17), ("17.5", 0.175)])
def test_website_bounces_are_read_as_they_are_written(tmp_path, cell, share):
    headers = [
        "Источник трафика",
        "Визиты",
        "Посетители",
        "Отказы",
        "Глубина просмотра",
        "Время на сайте",
    ]
    table = made_table(tmp_path, headers, [["Прямые заходы", "100", "80", cell, "1.4", "00:01:10"]])
    mapping = suggest(table)
    assert mapping.system == "Яндекс Метрика"
    assert mapping.fields["bounce_rate"].level == "sure"
    built = facts.build(table, mapping)
    assert not {issue.code for issue in built.issues} & {"rate_ask", "rate_mixed"}
    [[read]] = duckdb.sql(f"SELECT bounce_rate FROM '{built.path}'").fetchall()
    assert read == pytest.approx(share)


def test_who_is_registered_has_not_attended(tmp_path):
    headers = ["Attendee #", "Email", "Attendee Status", "Price Tier", "Checked In"]
    rows = [
        ["1", "a@example.com", "Attending", "", "Attended"],
        ["2", "b@example.com", "Attending", "", "Attending"],
        ["3", "c@example.com", "Not Attending", "", "Not Attending"],
    ]
    table = made_table(tmp_path, headers, rows)
    mapping = suggest(table)
    assert mapping.system == "Eventbrite"
    assert values(table, mapping, "attended") == [(True,), (None,), (False,)]
