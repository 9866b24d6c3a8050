"""Files of mail, social networks, advertising and web analytics, in the vendors' own shapes."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import duckdb
import pytest

from crm_metrics import facts, intake
from crm_metrics.mapping import suggest
from crm_metrics.mapping.model import Mapping
from tests.intake import catalogue

AUDIENCE = [
    "sep=,",
    '"Age & gender"',
    '"","Women","Men"',
    '"18-24","12.1","10.4"',
    '"25-34","22.5","18.3"',
    "",
    '"Top cities"',
    '"Moscow, Russia","Kazan, Russia","Samara, Russia"',
    '"31.2","4.1","2.2"',
    "",
    '"Follows"',
    '"Date","Primary"',
    '"2025-08-01T00:00:00","20"',
    '"2025-08-02T00:00:00","34"',
]
UNIVERSAL = [
    "# ----------------------------------------",
    "# All Web Site Data",
    "# Landing Pages",
    "# 20201001-20201031",
    "# ----------------------------------------",
    "",
    (
        "Landing Page,Sessions,% New Sessions,New Users,Bounce Rate,Pages / Session,"
        "Avg. Session Duration,Goal Conversion Rate,Goal Completions,Goal Value"
    ),
    '/,"1,240",61.29%,760,45.00%,1.40,00:01:10,1.20%,15,$0.00',
    "/a,300,50.00%,150,40.00%,1.60,00:01:00,1.00%,3,$0.00",
    ',"1,540",59.09%,910,44.03%,1.44,00:01:08,1.16%,18,$0.00',
    "",
    "Day Index,Sessions",
    "10/1/20,900",
    "10/2/20,640",
    ',"1,540"',
]


def exported(system: str, name: str = "") -> catalogue.Export:
    return next(
        export
        for export in catalogue.tables()
        if export.system == system and export.name.startswith(name)
    )


def understood(folder: Path, name: str, content: bytes) -> list[tuple[intake.Table, Mapping]]:
    path = folder / name
    path.write_bytes(content)
    return [(table, suggest(table)) for table in intake.read(path, workdir=folder)]


def values(table: intake.Table, mapping: Mapping, *columns: str) -> list[tuple]:
    built = facts.build(table, mapping)
    return duckdb.sql(f"SELECT {', '.join(columns)} FROM '{built.path}'").fetchall()


def kinds(found: list[tuple[intake.Table, Mapping]]) -> list[tuple]:
    return [(mapping.system, mapping.export, mapping.grain) for _, mapping in found]


def zipped(members: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return out.getvalue()


def test_a_contacts_state_stands_in_the_name_of_its_file(tmp_path):
    export = exported("Mailchimp", "Audience")
    text = catalogue.as_text(export).decode()
    states = ["subscribed", "unsubscribed", "cleaned"]
    archive = zipped({f"{state}_members_export_0a1b2c.csv": text for state in states})
    found = understood(tmp_path, "audience_export_0a1b2c.zip", archive)
    said = [mapping.constants["email_status"] for _, mapping in found]
    assert said == ["subscribed", "unsubscribed", "bounced"]
    assert {mapping.export for _, mapping in found} == {"Audience (contacts) export"}


def test_the_files_of_one_archive_of_search_results_are_known_by_its_name(tmp_path):
    archive = zipped(
        {
            "Chart.csv": "Date,Clicks,Impressions,CTR,Position\n2026-10-01,40,900,4.44%,9.1\n",
            "Queries.csv": "Top queries,Clicks,Impressions,CTR,Position\npdf,3,120,2.5%,9\n",
            "Countries.csv": "Country,Clicks,Impressions,CTR,Position\nGermany,30,700,4.29%,8\n",
        }
    )
    name = "https___example.com_-Performance-on-Search-2026-10-02.zip"
    found = understood(tmp_path, name, archive)
    assert {mapping.system for _, mapping in found} == {"Google Search Console"}
    assert [sorted(mapping.fields) for _, mapping in found] == [
        ["click_rate", "clicks", "date", "impressions"],
        ["click_rate", "clicks", "impressions"],
        ["click_rate", "clicks", "country", "impressions"],
    ]


def test_the_blocks_of_an_audience_file_are_left_alone(tmp_path):
    found = understood(tmp_path, "Audience.csv", "\r\n".join(AUDIENCE).encode("utf-16"))
    block = ("Meta Business Suite", "Audience.csv", None)
    assert kinds(found) == [block] * 3
    assert not any(mapping.fields for _, mapping in found)


def test_days_beside_the_pages_of_the_old_analytics_are_not_counted_twice(tmp_path):
    found = understood(tmp_path, "Analytics.csv", "\n".join(UNIVERSAL).encode())
    system = "Google Analytics Universal (old)"
    assert kinds(found) == [
        (system, "Report CSV", "traffic"),
        (system, "Day Index (sessions by day)", None),
    ]
    rows = values(*found[0], "page", "sessions", "bounce_rate", "session_duration")
    assert rows == [("/", 1240, 0.45, 70.0), ("/a", 300, 0.4, 60.0)]


def test_every_block_of_a_stacked_report_is_known(tmp_path):
    for system, name in (
        ("Google Analytics 4", "Overview report CSV (multi table)"),
        ("Matomo", "Scheduled report CSV (several reports in one file)"),
    ):
        found = understood(tmp_path, "report.csv", catalogue.sample_of(system, name))
        assert kinds(found) == [(system, name, "traffic")] * 2
        assert {mapping.level for _, mapping in found} == {"sure"}
    assert values(*found[0], "sessions", "session_duration", "bounce_rate") == [(5, 1369.0, 0.2)]
    assert found[1][1].constants["currency"] == "USD"


def test_the_sheets_of_one_workbook_are_told_apart(tmp_path):
    sheets = [
        exported("LinkedIn Page analytics", "Updates (content)"),
        exported("LinkedIn Page analytics", "Updates export"),
        exported("LinkedIn Page analytics", "Followers"),
        exported("LinkedIn Page analytics", "Visitors"),
    ]
    found = understood(tmp_path, "content.xlsx", catalogue.as_workbook(sheets))
    assert [mapping.export for _, mapping in found] == [sheet.name for sheet in sheets]
    days, posts = found[0], found[1]
    assert values(*days, "impressions", "engagement_rate") == [(320, pytest.approx(0.075))]
    [post] = values(*posts, "published_at::DATE::VARCHAR", "click_rate", "is_paid", "post_type")
    assert post == ("2026-10-01", pytest.approx(0.028125), False, "Image")


def test_events_that_are_no_bounces_have_no_meaning(tmp_path):
    export = exported("SendGrid (Twilio)")
    words = ["processed", "delivered", "deferred", "dropped", "bounce", "spamreport", "open"]
    rows = [
        (*export.rows[0][:1], f"m{at}", word, *export.rows[0][3:]) for at, word in enumerate(words)
    ]
    lines = [export.heads[0], *rows]
    content = "\n".join(",".join(map(quoted, line)) for line in lines)
    [(table, mapping)] = understood(tmp_path, "activity.csv", content.encode())
    got = [word for (word,) in values(table, mapping, "event_type")]
    assert got == ["sent", "delivered", None, None, "bounce", "complaint", "open"]


def quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


def test_one_vendor_with_two_scales(tmp_path):
    campaigns = exported("Klaviyo", "Campaigns")
    flows = exported("Klaviyo", "Flows")
    found = [
        understood(tmp_path, "campaigns.csv", catalogue.as_text(campaigns))[0],
        understood(tmp_path, "flows.csv", catalogue.as_text(flows))[0],
    ]
    rates = [values(table, mapping, "open_rate")[0][0] for table, mapping in found]
    assert rates == pytest.approx([0.4833, 0.5])
    assert [mapping.constants["message_type"] for _, mapping in found] == ["campaign", "flow"]


def test_numbers_of_posts_are_no_quantities(tmp_path):
    for system, name in (("Meta Business Suite", "Facebook"), ("X (Twitter) Analytics", "")):
        export = exported(system, name)
        [(table, mapping)] = understood(tmp_path, "posts.csv", catalogue.as_text(export))
        ids = [number for (number,) in values(table, mapping, "post_id")]
        assert ids == [row[0] for row in export.rows]


def test_days_are_read_month_first_where_the_vendor_writes_them_so(tmp_path):
    export = exported("Meta Business Suite", "Instagram")
    at = export.heads[0].index("Publish time")
    rows = [(*row[:at], "09/05/2026 18:00", *row[at + 1 :]) for row in export.rows]
    content = "\n".join(",".join(map(quoted, line)) for line in (export.heads[0], *rows))
    [(table, mapping)] = understood(tmp_path, "posts.csv", content.encode("utf-8-sig"))
    assert {day for (day,) in values(table, mapping, "published_at::DATE::VARCHAR")} == {
        "2026-09-05"
    }
