"""Goals and references in the workbook, read back; a report of real files holds both."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from crm_metrics.findings import build_report
from crm_metrics.findings.references import main_history
from crm_metrics.findings.workbook import workbook
from crm_metrics.metrics.goals import Goal, judge, write_goals
from crm_metrics.metrics.references import History, all_benchmarks, benchmarks_of
from crm_metrics.store import Workspace
from crm_metrics.texts import t
from tests.findings.made import report
from tests.findings.test_workbook import table

HISTORY = History(
    *("click_rate", "campaigns", "of_delivered", "email", "campaign", 12, 0),
    *(0.02, 0.015, 0.03, date(2026, 1, 5), date(2026, 6, 28)),
)
SHORT = replace(HISTORY, channel="ads", campaigns=5, lacking=3, median=None, low=None, high=None)


def told(lang: str):
    """The hand-made report: a goal on email's clicks and on the chat's speed, two histories."""
    made = report(lang)
    email, ads, hostile, chat = made.channels
    goals = (
        Goal("click_rate", 0.02, channel="email", label="План"),
        Goal("first_reply_median", 7200.0, channel="chat"),
        Goal("click_rate", 0.5, relative=True, guide="S1"),
    )
    judged = (judge(goals[0], email.now), judge(goals[1], chat.now), judge(goals[2], None))
    rows = (
        replace(email, goal=judged[0], history=HISTORY),
        replace(ads, history=SHORT),
        hostile,
        replace(chat, metric="frt_median"),
    )
    return replace(made, channels=rows, goals=judged, histories=(HISTORY, SHORT))


def sheets(lang: str):
    book = openpyxl.load_workbook(io.BytesIO(workbook(told(lang))))
    names = {key: t(f"report.tab.{key}", lang) for key in ("channels", "goals", "references")}
    return {key: table(book[name]) for key, name in names.items()}


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_channels_carry_goal_and_typical_campaign(lang):
    email, ads, *rest = sheets(lang)["channels"]
    names = "target goal_distance goal_low goal_high reference reference_low reference_high"
    found = [email[t(f"report.column.{name}", lang)] for name in names.split()]
    assert found == pytest.approx([0.02, 0.13, -0.07, 0.35, 0.02, 0.015, 0.03])
    status = email[t("report.column.goal_status", lang)]
    assert status.startswith(t("goals.status.unclear", lang))
    assert "12" in email[t("report.column.reference_what", lang)]
    assert ads[t("report.column.reference", lang)] is None
    lacking = ads[t("report.column.reference_what", lang)]
    assert "3" in lacking
    assert "5" in lacking
    assert {row[t("report.column.target", lang)] for row in rest} == {None}


def test_every_goal_stands_in_its_tab_with_its_status():
    first, _, relative = sheets("en")["goals"]
    assert first["Goal met"] == "can't be told yet: the likely range holds the target"
    assert first["What is aimed at"] == "at least 2.00%"
    assert first["Where the goal is from"] == "План"
    assert relative["Goal met"] == "n/a: no data in this period"
    assert relative["What is aimed at"] == "growth by 50% on the previous period"
    assert relative["Where the goal is from"] == "from the guide: CRM strategy"
    assert relative["Value"] is None


def test_published_numbers_carry_source_year_quality_and_base():
    own, *public = sheets("en")["references"]
    assert (own["What it is from"], own["Value"], own["Campaigns"]) == ("own history", 0.02, 12)
    clicks = [one for one in public if one["Metric"].startswith("Click rate")]
    assert len(clicks) == len(benchmarks_of("click_rate", "email"))
    for row in public:
        assert row["Source"]
        assert row["Year"] > 2015
        assert row["Quality"] in ("checked", "second-hand")
        assert row["Base"].startswith(("other base", "base not known"))
        assert row["Address"].startswith("https://")
    assert len(all_benchmarks()) > len(public)
    kinds = {row["Whose"] for row in clicks if "Klaviyo" in row["Source"]}
    assert kinds == {"online shops, campaigns", "online shops, automatic messages"}


def test_the_main_history_is_that_of_campaigns_and_never_of_another_formula():
    value = told("en").channels[0].now
    flows = replace(HISTORY, message_type="flow", median=0.05)
    assert main_history([flows, HISTORY], value) is HISTORY
    assert main_history([flows, replace(SHORT, channel="email")], value) is flows
    assert main_history([replace(HISTORY, variant="of_sent")], value) is None


def test_a_report_of_files_has_goals_and_the_history_before_its_period(tmp_path: Path):
    days = pd.date_range("2026-01-05", periods=40, freq="4D")
    frame = pd.DataFrame(
        {
            "Date": days.strftime("%Y-%m-%d"),
            "Channel": "email",
            "Campaign name": [f"Letter {n}" for n in range(40)],
            "Delivered": range(1000, 1040),
            "Unique clicks": [20 + n * 7 % 13 for n in range(40)],
        }
    )
    path = tmp_path / "mail.csv"
    frame.to_csv(path, index=False)
    space = Workspace(tmp_path / "home")
    space.add(path, path.name)
    write_goals(
        space.folder,
        [Goal("click_rate", 0.9), Goal("click_rate", 0.001, channel="email"), Goal("csat", 0.9)],
    )
    found = build_report(space, lang="en")
    assert [one.status for one in found.goals] == ["missed", "met", "na"]
    row = next(one for one in found.channels if one.metric == "click_rate")
    assert row.goal.status == "met"
    before = frame[days < pd.Timestamp(found.period[0])]
    rates = (before["Unique clicks"] / before["Delivered"]).tail(12)
    expected = rates.quantile([0.5, 0.25, 0.75])
    assert (row.history.median, row.history.low, row.history.high) == pytest.approx(tuple(expected))
