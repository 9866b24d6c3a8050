"""A test held to its plan's file: what the plan decides, and what is said where it differs."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from crm_metrics.errors import InputError, UsageError
from crm_metrics.experiments import (
    Arm,
    Margin,
    Measured,
    Metric,
    Setup,
    analyse,
    analyse_planned,
    plan,
    plan_mean,
    plan_text,
    read_plan,
    trial_plan,
)
from crm_metrics.experiments.plan_file import PlannedGuardrail
from crm_metrics.findings.verdicts import gate_text
from crm_metrics.texts import LANGUAGES

PLANNED = trial_plan(
    plan(0.2, lift=0.25, split=(2, 1), looks="3"),
    metric="Clicked",
    arms=("Control", "New"),
    split=(2, 1),
    made=date(2026, 9, 1),
)
CONTROL, NEW = Arm("Control", 1000, 200), Arm("New", 500, 130)


def test_a_plan_comes_back_from_its_file_as_it_was():
    rails = (PlannedGuardrail("Unsubscribed", Margin(0.001)), PlannedGuardrail("Complained"))
    guarded = replace(PLANNED, guardrails=rails)
    text = plan_text(guarded)
    assert read_plan(text) == guarded
    assert read_plan(b"\xef\xbb\xbf" + text.encode()) == guarded
    assert plan_text(read_plan(text)) == text
    means = trial_plan(plan_mean(100, 250, lift=0.1, looks="any"))
    assert (means.shape, means.arms, means.made) == ("mean", ("A", "B"), None)
    assert read_plan(plan_text(means)) == means


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("plan_file", {"schema": "other"}),
        ("plan_file_version", {"version": 2}),
        ("plan_file_field", {"arms": [{"name": "A", "weight": 1, "planned": 9}]}),
        ("plan_file_field", {"arms": [{"name": "A", "weight": 1, "planned": 9}] * 2}),
        ("plan_file_field", {"arms": "AB"}),
        ("plan_file_field", {"alpha": 5}),
        ("plan_file_field", {"alpha": True}),
        ("plan_file_field", {"baseline": None}),
        ("plan_file_field", {"baseline": "0.2"}),
        ("plan_file_field", {"looks": "often"}),
        ("plan_file_field", {"shape": "mode"}),
        ("plan_file_field", {"made": "yesterday"}),
        ("plan_file_field", {"metric": 7}),
        ("plan_file_field", {"guardrails": [{}]}),
    ],
)
def test_a_broken_plan_is_named(code, change):
    document = json.loads(plan_text(PLANNED)) | change
    with pytest.raises(InputError) as caught:
        read_plan(json.dumps(document))
    assert caught.value.code == code
    for content in (b"\xff\x00", "[]", "{", "[" * 50_000):
        with pytest.raises(InputError):
            read_plan(content)


def test_names_that_do_not_fit_the_versions_are_refused():
    with pytest.raises(UsageError) as caught:
        trial_plan(plan(0.2, lift=0.25), arms=("A", "B", "C"))
    assert caught.value.code == "plan_versions"


def test_the_plan_sets_level_looks_split_and_size_and_puts_its_control_first():
    setup = Setup("new", "clicked ", "proportion")
    found = analyse_planned(setup, (Arm("new", 1000, 260), Arm("CONTROL", 2000, 400)), PLANNED)
    held = found.setup
    assert (held.control, held.split, held.looks) == ("CONTROL", (2.0, 1.0), "3")
    assert held.planned_n == min(PLANNED.per_arm)
    assert held.smallest_lift == pytest.approx(0.25)
    assert [arm.name for arm in found.arms] == ["CONTROL", "new"]
    assert (
        found.comparisons
        == analyse(held, (Arm("CONTROL", 2000, 400), Arm("new", 1000, 260))).comparisons
    )
    details = [gate.detail for gate in found.gates]
    assert "as_planned" in details
    assert "plan_control" in details  # the setup had asked for the other one
    assert "plan_metric" not in details


def test_what_differs_from_the_plan_is_said_in_its_own_line():
    setup = Setup("Control", "Opened", "proportion", split=(1, 1), looks="any", alpha=0.1)
    asked = ("split", "looks", "alpha")
    found = analyse_planned(setup, (CONTROL, NEW), PLANNED, asked=asked)
    lines = [gate for gate in found.gates if gate.gate == "plan"]
    assert [gate.detail for gate in lines] == [
        "plan_metric",
        "plan_n",
        "plan_split",
        "plan_looks",
        "plan_level",
    ]
    assert all(gate.status == "warn" for gate in lines)
    assert (found.setup.alpha, found.setup.split) == (0.05, (2.0, 1.0))
    for lang in LANGUAGES:
        assert "2 : 1" in gate_text(lines[2], lang)
    many = (Arm("Control", 9000, 1800), Arm("New", 4500, 1000))
    found = analyse_planned(Setup("Control", "Clicked", "proportion"), many, PLANNED)
    assert [gate.detail for gate in found.gates if gate.gate == "plan"] == ["as_the_plan"]
    assert "2026" in gate_text(found.gates[-1], "ru")


def test_a_planned_version_without_people_blocks_and_an_unplanned_one_is_said():
    three = trial_plan(plan(0.2, lift=0.25, arms=3), arms=("Control", "New", "Third"))
    found = analyse_planned(Setup("Control", "Clicked", "proportion"), (CONTROL, NEW), three)
    assert found.code == "DO_NOT_USE"
    assert "plan_arm_missing" in [gate.detail for gate in found.gates]
    extra = (Arm("Control", 1200, 240), Arm("New", 1200, 250), Arm("Odd", 90, 20))
    two = trial_plan(plan(0.2, lift=0.25), arms=("Control", "New"))
    found = analyse_planned(Setup("Control", "Clicked", "proportion"), extra, two)
    assert "unplanned_arm" in [gate.detail for gate in found.gates]


def test_other_names_than_the_plans_keep_an_equal_split_only():
    setup = Setup("x", "Clicked", "proportion")
    arms = (Arm("x", 1500, 300), Arm("y", 1500, 400))
    equal = analyse_planned(setup, arms, trial_plan(plan(0.2, lift=0.25), metric="Clicked"))
    assert equal.setup.split == (1.0, 1.0)
    assert equal.setup.control == "x"
    assert "plan_arm_missing" in [gate.detail for gate in equal.gates]
    assert analyse_planned(setup, arms, PLANNED).setup.split is None


def test_a_result_before_the_planned_size_is_said_where_one_look_was_planned():
    once = trial_plan(plan(0.2, lift=0.25), arms=("Control", "New"), metric="Clicked")
    arms = (Arm("Control", 600, 90), Arm("New", 600, 150))
    found = analyse_planned(Setup("Control", "Clicked", "proportion"), arms, once)
    line = next(gate for gate in found.gates if gate.gate == "plan")
    assert (line.detail, line.params) == ("plan_n_early", {"n": 600, "planned": 1094})


def test_planned_guardrails_are_held_and_a_missing_one_is_said():
    once = trial_plan(
        plan(0.2, lift=0.25),
        arms=("Control", "New"),
        guardrails=(PlannedGuardrail("unsubscribed", Margin(0.01)), PlannedGuardrail("Complained")),
    )
    arms = (Arm("New", 4000, 1000), Arm("Control", 4000, 800))
    left = Measured(
        Metric("Unsubscribed", "proportion", direction="down"),
        (Arm("New", 4000, 300), Arm("Control", 4000, 40)),
    )
    found = analyse_planned(Setup("Control", "Clicked", "proportion"), arms, once, [left])
    assert found.code == "WINNER_BUT"
    metric = found.others[0].metric
    assert (metric.role, metric.margin) == ("guardrail", Margin(0.01))
    assert [arm.name for arm in found.others[0].arms] == ["Control", "New"]
    lines = [gate for gate in found.gates if gate.gate == "plan"]
    assert [(gate.detail, gate.params) for gate in lines] == [
        ("plan_guardrail", {"metric": "Complained"})
    ]
