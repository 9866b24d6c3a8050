"""`metrics --compare` and `--rest`: new keys beside the old ones, and plain words."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from statsmodels.stats.multitest import multipletests

KEYS = {"metric", "variant", "group", "value", "low", "high", "n", "components", "flags"}
# Channel, day of April, delivered, unique clicks.
ROWS = [
    *[("email", day, 1000, 30) for day in range(1, 8)],
    *[("email", day, 1000, 45) for day in range(8, 15)],
    *[("sms", day, 300, 6) for day in range(1, 15)],
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "campaigns.csv"
    with path.open("w", encoding="utf-8", newline="") as opened:
        lines = csv.writer(opened)
        lines.writerow(["Campaign", "Channel", "Date", "Delivered", "Unique clicks"])
        for channel, day, delivered, clicks in ROWS:
            lines.writerow([f"{channel} {day}", channel, f"2026-04-{day:02}", delivered, clicks])
    return path


def asked(file: Path, *more: object) -> tuple[object, ...]:
    return ("metrics", file, "--metric", "click_rate", "--by", "channel", *more)


def test_the_period_before_stands_beside_each_value(run, file):
    week = ("--from", "2026-04-08", "--to", "2026-04-14")
    plain = run(*asked(file, *week, "--json")).document
    for how in ("previous", "weekdays"):
        document = run(*asked(file, *week, "--compare", how, "--json")).document
        assert document["periods"] == {
            "current": ["2026-04-08", "2026-04-14"],
            "previous": ["2026-04-01", "2026-04-07"],
        }
        email, sms = document["rows"]
        assert email["previous"]["value"] == pytest.approx(0.03)
        assert email["change"]["difference"] == pytest.approx(0.015)
        assert 0 < email["change"]["low"] < 0.015 < email["change"]["high"]
        assert (email["change"]["clear"], email["change"]["good"]) == (True, True)
        assert (sms["change"]["difference"], sms["change"]["clear"]) == (0, False)
        for row, before in zip(document["rows"], plain["rows"], strict=True):
            assert KEYS <= set(before) == set(row) - {"previous", "change"}
    said = run(*asked(file, *week, "--compare", "previous", "--lang", "en")).out
    assert "A clear change against the earlier period: +1.5 pp" in said.replace("\u00a0", " ")


def test_nothing_before_is_said(run, file):
    document = run(
        *asked(
            file, "--from", "2026-04-01", "--to", "2026-04-07", "--compare", "weekdays", "--json"
        )
    ).document
    assert document["periods"]["previous"] is None
    assert all((row["previous"], row["change"]) == (None, None) for row in document["rows"])


def test_each_channel_against_the_rest(run, file):
    rows = run(*asked(file, "--rest", "holm", "--json")).document["rows"]
    assert [row["rest"]["value"] for row in rows] == [rows[1]["value"], rows[0]["value"]]
    raw = rows[0]["rest"]["pvalue"]
    # Of two channels each is the other's rest: one comparison.
    assert rows[0]["rest"]["pvalue_adjusted"] == pytest.approx(multipletests([raw])[1][0])
    assert rows[0]["rest"]["clear"]
    assert (rows[0]["rest"]["good"], rows[1]["rest"]["good"]) == (True, False)
    said = run(*asked(file, "--rest", "bh", "--lang", "ru")).out
    assert "Явно отличается от всех остальных групп вместе" in said


def test_without_groups_a_change_is_split_over_channels(run, tmp_path):
    """Kitagawa by hand: shares .1/.9 -> .9/.1, rates .10/.30 -> .11/.33, total .28 -> .132."""
    path = tmp_path / "turned.csv"
    path.write_text(
        "Campaign name,Date,Channel,Delivered,Unique clicks\n"
        "A,2026-03-02,email,10000,1000\nB,2026-03-03,sms,90000,27000\n"
        "C,2026-04-02,email,90000,9900\nD,2026-04-03,sms,10000,3300\n"
    )
    april = ("--from", "2026-04-01", "--to", "2026-04-30", "--compare", "previous")
    command = ("metrics", path, "--metric", "click_rate", *april)
    (row,) = run(*command, "--json").document["rows"]
    assert row["change"]["difference"] == pytest.approx(0.132 - 0.28)
    assert row["split"]["within"]["value"] == pytest.approx(0.5 * 0.01 + 0.5 * 0.03)
    assert row["split"]["mix"]["value"] == pytest.approx(0.8 * 0.105 - 0.8 * 0.315)
    assert row["split"]["simpson"] == {"code": "total_falls_groups_rise", "clear": True}
    assert [one["previous_share"] for one in row["split"]["groups"]] == pytest.approx([0.1, 0.9])
    said = run(*command, "--lang", "ru").out
    assert "хотя в каждом из каналов (2) он вырос" in said
    grouped = run(*command, "--by", "channel", "--json").document["rows"]
    assert all("split" not in one for one in grouped)
