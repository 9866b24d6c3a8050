from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from crm_metrics.findings import build_report, csv_bytes
from crm_metrics.findings.workbook import workbook
from crm_metrics.metrics import compute, periods
from crm_metrics.metrics.model import Filters
from crm_metrics.store import Workspace

DATA = Path(__file__).parents[1] / "data"
LETTERS = """\
Date;Campaign;Delivered;Unique clicks;E-mail of author
01.08.2026;A;3950;79;one@example.com
10.08.2026;B;3960;83;two@example.com
07.09.2026;C;4050;121;one@example.com
30.09.2026;D;4060;126;two@example.com
"""


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "home")


@pytest.fixture
def letters(space: Workspace, tmp_path: Path) -> Workspace:
    path = tmp_path / "letters.csv"
    path.write_text(LETTERS, encoding="utf-8")
    (dataset,) = space.add(path, path.name)
    fields = ("date", "campaign_name", "delivered", "clicks_unique", "email")
    mapping = dataset.mapping.with_grain("campaigns")
    for column, field in enumerate(fields):
        mapping = mapping.with_field(column, field)
    space.set_mapping(dataset.id, mapping)
    return space


def row_of(rows, metric: str):
    (found,) = [row for row in rows if row.metric == metric]
    return found


def test_two_months_are_compared_and_all_dates_stand_beside(letters):
    report = build_report(letters)
    assert report.period == (date(2026, 9, 1), date(2026, 9, 30))
    assert report.before_period == (date(2026, 8, 1), date(2026, 8, 31))
    clicks = row_of(report.channels, "click_rate")
    assert clicks.now.value == pytest.approx((121 + 126) / (4050 + 4060))
    assert clicks.before.value == pytest.approx((79 + 83) / (3950 + 3960))
    assert clicks.shift.value == pytest.approx(clicks.now.value - clicks.before.value)
    assert clicks.shift.clear
    whole = row_of(report.whole, "click_rate")
    assert whole.now.value == pytest.approx((121 + 126 + 79 + 83) / (4050 + 4060 + 3950 + 3960))
    assert report.sentences[0].code == "better"


def test_a_chosen_period_is_all_there_is(letters):
    chosen = Filters(start=date(2026, 8, 1), end=date(2026, 9, 30))
    report = build_report(letters, filters=chosen)
    assert report.period == (date(2026, 8, 1), date(2026, 9, 30))
    assert report.whole == ()
    assert row_of(report.channels, "click_rate").now.components["n"] == 16_020


def test_numbers_are_those_of_compute(letters):
    report = build_report(letters)
    with letters.engine() as engine:
        now, _ = periods(engine, Filters())
        values = compute(engine, by=("channel",), filters=now).values
    assert sorted((row.now for row in report.channels), key=repr) == sorted(values, key=repr)


def test_the_trend_runs_in_order_within_each_metric(letters):
    report = build_report(letters)
    assert report.trend
    by_metric: dict[tuple[str, str | None], list[date]] = {}
    for row in report.trend:
        by_metric.setdefault((row.metric, row.channel), []).append(row.start)
    assert all(starts == sorted(set(starts)) for starts in by_metric.values())
    total = sum(row.value.components["x"] for row in report.trend if row.metric == "click_rate")
    assert total == 121 + 126 + 79 + 83


def test_no_personal_data_are_written(letters):
    chosen = Filters(equal=(("email", ("one@example.com",)),))
    report = build_report(letters, filters=chosen)
    assert row_of(report.whole, "click_rate").now.components["x"] == 79 + 121
    assert b"example.com" not in csv_bytes(report)
    assert "one@example.com" not in repr(report)
    assert any("hidden" in caveat for caveat in report.caveats)


def test_sources_name_the_file_and_its_columns(letters):
    (source,) = build_report(letters).sources
    assert (source.file_name, source.lines, source.records) == ("letters.csv", 5, 4)
    assert source.lines == source.records + sum(source.set_aside.values())
    assert [column.field for column in source.columns][-1] == "email"
    assert source.period == (date(2026, 8, 1), date(2026, 9, 30))


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_an_empty_workspace_gives_a_report_of_one_sentence(space, lang):
    report = build_report(space, lang=lang)
    assert [one.code for one in report.sentences] == ["nothing"]
    assert workbook(report)


def test_posts_without_dates_are_pooled_as_by_hand(space):
    (dataset,) = space.add(DATA / "facebook_posts.csv", "facebook_posts.csv")
    report = build_report(space)
    with (DATA / "facebook_posts.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert report.sources[0].records == len(rows) == 500
    engaged = row_of(report.channels, "er_reach")
    reach = sum(float(row["Lifetime Post Total Reach"]) for row in rows)
    actions = sum(float(row["Total Interactions"]) for row in rows if row["Total Interactions"])
    assert engaged.now.components["x"] == reach
    assert engaged.now.value == pytest.approx(actions / reach, rel=1e-3)
    assert dataset.facts is not None


def test_undated_facts_are_told_beside_dated_ones(letters):
    letters.add(DATA / "facebook_posts.csv", "facebook_posts.csv")
    report = build_report(letters)
    assert "er_reach" not in {row.metric for row in report.channels}
    assert row_of(report.whole, "er_reach").now.value is not None
    assert any(one.text.startswith("All time: Social networks") for one in report.sentences)


def test_equal_workspaces_give_equal_workbooks(letters):
    assert workbook(build_report(letters)) == workbook(build_report(letters))
