"""`metrics --goals`: each value says whether its goal is met."""

from __future__ import annotations

import pytest

from tests.conftest import SAMPLES

GOALS = """
[[goals]]
metric = "click_rate"
target = 0.001

[[goals]]
metric = "unsub_rate"
channel = "email"
target = 0.5
"""


def test_goals_of_a_file_are_judged_by_the_interval(run, tmp_path):
    path = tmp_path / "goals.toml"
    path.write_text(GOALS, encoding="utf-8")
    asked = (
        "metrics", SAMPLES / "mailchimp_campaigns.csv", "--goals", path,
        "--metric", "click_rate", "--metric", "unsub_rate",
    )  # fmt: skip
    (click, unsub) = run(*asked, "--json").document["rows"]
    assert click["goal"]["status"] == "met"
    assert click["goal"]["distance"] == pytest.approx(click["value"] - 0.001)
    assert click["goal"]["low"] == pytest.approx(click["low"] - 0.001)
    assert "goal" not in unsub  # its goal is for one channel, the value for all
    said = run(*asked, "--lang", "en").out.splitlines()
    assert said[1].strip() == "Goal: at least 0.10% — met"
    by_channel = run(*asked, "--by", "channel", "--json").document["rows"]
    assert [row["metric"] for row in by_channel if "goal" in row] == ["unsub_rate"]


def test_a_relative_goal_is_judged_beside_the_period_before(run, tmp_path):
    path = tmp_path / "goals.toml"
    path.write_text('[[goals]]\nmetric = "click_rate"\ntarget = -0.5\nrelative = true\n')
    asked = (
        "metrics", SAMPLES / "mailchimp_campaigns.csv", "--goals", path,
        "--metric", "click_rate", "--json",
    )  # fmt: skip
    assert run(*asked).document["rows"][0]["goal"]["reason"] == "no_previous"
    (row,) = run(*asked, "--compare", "previous").document["rows"]
    assert row["goal"]["target"] == pytest.approx(row["previous"]["value"] / 2)
    assert row["goal"]["status"] == "met"


def test_a_file_without_goals_is_refused(run, tmp_path):
    path = tmp_path / "goals.json"
    path.write_text("{}", encoding="utf-8")
    ran = run("metrics", SAMPLES / "mailchimp_campaigns.csv", "--goals", path)
    assert ran.code == 1
    assert "goals.json" in ran.err
