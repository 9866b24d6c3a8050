"""Goals on disk and in files, and the goals of the guides."""

from __future__ import annotations

import json

import pytest

from crm_metrics.errors import CrmMetricsError
from crm_metrics.metrics import CATALOGUE
from crm_metrics.metrics.derived import DERIVED
from crm_metrics.metrics.goals import (
    Goal,
    checked,
    goals_file,
    goals_in,
    presets,
    read_goals,
    write_goals,
)
from crm_metrics.metrics.goals.presets import every_preset
from crm_metrics.texts import LANGUAGES, has

GOALS = (
    Goal("click_rate", 0.03, channel="email", label="План на год"),
    Goal("revenue_per_buyer", 0.15, relative=True, guide="S1"),
    Goal("messages_sent", 1000, aim="down", grain="recipients"),
)
# Those of the guides whose metrics the catalogue is still to have, by their keys.
TO_COME = {
    "active_user_share",
    "sales_share",
    "survey_duration_p90",
}


def test_goals_are_kept_and_sent_as_they_are(tmp_path):
    assert read_goals(tmp_path) == ()
    write_goals(tmp_path, GOALS)
    assert read_goals(tmp_path) == GOALS
    assert goals_in(goals_file(GOALS), file="goals.json") == GOALS


def test_a_damaged_file_is_no_goals(tmp_path):
    (tmp_path / "goals.json").write_text("{", encoding="utf-8")
    assert read_goals(tmp_path) == ()


def test_goals_may_be_written_by_hand():
    written = """
        [[goals]]
        metric = "csat"
        target = 0.9

        [[goals]]
        metric = "cpl"
        target = -0.1
        relative = true
    """
    assert goals_in(written.encode(), file="goals.toml") == (
        Goal("csat", 0.9),
        Goal("cpl", -0.1, relative=True),
    )


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xff\xfe", "goals_file"),
        (b"{}", "goals_file"),
        (b'{"goals": [{"metric": "csat"}]}', "goals_file"),
        (b'{"goals": [{"metric": 5, "target": 1}]}', "goals_file"),
        (b'{"format": 2, "goals": []}', "goals_format"),
        (b'{"goals": [{"metric": "csat", "target": 90}]}', "goal_share"),
        (b'{"goals": [{"metric": "cszt", "target": 0.9}]}', "unknown_metric"),
        (b'{"goals": [{"metric": "csat", "target": NaN}]}', "goal_number"),
    ],
)
def test_a_file_that_is_no_goals_is_refused_in_a_sentence(data, code):
    with pytest.raises(CrmMetricsError) as raised:
        goals_in(data, file="goals.json")
    assert raised.value.code == code
    assert all(has(f"error.{code}", lang) for lang in LANGUAGES)


def test_the_guides_goals_stand_on_metrics_that_exist():
    known = {metric.key for metric in (*CATALOGUE, *DERIVED)}
    offered = presets()
    assert offered
    assert {one.metric for one in offered} <= known
    for one in offered:
        checked(one.goal(0.5 if one.target is None else None))
    waiting = {one.metric for one in every_preset()} - {one.metric for one in offered}
    assert waiting <= TO_COME
    for one in every_preset():
        assert all(has(f"goals.guide.{one.guide}", lang) for lang in LANGUAGES)


def test_the_numbers_are_those_of_the_guides():
    named = {(one.metric, one.channel): (one.target, one.relative) for one in every_preset()}
    assert named == {
        ("conversion_rate", None): (0.20, False),
        ("revenue_per_buyer", None): (0.15, True),
        ("retention_rate", None): (0.75, False),
        ("ltv_simple", None): (0.10, True),
        ("churn_rate", None): (0.05, False),
        ("csat", None): (0.90, False),
        ("frt_mean", None): (3600.0, False),
        ("contact_rate_in", None): (2.0, False),
        ("sales_share", "web"): (0.25, True),
        ("cac", None): (-0.10, True),
        ("active_user_share", None): (0.50, False),
        ("resolved_within_sla", None): (None, False),
        ("orders_within_24h", None): (None, False),
        ("survey_duration_p90", None): (120.0, False),
        # No guide's: what call centres are used to.
        ("call_service_level", None): (0.80, False),
    }


def test_a_file_names_its_version():
    assert json.loads(goals_file(GOALS))["format"] == 1
