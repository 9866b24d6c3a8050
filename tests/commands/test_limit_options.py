"""`--limit`, `--hours` and `--holidays`: what is in time, and when people are at work."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from crm_metrics.metrics import metric_named
from crm_metrics.metrics.hours import hours_in

LIMITED = {
    "answered_within": "first_reply",
    "resolved_within_sla": "resolution",
    "call_service_level": "call_answer",
    "call_service_level_answered": "call_answer",
    "over_contacted_rate": None,
}
HOURS = "Mon-Fri 09:00-18:00 lunch 13-14 Europe/Moscow"


@pytest.fixture
def tickets(tmp_path):
    """Forty conversations of 2026-04-03, a Friday, in UTC; the slowest are answered on Monday."""
    started = pd.Timestamp("2026-04-03 05:30") + pd.to_timedelta(range(40), "min") * 15
    replied = started + pd.to_timedelta([10 + 97 * number for number in range(40)], "min")
    frame = pd.DataFrame(
        {
            "Ticket ID": range(40),
            "Created at (UTC)": started,
            "First reply at (UTC)": replied,
        }
    )
    path = tmp_path / "tickets.csv"
    frame.to_csv(path, index=False)
    return path, started, replied


def open_minutes(start: pd.Timestamp, end: pd.Timestamp, off: tuple[str, ...] = ()) -> int:
    """Minutes at work in Moscow, three hours ahead, one after the other."""
    minutes = pd.date_range(start, end, freq="min", inclusive="left") + pd.Timedelta(hours=3)
    work = (minutes.day_of_week < 5) & ~minutes.strftime("%Y-%m-%d").isin(off)
    return int((work & minutes.hour.isin([9, 10, 11, 12, 14, 15, 16, 17])).sum())


def test_limits_and_hours_change_what_is_in_time(run, tickets):
    path, started, replied = tickets
    asked = ("--metric", "answered_within", "--metric", "frt_business", "--json")
    row = {one["metric"]: one for one in run("metrics", path, *asked).document["rows"]}
    wait = (replied - started).total_seconds()
    assert row["answered_within"]["components"]["x"] == (wait <= 7200).sum()
    assert "frt_business" not in row or row["frt_business"]["value"] is None
    day_off = ("--holidays", "2026-04-06..2026-04-07")
    told = run("metrics", path, *asked, "--limit", "90min", "--hours", HOURS, *day_off)
    row = {one["metric"]: one for one in told.document["rows"]}
    assert row["answered_within"]["components"]["x"] == (wait <= 5400).sum()
    off = ("2026-04-06", "2026-04-07")
    slow = [open_minutes(*pair, off) * 60 for pair in zip(started, replied, strict=True)]
    assert row["frt_business"]["value"] == pytest.approx(pd.Series(slow).median())


def test_the_limit_stands_with_the_value(run, tickets):
    asked = ("--metric", "answered_within", "--limit", "30min", "--limit", "resolution=3h")
    assert "Limit: 30\u00a0min." in run("metrics", tickets[0], *asked, "--lang", "en").out
    limits = {key: metric_named(key).limit for key in LIMITED}
    assert limits == LIMITED


def test_what_is_not_understood_is_said_in_both_languages(run, tickets):
    path = tickets[0]
    for options, en, ru in (
        (("--limit", "2"), "limit 2 is not", "Норматив 2 не понят"),
        (("--limit", "reply=2h"), "call-answer", "call-answer"),
        (("--hours", "9 to 6"), "“9” is not understood", "«9» в рабочих часах"),
        (("--holidays", "2026-01-01"), "--hours", "--hours"),
        (("--hours", HOURS, "--holidays", "New Year"), "“New” is no date", "«New» — не дата"),
    ):
        for lang, words in (("en", en), ("ru", ru)):
            refused = run("metrics", path, *options, "--lang", lang)
            assert refused.code in (1, 2)
            assert words in refused.err


def test_every_named_limit_is_a_limit(run, tickets):
    asked = (
        "--limit",
        "resolution=1d",
        "--limit",
        "call-answer=30s",
        "--limit",
        "short_abandon=5s",
    )
    assert run("metrics", tickets[0], "--metric", "answered_within", *asked).code == 0
    assert len(hours_in(HOURS).shifts) == 10


def test_chats_are_counted_once_ours_are_named(run, tmp_path):
    path = tmp_path / "WhatsApp Chat with Anna.txt"
    turns = [("10:00", "Anna"), ("10:20", "Shop"), ("10:30", "Bot")]
    lines = [f"{day}/04/2026, {at} - {who}: hi\n" for day in range(13, 28, 2) for at, who in turns]
    path.write_text("".join(lines), encoding="utf-8")
    asked = ("metrics", path, "--metric", "frt_median", "--metric", "next_reply_median", "--json")
    told = run(*asked, "--lang", "en")
    assert "Anna (8)" in told.err
    assert "--ours" in told.err
    assert all(row["value"] is None for row in told.document["rows"])
    row = {
        one["metric"]: one for one in run(*asked, "--ours", "shop", "--bot", "Bot").document["rows"]
    }
    assert (row["frt_median"]["value"], row["frt_median"]["n"]) == (1200, 8)
    assert (row["next_reply_median"]["value"], row["next_reply_median"]["n"]) == (1200, 8)
    refused = run(*asked[:2], "--ours", "Kim", "--lang", "ru")
    assert refused.code == 1
    assert "«Kim»" in refused.err


def test_calls_of_a_bank_are_counted_by_the_command(run):
    """The real file: seconds of talk and nothing else, whatever its columns are taken for."""
    path = Path(__file__).resolve().parents[1] / "data" / "bank_calls.csv"
    talked = pd.read_csv(path, sep=";").duration
    asked = ("--grain", "calls", "--map", "duration=talk_time", "--metric", "aht_median", "--json")
    (row,) = run("metrics", path, *asked).document["rows"]
    assert row["value"] == talked[talked > 0].median()
    assert row["n"] == (talked > 0).sum()
